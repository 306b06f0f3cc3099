"""The drawing page as a person uses it."""

import base64
import io
import json
from collections.abc import Iterable
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import CDPSession, Locator, Page, Request, Route, expect

from ..hand import Point, Stroke, strokes_of
from ..inks import shaken, written

PAINTED = """canvas => {
  const { width, height } = canvas, box = canvas.getBoundingClientRect();
  const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  const xs = [], ys = [];
  for (let i = 3; i < pixels.length; i += 4) {
    if (pixels[i] > 127) { const at = (i - 3) / 4; xs.push(at % width); ys.push(Math.floor(at / width)); }
  }
  if (!xs.length) return null;
  const least = (list) => list.reduce((a, b) => Math.min(a, b));
  const most = (list) => list.reduce((a, b) => Math.max(a, b));
  const k = box.width / width;
  return [least(xs) * k - box.width / 2, least(ys) * k - box.height / 2,
          most(xs) * k - box.width / 2, most(ys) * k - box.height / 2];
}"""


def reading(result: str, confidence: float = 0.97, *, sure: bool = True) -> dict[str, Any]:
    """Build an answer of POST /api/predict, for tests that need a certain one."""
    others = [digit for digit in "0123456789" if digit != result]
    guesses = [{"text": result, "confidence": confidence}] if result else []
    if result:
        guesses += [{"text": text, "confidence": (1 - confidence) / 9} for text in others]
    return {
        "id": f"receipt-{result}",
        "result": result,
        "kind": "digit",
        "confidence": confidence,
        "sure": sure,
        "alternatives": guesses,
        "characters": [guess | {"start": 0, "end": 1, "alternatives": []} for guess in guesses[:1]],
        "without_lexicon": None,
        "model": {"name": "digit", "version": "v1"},
        "milliseconds": 0.4,
        "seen": "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==",
    }


class Desk:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.sheet = page.get_by_role("img", name="Sheet to write on")
        self.result = page.locator("[data-field=result]")
        self.line = page.locator("[data-field=line]")
        self.letters = page.get_by_role("group", name="Characters").get_by_role("button")
        self.chips = page.locator("[data-action=choose]:visible")
        self.label = page.get_by_label("Type what it is")
        self.announcement = page.get_by_role("status")
        self.picture = page.get_by_alt_text("Your picture")
        self.viewfinder = page.get_by_role("group", name="Viewfinder")

    def open(self, kind: str = "Digit") -> "Desk":
        """Open the page and say what is written; a newcomer's page has "Auto"."""
        self.page.goto("/")
        return self.ready(kind)

    def ready(self, kind: str = "Digit") -> "Desk":
        """Wait until the page listens: what is drawn while its scripts load is not read."""
        expect(self.line).not_to_be_empty()
        self.choose(kind)
        return self

    def choose(self, kind: str) -> None:
        self.page.get_by_role("radio", name=kind).check(force=True)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def live(self, on: bool) -> None:
        """Switch live reading on or off."""
        self.page.get_by_role("switch", name="Live").set_checked(on, force=True)

    def place(self, strokes: Iterable[Stroke], size: float = 0.55) -> list[Stroke]:
        """From the unit square to the window, in the middle of the sheet."""
        box = self.sheet.bounding_box()
        assert box
        side = size * min(box["width"], box["height"])
        left, top = box["x"] + (box["width"] - side) / 2, box["y"] + (box["height"] - side) / 2
        return [[(left + x * side, top + y * side) for x, y in stroke] for stroke in strokes]

    def write(self, digit: str, size: float = 0.55) -> None:
        """Write with the mouse."""
        for stroke in self.place(strokes_of(digit), size):
            self.press(stroke)
            self.page.mouse.up()

    def write_word(self, text: str, width: float = 0.7, tremble: float = 0.0) -> list[Stroke]:
        """Write a word across the sheet; return its strokes on the window."""
        paths = shaken(written(text), tremble).paths
        points = np.concatenate(paths)
        low, extent = points.min(axis=0), np.ptp(points, axis=0)
        box = self.sheet.bounding_box()
        assert box
        scale = min(width * box["width"] / extent[0], 0.6 * box["height"] / extent[1])
        corner = np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
        corner -= scale * extent / 2
        placed = [[tuple(corner + scale * (point - low)) for point in path] for path in paths]
        for stroke in placed:
            self.press(stroke)
            self.page.mouse.up()
        return placed

    def press(self, stroke: Stroke) -> None:
        """Draw a stroke with the mouse and leave the button down."""
        self.page.mouse.move(*stroke[0])
        self.page.mouse.down()
        for x, y in stroke[1:]:
            self.page.mouse.move(x, y)

    def touch(self, digit: str) -> None:
        """Write with a finger."""
        fingers = Fingers(self.page)
        for stroke in self.place(strokes_of(digit)):
            fingers.send("touchStart", stroke[0])
            for point in stroke[1:]:
                fingers.send("touchMove", point)
            fingers.send("touchEnd")

    def bring(self, content: bytes, name: str = "digit.png", kind: str = "image/png") -> None:
        """Choose a picture file."""
        with self.page.expect_file_chooser() as chooser:
            self.button("Choose a picture").click()
        chooser.value.set_files({"name": name, "mimeType": kind, "buffer": content})

    def paste(self, content: bytes) -> None:
        """Paste a PNG; the page's context needs the permissions of the clipboard."""
        self.page.evaluate(
            """async (bytes) => navigator.clipboard.write(
              [new ClipboardItem({ "image/png": new Blob([new Uint8Array(bytes)], { type: "image/png" }) })])""",
            list(content),
        )
        self.page.keyboard.press("Control+v")

    def open_viewfinder(self) -> None:
        self.button("Take a picture").click()
        expect(self.button("Take the picture")).to_be_enabled()

    def painted(self) -> tuple[float, float, float, float] | None:
        """Where the canvas shows ink: left, top, right, bottom from its middle, in CSS pixels."""
        self.page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        box = self.sheet.evaluate(PAINTED)
        return tuple(box) if box else None

    def answer(self, *answers: dict[str, Any]) -> list[dict[str, Any]]:
        """Let the server read as told, the last answer for ever; return the questions as they come."""
        questions: list[dict[str, Any]] = []

        def respond(route: Route) -> None:
            questions.append(body_of(route.request))
            route.fulfill(json=answers[min(len(questions), len(answers)) - 1])

        self.page.route("**/api/predict", respond)
        return questions

    def refuse(self, path: str, status: int, detail: str) -> None:
        """Let the server answer a path with a problem."""
        problem = {"type": "about:blank", "title": "Problem", "status": status, "detail": detail}
        self.page.route(
            path,
            lambda route: route.fulfill(
                status=status, content_type="application/problem+json", body=json.dumps(problem)
            ),
        )


class Fingers:
    """Raw touches: one or more fingers on the glass at the same time."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)

    def send(self, kind: str, *points: Point) -> None:
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


class Pen:
    """A stylus."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)

    def send(self, kind: str, point: Point) -> None:
        event = {
            "type": kind,
            "x": point[0],
            "y": point[1],
            "button": "left",
            "buttons": 1,
            "clickCount": 1,
        }
        self.session.send("Input.dispatchMouseEvent", event | {"pointerType": "pen"})


def body_of(request: Request) -> dict[str, Any]:
    body = request.post_data_json
    assert isinstance(body, dict)
    return body


def picture_in(question: dict[str, Any]) -> Image.Image:
    """The picture in a request."""
    content = base64.b64decode(question["image"].partition(",")[2])
    return Image.open(io.BytesIO(content))
