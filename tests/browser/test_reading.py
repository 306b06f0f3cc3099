"""The reading: when it is asked for, which answer counts, and how it is shown."""

import pytest
from playwright.sync_api import Route, expect

from ..hand import strokes_of
from .desk import Desk, reading


def test_it_is_read_while_the_pen_rests_on_the_paper(desk: Desk) -> None:
    [stroke] = desk.place(strokes_of("3"))
    desk.press(stroke)
    expect(desk.result).to_have_text("3")
    desk.page.mouse.up()
    expect(desk.result).to_have_text("3")


def test_the_same_ink_is_not_read_twice(desk: Desk) -> None:
    questions = desk.answer(reading("3"))
    [stroke] = desk.place(strokes_of("3"))
    desk.press(stroke)
    expect(desk.result).to_have_text("3")
    desk.page.mouse.up()
    desk.page.wait_for_timeout(200)
    strokes = [question["strokes"] for question in questions]
    assert strokes.count(strokes[-1]) == 1


def test_strokes_are_sent_in_pixels_and_milliseconds(desk: Desk) -> None:
    questions = desk.answer(reading("4"))
    desk.write("4")
    expect(desk.result).to_have_text("4")
    desk.page.wait_for_timeout(300)  # the first stroke may have been read by itself
    question = questions[-1]
    assert (question["kind"], question["top"], question["seen"]) == ("digit", 10, True)
    points = [point for stroke in question["strokes"] for point in stroke]
    assert len(question["strokes"]) == 2
    assert min(x for x, _, _ in points) == min(y for _, y, _ in points) == 0
    times = [t for _, _, t in points]
    assert times[0] == 0
    assert times == sorted(times)


def test_an_older_answer_never_overwrites_a_newer_one(desk: Desk) -> None:
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.fulfill(json=reading("4"))
        else:
            held.append(route)

    desk.page.route("**/api/predict", hold_the_first)
    desk.write("4")
    expect(desk.result).to_have_text("4")
    held[0].fulfill(json=reading("9"))
    desk.page.wait_for_timeout(200)
    expect(desk.result).to_have_text("4")


def test_an_answer_that_comes_after_the_sheet_was_cleared_is_not_shown(desk: Desk) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desk.page.route("**/api/predict", hold)
    with desk.page.expect_request("**/api/predict"):
        desk.write("1")
    desk.page.keyboard.press("Escape")
    held[-1].fulfill(json=reading("1"))
    desk.page.wait_for_timeout(200)
    expect(desk.result).to_have_text("")


def test_an_unchanged_reading_does_not_move(desk: Desk) -> None:
    desk.answer(reading("4"))
    first, second = desk.place(strokes_of("4"))
    desk.press(first)
    desk.page.mouse.up()
    expect(desk.result).to_have_text("4")
    desk.page.evaluate(
        """() => {
          window.moves = 0;
          new MutationObserver((changes) => (moves += changes.length))
            .observe(document.querySelector(".result"), { childList: true, characterData: true, subtree: true });
        }"""
    )
    desk.press(second)
    desk.page.mouse.up()
    desk.page.wait_for_timeout(200)
    assert desk.page.evaluate("moves") == 0


def test_without_live_reading_a_button_reads(desk: Desk) -> None:
    questions = desk.answer(reading("7"))
    desk.live(False)
    desk.write("7")
    desk.page.wait_for_timeout(250)
    assert not questions
    desk.button("Read").click()
    expect(desk.result).to_have_text("7")


def test_without_live_reading_more_ink_takes_the_old_reading_away(desk: Desk) -> None:
    desk.live(False)
    desk.write("1")
    desk.button("Read").click()
    expect(desk.result).to_have_text("1")
    desk.write("7")
    expect(desk.result).to_have_text("")
    expect(desk.line).to_have_text("Press Read when you are done.")


def test_that_live_reading_is_off_is_remembered(desk: Desk) -> None:
    desk.live(False)
    desk.page.reload()
    expect(desk.page.get_by_role("switch", name="Live")).not_to_be_checked()
    expect(desk.button("Read")).to_be_visible()


def test_a_browser_without_storage_reads_live(desk: Desk) -> None:
    desk.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no'); } })"
    )
    desk.page.reload()
    desk.live(False)
    desk.live(True)
    desk.write("7")
    expect(desk.result).to_have_text("7")


def test_ten_probabilities_stand_in_their_order_and_the_highest_is_marked(desk: Desk) -> None:
    desk.write("7")
    expect(desk.result).to_have_text("7")
    bars = desk.page.get_by_role("list", name="How likely each is").get_by_role("listitem")
    assert [bar[-1] for bar in bars.all_inner_texts()] == list("0123456789")
    expect(desk.page.locator("[data-highest]")).to_have_count(1)
    expect(desk.page.locator("[data-highest]")).to_contain_text("7")
    heights = desk.page.locator(".bar-fill").evaluate_all(
        "fills => fills.map((fill) => Number(fill.style.getPropertyValue('--share')))"
    )
    assert max(heights) == heights[7]
    assert sum(heights) == pytest.approx(1, abs=0.01)


def test_what_the_model_sees_is_shown(desk: Desk) -> None:
    desk.write("7")
    seen = desk.page.get_by_alt_text("What the model sees")
    expect(seen).to_be_visible()
    assert seen.evaluate("picture => [picture.naturalWidth, picture.naturalHeight]") == [28, 28]
    expect(seen).to_have_css("image-rendering", "pixelated")
    expect(desk.page.locator("figcaption")).to_contain_text("ms by digit")


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(0.998, "99.8 % sure"), (0.99999, "over 99.9 % sure"), (0.5, "50.0 % sure")],
)
def test_confidence_is_said_in_figures(desk: Desk, confidence: float, words: str) -> None:
    desk.answer(reading("7", confidence))
    desk.write("7")
    expect(desk.page.locator("[data-field=confidence]")).to_have_text(words)


def test_an_unsure_reading_says_so_and_what_to_do(desk: Desk) -> None:
    desk.answer(reading("7", 0.43, sure=False))
    desk.write("7")
    expect(desk.page.locator("[data-field=confidence]")).to_have_text("Not sure, 43.0 %")
    expect(desk.line).to_have_text("Write it once more, or touch what it is.")


def test_small_ink_is_asked_to_be_larger(desk: Desk) -> None:
    desk.answer(reading("7", 0.43, sure=False))
    desk.write("7", size=0.1)
    expect(desk.line).to_have_text("Write a little larger, or touch what it is.")


def test_a_scribble_is_not_readable_but_can_be_labelled(desk: Desk) -> None:
    desk.answer(reading("", 0.0, sure=False))
    desk.write("8")
    expect(desk.line).to_contain_text("Not readable.")
    expect(desk.button("Right")).to_be_hidden()
    expect(desk.chips).to_have_count(0)
    expect(desk.label).to_be_visible()


def test_a_screen_reader_hears_the_reading_once_the_pen_is_up(desk: Desk) -> None:
    [stroke] = desk.place(strokes_of("3"))
    desk.press(stroke)
    expect(desk.result).to_have_text("3")
    desk.page.wait_for_timeout(1000)
    expect(desk.announcement).to_have_text("")
    desk.page.mouse.up()
    expect(desk.announcement).to_contain_text("Read as 3")
