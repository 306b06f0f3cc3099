"""Corrections: one touch, kept once, taken back as easily."""

from typing import Any

from playwright.sync_api import Response, Route, expect

from ..hand import strokes_of
from .desk import Desk, body_of, reading

THANKS = "Thank you. Kept for the next model."


def is_feedback(method: str) -> Any:
    return lambda response: "/api/feedback" in response.url and response.request.method == method


def kept(response: Response) -> dict[str, Any]:
    assert response.status == 201
    return body_of(response.request)


def test_right_keeps_the_reading_as_its_label(desk: Desk) -> None:
    desk.write("7")
    expect(desk.result).to_have_text("7")
    with desk.page.expect_response(is_feedback("POST")) as answer:
        desk.button("Right").click()
    correction = kept(answer.value)
    assert (correction["label"], correction["kind"]) == ("7", "digit")
    assert correction["id"]
    assert answer.value.request.headers["idempotency-key"]
    expect(desk.line).to_have_text(THANKS)


def test_enter_says_right(desk: Desk) -> None:
    desk.write("7")
    expect(desk.result).to_have_text("7")
    with desk.page.expect_response(is_feedback("POST")) as answer:
        desk.page.keyboard.press("Enter")
    assert kept(answer.value)["label"] == "7"


def test_touching_an_alternative_corrects(desk: Desk) -> None:
    desk.write("7")
    expect(desk.result).to_have_text("7")
    other = desk.chips.first.inner_text()
    with desk.page.expect_response(is_feedback("POST")) as answer:
        desk.chips.first.click()
    assert kept(answer.value)["label"] == other != "7"
    expect(desk.result).to_have_text(other)
    expect(desk.page.locator("[data-field=confidence]")).to_have_text("read as 7")
    expect(desk.line).to_have_text(THANKS)
    expect(desk.chips).to_have_count(0)


def test_a_typed_label_corrects(desk: Desk) -> None:
    desk.write("7")
    desk.label.fill("2")
    with desk.page.expect_response(is_feedback("POST")) as answer:
        desk.label.press("Enter")
    assert kept(answer.value)["label"] == "2"
    expect(desk.result).to_have_text("2")


def test_a_label_that_is_no_digit_is_asked_for_again(desk: Desk) -> None:
    desk.write("7")
    desk.label.fill("x")
    desk.button("Keep").click()
    expect(desk.line).to_have_text("One digit, please: 0 to 9.")
    expect(desk.label).to_have_value("")


def test_undo_withdraws_what_was_kept(desk: Desk) -> None:
    desk.write("7")
    expect(desk.result).to_have_text("7")
    with desk.page.expect_response(is_feedback("POST")) as answer:
        desk.chips.first.click()
    with desk.page.expect_response(is_feedback("DELETE")) as withdrawal:
        desk.button("Undo keeping it").click()
    assert withdrawal.value.url.endswith(answer.value.json()["id"])
    assert withdrawal.value.json()["status"] == "withdrawn"
    expect(desk.line).to_have_text("Taken back. It is not kept.")
    expect(desk.result).to_have_text("7")
    expect(desk.button("Right")).to_be_visible()


def test_after_taking_back_it_can_be_labelled_anew(desk: Desk) -> None:
    desk.write("7")
    expect(desk.result).to_have_text("7")
    with desk.page.expect_response(is_feedback("POST")) as first:
        desk.button("Right").click()
    desk.button("Undo keeping it").click()
    expect(desk.line).to_have_text("Taken back. It is not kept.")
    with desk.page.expect_response(is_feedback("POST")) as second:
        desk.button("Right").click()
    assert kept(second.value)["label"] == "7"
    assert first.value.json()["id"] != second.value.json()["id"]


def test_the_next_stroke_after_a_label_starts_a_new_drawing(desk: Desk) -> None:
    desk.write("4")
    expect(desk.result).to_have_text("4")
    desk.button("Right").click()
    expect(desk.line).to_have_text(THANKS)
    assert desk.painted()
    desk.write("1")
    expect(desk.result).to_have_text("1")
    expect(desk.button("Right")).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(desk.result).to_have_text("")


def test_a_reading_of_earlier_ink_gives_no_receipt_to_a_correction(desk: Desk) -> None:
    desk.answer(reading("1"))
    first, second = desk.place(strokes_of("4"))
    desk.press(first)
    desk.page.mouse.up()
    expect(desk.result).to_have_text("1")
    desk.page.route("**/api/predict", lambda route: None)
    desk.press(second)
    desk.page.mouse.up()
    desk.label.fill("4")
    with desk.page.expect_request("**/api/feedback") as request:
        desk.label.press("Enter")
    correction = body_of(request.value)
    assert len(correction["strokes"]) == 2
    assert "id" not in correction


def test_a_correction_is_sent_again_with_the_same_key_until_it_arrives(desk: Desk) -> None:
    keys: list[str] = []

    def lose_the_first(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.abort()
        else:
            route.continue_()

    desk.page.route("**/api/feedback", lose_the_first)
    desk.write("7")
    expect(desk.result).to_have_text("7")
    desk.button("Right").click()
    expect(desk.line).to_have_text(THANKS)
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_a_person_who_tries_again_does_not_store_it_twice(desk: Desk) -> None:
    keys: list[str] = []

    def refuse_once(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fulfill(status=500, json={"detail": "The correction could not be kept."})
        else:
            route.continue_()

    desk.page.route("**/api/feedback", refuse_once)
    desk.write("7")
    expect(desk.result).to_have_text("7")
    desk.button("Right").click()
    expect(desk.line).to_have_text("The correction could not be kept.")
    desk.button("Right").click()
    expect(desk.line).to_have_text(THANKS)
    assert keys[0] == keys[1]


def test_right_touched_twice_is_kept_once(desk: Desk) -> None:
    sent: list[str] = []
    desk.page.on(
        "request",
        lambda request: sent.append(request.url) if "/api/feedback" in request.url else None,
    )
    desk.write("7")
    expect(desk.result).to_have_text("7")
    desk.button("Right").dblclick()
    expect(desk.line).to_have_text(THANKS)
    assert len(sent) == 1
