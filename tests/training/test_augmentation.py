import numpy as np

from app.ink.raster import RasterSpec
from app.ink.strokes import Strokes, parse_strokes
from app.training.augmentation import Strength, Warp, augment_picture, augment_strokes

from ..inks import strokes

SPEC = RasterSpec()
INK: Strokes = parse_strokes(strokes("5"))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_the_same_seed_gives_the_same_ink() -> None:
    one, other = (augment_strokes(INK, SPEC, rng(3), Strength()) for _ in "12")
    np.testing.assert_array_equal(one, other)


def test_other_seeds_give_other_ink_in_range() -> None:
    frames = [augment_strokes(INK, SPEC, rng(seed), Strength()) for seed in range(20)]
    assert len({frame.tobytes() for frame in frames}) == 20
    for frame in frames:
        assert 0 <= frame[..., 0].min() <= frame[..., 0].max() <= 1
        assert np.abs(frame).max() <= 1


def test_some_strokes_are_shown_as_pictures() -> None:
    frames = [augment_strokes(INK, SPEC, rng(seed), Strength()) for seed in range(200)]
    share = np.mean([not frame[..., 1:].any() for frame in frames])
    assert abs(share - Strength().as_picture) < 0.12


def test_no_strength_is_the_identity() -> None:
    still = Strength(rotation=0, slant=0, stretch=0, elastic=0)
    points = rng().uniform(-1, 1, (50, 2))
    np.testing.assert_allclose(Warp(rng(), still)(points), points, atol=1e-12)


def test_pictures_keep_their_ink_and_get_no_direction() -> None:
    frame = augment_strokes(INK, SPEC, rng(), Strength(as_picture=1.0))
    for seed in range(20):
        warped = augment_picture(frame, rng(seed), Strength())
        assert not warped[..., 1:].any()
        assert 0.3 < warped.sum() / frame.sum() < 2.5
