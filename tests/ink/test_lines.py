"""Frames of whole lines: one height, as wide as the ink needs."""

from dataclasses import replace

import numpy as np
import pytest

from app.ink.lines import (
    core,
    crossings,
    crossings_in_picture,
    leaning,
    reach_without_strays,
    without_strays,
)
from app.ink.pictures import Picture
from app.ink.raster import WIDTHS, RasterSpec, rasterise
from app.ink.strokes import Strokes, parse_strokes

from ..inks import strokes

LINE = RasterSpec(size=40, box=32.0, pen=2.4, step=1.0, widest=512)


def number(digits: str, scale: float = 100.0) -> Strokes:
    """Digits beside each other."""
    paths = [
        path
        for place, digit in enumerate(digits)
        for path in strokes(digit, scale, (place * 0.8 * scale, 0.0))
    ]
    return parse_strokes(paths)


def inked(frame: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = (np.flatnonzero((frame[..., 0] > 0.2).any(axis=axis)) for axis in (1, 0))
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


@pytest.mark.parametrize("digits", ["1", "42", "2718", "31415926"])
def test_a_line_fills_the_height_and_gets_the_width_it_needs(digits: str) -> None:
    frame = rasterise(number(digits), LINE)
    height, width, channels = frame.shape
    assert (height, channels) == (40, 4)
    assert width in WIDTHS
    top, bottom, left, right = inked(frame)
    assert abs(top - 4) <= 1
    assert abs(bottom - 36) <= 1
    assert abs(left - 4) <= 1
    assert 3 <= width - right < 32 + 4


@pytest.mark.parametrize("scale", [0.3, 7.0])
def test_size_and_place_play_no_part_in_a_line(scale: float) -> None:
    moved = Strokes(tuple(path * scale - 321.0 for path in number("2718").paths))
    np.testing.assert_allclose(rasterise(moved, LINE), rasterise(number("2718"), LINE), atol=1e-6)


@pytest.mark.parametrize(
    "points", [[[0, 0], [900, 1]], [[0, 0], [90_000, 90]]], ids=["a dash", "a long line"]
)
def test_what_is_too_long_is_shrunk_to_the_widest_frame(points: list[list[float]]) -> None:
    frame = rasterise(parse_strokes([points]), LINE)
    assert frame.shape == (40, 512, 4)
    assert inked(frame)[2:] == pytest.approx((4, 508), abs=1)


def test_a_dot_and_nothing_have_the_least_frame() -> None:
    for payload in ([], [[[5, 5]]]):
        assert rasterise(parse_strokes(payload), LINE).shape == (40, WIDTHS[0], 4)


def test_a_picture_of_a_line_has_the_frame_of_its_strokes() -> None:
    drawn = rasterise(number("2718"), LINE)
    enlarged = rasterise(number("2718"), RasterSpec(160, 128.0, 9.6, 1.0, 2048))
    seen = rasterise(Picture(enlarged[..., 0]), LINE)
    assert seen.shape == drawn.shape
    assert np.corrcoef(seen[..., 0].ravel(), drawn[..., 0].ravel())[0, 1] > 0.97
    assert not seen[..., 1:].any()


def test_order_runs_along_a_line() -> None:
    frame = rasterise(number("2718"), LINE)
    order = frame[..., 3].max(axis=0)
    first, last = order[4:20], order[-30:-8]
    assert first[first > 0].max() < last[last > 0].min()


def test_frames_are_what_the_shipped_models_were_trained_on() -> None:
    """A change that moves these numbers changes what every trained model sees: train again."""
    frame = rasterise(number("2718"), LINE)
    assert frame.shape == (40, 112, 4)
    np.testing.assert_allclose(
        frame.sum(axis=(0, 1)), [583.892, 86.679, 168.112, 288.637], atol=0.05
    )
    np.testing.assert_allclose(
        (frame**2).sum(axis=(0, 1)), [494.977, 228.650, 257.340, 162.537], atol=0.05
    )


TIGHT = replace(LINE, least_spacing=5.5)


def squeezed(ink: Strokes, factor: float) -> Strokes:
    return Strokes(tuple(path * [factor, 1.0] for path in ink.paths))


def test_the_pen_crosses_a_height_as_often_however_wide_it_writes() -> None:
    written = number("271828")
    assert crossings(written) == crossings(squeezed(written, 0.2)) == 11
    assert crossings(number("271828" * 2)) == 22


def test_a_picture_tells_about_how_often_the_pen_crossed() -> None:
    enlarged = rasterise(number("314159"), RasterSpec(160, 128.0, 9.6, 1.0, 2048))[..., 0]
    once = crossings(number("314159"))  # no stroke goes back over itself here
    assert once <= crossings_in_picture(enlarged > 0.5) <= 1.6 * once


@pytest.mark.parametrize("as_picture", [False, True], ids=["strokes", "a picture"])
def test_tight_writing_is_stretched_and_no_other(as_picture: bool) -> None:
    def width(written: Strokes, spec: RasterSpec) -> int:
        if as_picture:
            large = RasterSpec(320, 256.0, 6.0, 1.0, 4096)
            return rasterise(Picture(rasterise(written, large)[..., 0]), spec).shape[1]
        return rasterise(written, spec).shape[1]

    usual, tight = number("31415926"), squeezed(number("31415926"), 0.2)
    assert width(usual, TIGHT) == width(usual, LINE)
    assert width(tight, TIGHT) > 1.4 * width(tight, LINE)


def test_stretching_ends_where_the_frame_does() -> None:
    tight = squeezed(number("31415926" * 8), 0.3)
    frame = rasterise(tight, replace(LINE, least_spacing=20.0))
    top, bottom, left, right = inked(frame)
    assert (frame.shape[1], left, right) == (512, 4, 508)
    assert bottom - top == pytest.approx(32, abs=1)


def test_a_tap_beside_the_sheet_does_not_shrink_what_was_written() -> None:
    written = number("2718")
    size = 100.0
    for tap in ([900.0, -200.0], [-500.0, 400.0]):
        tapped = Strokes((*written.paths, np.array([tap, [tap[0] + size / 30, tap[1]]])))
        assert len(without_strays(tapped).paths) == len(written.paths)
        np.testing.assert_array_equal(
            rasterise(tapped, LINE)[..., 0], rasterise(written, LINE)[..., 0]
        )


@pytest.mark.parametrize(
    "small",
    [
        [[150, 80], [152, 82]],
        [[40, -90], [44, -90]],
        [[700, 95], [720, 95]],
        [[-200, 50], [-190, 50]],
    ],
    ids=["a full stop", "a dot high above", "a hyphen further on", "a dash before"],
)
def test_what_may_belong_to_the_writing_stays(small: list[list[float]]) -> None:
    dotted = Strokes((*number("12").paths, np.array(small, np.float64)))
    assert without_strays(dotted) == dotted


def test_where_the_writing_is_among_strays_is_known() -> None:
    written = number("2718")
    width = float(np.ptp(np.concatenate(written.paths)[:, 0]))
    left = float(np.concatenate(written.paths)[:, 0].min())
    tap = np.array([[left + 4 * width, -500.0], [left + 4 * width, -499.0]])
    assert reach_without_strays(Strokes((*written.paths, tap))) == pytest.approx((0.0, 0.25))
    assert reach_without_strays(written) == (0.0, 1.0)


def test_small_letters_are_told_from_what_rises_above_them() -> None:
    zigzag = [[x, 40 + 20 * (x % 2)] for x in range(12)]
    top, bottom = core(parse_strokes([zigzag, [[0, 0], [0, 60]]]))
    assert (top, bottom) == (pytest.approx(40 / 60, abs=0.05), pytest.approx(1.0, abs=0.05))


def test_a_line_leans_about_the_middle_of_its_height() -> None:
    frame = np.zeros((5, 9, 1), np.float32)
    frame[:, 4] = 1.0
    leant = leaning(frame, 1.0)
    assert leant[..., 0].argmax(axis=1).tolist() == [6, 5, 4, 3, 2]
    np.testing.assert_array_equal(leaning(leant, -1.0), frame)
    assert not leaning(leant, 3.0)[0].any()  # what leaves the frame does not come round
