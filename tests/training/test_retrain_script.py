"""`scripts.retrain_model`: the whole way on made-up ink, and what it says where it cannot go it."""

import fcntl
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from app.errors import CorpusError
from app.extensions import db
from app.feedback import review
from app.feedback.tables import Correction, Status
from app.training.retraining import sources
from scripts import retrain_model

from ..feedback.telling import give
from ..inks import strokes
from ..people import account
from .test_smoke import script


@pytest.fixture
def here(app: APIFlask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The script finds the app's database."""
    monkeypatch.chdir(Path(__file__).resolve().parents[2])
    monkeypatch.setenv("INKLOOP_VAR", str(tmp_path))
    monkeypatch.setenv("INKLOOP_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("INKLOOP_DATA", str(tmp_path / "data"))
    return tmp_path


def retrain(*arguments: str) -> int:
    return retrain_model.main(["--kind", "digit", *arguments])


@pytest.mark.slow
def test_the_whole_way(tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    run = script(
        "scripts.retrain_model", "--kind", "digit", "--smoke", "--report", str(report), INKLOOP_VAR=str(tmp_path)
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    first, *others = run.stdout.splitlines()
    assert re.match("digit v2: (Passed|Refused): (against v1|on corrections)", first)
    assert others[0] == f"The report is {report}."
    page = report.read_text()
    assert first.removeprefix("digit v2: ") in page
    assert "On corrections kept out" in page
    assert page.count("<svg") == 3
    assert not re.search(r"""(src|href)="(?!data:|#)""", page)  # nothing beside it is needed


def test_too_few_corrections_stop_it_and_say_so(
    here: Path, client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    review.approve([give(client, "7"), give(client, "word")], "anna")
    assert retrain() == retrain_model.TOO_FEW
    told = capsys.readouterr().err
    assert "corrections to learn from, and 30 are needed." in told
    assert retrain("--worksheet", "Digit_dummy") == retrain_model.TOO_FEW


def test_outliers_go_back_to_review(
    here: Path,
    client: FlaskClient,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = give(client, "3", strokes=strokes("7"))
    found = db.session.get(Correction, wrong)
    assert found
    found.status = Status.APPROVED  # as a trusted person's is, at once
    db.session.commit()

    def stop(*_: object) -> None:
        raise CorpusError("There are no data. Set INKLOOP_DATA.")

    monkeypatch.setattr(sources, "load_material", stop)
    assert retrain("--at-least", "0") == retrain_model.FAILED
    told = capsys.readouterr()
    assert "1 corrections are to be reviewed again" in told.out
    assert "INKLOOP_DATA" in told.err
    assert [row.id for row in review.listed()] == [wrong]


def test_nobodys_hand_cannot_be_learned(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert retrain("--person", "nobody") == retrain_model.FAILED
    account("anna")
    assert retrain("--person", "anna") == retrain_model.TOO_FEW
    told = capsys.readouterr().err
    assert "Nobody here is called 'nobody'." in told
    assert "20 are needed" in told


def test_two_do_not_run_at_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "training").mkdir()
    with (here / "training" / "retraining.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert retrain() == retrain_model.BUSY
    assert "under way" in capsys.readouterr().err


@pytest.mark.parametrize("share", ["0", "101%", "much", "1e9"])
def test_a_share_that_is_none_is_told(share: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        retrain("--max-share", share)
    assert "a share as 1%" in capsys.readouterr().err
