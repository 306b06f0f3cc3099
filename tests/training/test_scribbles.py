import numpy as np

from app.ink.raster import RasterSpec, rasterise
from app.ink.strokes import parse_strokes
from app.training import scribbles
from app.training.augmentation import in_a_row
from app.training.scribbles import LEARNED, scribble, unseen_scribbles

from ..inks import strokes

WORDS = [parse_strokes(strokes(digit)) for digit in "2345"]


def test_scribbles_are_ink_of_many_shapes() -> None:
    rng = np.random.default_rng(0)
    frames = [rasterise(scribble(rng), RasterSpec())[..., 0] for _ in range(100)]
    assert all(frame.max() > 0.9 for frame in frames)
    assert len({frame.tobytes() for frame in frames}) > 90  # single dots are all alike


def test_unseen_scribbles_are_of_three_sorts_and_the_same_for_a_seed() -> None:
    one, other = (unseen_scribbles(5, 3, WORDS) for _ in "12")
    assert set(one) == {"random walks", "spirals", "overlaid words"}
    for sort, inks in one.items():
        assert len(inks) == 5
        assert [ink.digest() for ink in inks] == [ink.digest() for ink in other[sort]]


def test_no_generator_of_the_test_is_one_that_is_learned_from() -> None:
    tested = {scribbles._walk, scribbles._spiral, scribbles._overlaid}
    assert not tested & set(LEARNED)


def test_characters_in_a_row_stand_beside_each_other() -> None:
    row = in_a_row(WORDS, np.random.default_rng(0))
    everything = np.concatenate(row.paths)
    width, height = np.ptp(everything, axis=0)
    assert len(row.paths) == sum(len(word.paths) for word in WORDS)
    assert width > 1.5 * height
