"""Pen, sheet and history: what is written is on the sheet, and is read."""

import pytest
from playwright.sync_api import Page, Route, expect

from ..hand import strokes_of
from .desk import Desk, Fingers, Pen, reading


@pytest.mark.parametrize("digit", "0123456789")
def test_a_digit_written_with_the_mouse_is_read(desk: Desk, digit: str) -> None:
    desk.write(digit)
    expect(desk.result).to_have_text(digit)


@pytest.mark.parametrize("digit", "247")
def test_a_digit_written_with_a_finger_is_read(phone: Desk, digit: str) -> None:
    phone.touch(digit)
    expect(phone.result).to_have_text(digit)


def test_writing_does_not_scroll_the_page(phone: Desk) -> None:
    phone.page.set_viewport_size({"width": 390, "height": 500})
    phone.touch("1")
    assert phone.page.evaluate("scrollY") == 0


def test_a_second_finger_does_not_draw(phone: Desk) -> None:
    [[start, *_, end]] = phone.place(strokes_of("7"))
    box = phone.sheet.bounding_box()
    assert box
    corner = (box["x"] + 10, box["y"] + 10)
    fingers = Fingers(phone.page)
    fingers.send("touchStart", start)
    fingers.send("touchStart", start, corner)
    fingers.send("touchMove", end, (corner[0], corner[1] + 60))
    fingers.send("touchEnd")
    painted = phone.painted()
    assert painted
    assert painted[0] > -box["width"] / 4


def test_a_stroke_that_the_system_takes_away_leaves_no_ink(phone: Desk) -> None:
    [[start, *_, end]] = phone.place(strokes_of("7"))
    fingers = Fingers(phone.page)
    fingers.send("touchStart", start)
    fingers.send("touchMove", end)
    assert phone.painted()
    fingers.send("touchCancel")
    assert phone.painted() is None


def test_a_pen_takes_over_from_the_palm_of_its_hand(phone: Desk) -> None:
    [stroke] = phone.place(strokes_of("7"))
    box = phone.sheet.bounding_box()
    assert box
    palm = (box["x"] + box["width"] - 20, box["y"] + box["height"] - 20)
    Fingers(phone.page).send("touchStart", palm)
    pen = Pen(phone.page)
    pen.send("mousePressed", stroke[0])
    for point in stroke[1:]:
        pen.send("mouseMoved", point)
    pen.send("mouseReleased", stroke[-1])
    expect(phone.result).to_have_text("7")
    painted = phone.painted()
    assert painted
    assert painted[3] < box["height"] / 2 - 40


def test_a_touch_of_the_pen_leaves_a_dot(desk: Desk) -> None:
    desk.page.mouse.move(400, 400)
    desk.page.mouse.down()
    desk.page.mouse.up()
    assert desk.painted()


def test_ink_stops_at_the_edge_of_the_paper(desk: Desk) -> None:
    questions = desk.answer(reading("1"))
    box = desk.sheet.bounding_box()
    assert box
    desk.press([(box["x"] + 100, box["y"] + 100), (box["x"] - 60, box["y"] + 200)])
    desk.page.mouse.up()
    expect(desk.result).to_have_text("1")
    widths = [point[0] for stroke in questions[-1]["strokes"] for point in stroke]
    assert max(widths) == pytest.approx(100, abs=1)


def test_the_right_mouse_button_does_not_write(desk: Desk) -> None:
    desk.sheet.click(button="right")
    assert desk.painted() is None


def test_the_hint_goes_with_the_first_stroke(desk: Desk) -> None:
    hint = desk.page.get_by_text("Write here")
    expect(hint).to_have_css("opacity", "1")
    desk.write("1")
    expect(hint).to_have_css("opacity", "0")


def test_the_hint_comes_when_the_sheet_listens(page: Page) -> None:
    held: list[Route] = []
    page.route("**/js/draw.js*", lambda route: held.append(route))
    page.goto("/", wait_until="commit")
    expect(page.get_by_role("img", name="Sheet to write on")).to_be_visible()
    expect(page.get_by_text("Write here")).to_have_css("opacity", "0")
    held[0].continue_()
    expect(page.get_by_text("Write here")).to_have_css("opacity", "1")
    desk = Desk(page)
    desk.choose("Digit")
    desk.write("7")
    expect(desk.result).to_have_text("7")


@pytest.mark.parametrize("by", ["button", "key"])
def test_strokes_are_undone_redone_and_cleared(desk: Desk, by: str) -> None:
    def step(name: str, key: str) -> None:
        if by == "button":
            desk.button(name).click()
        else:
            desk.page.keyboard.press(key)

    desk.write("4")
    expect(desk.result).to_have_text("4")
    whole = desk.painted()
    step("Undo stroke", "Control+z")
    assert desk.painted() != whole
    step("Redo stroke", "Control+y")
    assert desk.painted() == whole
    expect(desk.result).to_have_text("4")
    step("Clear", "Escape")
    assert desk.painted() is None
    expect(desk.result).to_have_text("")
    step("Undo stroke", "Control+z")
    assert desk.painted() == whole
    step("Undo stroke", "Control+z")
    step("Redo stroke", "Control+Shift+z")
    assert desk.painted() == whole


def test_tools_say_when_there_is_nothing_to_do(desk: Desk) -> None:
    for name in ("Undo stroke", "Redo stroke", "Clear"):
        expect(desk.button(name)).to_be_disabled()
    desk.write("1")
    expect(desk.button("Undo stroke")).to_be_enabled()
    expect(desk.button("Redo stroke")).to_be_disabled()


def test_keys_do_not_fire_while_a_label_is_typed(desk: Desk) -> None:
    desk.write("7")
    desk.label.focus()
    ink = desk.painted()
    for key in ("Escape", "Control+z", "Control+y"):
        desk.page.keyboard.press(key)
    assert desk.painted() == ink


def test_ink_stays_where_it_was_when_the_window_grows(desk: Desk) -> None:
    desk.write("5")
    before = desk.painted()
    desk.page.set_viewport_size({"width": 1600, "height": 1000})
    assert desk.painted() == pytest.approx(before, abs=1.5)


def test_ink_stays_visible_when_the_phone_is_turned_and_returns_as_it_was(phone: Desk) -> None:
    phone.touch("5")
    expect(phone.result).to_have_text("5")
    before = phone.painted()
    phone.page.set_viewport_size({"width": 844, "height": 390})
    turned, box = phone.painted(), phone.sheet.bounding_box()
    assert turned
    assert box
    assert max(map(abs, turned)) <= max(box["width"], box["height"]) / 2
    assert turned[3] < box["height"] / 2 - 1
    phone.page.set_viewport_size({"width": 390, "height": 844})
    assert phone.painted() == pytest.approx(before, abs=1.5)
    expect(phone.result).to_have_text("5")


def test_ink_is_sharp_on_a_dense_screen(phone: Desk) -> None:
    box = phone.sheet.bounding_box()
    assert box
    assert phone.sheet.evaluate("canvas => canvas.width") == pytest.approx(3 * box["width"], abs=1)
