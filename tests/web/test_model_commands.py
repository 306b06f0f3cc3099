"""`flask models`: what people type, and what it tells them."""

from pathlib import Path

import pytest
from apiflask import APIFlask

from app.recognition.registry import SHIPPED, Registry
from app.settings import Settings

from ..recognition.versions import PASSED, copy_version

OURS = Registry(SHIPPED).champion("digit")


@pytest.fixture
def models(app: APIFlask) -> Path:
    settings: Settings = app.extensions["inkloop.settings"]
    copy_version(settings.inkloop_models, "v101", verdict=PASSED)
    return settings.inkloop_models


def told(app: APIFlask, *words: str, status: int = 0) -> str:
    result = app.test_cli_runner().invoke(args=["models", *words])
    assert result.exit_code == status, result.output
    return result.output


def test_a_version_is_listed_shown_promoted_and_taken_back(app: APIFlask, models: Path) -> None:
    listed = told(app, "list", "--kind", "digit").splitlines()
    assert f"digit\t{OURS}\tchampion\tnever judged" in listed
    assert listed[-1] == f"digit\tv101\t\t{PASSED['sentence']}"
    assert "serves now, in place of" in told(app, "promote", "digit", "v101", "--by", "anna")
    shown = told(app, "show", "digit", "v101")
    assert f"{OURS} → v101, by anna: {PASSED['sentence']}" in shown
    assert "MNIST test: 9" in shown
    assert "digit\tv101\tchampion" in told(app, "list")
    assert f"digit {OURS} serves again" in told(app, "rollback", "digit")
    assert "took no other" in told(app, "rollback", "digit", status=1)


def test_force_is_needed_for_what_was_never_judged(app: APIFlask, models: Path) -> None:
    copy_version(models, "v102")
    assert "The gate never saw it." in told(app, "promote", "digit", "v102", status=1)
    told(app, "promote", "digit", "v102", "--force")
    assert "champion" in told(app, "list", "--kind", "digit").splitlines()[-1]


def test_a_damaged_version_is_listed_as_one(app: APIFlask, models: Path) -> None:
    (models / "digit" / "v101" / "card.json").write_text("{")
    assert "damaged" in told(app, "list", "--kind", "digit").splitlines()[-1]
    assert "no model card" in told(app, "show", "digit", "v101", status=1)
    assert "no model card" in told(app, "promote", "digit", "v101", "--force", status=1)


def test_champions_are_shared_through_a_folder(app: APIFlask, models: Path, tmp_path: Path) -> None:
    store = f"file://{tmp_path}/store"
    told(app, "promote", "digit", "v101")
    assert "has digit v101 as champion" in told(app, "push", store, "--kind", "digit")
    told(app, "rollback", "digit")
    assert "digit v101 serves now" in told(app, "pull", store, "--kind", "digit")
    assert "digit v101 serves already" in told(app, "pull", store, "--kind", "digit")
    assert "cannot be used" in told(app, "push", "nowhere://x", status=1)
    assert "lacks it" in told(app, "pull", f"file://{tmp_path}/empty", status=1)
