"""Pictures on the sheet: shown, read, corrected, and left for something newer."""

import pytest
from playwright.sync_api import Route, expect

from ..hand import strokes_of
from ..inks import picture, png
from .cameras import photograph
from .desk import Desk, Fingers, body_of, reading
from .test_correcting import THANKS, is_feedback, kept


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
