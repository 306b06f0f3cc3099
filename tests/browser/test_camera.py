"""The camera: a viewfinder on a desktop, the camera program on a phone, and cameras that refuse."""

from typing import Any

import pytest
from playwright.sync_api import expect

from ..inks import picture, png
from .cameras import RECORD_STREAMS, STATES
from .desk import Desk, body_of, picture_in

SLOW_CAMERA = """
  const { getUserMedia } = navigator.mediaDevices;
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    await new Promise((allow) => (window.allow = allow));
    return getUserMedia(wanted);
  };
"""


@pytest.fixture
def desk(desks: Any) -> Desk:
    """The drawing page on a desktop whose camera is lent."""
    return open_with(
        desks(permissions=["camera"], viewport={"width": 1440, "height": 900}), RECORD_STREAMS
    )


def open_with(desk: Desk, *scripts: str) -> Desk:
    for script in scripts:
        desk.page.add_init_script(script)
    return desk.open()


def expect_camera_off(desk: Desk) -> None:
    states = desk.page.evaluate(STATES)
    assert states
    assert set(states) == {"ended"}
    assert desk.page.evaluate("document.querySelector('video').srcObject") is None


def test_a_digit_is_read_through_the_camera(desk: Desk) -> None:
    desk.open_viewfinder()
    assert desk.page.evaluate(STATES) == ["live"]
    with desk.page.expect_request("**/api/predict") as request:
        desk.button("Take the picture").click()
    expect(desk.result).to_have_text("5")
    expect(desk.picture).to_be_visible()
    expect(desk.viewfinder).to_be_hidden()
    expect_camera_off(desk)
    taken = picture_in(body_of(request.value))
    assert taken.width == taken.height
    assert min(taken.convert("L").crop((0, 0, 8, taken.height)).tobytes()) > 128


def test_what_the_viewfinder_shows_is_square_and_on_the_sheet(desk: Desk) -> None:
    desk.open_viewfinder()
    shown, sheet = desk.page.locator("video").bounding_box(), desk.viewfinder.bounding_box()
    take = desk.button("Take the picture").bounding_box()
    assert shown
    assert sheet
    assert take
    assert shown["width"] == pytest.approx(shown["height"], abs=1)
    assert shown["height"] > 0.7 * sheet["height"]
    assert shown["y"] + shown["height"] < take["y"]
    assert take["y"] + take["height"] <= sheet["y"] + sheet["height"]


@pytest.mark.parametrize("way", ["Cancel", "Escape"])
def test_cancelling_leaves_the_sheet_as_it_was(desk: Desk, way: str) -> None:
    desk.write("7")
    expect(desk.result).to_have_text("7")
    ink = desk.painted()
    desk.page.keyboard.press("Control+Shift+o")
    expect(desk.button("Take the picture")).to_be_enabled()
    if way == "Cancel":
        desk.button("Cancel").click()
    else:
        desk.page.keyboard.press("Escape")
    expect(desk.viewfinder).to_be_hidden()
    expect_camera_off(desk)
    assert desk.painted() == ink
    expect(desk.result).to_have_text("7")
    expect(desk.line).to_have_text("Something else? Touch it or type it.")


def test_the_viewfinder_is_worked_by_keyboard(desk: Desk) -> None:
    desk.button("Take a picture").focus()
    desk.page.keyboard.press("Enter")
    expect(desk.button("Take the picture")).to_be_focused()
    expect(desk.announcement).to_have_text("Hold what you wrote before the camera.")
    expect(desk.button("Take the picture")).to_be_enabled()
    desk.page.keyboard.press("Tab")
    expect(desk.button("Cancel")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.button("Take a picture")).to_be_focused()


def test_nothing_is_changed_under_the_viewfinder(desk: Desk) -> None:
    desk.write("7")
    ink = desk.painted()
    desk.open_viewfinder()
    desk.page.keyboard.press("Control+z")
    desk.page.mouse.click(*centre_of(desk, "[data-action=clear]"))
    desk.button("Cancel").click()
    assert desk.painted() == ink


def centre_of(desk: Desk, selector: str) -> tuple[float, float]:
    box = desk.page.locator(selector).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_camera_is_off_while_the_page_is_hidden(desk: Desk) -> None:
    desk.open_viewfinder()
    desk.page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { get: () => true });
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    expect(desk.viewfinder).to_be_hidden()
    expect_camera_off(desk)


def test_a_camera_that_is_lent_after_cancelling_is_off_at_once(desk: Desk) -> None:
    open_with(desk, SLOW_CAMERA)
    desk.button("Take a picture").click()
    expect(desk.page.get_by_text("Waiting for the camera.")).to_be_visible()
    expect(desk.button("Take the picture")).to_be_disabled()
    desk.page.keyboard.press("Escape")
    expect(desk.viewfinder).to_be_hidden()
    desk.page.evaluate("allow()")
    desk.page.wait_for_timeout(500)
    expect_camera_off(desk)


def test_a_camera_that_stops_is_told(desk: Desk) -> None:
    desk.open_viewfinder()
    desk.page.evaluate("streams[0].getTracks()[0].dispatchEvent(new Event('ended'))")
    expect(desk.line).to_contain_text("The camera has stopped.")
    expect(desk.viewfinder).to_be_hidden()
    expect_camera_off(desk)


def expect_words(desk: Desk, words: str) -> None:
    desk.button("Take a picture").click()
    expect(desk.line).to_contain_text(words)
    expect(desk.line).to_contain_text("or choose, drop or paste a picture.")
    expect(desk.announcement).to_contain_text(words)
    expect(desk.viewfinder).to_be_hidden()
    desk.write("7")
    expect(desk.result).to_have_text("7")


def test_a_refused_camera_is_told(desks: Any) -> None:
    expect_words(desks(permissions=[]), "The camera was refused. Allow it")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("NotFoundError", "No camera was found."),
        ("NotReadableError", "The camera is busy."),
        ("AbortError", "The camera did not start."),
    ],
)
def test_a_camera_that_cannot_be_had_is_told(desks: Any, name: str, words: str) -> None:
    failure = f"navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('', '{name}'); }}"
    expect_words(open_with(desks(), failure), words)


def test_a_page_over_plain_http_is_told(desks: Any) -> None:
    plain_http = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })"
    expect_words(open_with(desks(), plain_http), "Open this page by https")


def test_a_phone_takes_pictures_with_its_own_camera_program(phone: Desk) -> None:
    with phone.page.expect_file_chooser() as chooser:
        phone.button("Take a picture").click()
    assert chooser.value.element.get_attribute("capture") == "environment"
    assert chooser.value.element.get_attribute("accept") == "image/*"
    photograph = png(picture("2"), "JPEG")
    chooser.value.set_files({"name": "2.jpg", "mimeType": "image/jpeg", "buffer": photograph})
    expect(phone.result).to_have_text("2")
