"""The page at /docs, under the policy of every page. `watch` fails on violations and errors."""

from playwright.sync_api import Page, expect


def test_docs_list_every_operation(page: Page, live_server: object) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/docs")
    document = page.evaluate("fetch('/openapi.json').then((answer) => answer.json())")
    operations = sum(len(methods) for methods in document["paths"].values())
    expect(page.locator(".opblock")).to_have_count(operations)
    expect(page.get_by_text("Read an ink.", exact=True)).to_be_visible()
    own = page.url.removesuffix("/docs")
    assert [url for url in asked if not url.startswith((own, "data:"))] == []


def test_a_reading_can_be_tried_out(page: Page) -> None:
    page.goto("/docs")
    predict = page.locator(".opblock", has_text="/api/predict")
    predict.locator(".opblock-summary-control").click()
    predict.get_by_role("button", name="Try it out").click()
    predict.get_by_role("button", name="Execute").click()
    live = predict.locator(".live-responses-table")
    expect(live.locator(".response-col_status").last).to_contain_text("200")
    expect(live.locator(".highlight-code").first).to_contain_text('"result": "7"')


def test_the_policy_of_the_docs_is_that_of_every_page(page: Page) -> None:
    paths = ("/", "/docs", "/docs/assets/swagger-ui.css")
    answers = [page.request.get(path) for path in paths]
    policies = {answer.headers["content-security-policy"] for answer in answers}
    assert len(policies) == 1
    assert "unsafe" not in policies.pop()
