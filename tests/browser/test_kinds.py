"""Digits, characters and words on one sheet: what is written, said or not, and corrected."""

from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from ..inks import drawn, png, shaken, written
from .desk import Desk, body_of, reading
from .test_correcting import is_feedback, kept
from .test_page import SIZES

LINE = reading("cat", 0.6, sure=False) | {
    "kind": "word",
    "alternatives": [{"text": t, "confidence": c} for t, c in (("cat", 0.6), ("cut", 0.2))],
    "characters": [
        {"text": "c", "confidence": 0.99, "start": 0.0, "end": 0.3, "alternatives": []},
        {
            "text": "a",
            "confidence": 0.6,
            "start": 0.3,
            "end": 0.7,
            "alternatives": [{"text": t, "confidence": 0.1} for t in "uo"],
        },
        {"text": "t", "confidence": 0.99, "start": 0.7, "end": 1.0, "alternatives": []},
    ],
    "without_lexicon": {"text": "cat", "confidence": 0.6},
    "model": {"name": "word", "version": "v1"},
}


ASK = """strokes => fetch("api/predict", {
  method: "POST",
  headers: {"Content-Type": "application/json"},
  body: JSON.stringify({strokes, kind: "word"}),
}).then(answer => answer.json())"""


@pytest.mark.parametrize(("locale", "text"), [("de-AT", "HEXE"), ("en-GB", "HERE")])
def test_a_browser_says_whose_language_comes_first(desks: Any, locale: str, text: str) -> None:
    paths = shaken(written("HEXE"), 0.1).paths
    desk = desks(locale=locale)
    answer = desk.page.evaluate(ASK, [path.tolist() for path in paths])
    assert answer["result"] == text


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("kind", ["Auto", "Word"])
def test_a_word_is_read_and_fits_the_window(desks: Any, width: int, height: int, kind: str) -> None:
    desk = desks(viewport={"width": width, "height": height})
    desk.choose(kind)
    desk.write_word("letter")
    expect(desk.result).to_have_text("letter")
    assert desk.page.evaluate("document.documentElement.scrollWidth") == width
    for part in (desk.sheet, desk.letters.first, desk.result, desk.button("Right"), desk.label):
        box = part.bounding_box()
        assert 0 <= box["y"] < box["y"] + box["height"] <= height


@pytest.mark.parametrize("digit", "257")
def test_a_digit_is_told_from_a_word_without_being_said(desk: Desk, digit: str) -> None:
    desk.choose("Auto")
    desk.write(digit)
    expect(desk.result).to_have_text(digit)
    expect(desk.letters).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_each_character_stands_under_its_strokes(desks: Any, width: int, height: int) -> None:
    desk = desks(viewport={"width": width, "height": height})
    desk.choose("Word")
    strokes = desk.write_word("house")
    expect(desk.letters).to_have_text(list("house"))
    xs = [[x for x, _ in stroke] for stroke in strokes]
    inks = [xs[0] + xs[1], *xs[2:]]  # an h has two strokes
    for letter, ink in zip(desk.letters.all(), inks, strict=True):
        box = letter.bounding_box()
        assert box
        middle = (min(ink) + max(ink)) / 2
        assert box["x"] - 4 <= middle <= box["x"] + box["width"] + 4
        assert box["width"] >= 24


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("place", [0.1, 0.4])
def test_each_character_stands_under_a_pictures_own(
    desks: Any, width: int, height: int, place: float
) -> None:
    desk = desks(viewport={"width": width, "height": height})
    desk.choose("Word")
    word = drawn("house")
    photograph = Image.new("RGB", (2 * word.width, 2 * word.height), "white")
    start = round(place * photograph.width)
    photograph.paste(word, (start, word.height // 2))
    desk.bring(png(photograph))
    expect(desk.letters).to_have_text(list("house"))
    lies = desk.picture.bounding_box()
    first, last = (desk.letters.nth(i).bounding_box() for i in (0, -1))
    assert lies
    assert first
    assert last
    scale = lies["width"] / photograph.width
    left, right = (lies["x"] + scale * (start + x) for x in (0, word.width))
    assert first["x"] == pytest.approx(left, abs=12)
    assert last["x"] + last["width"] == pytest.approx(right, abs=12)


def test_a_touched_character_is_changed_by_one_more_touch(desk: Desk) -> None:
    desk.choose("Word")
    desk.answer(LINE)
    desk.write_word("cat", 0.4)
    expect(desk.letters).to_have_text(["c", "a", "t"])
    assert [chip.inner_text() for chip in desk.chips.all()] == ["cut"]
    desk.letters.nth(1).click()
    expect(desk.letters.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(desk.line).to_have_text("What else is this a?")
    expect(desk.chips).to_have_text(["u", "o"])
    with desk.page.expect_request("**/api/feedback") as request:
        desk.button("It is cot").click()
    correction = body_of(request.value)
    assert (correction["label"], correction["kind"]) == ("cot", "word")


def test_a_character_touched_twice_is_let_go(desk: Desk) -> None:
    desk.choose("Word")
    desk.answer(LINE)
    desk.write_word("cat", 0.4)
    desk.letters.nth(1).click()
    desk.letters.nth(1).click()
    expect(desk.letters.nth(1)).to_have_attribute("aria-pressed", "false")
    expect(desk.chips).to_have_text(["cut"])


def test_a_doubtful_character_is_dotted(desk: Desk) -> None:
    desk.choose("Word")
    desk.answer(LINE)
    desk.write_word("cat", 0.4)
    styles = desk.letters.evaluate_all(
        "letters => letters.map((letter) => getComputedStyle(letter).textDecorationStyle)"
    )
    assert styles == ["solid", "dotted", "solid"]


def test_more_ink_lets_the_character_go(desk: Desk) -> None:
    desk.choose("Word")
    desk.answer(LINE)
    desk.write_word("cat", 0.4)
    desk.letters.nth(1).click()
    desk.write("1", size=0.2)
    expect(desk.letters.nth(1)).to_have_attribute("aria-pressed", "false")


def test_a_whole_word_is_corrected_and_kept_as_a_word(desk: Desk) -> None:
    desk.choose("Auto")
    desk.write_word("hand")
    expect(desk.result).to_have_text("hand")
    desk.label.fill("band's")
    with desk.page.expect_response(is_feedback("POST")) as answer:
        desk.label.press("Enter")
    assert kept(answer.value)["label"] == "band's"
    expect(desk.result).to_have_text("band's")
    expect(desk.letters).to_have_count(0)


def test_a_label_that_the_kind_cannot_hold_goes_where_it_fits(desk: Desk) -> None:
    desk.answer(reading("7") | {"alternatives": [{"text": t, "confidence": 0.5} for t in "7T"]})
    desk.write("7")
    with desk.page.expect_request("**/api/feedback") as request:
        desk.button("It is T").click()
    assert body_of(request.value)["kind"] == "auto"


def test_the_same_ink_is_read_anew_as_another_kind(desk: Desk) -> None:
    questions = desk.answer(reading("1"))
    desk.live(False)  # a pen that rests on its way has half a stroke read
    desk.write("1")
    desk.live(True)
    expect(desk.result).to_have_text("1")
    with desk.page.expect_response("**/api/predict"):
        desk.choose("Word")
    assert [question["kind"] for question in questions] == ["digit", "word"]
    assert questions[0]["strokes"] == questions[1]["strokes"]


def test_kinds_have_keys_and_are_remembered(desk: Desk) -> None:
    expect(desk.page.get_by_role("radio", name="Digit")).to_be_checked()
    desk.page.keyboard.press("1")
    expect(desk.page.get_by_role("radio", name="Auto")).to_be_checked()
    desk.page.keyboard.press("4")
    expect(desk.page.get_by_role("radio", name="Word")).to_be_checked()
    desk.page.reload()
    expect(desk.page.get_by_role("radio", name="Word")).to_be_checked()


def test_a_newcomer_need_not_say_what_it_is(new_context: Any) -> None:
    page = new_context().new_page()
    page.goto("/")
    expect(page.get_by_role("radio", name="Auto")).to_be_checked()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_pasted_picture_of_a_word_is_read(desks: Any, width: int, height: int) -> None:
    size = {"width": width, "height": height}
    desk = desks(viewport=size, permissions=["clipboard-read", "clipboard-write"])
    desk.choose("Word")
    desk.paste(png(drawn("letter")))
    expect(desk.picture).to_be_visible()
    expect(desk.result).to_have_text("letter")
    expect(desk.letters).to_have_text(list("letter"))
