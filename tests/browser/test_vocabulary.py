"""Words that were kept once are known from then on, to who kept them, in that browser."""

import pytest
from playwright.sync_api import Page, expect

from ..people import PASSWORD
from .desk import Desk
from .test_correcting import THANKS
from .test_people import register

NAME = "inkloop"  # what no list has


def write_name(desk: Desk, *, is_read: bool) -> None:
    """Write a name with a trembling hand, by which nobody reads it who does not know it."""
    with desk.page.expect_response("**/api/predict"):
        desk.write_word(NAME, tremble=0.03)
    if is_read:
        expect(desk.result).to_have_text(NAME)
    else:
        expect(desk.result).to_have_text("inklosp")


def teach(desk: Desk) -> None:
    desk.label.fill(NAME)
    desk.label.press("Enter")
    expect(desk.line).to_have_text(THANKS)


def words_in(page: Page) -> list[str]:
    keys = page.evaluate("Object.keys(localStorage)")
    return [key for key in keys if key.startswith("inkloop.words")]


@pytest.mark.parametrize("kind", ["Auto", "Word"])
def test_a_name_that_was_corrected_is_read_the_next_time(desk: Desk, kind: str) -> None:
    desk.choose(kind)
    write_name(desk, is_read=False)
    teach(desk)
    write_name(desk, is_read=True)
    desk.page.reload()
    write_name(desk.ready(kind), is_read=True)


def test_a_correction_that_is_taken_back_teaches_no_word(desk: Desk) -> None:
    desk.choose("Word")
    write_name(desk, is_read=False)
    teach(desk)
    desk.button("Undo keeping it").click()
    expect(desk.button("Undo keeping it")).to_be_hidden()
    desk.button("Clear").click()
    write_name(desk, is_read=False)


def test_a_browser_without_storage_remembers_as_long_as_the_page(desk: Desk) -> None:
    desk.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no'); } })"
    )
    desk.page.reload()
    desk.ready("Word")
    write_name(desk, is_read=False)
    desk.label.fill(NAME)
    desk.label.press("Enter")
    desk.button("Keep them").click()
    expect(desk.line).to_have_text(THANKS)
    write_name(desk, is_read=True)


def test_another_person_in_the_same_browser_has_other_words(page: Page) -> None:
    desk = Desk(page).open("Word")
    write_name(desk, is_read=False)
    teach(desk)
    register(page, "ada of other words")
    write_name(desk.ready("Word"), is_read=False)


@pytest.mark.parametrize("kind", ["Auto", "Word"])
def test_on_a_phone_the_sheet_lies_still_under_the_pen(phone: Desk, kind: str) -> None:
    """Whatever comes and goes below it: another height of the page would scroll it."""
    phone.choose(kind)
    write_name(phone, is_read=False)
    phone.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    before = phone.sheet.bounding_box()
    phone.page.keyboard.press("Escape")
    expect(phone.chips).to_have_count(0)
    assert phone.sheet.bounding_box() == before
    write_name(phone, is_read=False)
    assert phone.sheet.bounding_box() == before
    teach(phone)
    after = phone.sheet.bounding_box()
    assert after
    assert after["y"] >= 0
    write_name(phone, is_read=True)
    assert phone.sheet.bounding_box() == after


@pytest.mark.parametrize("way", ["all drawings", "the account"])
def test_who_deletes_everything_leaves_no_word_in_the_browser(page: Page, way: str) -> None:
    register(page, f"ada without {way}")
    desk = Desk(page).ready("Word")
    write_name(desk, is_read=False)
    teach(desk)
    assert words_in(page)
    if way == "the account":
        page.goto("/account")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Delete my account").click()
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    else:
        page.goto("/mine")
        page.get_by_text("Take all of them back").click()
        page.get_by_role("button", name="Delete all 1 drawings").click()
        expect(page.locator(".print")).to_have_count(0)
    assert not words_in(page)


def test_only_words_are_remembered_the_newest_and_none_twice(desk: Desk) -> None:
    remembered = desk.page.evaluate(
        """async () => {
          const { forget, keptWords, learn } = await import("/static/js/vocabulary.js");
          for (const label of ["7", "x", "2026", "Ada", "the ink", "Ada"]) learn(label);
          const first = keptWords();
          for (let i = 0; i < 120; i += 1) learn(`word ${i}`);
          forget("word 118");
          return [first, keptWords()];
        }"""
    )
    assert remembered == [
        ["Ada", "the ink"],
        ["word 119", *[f"word {i}" for i in range(117, 19, -1)]],
    ]
