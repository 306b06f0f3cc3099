"""A browser before the real server. `live_server` (tests/conftest.py) gives the address."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from .cameras import film
from .desk import Desk

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
]
REFUSING = ("/api/", "/generate", "/login", "/account/")  # tests are refused there on purpose
NETWORK_TAKEN_AWAY = "net::ERR_FAILED"  # by a test
AGREED = 'localStorage["inkloop.consent"] = "yes";'
RECORD_VIOLATIONS = """
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}`));
"""


def pytest_configure(config: pytest.Config) -> None:
    """Keep a screenshot of every test that fails."""
    if config.getoption("--screenshot", "off") == "off":
        config.option.screenshot = "only-on-failure"


@pytest.fixture(scope="session")
def browser_type_launch_args(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Launch the system's Chromium; without one, skip, or fail where services are required.

    Its camera always sees a 5, and is lent to pages that have permissions=["camera"].
    """
    chromium = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if chromium is None and os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail("Chromium is required here and not installed: apt-get install chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    seen = film("5", tmp_path_factory.mktemp("camera") / "5.y4m")
    return {
        "executable_path": chromium,
        "args": [*CHROMIUM_ARGS, f"--use-file-for-fake-video-capture={seen}"],
    }


@pytest.fixture(scope="session")
def browser_context_args(live_server: Any) -> dict[str, Any]:
    return {"base_url": live_server.url}


@pytest.fixture
def watch() -> Iterator[Callable[[Page], Page]]:
    """Watch pages: none may break the content security policy nor write errors to the console."""
    watched: list[Page] = []
    errors: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        is_meant = (
            any(way in message.location["url"] for way in REFUSING)
            or NETWORK_TAKEN_AWAY in message.text
        )
        if message.type == "error" and not is_meant:
            errors.append(message.text)

    def watch_page(page: Page) -> Page:
        page.add_init_script(RECORD_VIOLATIONS)
        page.add_init_script(AGREED)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", hear)
        watched.append(page)
        return page

    yield watch_page
    for page in watched:
        errors += page.evaluate("window.violations ?? []")
    assert not errors, errors


@pytest.fixture
def page(context: BrowserContext, watch: Callable[[Page], Page]) -> Page:
    page = watch(context.new_page())
    page.set_viewport_size({"width": 1440, "height": 900})
    return page


@pytest.fixture
def desk(page: Page) -> Desk:
    """The drawing page, open on a desktop."""
    return Desk(page).open()


@pytest.fixture
def desks(new_context: Any, watch: Callable[[Page], Page]) -> Callable[..., Desk]:
    """Open the drawing page in a browser with other properties: desks(color_scheme="dark")."""
    return lambda **properties: Desk(watch(new_context(**properties).new_page())).open()


@pytest.fixture
def phone(desks: Callable[..., Desk]) -> Desk:
    """The drawing page, open on a phone."""
    return desks(
        viewport={"width": 390, "height": 844},
        device_scale_factor=3,
        has_touch=True,
        is_mobile=True,
    )
