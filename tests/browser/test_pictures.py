"""Pictures: chosen, dropped and pasted; made ready, shown, read, left and corrected."""

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from ..hand import strokes_of
from ..inks import picture, png
from .desk import Desk, Fingers, body_of, reading
from .test_correcting import THANKS, is_feedback, kept

SIZES = [(390, 844), (1440, 900)]
ORIENTATION, TURN_CLOCKWISE = 0x0112, 6


def photograph(digit: str, width: int, height: int) -> Image.Image:
    """A digit in the middle of a sheet of yellowish paper."""
    paper = Image.new("RGB", (width, height), "#e3dcc8")
    side = min(width, height) * 2 // 3
    ink = picture(digit, "#1b2a4d", "#e3dcc8").resize((side, side))
    paper.paste(ink, ((width - side) // 2, (height - side) // 2))
    return paper


def sent(question: dict[str, Any]) -> Image.Image:
    """The picture in a request."""
    content = base64.b64decode(question["image"].partition(",")[2])
    return Image.open(io.BytesIO(content))


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
    arrived = sent(questions[-1])
    assert arrived.size == upright.size
    assert not arrived.getexif()
    difference = [abs(a - b) for a, b in zip(grey(arrived), grey(upright), strict=True)]
    assert max(difference) < 60


def grey(image: Image.Image) -> bytes:
    return image.convert("L").resize((30, 40)).tobytes()


def test_a_large_photograph_is_made_smaller_before_it_is_sent(desk: Desk) -> None:
    with desk.page.expect_request("**/api/predict") as request:
        desk.bring(png(photograph("5", 4000, 3000), "JPEG"), "5.jpg", "image/jpeg")
    question = body_of(request.value)
    assert (question["kind"], question["top"], question["seen"]) == ("digit", 10, True)
    assert "strokes" not in question
    arrived = sent(question)
    assert (arrived.format, arrived.size) == ("JPEG", (1024, 768))
    assert len(question["image"]) < 200_000
    expect(desk.result).to_have_text("5")


def test_a_small_picture_arrives_pixel_by_pixel(desk: Desk) -> None:
    questions = desk.answer(reading("2"))
    small = picture("2").resize((28, 28))
    desk.bring(png(small))
    expect(desk.result).to_have_text("2")
    arrived = sent(questions[-1])
    assert arrived.format == "PNG"
    assert arrived.convert("RGB").tobytes() == small.tobytes()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_see_through_picture_stays_so_and_lies_on_white(desks: Any, scheme: str) -> None:
    desk = desks(color_scheme=scheme)
    cut_out = picture("3").resize((600, 600)).convert("RGBA")
    cut_out.putalpha(picture("3", "white", "black").resize((600, 600)).convert("L"))
    with desk.page.expect_request("**/api/predict") as request:
        desk.bring(png(cut_out))
    arrived = sent(body_of(request.value))
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
    desk.page.evaluate(
        """async (bytes) => navigator.clipboard.write(
          [new ClipboardItem({ "image/png": new Blob([new Uint8Array(bytes)], { type: "image/png" }) })])""",
        list(png(picture("9"))),
    )
    desk.page.keyboard.press("Control+v")
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


@pytest.mark.parametrize("shape", [(300, 900), (900, 300)])
def test_a_picture_fits_undistorted_however_the_phone_is_held(
    phone: Desk, shape: tuple[int, int]
) -> None:
    phone.bring(png(photograph("1", *shape), "JPEG"), "1.jpg", "image/jpeg")
    expect(phone.picture).to_be_visible()
    for width, height in [(390, 844), (844, 390), (1440, 900)]:
        phone.page.set_viewport_size({"width": width, "height": height})
        box, sheet = phone.picture.bounding_box(), phone.sheet.bounding_box()
        assert box
        assert sheet
        assert box["width"] / box["height"] == pytest.approx(shape[0] / shape[1], rel=0.02)
        fullness = max(box["width"] / sheet["width"], box["height"] / sheet["height"])
        assert 0.85 < fullness < 1
        assert sheet["x"] < box["x"]
        assert sheet["y"] < box["y"]


@pytest.mark.parametrize("key", ["Control+z", "Escape"])
def test_a_picture_is_taken_away_and_comes_back(desk: Desk, key: str) -> None:
    desk.bring(png(picture("3")))
    expect(desk.result).to_have_text("3")
    desk.page.keyboard.press(key)
    expect(desk.picture).to_be_hidden()
    expect(desk.result).to_have_text("")
    desk.page.keyboard.press("Control+y" if key == "Control+z" else "Control+z")
    expect(desk.picture).to_be_visible()
    expect(desk.result).to_have_text("3")


def test_a_stroke_leaves_the_picture_and_undo_brings_it_back(desk: Desk) -> None:
    desk.bring(png(picture("3")))
    expect(desk.result).to_have_text("3")
    with desk.page.expect_request("**/api/predict") as request:
        desk.write("7")
    assert "image" not in body_of(request.value)
    expect(desk.result).to_have_text("7")
    expect(desk.picture).to_be_hidden()
    desk.page.keyboard.press("Control+z")
    desk.page.keyboard.press("Control+z")
    expect(desk.picture).to_be_visible()
    expect(desk.result).to_have_text("3")
    assert desk.painted() is None


def test_a_stroke_that_the_system_takes_away_leaves_the_picture(phone: Desk) -> None:
    phone.bring(png(picture("3")))
    expect(phone.result).to_have_text("3")
    [[start, *_, end]] = phone.place(strokes_of("7"))
    fingers = Fingers(phone.page)
    fingers.send("touchStart", start)
    fingers.send("touchMove", end)
    expect(phone.picture).to_be_hidden()
    fingers.send("touchCancel")
    expect(phone.picture).to_be_visible()
    expect(phone.result).to_have_text("3")


def test_the_same_picture_again_is_read_again(desk: Desk) -> None:
    questions = desk.answer(reading("3"))
    for count in (1, 2):
        desk.bring(png(picture("3")))
        expect(desk.result).to_have_text("3")
        desk.page.wait_for_timeout(100)
        assert len(questions) == count


def test_without_live_reading_a_picture_is_sent_by_the_button_only(desk: Desk) -> None:
    questions = desk.answer(reading("3"))
    desk.live(False)
    desk.bring(png(picture("3")))
    expect(desk.line).to_have_text("Press Read when you are done.")
    assert not questions
    desk.button("Read").click()
    expect(desk.result).to_have_text("3")


def test_an_unsure_picture_is_asked_for_from_closer(desk: Desk) -> None:
    desk.answer(reading("7", 0.43, sure=False))
    desk.bring(png(picture("7")))
    expect(desk.line).to_have_text("Take it from closer, in even light, or touch what it is.")


def test_correcting_a_picture_keeps_it_with_its_receipt(desk: Desk) -> None:
    with desk.page.expect_response("**/api/predict") as read:
        desk.bring(png(photograph("3", 800, 600), "JPEG"), "3.jpg", "image/jpeg")
    expect(desk.result).to_have_text("3")
    other = desk.chips.first.inner_text()
    with desk.page.expect_response(is_feedback("POST")) as answer:
        desk.chips.first.click()
    correction = kept(answer.value)
    assert correction["image"] == body_of(read.value.request)["image"]
    assert correction["id"] == read.value.json()["id"]
    assert (correction["label"], correction["kind"]) == (other, "digit")
    assert "strokes" not in correction
    assert answer.value.request.headers["idempotency-key"]
    expect(desk.line).to_have_text(THANKS)
    with desk.page.expect_response(is_feedback("DELETE")) as withdrawal:
        desk.button("Undo keeping it").click()
    assert withdrawal.value.json()["status"] == "withdrawn"


def test_an_answer_to_a_picture_never_overwrites_a_newer_one(desk: Desk) -> None:
    held: list[Route] = []

    def hold_pictures(route: Route) -> None:
        if "image" in body_of(route.request):
            held.append(route)
        else:
            route.fulfill(json=reading("7"))

    desk.page.route("**/api/predict", hold_pictures)
    with desk.page.expect_request("**/api/predict"):
        desk.bring(png(picture("3")))
    desk.write("7")
    expect(desk.result).to_have_text("7")
    held[0].fulfill(json=reading("3"))
    desk.page.wait_for_timeout(200)
    expect(desk.result).to_have_text("7")


def test_a_picture_that_comes_late_does_not_cover_what_was_written_meanwhile(desk: Desk) -> None:
    held: list[Route] = []
    desk.page.route("**/js/pictures.js", lambda route: held.append(route))
    desk.bring(png(picture("3")))
    desk.write("7")
    held[0].continue_()
    desk.page.wait_for_timeout(400)
    expect(desk.picture).to_be_hidden()
    expect(desk.result).to_have_text("7")


def test_a_picture_that_comes_while_the_pen_is_down_does_not_disturb_it(desk: Desk) -> None:
    held: list[Route] = []
    desk.page.route("**/js/pictures.js", lambda route: held.append(route))
    desk.bring(png(picture("3")))
    [stroke] = desk.place(strokes_of("7"))
    desk.press(stroke)
    held[0].continue_()
    desk.page.wait_for_timeout(400)
    expect(desk.picture).to_be_hidden()
    desk.page.mouse.up()
    expect(desk.result).to_have_text("7")
    desk.page.keyboard.press("Control+z")
    expect(desk.button("Undo stroke")).to_be_disabled()


def test_without_a_network_a_picture_is_told_and_can_be_tried_again(desk: Desk) -> None:
    desk.page.route("**/js/pictures.js", lambda route: route.abort(), times=1)
    desk.bring(png(picture("3")))
    expect(desk.line).to_have_text("Inkloop cannot be reached just now.")
    desk.bring(png(picture("3")))
    expect(desk.result).to_have_text("3")
