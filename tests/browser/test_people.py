"""People in the browser: consent, accounts, their drawings, and names that want to be scripts."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ..people import PASSWORD
from ..servers import Server
from .desk import Desk

XSS = 200
PAYLOADS = [
    "<script>window.ran=1</script>", "<img src=x onerror=window.ran=1>", "<svg onload=window.ran=1>",
    "\"><script>window.ran=1</script>", "'><img src=x onerror=window.ran=1>", "javascript:window.ran=1",
    "<body onload=window.ran=1>", "{{window.ran=1}}", "${window.ran=1}", "</title><script>window.ran=1</script>",
    "<iframe srcdoc='<script>parent.ran=1</script>'>", "<a href=javascript:window.ran=1>x</a>", "<math><mi//xlink:href=\"data:x,<script>window.ran=1</script>\">",
    "\" autofocus onfocus=window.ran=1 x=\"", "' onmouseover=window.ran=1 '", "--><script>window.ran=1</script>",
    "<details open ontoggle=window.ran=1>", "<input autofocus onfocus=window.ran=1>", "<video><source onerror=window.ran=1>", "%3Cscript%3Ewindow.ran=1%3C/script%3E",
]  # fmt: skip


def payloads(length: int) -> Iterator[str]:
    """XSS labels or names of at most so many characters, each told apart by a number."""
    for number in range(XSS):
        payload = PAYLOADS[number % len(PAYLOADS)]
        mark = f"{number:03}"
        yield (payload.upper() if number % 3 == 1 else payload)[: length - 3] + mark


def register(page: Page, name: str, password: str = PASSWORD) -> None:
    page.goto("/register")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Make an account").click()


@pytest.fixture
def ada(page: Page, request: pytest.FixtureRequest) -> str:
    """Somebody who has just made an account, and is on the sheet."""
    name = f"ada {abs(hash(request.node.name)) % 10**8}"
    register(page, name)
    expect(page.locator(".sheet")).to_be_visible()
    return name


def test_before_the_first_drawing_is_kept_the_page_asks_once(page: Page) -> None:
    page.add_init_script(
        'sessionStorage.begun ?? localStorage.removeItem("inkloop.consent"); sessionStorage.begun = 1'
    )
    desk = Desk(page).open()
    desk.write("7")
    question = page.get_by_role("group", name="Before the first drawing")
    expect(question).to_be_hidden()
    page.get_by_role("button", name="Right").click()
    expect(question).to_be_visible()
    expect(page.get_by_role("button", name="Keep them")).to_be_focused()
    page.get_by_role("button", name="Not now").click()
    expect(desk.line).to_have_text("It was not kept.")
    expect(desk.result).to_have_text("7")
    page.get_by_role("button", name="Right").click()
    expect(page.get_by_role("button", name="Keep them")).to_be_focused()
    page.keyboard.press("Enter")
    expect(desk.line).to_have_text("Thank you. Kept for the next model.")
    expect(question).to_be_hidden()
    desk.write("1")
    page.get_by_role("button", name="Right").click()
    expect(desk.line).to_have_text("Thank you. Kept for the next model.")


def test_what_one_corrects_is_found_under_mine_and_taken_back(page: Page, ada: str) -> None:
    desk = Desk(page).open()
    desk.write("7")
    page.get_by_role("button", name="Right").click()
    expect(desk.line).to_have_text("Thank you. Kept for the next model.")
    page.get_by_role("link", name="Mine").click()
    print_ = page.locator(".print")
    expect(print_).to_have_count(1)
    expect(print_).to_contain_text("7")
    expect(print_).to_contain_text("read right")
    assert (
        page.locator(".print img").evaluate(
            "image => image.decode().then(() => image.naturalWidth)"
        )
        > 0
    )
    with page.expect_download() as download:
        page.get_by_role("link", name="pictures").click()
    assert download.value.suggested_filename == "inkloop.zip"
    page.get_by_role("button", name="Take 7 back").click()
    expect(print_).to_have_count(0)
    expect(page.get_by_role("link", name=ada)).to_be_visible()


def test_signing_out_and_in_again_goes_back_to_where_one_was(page: Page, ada: str) -> None:
    page.goto("/account")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    page.goto("/mine?page=1")
    expect(page).to_have_url(re.compile(r"/login\?next=/mine%3Fpage%3D1$"))
    page.get_by_label("Name").fill(ada)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    expect(page.get_by_label("Name")).to_have_value(ada)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/mine\?page=1$"))


def test_the_password_is_changed_and_the_account_deleted(page: Page, ada: str) -> None:
    page.goto("/account")
    page.get_by_label("Password now").fill(PASSWORD)
    page.get_by_label("New password").fill("password1234")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_role("alert")).to_contain_text("easy to guess")
    page.get_by_label("Password now").fill(PASSWORD)
    page.get_by_label("New password").fill("seven quiet harbours")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_role("status")).to_contain_text("changed")
    page.get_by_label("Password", exact=True).fill("seven quiet harbours")
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def expire(page: Page) -> None:
    """Let the access token be no good any more, as after a quarter of an hour."""
    (access,) = [cookie for cookie in page.context.cookies() if cookie["name"] == "access"]
    page.context.add_cookies([{**access, "value": access["value"][:-4] + "AAAA"}])  # type: ignore[typeddict-item]


def test_after_a_quarter_of_an_hour_the_page_signs_in_by_itself(page: Page, ada: str) -> None:
    desk = Desk(page).open()
    expire(page)
    desk.write("7")
    page.get_by_role("button", name="Right").click()
    expect(desk.line).to_have_text("Thank you. Kept for the next model.")
    expire(page)
    page.goto("/mine")
    expect(page).to_have_url(re.compile("/mine$"))
    expect(page.locator(".print")).to_have_count(1)
    expire(page)
    page.goto("/")
    expect(page.get_by_role("link", name=ada)).to_be_visible()


def test_a_session_that_is_over_leaves_a_guest(page: Page, ada: str) -> None:
    desk = Desk(page).open()
    page.context.clear_cookies(name="refresh")
    expire(page)
    desk.write("7")
    page.get_by_role("button", name="Right").click()
    expect(desk.line).to_contain_text("Sign in again")
    page.get_by_role("button", name="Right").click()
    expect(desk.line).to_have_text("Thank you. Kept for the next model.")


@pytest.mark.parametrize("path", ["/login", "/register"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door_looks_right_on_a_phone(
    new_context: Any, watch: Callable[[Page], Page], path: str, scheme: str
) -> None:
    page = watch(
        new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme).new_page()
    )
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for box in page.locator(".leaf :is(button, input:not([type=hidden]))").all():
        assert (box.bounding_box() or {})["height"] >= 44


def test_without_javascript_one_signs_in_all_the_same(
    new_context: Any, page: Page, ada: str
) -> None:
    plain = new_context(java_script_enabled=False).new_page()
    plain.goto("/login?next=/account")
    plain.get_by_label("Name").fill(ada)
    plain.get_by_label("Password").fill(PASSWORD)
    plain.get_by_role("button", name="Sign in").click()
    expect(plain.get_by_role("heading", name=ada)).to_be_visible()
    plain.get_by_role("button", name="Sign out").click()
    expect(plain.get_by_role("link", name="Sign in")).to_be_visible()


def test_with_login_required_one_signs_in_and_then_writes(
    tmp_path: Path, new_context: Any, watch: Callable[[Page], Page]
) -> None:
    server = Server(tmp_path, {"LOGIN_REQUIRED": "1"}).migrate().start()
    try:
        page = watch(new_context().new_page())
        page.goto(f"{server.url}/")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        page.get_by_role("link", name="Make an account").click()
        page.get_by_label("Name").fill("ada")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Make an account").click()
        expect(page).to_have_url(f"{server.url}/")
        desk = Desk(page).ready()
        desk.write("7")
        expect(desk.result).to_have_text("7")
        expire(page)
        page.keyboard.press("Escape")
        desk.write("3")
        expect(desk.result).to_have_text("3")
    finally:
        server.stop()


def test_no_label_runs(page: Page, ada: str) -> None:
    """Labels that want to be scripts are text: in the reading, under Mine, in exports."""
    Desk(page).open().write("7")
    kept = page.evaluate(
        """async (labels) => {
          const { send } = await import("/static/js/api.js");
          const strokes = [[[10, 10], [60, 10], [30, 90]]];
          const ids = [];
          for (const label of labels) ids.push(await send("POST", "/api/feedback", { body: { strokes, label, kind: "word" } }));
          return ids.length;
        }""",
        list(payloads(64)),
    )
    assert kept == XSS
    shown = []
    for number in range(1, 5):
        page.goto(f"/mine?page={number}")
        shown += page.locator(".print-label").all_inner_texts()
        page.locator(".print").first.hover()
        assert page.evaluate("window.ran") is None
    assert sorted(shown) == sorted(payloads(64))


def test_no_name_runs(live_server: Server, new_context: Any, watch: Callable[[Page], Page]) -> None:
    for name in list(payloads(64))[:: XSS // 10]:
        page = watch(new_context().new_page())
        register(page, name)
        expect(page.locator(".who")).to_have_text(name)
        page.goto("/account")
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        assert page.evaluate("window.ran") is None


@pytest.mark.parametrize(
    "payload",
    ["/\\evil.example", "//evil.example", "https://evil.example", "javascript:window.ran=1"],
)
def test_after_signing_in_nobody_is_sent_to_another_site(
    page: Page, ada: str, payload: str
) -> None:
    page.context.clear_cookies()
    page.goto(f"/login?next={payload}")
    page.get_by_label("Name").fill(ada)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"http://127\.0\.0\.1:\d+/$"))
