"""What assistive technology would stumble over: axe-core finds nothing, whatever the page shows."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ..inks import picture, png
from .desk import Desk
from .test_correcting import THANKS
from .test_people import register

SIZES = [(390, 844), (1440, 900)]
THEMES = ["light", "dark"]


def stumbles(page: Page) -> list[str]:
    """What axe-core finds, once colours have come to rest."""
    page.wait_for_timeout(250)
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_axe_finds_nothing_on_the_page(desks: Any, width: int, height: int, theme: str) -> None:
    desk = desks(
        viewport={"width": width, "height": height}, color_scheme=theme, permissions=["camera"]
    )
    found = {"empty": stumbles(desk.page)}
    desk.write("7")
    expect(desk.result).to_have_text("7")
    found["reading"] = stumbles(desk.page)
    desk.chips.first.click()
    expect(desk.line).to_have_text(THANKS)
    found["corrected"] = stumbles(desk.page)
    desk.bring(png(picture("3")))
    expect(desk.result).to_have_text("3")
    found["picture"] = stumbles(desk.page)
    desk.bring(b"no picture")
    expect(desk.line).to_contain_text("does not open")
    found["told"] = stumbles(desk.page)
    desk.open_viewfinder()
    found["viewfinder"] = stumbles(desk.page)
    desk.page.keyboard.press("Escape")
    desk.live(False)
    desk.page.keyboard.press("Escape")
    expect(desk.button("Read")).to_be_visible()
    found["not live"] = stumbles(desk.page)
    assert not any(found.values()), found


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_axe_finds_nothing_on_the_error_page(
    new_context: Any, width: int, height: int, theme: str
) -> None:
    page = new_context(viewport={"width": width, "height": height}, color_scheme=theme).new_page()
    page.goto("/nowhere")
    assert not stumbles(page)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_axe_finds_nothing_on_the_pages_of_people(
    new_context: Any, width: int, height: int, theme: str
) -> None:
    page = new_context(viewport={"width": width, "height": height}, color_scheme=theme).new_page()
    page.goto("/login")
    found = {"login": stumbles(page)}
    register(page, f"axe {width} {theme}", "password1234")
    found["register, told"] = stumbles(page)
    register(page, f"axe {width} {theme}")
    desk = Desk(page).open()
    desk.write("7")
    desk.button("Right").click()
    expect(desk.button("Keep them")).to_be_visible()
    found["consent"] = stumbles(page)
    desk.button("Keep them").click()
    expect(desk.line).to_have_text(THANKS)
    for path in ("/mine", "/account", "/status"):
        page.goto(path)
        found[path] = stumbles(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not any(found.values()), found


def test_axe_would_find_something(desks: Any) -> None:
    desk = desks()
    desk.page.evaluate("document.querySelector('[data-action=picture]').ariaLabel = ''")
    desk.page.evaluate("document.querySelector('[data-action=picture]').title = ''")
    assert [found.partition(":")[0] for found in stumbles(desk.page)] == ["button-name"]
