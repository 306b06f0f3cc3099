"""The page where numbers are made, drawn on, read back, at both sizes."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from ..hand import strokes_of
from .test_accessibility import SIZES, THEMES, stumbles

HASTE_MS = 5_000


@pytest.fixture
def maker(new_context: Any, watch: Callable[[Page], Page]) -> Callable[..., Page]:
    """Open the page at a size."""

    def open_page(**properties: Any) -> Page:
        page = watch(new_context(**properties).new_page())
        page.goto("/generate")
        expect(made(page, "picture")).to_have_attribute("aria-busy", "false")
        return page

    return open_page


def made(page: Page, name: str) -> Locator:
    return page.locator(f".made[data-of={name}]")


def source(page: Page) -> str:
    return str(page.locator("[data-field=picture]").get_attribute("src"))


def wait_for_another(page: Page, before: str) -> str:
    expect(page.locator("[data-field=picture]")).not_to_have_attribute("src", before)
    return source(page)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_number_is_pictured_at_once_and_read_back(
    maker: Callable[..., Page], width: int, height: int
) -> None:
    page = maker(viewport={"width": width, "height": height})
    first = source(page)
    page.get_by_label("Not at all").check()
    plain = wait_for_another(page, first)
    page.get_by_label("Number").first.fill("42")
    wait_for_another(page, plain)
    page.get_by_role("button", name="Read it back").click()
    expect(page.locator("#picture [data-field=reading]")).to_have_text(
        re.compile(r"Read as .+\s%"), timeout=HASTE_MS
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_settings_change_the_picture_and_the_digits_stay(maker: Callable[..., Page]) -> None:
    page = maker()
    first = source(page)
    page.get_by_label("Only these").check()
    expect(page.get_by_label("Gauss noise")).to_be_visible()
    shifted = wait_for_another(page, first)
    page.get_by_label("Gauss noise").check()
    noisy = wait_for_another(page, shifted)
    page.get_by_label("Gauss noise").uncheck()
    assert wait_for_another(page, noisy) == shifted  # the same seed, the same digits
    page.get_by_role("button", name="Another").first.click()
    wait_for_another(page, shifted)
    page.get_by_label("Width").fill("200")
    expect(page.locator(".made-picture")).to_have_js_property("naturalWidth", 200)


def test_what_cannot_be_made_is_told_and_made_again(maker: Callable[..., Page]) -> None:
    page = maker()
    line = page.locator("#picture [data-field=reading]")
    for field, wrong, right in (
        ("Number", "4x", "48"),
        ("Greatest gap", "2", "9"),
        ("Width", "", "80"),
    ):
        box = page.get_by_label(field).first
        box.fill(wrong)
        expect(line).to_contain_text(re.compile("number|spacing|image_width"))
        expect(page.get_by_role("button", name="Read it back").first).to_be_disabled()
        box.fill(right)
        expect(line).to_have_text("")
        expect(page.get_by_role("button", name="Read it back").first).to_be_enabled()


def test_a_picture_is_taken_along(maker: Callable[..., Page], tmp_path: Path) -> None:
    page = maker()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download").first.click()
    assert waiting.value.suggested_filename == "2026.png"
    waiting.value.save_as(tmp_path / "2026.png")
    with Image.open(tmp_path / "2026.png") as image:
        assert image.size == (112, 28)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_strokes_are_composed_of_our_digits_and_of_ones_own(
    maker: Callable[..., Page], width: int, height: int, tmp_path: Path
) -> None:
    page = maker(viewport={"width": width, "height": height})
    page.get_by_role("tab", name="Pen strokes").click()
    line = page.locator("#strokes [data-field=reading]")
    read = page.locator("#strokes [data-action=read]")
    expect(made(page, "strokes")).to_have_attribute("aria-busy", "false")
    read.click()
    expect(line).to_contain_text("✓ Read as 2026")
    drawn = page.locator("[data-field=strokes] path")
    ours = drawn.get_attribute("d")
    write(page, "7")
    page.locator("#strokes [name=number]").fill("717")
    expect(drawn).not_to_have_attribute("d", str(ours))
    expect(line).to_have_text("")
    with page.expect_download() as waiting:
        page.locator("#strokes [data-field=download]").click()
    waiting.value.save_as(tmp_path / "717.json")
    found = json.loads((tmp_path / "717.json").read_text())
    assert found["label"] == "717"
    assert [len(stroke) for stroke in found["strokes"]].count(len(strokes_of("7")[0])) >= 2
    page.get_by_role("button", name="Take ours again").click()
    expect(page.locator(".pad.is-own")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def write(page: Page, digit: str) -> None:
    """Write on the digit's pad."""
    pad = page.locator(f".pad[data-digit='{digit}']")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    for stroke in strokes_of(digit):
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()
    expect(pad).to_have_class(re.compile("is-own"))


def test_tabs_follow_the_arrows(maker: Callable[..., Page]) -> None:
    page = maker()
    page.get_by_role("tab", name="Pictures").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Pen strokes")).to_be_focused()
    expect(page.locator("#strokes")).to_be_visible()
    expect(page.locator("#picture")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#picture")).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_axe_finds_nothing_here(
    maker: Callable[..., Page], width: int, height: int, theme: str
) -> None:
    page = maker(viewport={"width": width, "height": height}, color_scheme=theme)
    page.get_by_label("Only these").check()
    found = {"pictures": stumbles(page)}
    page.get_by_role("tab", name="Pen strokes").click()
    expect(made(page, "strokes")).to_have_attribute("aria-busy", "false")
    found["strokes"] = stumbles(page)
    assert not any(found.values()), found


def test_the_page_can_be_found(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Numbers").click()
    expect(page.get_by_role("heading", name="Make numbers")).to_be_visible()
