"""Sheets of paper on tables that the test paints itself."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.ink.paper import separate_ink
from app.ink.pictures import Picture, decode_picture
from app.ink.raster import RasterSpec, rasterise
from app.ink.strokes import parse_strokes
from app.ink.surroundings import sheet_in

from ..inks import SIDE, picture, png, strokes
from .test_paper import photographed

TABLES = ["#4b2f1e", "#181818", "#707070", "#1d3b5c"]
SPEC = RasterSpec()


def laid(
    sheet: Image.Image, table: str, sides: str = "lrtb", degrees: float = 4.0
) -> tuple[Image.Image, np.ndarray]:
    """A sheet on a table that is seen on some of its sides, and how much light falls there."""
    left, top, right, bottom = (90 if side in sides else 0 for side in "ltrb")
    size = (sheet.width + left + right, sheet.height + top + bottom)
    scene = Image.new("RGB", size, table)
    beyond = 400  # where no table is seen, the sheet goes on
    large = Image.new(
        "RGB",
        (sheet.width + beyond * 2, sheet.height + beyond * 2),
        sheet.getpixel((0, 0)),
    )
    large.paste(sheet, (beyond, beyond))
    cover = Image.new("L", large.size)
    cut = [0 if side in sides else beyond for side in "ltrb"]
    ImageDraw.Draw(cover).rectangle(
        [
            beyond - cut[0],
            beyond - cut[1],
            beyond + sheet.width + cut[2] - 1,
            beyond + sheet.height + cut[3] - 1,
        ],
        fill=255,
    )
    centre = (beyond + sheet.width / 2, beyond + sheet.height / 2)
    large, cover = (
        i.rotate(degrees, Image.Resampling.BICUBIC, center=centre) for i in (large, cover)
    )
    scene.paste(large, (left - beyond, top - beyond), cover)
    return scene, 1 - 0.3 * np.mgrid[: size[1], : size[0]][1] / size[0]


def likeness(ink: np.ndarray, digit: str) -> float:
    """How much of a digit is found again, wherever it is."""
    frames = (Picture(ink), parse_strokes(strokes(digit)))
    seen, drawn = (rasterise(frame, SPEC)[..., 0] > 0.5 for frame in frames)
    return float((seen & drawn).sum() / (seen | drawn).sum())


@pytest.mark.parametrize("sides", ["lrtb", "lrb", "lt", "r"])
@pytest.mark.parametrize("table", TABLES[:2])
@pytest.mark.parametrize("digit", "258")
def test_what_is_written_on_a_sheet_is_found_on_a_table(digit: str, table: str, sides: str) -> None:
    scene, light = laid(picture(digit, ink="navy", paper="ivory", width=22), table, sides)
    levels = photographed(scene, light)
    assert sheet_in(levels) is not None
    assert likeness(separate_ink(levels), digit) > 0.55


@pytest.mark.parametrize("degrees", [-20.0, 0.0, 12.0])
@pytest.mark.parametrize("table", TABLES)
def test_a_sheet_is_seen_level_and_without_its_table(table: str, degrees: float) -> None:
    scene, light = laid(picture("4", ink="navy", paper="ivory"), table, degrees=degrees)
    sheet = sheet_in(photographed(scene, light))
    assert sheet is not None
    seen = sheet.levels
    assert np.abs(np.array(seen.shape[:2]) - SIDE).max() < 16
    assert np.median(seen) > 220
    border = np.concatenate([seen[0], seen[-1], seen[:, 0], seen[:, -1]])
    assert (border.max(axis=1) > 150).mean() > 0.95


@pytest.mark.parametrize("degrees", [-12.0, 0.0, 20.0])
def test_where_ink_lies_on_a_sheet_is_told_of_the_whole_picture(degrees: float) -> None:
    dash, around = Image.new("RGB", (SIDE, SIDE), "ivory"), 90
    dash.paste("navy", (60, 70, 200, 90))
    scene, light = laid(dash, TABLES[0], degrees=degrees)
    extent = decode_picture(png(Image.fromarray(photographed(scene, light)))).extent()
    assert extent is not None
    turn, middle = np.deg2rad(degrees), around + SIDE / 2
    corners = np.array([(x, y) for x in (60, 200) for y in (70, 90)]) + around - middle
    back = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    seen = (corners @ back + middle) / scene.size
    low, high = np.array(extent[:2]), np.array(extent[2:])
    assert (low < seen.min(axis=0) + 0.02).all()
    assert (high > seen.max(axis=0) - 0.02).all()
    slack = 0.06 + abs(np.sin(turn)) * 0.1  # a box around a box that is turned
    assert (low > seen.min(axis=0) - slack).all()
    assert (high < seen.max(axis=0) + slack).all()


def test_a_grey_scan_of_a_sheet_is_found_too() -> None:
    scene, light = laid(picture("7", width=20), "#303030")
    levels = np.asarray(Image.fromarray(photographed(scene, light)).convert("L"))
    sheet = sheet_in(levels)
    assert sheet is not None
    assert sheet.levels.ndim == 2
    assert likeness(separate_ink(levels), "7") > 0.55


def test_a_shadow_over_sheet_and_table_cuts_nothing_off() -> None:
    scene, light = laid(picture("8", ink="navy", paper="white", width=22), "#4b2f1e")
    y, x = np.mgrid[: light.shape[0], : light.shape[1]] / SIDE
    light = light * np.where(x + 0.4 * y > 0.95, 0.55, 1.0)
    assert likeness(separate_ink(photographed(scene, light)), "8") > 0.5


@pytest.mark.parametrize("shadow", [0.4, 0.5, 0.7])
@pytest.mark.parametrize("slant", [0.0, 0.2])
def test_a_shadow_on_paper_is_no_table(shadow: float, slant: float) -> None:
    y, x = np.mgrid[:SIDE, :SIDE] / SIDE
    light = np.where(x + slant * y > 0.6, shadow, 1.0)
    levels = photographed(picture("5", ink="navy", paper="ivory"), light)
    assert shadow < 0.5 or sheet_in(levels) is None
    assert likeness(separate_ink(photographed(picture("5", width=22), light)), "5") > 0.55


@pytest.mark.parametrize("noise", [0.0, 4.0])
def test_a_thick_light_stroke_is_no_sheet(noise: float) -> None:
    board = Image.new("L", (SIDE, SIDE), 10)
    ImageDraw.Draw(board).line([(130, 30), (150, 250)], fill=240, width=60)
    levels = np.asarray(board, np.float64)
    levels += np.random.default_rng(0).normal(0, noise, levels.shape)
    ink = separate_ink(np.clip(levels, 0, 255).astype(np.uint8))
    assert ((ink > 0.5) == (np.asarray(board) > 128)).mean() > 0.97


@pytest.mark.parametrize("digit", "0123456789")
def test_digits_in_light_ink_are_no_sheets(digit: str) -> None:
    board = picture(digit, ink="white", paper="#101418", width=46)
    assert sheet_in(np.asarray(board)) is None
    assert sheet_in(photographed(board)) is None
    assert likeness(separate_ink(np.asarray(board)), digit) > 0.4


@pytest.mark.parametrize("shape", [(49, 49), (49, 1_000, 3), (800, 60)])
def test_noise_of_any_shape_is_looked_at(shape: tuple[int, ...]) -> None:
    levels = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    assert sheet_in(levels) is None
    assert sheet_in(np.full(shape, 255, np.uint8)) is None


def test_a_thick_one_in_light_ink_on_a_canvas_is_no_sheet() -> None:
    board = Image.new("L", (SIDE, SIDE), 0)
    draw = ImageDraw.Draw(board)
    draw.polygon([(100, 40), (165, 44), (170, 240), (104, 236)], fill=255)
    draw.ellipse([125, 120, 145, 140], fill=90)  # the pen gave less here
    levels = np.asarray(board)
    ink = separate_ink(levels)
    assert ink.shape == levels.shape
    assert ((ink > 0.5) == (levels > 127)).mean() > 0.97
