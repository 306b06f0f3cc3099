"""What the README names exists, and what exists is named."""

import re
from pathlib import Path

import pytest
from apiflask import APIFlask
from prometheus_client.metrics import MetricWrapperBase

from app import metrics

from ..servers import ROOT

README = (ROOT / "README.md").read_text()
API = (ROOT / "docs" / "api.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


@pytest.mark.parametrize(
    "name",
    sorted(
        metric.describe()[0].name
        for metric in vars(metrics).values()
        if isinstance(metric, MetricWrapperBase)
    ),
)
def test_every_metric_is_named(name: str) -> None:
    assert name in README


def test_every_route_is_named(app: APIFlask) -> None:
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.endswith("static") and rule.endpoint != "pages.draw":
            named = rule.rule.replace("<uuid:correction_id>", "{id}")
            named = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", named)
            assert f"{named}`" in README + API, rule


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    for document in (README, CONTRIBUTING):
        assert set(re.findall(r"(?:^|`| {4})make ([a-z]+)", document)) <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target, _, anchor in re.findall(r"\]\(([^)#]*)(#([^)]+))?\)", document.read_text()):
        if target.startswith("https://"):
            continue
        led_to = document.parent / target if target else document
        assert led_to.exists(), target
        assert not anchor or anchor in anchors(led_to.read_text()), f"{target}#{anchor}"


def anchors(markdown: str) -> set[str]:
    """What links may name in a document: its headings, as GitHub makes anchors of them."""
    headings = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_scripts_that_are_named_exist() -> None:
    for name in set(re.findall(r"scripts\.(\w+)", README)):
        assert (ROOT / "scripts" / f"{name}.py").exists()


def test_the_folders_of_the_house_are_described() -> None:
    for folder in ROOT.glob("app/*/__init__.py"):
        assert f"{folder.parent.name}/" in CONTRIBUTING
