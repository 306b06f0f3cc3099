"""A version becomes champion with proof, and gives its place back."""

import os
import signal
from pathlib import Path

import pytest

from app.errors import ModelError
from app.recognition import trial
from app.recognition.promotion import history, promote, rollback
from app.recognition.reader import Reader
from app.recognition.registry import SHIPPED, Registry, VerifiedModel
from app.recognition.swapping import Swapper
from app.recognition.trial import TRIALS, expect_to_work

from .versions import PASSED, change_card, copy_version, point_to, tamper

OURS = Registry(SHIPPED).champion("digit")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def registry(models: Path) -> Registry:
    models.mkdir()
    return Registry(models, SHIPPED)


@pytest.fixture
def swapper(registry: Registry) -> Swapper:
    swapper = Swapper(Reader(()), registry)
    swapper.look()
    return swapper


def serves(swapper: Swapper) -> str:
    swapper.look()
    return swapper.reader.versions["digit"]


def test_what_passed_is_promoted_and_served(
    swapper: Swapper, registry: Registry, models: Path
) -> None:
    assert serves(swapper) == OURS
    copy_version(models, "v101", verdict=PASSED)
    assert serves(swapper) == OURS
    change = promote(registry, "digit", "v101", "anna")
    assert (change.before, change.by, change.why, change.is_forced) == (
        OURS,
        "anna",
        PASSED["sentence"],
        False,
    )
    assert serves(swapper) == "v101"
    assert history(registry, "digit") == [change]


@pytest.mark.parametrize(
    "verdict", [None, {"passed": False, "sentence": "Refused: class 7."}, {"passed": "yes"}, {}]
)
def test_without_proof_force_is_needed_and_noted(
    registry: Registry, models: Path, verdict: dict[str, object] | None
) -> None:
    copy_version(models, "v101", verdict=verdict)
    with pytest.raises(ModelError, match=r"without proof.*--force"):
        promote(registry, "digit", "v101", "anna")
    assert registry.champion("digit") == OURS
    assert promote(registry, "digit", "v101", "anna", force=True).is_forced
    assert history(registry, "digit")[0].is_forced


def test_rolling_back_goes_further_back_each_time(
    swapper: Swapper, registry: Registry, models: Path
) -> None:
    for version in ("v101", "v102"):
        copy_version(models, version, verdict=PASSED)
        promote(registry, "digit", version, "anna")
    assert serves(swapper) == "v102"
    for before in ("v101", OURS):
        assert rollback(registry, "digit", "anna").version == before
        assert serves(swapper) == before
    with pytest.raises(ModelError, match="took no other"):
        rollback(registry, "digit", "anna")


def test_what_is_damaged_is_neither_promoted_nor_rolled_back_to(
    registry: Registry, models: Path
) -> None:
    folder = copy_version(models, "v101", verdict=PASSED)
    promote(registry, "digit", "v101", "anna")
    copy_version(models, "v102", verdict=PASSED)
    promote(registry, "digit", "v102", "anna")
    (folder / "model.tflite").write_bytes(b"")
    with pytest.raises(ModelError, match="not the file"):
        promote(registry, "digit", "v101", "anna")
    with pytest.raises(ModelError, match="not the file"):
        rollback(registry, "digit", "anna")
    assert registry.champion("digit") == "v102"


def test_a_card_that_was_changed_by_hand_is_refused(registry: Registry, models: Path) -> None:
    folder = copy_version(models, "v101")
    tamper(folder, temperature=9.0)
    with pytest.raises(ModelError, match="changed or damaged"):
        registry.load("digit", "v101")
    tamper(folder, temperature=9.0, seal="")  # a card made by hand has none
    registry.load("digit", "v101")


def test_a_copy_under_another_name_needs_its_version_changed_alone(
    registry: Registry, models: Path
) -> None:
    tamper(copy_version(models, "v101"), version="v7")
    (models / "digit" / "v101").rename(models / "digit" / "v7")
    assert registry.load("digit", "v7").card.version == "v7"


def test_what_reads_our_drawings_wrongly_fails_its_trial_once(
    swapper: Swapper, registry: Registry, models: Path
) -> None:
    shuffled = list("9876543210")
    copy_version(models, "v101", labels=shuffled, verdict=PASSED)
    with pytest.raises(ModelError, match="reads 0 of 10 clear drawings"):
        promote(registry, "digit", "v101", "anna")
    (verdict,) = (models / TRIALS).glob("*.json")
    at = verdict.stat().st_mtime_ns
    point_to(models, "v101")
    assert serves(swapper) == OURS
    assert verdict.stat().st_mtime_ns == at


def test_what_ends_its_process_ends_no_other(
    registry: Registry, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_version(models, "v101")
    monkeypatch.setattr(trial, "MODULE", "tests.recognition.dying")
    with pytest.raises(ModelError, match=f"signal {signal.SIGSEGV:d}"):
        expect_to_work(registry.load("digit", "v101"), models)


def test_what_never_ends_is_refused_for_now(
    registry: Registry, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_version(models, "v101")
    monkeypatch.setattr(trial, "PATIENCE_S", 0.05)
    with pytest.raises(ModelError, match="took more than"):
        expect_to_work(registry.load("digit", "v101"), models)
    monkeypatch.undo()
    expect_to_work(registry.load("digit", "v101"), models)


def test_a_champion_that_is_written_bit_by_bit_serves_once_it_is_whole(
    swapper: Swapper, models: Path
) -> None:
    folder = copy_version(models, "v101")
    content = (folder / "model.tflite").read_bytes()
    (folder / "model.tflite").write_bytes(content[:1000])
    point_to(models, "v101")
    assert serves(swapper) == OURS
    (folder / "model.tflite").write_bytes(content)
    assert serves(swapper) == "v101"


def test_a_champion_is_tried_again_though_nothing_seems_to_have_changed(
    swapper: Swapper, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_version(models, "v101")
    point_to(models, "v101")
    monkeypatch.setattr(trial, "PATIENCE_S", 0.05)
    assert serves(swapper) == OURS
    monkeypatch.undo()
    assert serves(swapper) == OURS
    swapper._seen["digit"] = swapper._seen["digit"][0], 0.0  # the minute is over
    assert serves(swapper) == "v101"


def test_a_file_that_leads_elsewhere_is_refused(registry: Registry, models: Path) -> None:
    folder = copy_version(models, "v101")
    change_card(folder, files={"../../secret_key": "0" * 64, "model.tflite": "0" * 64})
    with pytest.raises(ModelError, match="names a file"):
        registry.load("digit", "v101")


def test_verdicts_that_cannot_be_kept_are_reached_again(models: Path) -> None:
    model = Registry(SHIPPED).load("digit", OURS)
    nowhere = Path(os.devnull) / "models"
    expect_to_work(VerifiedModel(model.card, model.content), nowhere)
