import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ink.paper import separate_ink
from app.ink.pictures import Picture
from app.ink.raster import CHANNELS, RasterSpec, rasterise, render
from app.ink.strokes import Strokes, parse_strokes

from ..inks import picture, strokes

SPEC = RasterSpec()


def frame_of(digit: str, scale: float = 200.0, at: tuple[float, float] = (40, 40)) -> np.ndarray:
    return rasterise(parse_strokes(strokes(digit, scale, at)), SPEC)


@settings(max_examples=60, deadline=None)
@given(
    digit=st.sampled_from("0123456789"),
    scale=st.floats(0.3, 3.0),
    left=st.floats(-5_000, 5_000),
    top=st.floats(-5_000, 5_000),
)
def test_size_and_place_play_no_part(digit: str, scale: float, left: float, top: float) -> None:
    moved = frame_of(digit, 200 * scale, (left, top))
    np.testing.assert_allclose(moved, frame_of(digit), atol=1e-4)


def test_sampling_rate_plays_next_to_no_part() -> None:
    path = parse_strokes(strokes("3")).paths[0]
    twice = np.insert(path, range(1, len(path)), (path[1:] + path[:-1]) / 2, axis=0)
    np.testing.assert_allclose(
        rasterise(Strokes((twice,)), SPEC), rasterise(Strokes((path,)), SPEC), atol=0.01
    )


def test_ink_fills_the_box_and_its_mass_is_in_the_middle() -> None:
    ink = frame_of("1")[..., 0]
    rows = np.flatnonzero(ink.max(axis=1) > 0.5)
    assert abs(len(rows) - SPEC.box) <= 1
    centre = np.arange(SPEC.size) + 0.5
    assert ink.sum(axis=0) @ centre / ink.sum() == pytest.approx(SPEC.size / 2, abs=0.2)


def test_channels_carry_direction_and_order() -> None:
    frame = rasterise(parse_strokes([[[0, 0], [10, 0], [10, 10]]]), SPEC)
    right, down, order = (frame[..., CHANNELS.index(name)] for name in ("right", "down", "order"))
    assert right.max() > 0.9
    assert down.max() > 0.9
    first, last = np.argwhere(frame[..., 0] > 0.9)[[0, -1]]
    assert order[tuple(first)] < 0.2 < 0.8 < order[tuple(last)]


def test_drawing_backwards_turns_direction_round() -> None:
    forth = rasterise(parse_strokes([[[0, 0], [10, 3]]]), SPEC)
    back = rasterise(parse_strokes([[[10, 3], [0, 0]]]), SPEC)
    np.testing.assert_allclose(forth[..., 0], back[..., 0], atol=1e-6)
    np.testing.assert_allclose(forth[..., 1], -back[..., 1], atol=1e-6)


@pytest.mark.parametrize("payload", [[], [[[3, 3]]], [[[3, 3], [3, 3]]]])
def test_blank_ink_has_a_finite_frame(payload: list[list[list[float]]]) -> None:
    assert np.isfinite(rasterise(parse_strokes(payload), SPEC)).all()


def test_a_scribble_of_the_greatest_size_is_drawn_in_bounded_memory() -> None:
    wild = np.random.default_rng(1).random((20_000, 2)) * 1_000
    frame = rasterise(Strokes((wild,)), SPEC)
    assert frame[..., 0].mean() > 0.3


def test_a_picture_leaves_direction_and_order_at_zero() -> None:
    ink = Picture(separate_ink(np.asarray(picture("4").convert("L"))))
    frame = rasterise(ink, SPEC)
    assert frame[..., 0].max() > 0.9
    assert not frame[..., 1:].any()


def test_a_picture_and_its_strokes_look_alike() -> None:
    ink = rasterise(Picture(separate_ink(np.asarray(picture("2", width=22).convert("L")))), SPEC)[
        ..., 0
    ]
    drawn = frame_of("2")[..., 0]
    best = max(
        np.corrcoef(np.roll(drawn, shift, (0, 1)).ravel(), ink.ravel())[0, 1]
        for shift in [(0, 0), (0, 1), (1, 0), (1, 1)]
    )
    assert best > 0.9


def test_a_thin_line_of_a_picture_keeps_at_least_a_pixel() -> None:
    pixels = np.zeros((400, 400), np.float32)
    pixels[200, 10:390] = 1
    assert rasterise(Picture(pixels), SPEC)[..., 0].any()


def test_render_draws_a_square_for_people() -> None:
    shown = render(parse_strokes(strokes("5")), 112)
    assert shown.pixels.shape == (112, 112)
    assert 0.03 < shown.pixels.mean() < 0.4


def test_a_picture_is_centred_to_a_fraction_of_a_pixel() -> None:
    centre = np.arange(SPEC.size) + 0.5
    for digit in "12457":
        ink = Picture(separate_ink(np.asarray(picture(digit).convert("L"))))
        frame = rasterise(ink, SPEC)[..., 0]
        for axis in (0, 1):
            mass = frame.sum(axis=axis)
            assert mass @ centre / mass.sum() == pytest.approx(SPEC.size / 2, abs=0.02)


def test_frames_are_what_the_shipped_model_was_trained_on() -> None:
    """A change that moves these numbers changes what every trained model sees: train again."""
    drawn = frame_of("5")
    np.testing.assert_allclose(drawn.sum(axis=(0, 1)), [107.317, 15.831, 34.301, 55.237], atol=0.01)
    np.testing.assert_allclose(
        (drawn**2).sum(axis=(0, 1)), [91.980, 55.741, 31.195, 31.499], atol=0.01
    )
    scanned = rasterise(Picture(separate_ink(np.asarray(picture("5").convert("L")))), SPEC)[..., 0]
    assert scanned.sum() == pytest.approx(93.879, abs=0.5)  # Pillow's own resampling may change
    assert (scanned**2).sum() == pytest.approx(62.807, abs=0.5)
