"""Ink from photographs whose light, paper and lines the test paints itself."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.generation.hands import write_number
from app.ink.paper import _strength, separate_ink
from app.ink.raster import RasterSpec, rasterise

from ..inks import SIDE, picture

Y, X = np.mgrid[:SIDE, :SIDE] / SIDE


def drawn(digit: str = "5", **options: object) -> np.ndarray:
    """True where the digit is."""
    return np.asarray(picture(digit, **options).convert("L")) < 128


def photographed(
    image: Image.Image, light: np.ndarray | float = 1.0, quality: int = 60
) -> np.ndarray:
    lit = np.asarray(image, np.float64) * np.asarray(light)[..., None]
    noisy = lit + np.random.default_rng(0).normal(0, 3, lit.shape)
    file = io.BytesIO()
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def agreement(ink: np.ndarray, truth: np.ndarray) -> float:
    """Intersection over union."""
    found = ink > 0.5
    return float((found & truth).sum() / (found | truth).sum())


def ruled(step: int, colour: str, squared: bool, ink: str = "navy", width: int = 10) -> Image.Image:
    """Lines over the whole paper, and a digit upon them."""
    image = Image.new("RGB", (SIDE, SIDE), "ivory")
    draw = ImageDraw.Draw(image)
    for at in range(step // 2, SIDE, step):
        draw.line([(0, at), (SIDE, at + 8)], fill=colour, width=2)
        if squared:
            draw.line([(at, 0), (at - 8, SIDE)], fill=colour, width=2)
    image.paste(ink, mask=Image.fromarray(drawn(width=width)))
    return image


def test_a_clean_drawing_keeps_every_grey() -> None:
    grey = np.asarray(picture("3").resize((60, 60), Image.Resampling.BILINEAR).convert("L"))
    np.testing.assert_allclose(separate_ink(grey), (255.0 - grey) / 255, atol=1e-6)


def test_grey_and_colour_of_the_same_drawing_are_alike() -> None:
    image = picture("3")
    np.testing.assert_allclose(
        separate_ink(np.asarray(image)), separate_ink(np.asarray(image.convert("L"))), atol=1e-5
    )


@pytest.mark.parametrize(
    "light",
    [
        1 - 0.5 * X,
        1 - 0.3 * ((2 * X - 1) ** 2 + (2 * Y - 1) ** 2),
        np.where(X + Y > 1.1, 0.55, 1.0),  # a hard shadow through the digit
        np.where((X - 0.2) ** 2 + Y**2 < 0.3, 0.5, 0.9),
    ],
    ids=["slope", "vignette", "shadow", "round shadow"],
)
@pytest.mark.parametrize("digit", "2580")
def test_uneven_light_is_no_ink(light: np.ndarray, digit: str) -> None:
    ink = separate_ink(photographed(picture(digit, paper="ivory", width=12), light))
    assert agreement(ink, drawn(digit, width=12)) > 0.75


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("step", [18, 40])
@pytest.mark.parametrize("colour", ["lightsteelblue", "#7f9fd0"])
@pytest.mark.parametrize("light", [np.ones_like(X), 1 - 0.4 * Y], ids=["even", "slope"])
def test_printed_lines_are_no_ink(squared: bool, step: int, colour: str, light: np.ndarray) -> None:
    ink = separate_ink(photographed(ruled(step, colour, squared), light))
    assert agreement(ink, drawn(width=10)) > 0.7


def test_lines_as_dark_as_the_ink_go_too() -> None:
    ink = separate_ink(photographed(ruled(40, "#30406a", squared=True, ink="#203070")))
    assert (ink[:, :20] > 0.5).mean() < 0.02
    assert agreement(ink, drawn(width=10)) > 0.6


def test_lines_between_rows_of_pixels_go_too() -> None:
    width, height = 480, 300
    left, top = (width - SIDE) // 2, (height - SIDE) // 2
    image = Image.new("RGB", (width, height), "ivory")
    for at in range(-100, height, 41):
        ImageDraw.Draw(image).line([(0, at), (width, at + 90)], fill="#7f9fd0", width=3)
    image.paste("navy", (left, top), Image.fromarray(drawn("3", width=10)))
    truth = np.pad(drawn("3", width=10), ((top, top), (left, left)))
    light = 1 - 0.4 * np.arange(height)[:, None] / height
    assert agreement(separate_ink(photographed(image, light * np.ones(width))), truth) > 0.9


def test_a_stroke_along_a_printed_line_stays() -> None:
    image = Image.new("RGB", (SIDE, SIDE), "ivory")
    draw = ImageDraw.Draw(image)
    for at in range(20, SIDE, 40):
        draw.line([(0, at), (SIDE, at)], fill="#9fb4d8", width=3)
    draw.line([(80, 60), (80, 140), (220, 140)], fill="navy", width=6)  # the line at 140
    ink = separate_ink(photographed(image, 1 - 0.3 * X))
    assert (ink[137:143, 90:210].max(axis=0) > 0.5).all()
    assert not ink[:, 240:].any()


def test_a_single_pale_line_does_not_take_the_writing_with_it() -> None:
    image = picture("5", ink="navy", paper="ivory", width=14)
    draw = ImageDraw.Draw(image)
    draw.line([(0, SIDE // 2), (SIDE, SIDE // 2 + 6)], fill="#6080b8", width=3)
    image.paste("navy", mask=Image.fromarray(drawn("5", width=14)))
    ink = separate_ink(photographed(image, 1 - 0.4 * Y))
    assert agreement(ink, drawn("5", width=14)) > 0.75
    assert not ink[:, :10].any()


def test_shadows_along_a_wide_strip_are_no_ink() -> None:
    image = Image.new("RGB", (900, 110), "ivory")
    small = Image.fromarray(drawn("4", width=22)).resize((80, 80))
    for at in (100, 180, 260):
        image.paste("navy", (at, 15), small)
    truth = np.zeros((110, 900), bool)
    for at in (100, 180, 260):
        truth[15:95, at : at + 80] |= np.asarray(small)
    y = np.arange(110)[:, None]
    shadow = np.where((y < 22) | (y > 75), 0.6, 1.0) * np.ones((1, 900))
    reduced = Image.fromarray(truth).resize((450, 55))
    assert agreement(separate_ink(photographed(image, shadow)), np.asarray(reduced)) > 0.7


@pytest.mark.parametrize("pen", ["#1030a0", "crimson", "darkgreen", "#e8b020", "#808080"])
def test_pens_of_any_colour_write(pen: str) -> None:
    ink = separate_ink(photographed(picture("4", ink=pen, paper="#f4efe2"), 1 - 0.3 * X))
    assert agreement(ink, drawn("4")) > 0.75


@pytest.mark.parametrize(("pen", "paper"), [("yellow", "white"), ("#c80000", "#007000")])
def test_colours_of_like_brightness_are_told_apart(pen: str, paper: str) -> None:
    ink = separate_ink(np.asarray(picture("4", ink=pen, paper=paper)))
    assert agreement(ink, drawn("4")) > 0.9


@pytest.mark.parametrize("light", [1.0, 1 - 0.4 * X], ids=["even", "slope"])
def test_chalk_on_a_board_is_ink(light: np.ndarray | float) -> None:
    ink = separate_ink(photographed(picture("6", ink="#eee", paper="#24382e"), light))
    assert agreement(ink, drawn("6")) > 0.75


@pytest.mark.parametrize("width", [4, 12, 40])
def test_thin_and_thick_pens_write(width: int) -> None:
    ink = separate_ink(photographed(picture("3", paper="ivory", width=width), 1 - 0.4 * X))
    assert agreement(ink, drawn("3", width=width)) > 0.6


def test_specks_are_no_ink() -> None:
    image = picture("2", paper="ivory", width=16)
    draw = ImageDraw.Draw(image)
    for x, y in [(10, 10), (260, 40), (30, 250)]:
        draw.ellipse([x, y, x + 4, y + 4], fill="black")
    ink = separate_ink(photographed(image, 1 - 0.2 * X))
    assert agreement(ink, drawn("2", width=16)) > 0.75
    assert not ink[:30, :30].any()


@pytest.mark.parametrize("light", [1.0, 1 - 0.5 * X, np.where(X > 0.4, 0.6, 1.0)])
def test_empty_paper_is_blank(light: np.ndarray | float) -> None:
    ink = separate_ink(photographed(Image.new("RGB", (SIDE, SIDE), "ivory"), light))
    assert not (ink > 0.5).any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (2, 3), (7, 1000, 3), (900, 5)])
def test_any_shape_is_taken(shape: tuple[int, ...]) -> None:
    levels = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    ink = separate_ink(levels)
    factor = max(1, round(max(shape) / max(ink.shape)))
    assert ink.shape == tuple(-(-side // factor) for side in shape[:2])
    assert max(ink.shape) <= 1_024
    assert ink.dtype == np.float32
    assert 0 <= ink.min() <= ink.max() <= 1


def test_a_shadow_in_a_corner_does_not_hide_a_small_digit() -> None:
    image = Image.new("RGB", (SIDE, SIDE), "ivory")
    small = picture("8", width=18).resize((70, 70), Image.Resampling.BILINEAR).convert("L")
    image.paste("navy", (30, 180), Image.fromarray(255 - np.asarray(small)))
    corner = np.where((X > 0.9) & (Y < 0.45), 0.4, 1.0)
    ink = separate_ink(photographed(image, corner))
    assert not ink[:120, 240:].any()
    assert ink[180:250, 30:100].max() == 1


def test_a_dot_beside_the_writing_stays_and_one_far_away_goes() -> None:
    image = picture("1", paper="ivory", width=14)
    draw = ImageDraw.Draw(image)
    for x, y in [(180, 220), (244, 20)]:
        draw.ellipse([x, y, x + 16, y + 16], fill="black")
    ink = separate_ink(photographed(image, 1 - 0.3 * Y))
    assert ink[228, 188] > 0.5
    assert not ink[10:50, 230:270].any()


def test_ink_of_one_shade_is_as_strong_as_that_shade() -> None:
    ink = np.zeros((40, 40), np.float32)
    ink[10:20, 10:20] = 0.75
    ink[10, 10] = np.nextafter(ink[10, 10], np.float32(1))  # a histogram finds no room for this
    assert _strength(ink) == pytest.approx(0.75)


def crop(text: str) -> np.ndarray:
    """A strip of digits as high as they are, 0 paper to 1 ink."""
    written = write_number(text, {}, 4, 0.4)
    frame = rasterise(written, RasterSpec(size=28, box=27.0, pen=2.5, widest=200))[..., 0]
    return frame[:, np.flatnonzero(frame.any(axis=0))]


@pytest.mark.parametrize("is_light", [True, False])
@pytest.mark.parametrize("noise", [0, 6, 12])
@pytest.mark.parametrize("paper", [0.0, 0.15])
def test_a_small_scan_keeps_ink_that_reaches_every_border(
    is_light: bool, noise: float, paper: float
) -> None:
    strip = crop("1171114")  # as many upright strokes as ruled paper has lines
    levels = 255 * (paper + (0.95 - paper) * strip)
    levels = levels if is_light else 255 - levels
    levels += np.random.default_rng(1).normal(0, noise, strip.shape)
    ink = separate_ink(np.clip(levels, 0, 255).astype(np.uint8))
    assert ink.shape == strip.shape
    assert np.abs(ink - strip).mean() < 0.08
    assert ((ink > 0.5) == (strip > 0.5)).mean() > 0.93


@pytest.mark.parametrize("colour", ["#707070", "#404040"])
def test_dark_lines_leave_what_is_written_over_them_whole(colour: str) -> None:
    levels = np.asarray(ruled(60, colour, squared=False, ink="black", width=12))
    ink = separate_ink(levels)
    assert agreement(ink, drawn(width=12)) > 0.85
    assert not (ink[:, :30] > 0.5).any()


@pytest.mark.parametrize("light", [1.0, 1 - 0.3 * X], ids=["even", "slope"])
def test_the_line_of_a_margin_goes_with_the_others(light: np.ndarray | float) -> None:
    image = ruled(40, "#9fb4d8", squared=False)
    ImageDraw.Draw(image).line([(22, 0), (18, SIDE)], fill="#d88080", width=3)
    ink = separate_ink(photographed(image, light, quality=90))
    assert not (ink[:, :34] > 0.3).any()
    assert agreement(ink, drawn(width=10)) > 0.75


def test_a_margin_is_a_stroke_where_nothing_is_ruled() -> None:
    image = Image.new("L", (SIDE, SIDE), 255)
    ImageDraw.Draw(image).line([(140, 0), (140, SIDE)], fill=0, width=6)
    assert (separate_ink(np.asarray(image))[:, 138:142] > 0.9).all()


@pytest.mark.parametrize("is_even", [True, False])
def test_a_finger_on_the_paper_is_no_ink(is_even: bool) -> None:
    image = picture("3", width=14)
    ImageDraw.Draw(image).ellipse([230, 210, 340, 330], fill="#c8a080")
    levels = np.asarray(image) if is_even else photographed(image, 1 - 0.2 * Y)
    ink = separate_ink(levels)
    assert agreement(ink, drawn("3", width=14)) > 0.75
    assert not ink[240:, 250:].any()


def test_a_stroke_that_runs_over_the_border_is_ink() -> None:
    image = picture("3", width=14)
    ImageDraw.Draw(image).line([(262, 100), (262, SIDE)], fill="black", width=14)
    assert separate_ink(np.asarray(image))[200:, 258:266].min() > 0.9


def test_specks_on_even_paper_are_no_ink() -> None:
    image = picture("2", width=16)
    draw = ImageDraw.Draw(image)
    for x, y in [(10, 10), (260, 40), (30, 250)]:
        draw.ellipse([x, y, x + 5, y + 5], fill="#606060")
    draw.ellipse([230, 230, 246, 246], fill="black")  # as large as a dab of the pen
    ink = separate_ink(np.asarray(image))
    assert not ink[:30, :30].any()
    assert ink[238, 238] == 1


@pytest.mark.parametrize("width", [2, 4])
@pytest.mark.parametrize("noise", [0, 3])
def test_a_frame_around_the_paper_is_neither_ground_nor_ink(width: int, noise: float) -> None:
    image = picture("6", width=14)
    ImageDraw.Draw(image).rectangle([0, 0, SIDE - 1, SIDE - 1], outline="black", width=width)
    levels = np.asarray(image, np.float64)
    levels += np.random.default_rng(0).normal(0, noise, levels.shape)
    ink = separate_ink(np.clip(levels, 0, 255).astype(np.uint8))
    assert agreement(ink, drawn("6", width=14)) > 0.75
    assert not ink[:10].any()


def test_the_edge_of_a_scan_is_no_ink() -> None:
    image = picture("2", width=16)
    ImageDraw.Draw(image).polygon([(40, 0), (260, 0), (150, 12)], fill="black")
    ink = separate_ink(np.asarray(image))
    assert not ink[:14].any()
    assert agreement(ink, drawn("2", width=16)) > 0.95


def test_a_thick_digit_that_reaches_the_border_is_not_taken_for_a_finger() -> None:
    image = picture("7", width=40).crop((30, 20, 260, 225))
    ImageDraw.Draw(image).ellipse([8, 190, 20, 202], fill="#808080")  # dirt beside it
    levels = np.asarray(image.convert("L"))
    ink = separate_ink(levels)
    assert agreement(ink, levels < 100) > 0.95
