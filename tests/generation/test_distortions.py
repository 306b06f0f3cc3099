import numpy as np
import pytest

from app.generation import distortions
from app.generation.distortions import ALL, NONE, SHAPES, SURFACES, Chances, distorted

from ..scans import arrays

SIX = arrays()["x_train"][6]
WIDE = np.concatenate(list(arrays()["x_train"][:12]), axis=1)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "pixels", [SIX, WIDE, np.full((28, 1), 99, np.uint8)], ids=["digit", "row", "column"]
)
def test_each_gives_another_picture_of_the_same_shape(name: str, pixels: np.ndarray) -> None:
    before = pixels.copy()
    pixels.flags.writeable = False
    found = [ALL[name](pixels, np.random.default_rng(seed)) for seed in range(4)]
    pixels.flags.writeable = True
    assert all(one.shape == pixels.shape and one.dtype == np.uint8 for one in found)
    assert (pixels == before).all()
    if pixels.shape[1] > 1:
        assert all((one != pixels).any() for one in found)
        assert (found[0] != found[1]).any() == (name != "median_blur")
    assert (ALL[name](pixels, np.random.default_rng(0)) == found[0]).all()


def middle(pixels: np.ndarray) -> np.ndarray:
    return np.array([np.average(index, weights=pixels) for index in np.indices(pixels.shape)])


def test_shifting_moves_by_two_pixels_at_most() -> None:
    moved = [
        middle(distortions.shift(SIX, np.random.default_rng(s))) - middle(SIX) for s in range(50)
    ]
    assert 1.5 < np.abs(moved).max() <= 2.01
    assert np.min(moved) < -1 < 1 < np.max(moved)


def test_scaling_and_rotating_keep_the_middle() -> None:
    block = np.zeros((28, 28), np.uint8)
    block[8:20, 8:20] = 255
    sizes = []
    for seed in range(50):
        scaled = distortions.scale(block, np.random.default_rng(seed))
        assert np.abs(middle(scaled) - 13.5).max() < 0.3
        sizes.append(np.sqrt(scaled.mean() / block.mean()))
        turned = distortions.rotate(block, np.random.default_rng(seed))
        assert np.abs(middle(turned) - 13.5).max() < 0.6
        assert turned.mean() == pytest.approx(block.mean(), rel=0.05)
    assert 0.83 < min(sizes) < 0.92
    assert 1.08 < max(sizes) < 1.17


@pytest.mark.parametrize(
    "bend",
    [distortions.elastic_transform, distortions.grid_distortion, distortions.optical_distortion],
)
def test_bending_moves_ink_and_keeps_most_of_it(bend: distortions.Distortion) -> None:
    for seed in range(20):
        bent = bend(SIX, np.random.default_rng(seed))
        assert bent.sum(dtype=int) == pytest.approx(SIX.sum(dtype=int), rel=0.5)
        assert np.abs(middle(bent) - middle(SIX)).max() < 4


def test_the_elastic_field_has_simards_strength() -> None:
    ramp = np.tile(
        np.arange(0, 252, 9, dtype=np.uint8), (28, 1)
    )  # its levels tell where they came from
    moves = [
        (
            distortions.elastic_transform(ramp, np.random.default_rng(s))[8:20, 8:20].astype(float)
            - ramp[8:20, 8:20]
        )
        / 9
        for s in range(200)
    ]
    assert np.std(moves) == pytest.approx(34 / np.sqrt(3) / (2 * 4 * np.sqrt(np.pi)), rel=0.15)


def test_surfaces_do_what_they_are_named_after() -> None:
    rng = np.random.default_rng(1)
    assert (
        np.abs(np.diff(distortions.blur(WIDE, rng).astype(int))).max()
        < np.abs(np.diff(WIDE.astype(int))).max()
    )
    speck = np.zeros((28, 28), np.uint8)
    speck[5, 5] = 255
    assert not distortions.median_blur(speck, rng).any()
    grey = np.full((28, 280), 128, np.uint8)
    noisy = distortions.gauss_noise(grey, rng).astype(float)
    assert 2.5 < noisy.std() < 12.5
    assert abs(noisy.mean() - 128) < 1
    assert np.ptp(distortions.brightness_contrast(grey, rng)) == 0
    relief = distortions.emboss(np.pad(np.full((10, 10), 128, np.uint8), 9), rng).astype(int)
    assert relief[9, 14] < 128 < relief[18, 14]  # the upper edge is dark, the lower light


def test_chance_is_as_told() -> None:
    rng = np.random.default_rng(1)
    calls: list[str] = []

    def called(name: str) -> distortions.Distortion:
        return lambda pixels, _rng: calls.append(name) or pixels  # type: ignore[func-returns-value]

    chances = {called("never"): 0.0, called("a third"): 1 / 3, called("always"): 1.0}
    for _ in range(900):
        distorted(SIX, chances, rng)
    assert calls.count("never") == 0
    assert 260 < calls.count("a third") < 340
    assert calls.count("always") == 900


def test_there_are_eleven_and_some_can_be_had_for_certain() -> None:
    assert list(ALL) == [
        "shift", "scale", "rotate", "elastic_transform", "grid_distortion", "optical_distortion",
        "emboss", "blur", "median_blur", "brightness_contrast", "gauss_noise",
    ]  # fmt: skip
    assert all(0 < chance < 1 for chance in {**SHAPES, **SURFACES}.values())
    these = Chances.these(["blur", "rotate"])
    assert these == Chances({distortions.rotate: 1.0}, {distortions.blur: 1.0})
    assert Chances.these([]) == NONE


def test_turning_is_counterclockwise_and_bilinear() -> None:
    bar = np.zeros((28, 28), np.uint8)
    bar[4:24, 13:15] = 255
    assert (distortions.turn(bar, 90) == bar.T).all()
    assert (distortions.turn(bar, 0) == bar).all()
    lean = distortions.turn(bar, 20)
    rows, columns = np.nonzero(lean)
    assert np.corrcoef(rows, columns)[0, 1] > 0  # its top went to the left
    assert len(np.unique(lean)) > 10
    assert lean.sum() == pytest.approx(bar.sum(), rel=0.05)
