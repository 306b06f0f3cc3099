"""The page itself: sizes, themes, keyboard, weight, and what it says when something fails."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Response, Route, expect

from .desk import Desk, reading

STATIC = Path(__file__).parents[2] / "static"
SIZES = [(390, 844), (1440, 900)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_fits_the_window(desks: Any, width: int, height: int) -> None:
    desk = desks(viewport={"width": width, "height": height})
    desk.write("7")
    expect(desk.result).to_have_text("7")
    assert desk.page.evaluate("document.documentElement.scrollWidth") == width
    for part in (desk.sheet, desk.result, desk.button("Right"), desk.chips.first):
        box = part.bounding_box()
        assert 0 <= box["y"] < box["y"] + box["height"] <= height


@pytest.mark.parametrize("live", [True, False])
def test_nothing_is_cut_off_on_a_very_small_phone(desks: Any, live: bool) -> None:
    desk = desks(viewport={"width": 320, "height": 568}, is_mobile=True)
    desk.live(live)
    desk.answer(reading("7", 0.43, sure=False))
    desk.write("7")
    assert desk.page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_phone_has_one_column_and_a_desktop_two(desks: Any) -> None:
    boxes = []
    for width, height in SIZES:
        desk = desks(viewport={"width": width, "height": height})
        boxes.append(
            (
                desk.page.locator(".writing").bounding_box(),
                desk.page.locator(".reading").bounding_box(),
            )
        )
    (above, below), (left, right) = boxes
    assert above["y"] + above["height"] <= below["y"]
    assert left["x"] + left["width"] <= right["x"]


def test_the_desk_is_dark_by_night(desks: Any) -> None:
    def brightness(scheme: str) -> tuple[int, int]:
        desk = desks(color_scheme=scheme)
        desk.write("1")
        paper, ink = desk.page.evaluate(
            """() => [".sheet", ".sheet-ink"].map((name, i) => {
              const style = getComputedStyle(document.querySelector(name));
              return (i ? style.color : style.backgroundColor).match(/\\d+/g).slice(0, 3).map(Number);
            })"""
        )
        return sum(paper), sum(ink)

    day_paper, day_ink = brightness("light")
    night_paper, night_ink = brightness("dark")
    assert day_ink < night_paper + 100 < night_ink
    assert night_paper < 200 < 600 < day_paper


def test_ink_changes_with_the_theme_while_it_lies_there(desk: Desk) -> None:
    colour = """canvas => {
      const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      const at = pixels.findIndex((value, i) => i % 4 === 3 && value === 255);
      return pixels[at - 1];
    }"""
    desk.write("1")
    desk.painted()
    by_day = desk.sheet.evaluate(colour)
    desk.page.emulate_media(color_scheme="dark")
    desk.painted()
    assert desk.sheet.evaluate(colour) > by_day + 100


def test_everything_but_the_pen_can_be_done_by_keyboard(desk: Desk) -> None:
    desk.write("7")
    expect(desk.result).to_have_text("7")
    stops = []
    desk.sheet.focus()
    for _ in range(13):
        stops.append(
            desk.page.evaluate("document.activeElement.dataset.action ?? document.activeElement.id")
        )
        desk.page.keyboard.press("Tab")
    for action in ("undo", "redo", "clear", "picture", "camera", "confirm", "choose", "label"):
        assert action in stops
    desk.chips.first.focus()
    desk.page.keyboard.press("Enter")
    expect(desk.button("Undo keeping it")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.button("Right")).to_be_focused()


def test_focus_is_visible_for_keys_and_not_for_the_pen(desk: Desk) -> None:
    desk.write("1")
    desk.page.keyboard.press("Control+z")
    expect(desk.sheet).to_have_css("outline-style", "none")
    desk.button("Undo stroke").focus()
    desk.page.keyboard.press("Shift+Tab")
    expect(desk.sheet).to_have_css("outline-style", "solid")


def test_the_sheet_has_a_name_and_instructions(desk: Desk) -> None:
    expect(desk.sheet).to_have_accessible_name("Sheet to write on")
    expect(desk.sheet).to_have_accessible_description(
        re.compile("^Write with pen, finger or mouse")
    )


def test_targets_are_large_enough_for_a_finger(phone: Desk) -> None:
    phone.write("7")
    expect(phone.result).to_have_text("7")
    targets = phone.page.locator("button:visible, a:visible, label:visible, .typed:visible")
    for target in targets.all():
        box = target.bounding_box()
        assert box
        assert box["width"] >= 44
        assert box["height"] >= 42


def test_a_refusal_is_told_in_the_server_s_words(desk: Desk) -> None:
    desk.refuse("**/api/predict", 422, "This drawing has too many points. Please write it anew.")
    desk.write("7")
    expect(desk.line).to_have_text("This drawing has too many points. Please write it anew.")
    assert desk.painted()


def test_a_broken_server_is_told_kindly(desk: Desk) -> None:
    desk.page.route("**/api/predict", lambda route: route.fulfill(status=500, body="<h1>Oops</h1>"))
    desk.write("7")
    expect(desk.line).to_have_text("The server answered 500.")


def test_without_a_network_the_ink_stays_and_is_read_later(desk: Desk) -> None:
    tries: list[Route] = []

    def lose_the_first(route: Route) -> None:
        tries.append(route)
        if len(tries) == 1:
            route.abort()
        else:
            route.fulfill(json=reading("7"))

    desk.page.route("**/api/predict", lose_the_first)
    desk.live(False)
    desk.write("7")
    desk.button("Read").click()
    expect(desk.line).to_have_text("Inkloop cannot be reached just now. Your ink stays here.")
    assert desk.painted()
    expect(desk.result).to_have_text("7")


def test_a_busy_server_is_asked_again_when_it_says(desk: Desk) -> None:
    answers = iter(
        [{"status": 429, "headers": {"Retry-After": "1"}, "json": {"detail": "A moment, please."}}]
    )
    desk.page.route(
        "**/api/predict", lambda route: route.fulfill(**next(answers, {"json": reading("7")}))
    )
    desk.live(False)
    desk.write("7")
    desk.button("Read").click()
    expect(desk.line).to_contain_text("A moment, please.")
    expect(desk.result).to_have_text("7")


def test_without_javascript_the_sheet_says_what_it_needs(new_context: Any) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/")
    expect(page.locator("noscript .sheet-notice")).to_contain_text("Please switch it on")
    expect(page.locator("noscript .sheet-notice")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)


def test_a_page_that_does_not_exist_leads_back_to_the_sheet(new_context: Any) -> None:
    page = new_context().new_page()
    page.goto("/nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not Found")
    page.get_by_role("link", name="Back to the sheet").click()
    expect(page.get_by_text("Write here")).to_be_visible()


def test_nothing_comes_from_another_host(page: Page, live_server: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    Desk(page).open().write("7")
    assert all(url.startswith((live_server.url, "data:")) for url in asked)


@pytest.mark.parametrize(("kind", "limit_bytes"), [("css", 15 * 1024), ("js", 25 * 1024)])
def test_a_visit_is_light(page: Page, kind: str, limit_bytes: int) -> None:
    loaded: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if response.url.endswith(f".{kind}"):
            loaded[response.url] = len(response.body())

    page.on("response", weigh)
    Desk(page).open()
    page.wait_for_load_state("networkidle")
    assert 0 < sum(loaded.values()) <= limit_bytes, loaded


@pytest.mark.parametrize(
    ("pattern", "limit_bytes"), [("css/*.css", 24 * 1024), ("js/*.js", 52 * 1024)]
)
def test_all_that_can_be_loaded_is_light(pattern: str, limit_bytes: int) -> None:
    assert 0 < sum(path.stat().st_size for path in STATIC.glob(pattern)) <= limit_bytes
