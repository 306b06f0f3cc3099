"""Pictures: chosen, dropped and pasted, and made ready to be read."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from ..inks import picture, png
from .cameras import photograph
from .desk import Desk, body_of, picture_in, reading
from .test_correcting import THANKS

SIZES = [(390, 844), (1440, 900)]
ORIENTATION, TURN_CLOCKWISE = 0x0112, 6


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("digit", "37")
def test_a_chosen_picture_is_read(desks: Any, width: int, height: int, digit: str) -> None:
    desk = desks(viewport={"width": width, "height": height})
    desk.bring(png(picture(digit)))
    expect(desk.result).to_have_text(digit)
    expect(desk.picture).to_be_visible()
    expect(desk.chips).to_have_count(3)
    expect(desk.page.locator("[data-highest]")).to_contain_text(digit)
    seen = desk.page.get_by_alt_text("What the model sees")
    assert seen.evaluate("picture => [picture.naturalWidth, picture.naturalHeight]") == [28, 28]


def test_a_key_chooses_a_picture(desk: Desk) -> None:
    with desk.page.expect_file_chooser() as chooser:
        desk.page.evaluate("0")  # a key could overtake the wish to hear of choosers
        desk.page.keyboard.press("Control+o")
    chooser.value.set_files({"name": "4.png", "mimeType": "image/png", "buffer": png(picture("4"))})
    expect(desk.result).to_have_text("4")
    desk.page.keyboard.press("Enter")
    expect(desk.line).to_have_text(THANKS)


def test_a_photograph_is_turned_upright(desk: Desk) -> None:
    questions = desk.answer(reading("7"))
    notes = Image.Exif()
    notes[ORIENTATION] = TURN_CLOCKWISE
    upright = photograph("7", 600, 800)
    desk.bring(png(upright.rotate(90, expand=True), "JPEG", exif=notes), "7.jpg", "image/jpeg")
    expect(desk.result).to_have_text("7")
    arrived = picture_in(questions[-1])
    assert arrived.size == upright.size
    assert not arrived.getexif()
    difference = [abs(a - b) for a, b in zip(grey(arrived), grey(upright), strict=True)]
    assert max(difference) < 60


def grey(image: Image.Image) -> bytes:
    return image.convert("L").resize((30, 40)).tobytes()


def test_a_large_photograph_is_made_smaller_before_it_is_picture_in(desk: Desk) -> None:
    with desk.page.expect_request("**/api/predict") as request:
        desk.bring(png(photograph("5", 4000, 3000), "JPEG"), "5.jpg", "image/jpeg")
    question = body_of(request.value)
    assert (question["kind"], question["top"], question["seen"]) == ("digit", 10, True)
    assert "strokes" not in question
    arrived = picture_in(question)
    assert (arrived.format, arrived.size) == ("JPEG", (1024, 768))
    assert len(question["image"]) < 200_000
    expect(desk.result).to_have_text("5")


def test_a_small_picture_arrives_pixel_by_pixel(desk: Desk) -> None:
    questions = desk.answer(reading("2"))
    small = picture("2").resize((28, 28))
    desk.bring(png(small))
    expect(desk.result).to_have_text("2")
    arrived = picture_in(questions[-1])
    assert arrived.format == "PNG"
    assert arrived.convert("RGB").tobytes() == small.tobytes()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_see_through_picture_stays_so_and_lies_on_white(desks: Any, scheme: str) -> None:
    desk = desks(color_scheme=scheme)
    cut_out = picture("3").resize((600, 600)).convert("RGBA")
    cut_out.putalpha(picture("3", "white", "black").resize((600, 600)).convert("L"))
    with desk.page.expect_request("**/api/predict") as request:
        desk.bring(png(cut_out))
    arrived = picture_in(body_of(request.value))
    assert (arrived.format, arrived.mode) == ("PNG", "RGBA")
    expect(desk.result).to_have_text("3")
    expect(desk.picture).to_have_css("background-color", "rgb(255, 255, 255)")


def test_the_browser_opens_what_the_server_does_not(desk: Desk) -> None:
    desk.bring(png(photograph("8", 500, 500), "WEBP"), "8.webp", "image/webp")
    expect(desk.result).to_have_text("8")


def drag(desk: Desk, path: Path, x: float, y: float, *kinds: str) -> None:
    """Drag a file as the system does it."""
    session = desk.page.context.new_cdp_session(desk.page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in kinds:
        session.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})


@pytest.mark.parametrize("place", ["on the sheet", "beside it"])
def test_a_dropped_picture_is_read(desk: Desk, tmp_path: Path, place: str) -> None:
    (tmp_path / "6.png").write_bytes(png(picture("6")))
    box = desk.sheet.bounding_box()
    assert box
    x = box["x"] + box["width"] / 2 if place == "on the sheet" else box["x"] + box["width"] + 60
    where = desk.page.get_by_text("Drop the picture here")
    expect(where).to_be_hidden()
    drag(desk, tmp_path / "6.png", x, box["y"] + 300, "dragEnter", "dragOver")
    expect(where).to_be_visible()
    drag(desk, tmp_path / "6.png", x, box["y"] + 300, "drop")
    expect(desk.result).to_have_text("6")
    expect(where).to_be_hidden()


def test_a_file_that_is_dragged_away_again_leaves_no_trace(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "6.png").write_bytes(png(picture("6")))
    drag(desk, tmp_path / "6.png", 400, 400, "dragEnter", "dragOver")
    expect(desk.page.get_by_text("Drop the picture here")).to_be_visible()
    drag(desk, tmp_path / "6.png", 4000, 4000, "dragOver")
    expect(desk.page.get_by_text("Drop the picture here")).to_be_hidden()
    expect(desk.picture).to_be_hidden()


def test_a_pasted_picture_is_read(desks: Any) -> None:
    desk = desks(permissions=["clipboard-read", "clipboard-write"])
    desk.paste(png(picture("9")))
    expect(desk.result).to_have_text("9")
    expect(desk.picture).to_be_visible()


def test_a_file_that_is_no_picture_is_told_and_nothing_is_lost(desk: Desk) -> None:
    desk.write("7")
    expect(desk.result).to_have_text("7")
    ink = desk.painted()
    desk.bring(png(picture("3"))[:200], "broken.png")
    expect(desk.line).to_have_text(
        "This file does not open as a picture. Please try a PNG or a JPEG."
    )
    expect(desk.announcement).to_contain_text("does not open as a picture")
    expect(desk.result).to_have_text("7")
    expect(desk.picture).to_be_hidden()
    assert desk.painted() == ink


def test_a_file_that_is_too_large_is_told(desk: Desk, tmp_path: Path) -> None:
    with (tmp_path / "huge.png").open("wb") as file:
        file.truncate(50_000_001)
    desk.page.set_input_files("[data-field=file]", tmp_path / "huge.png")
    expect(desk.line).to_have_text(
        "This file is larger than 50 MB. Please choose a smaller picture."
    )
