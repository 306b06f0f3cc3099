"""A model of one person's hand reads for that person, and for nobody else."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.errors import ModelError
from app.ink.strokes import parse_strokes
from app.recognition import hands
from app.recognition.hands import Hands, hand_of
from app.recognition.promotion import promote, rollback
from app.recognition.reader import Reader, Writer
from app.recognition.recognizer import Recognizer
from app.recognition.registry import SHIPPED, Registry

from ..inks import strokes
from ..people import PASSWORD, account, bearer
from .versions import PASSED, change_card, copy_version, point_to

OURS = Registry(SHIPPED).champion("digit")
OWN = f"{OURS}p1"
SEVEN = parse_strokes(strokes("7"))


def own(models: Path, person: str, version: str = OWN, **changes: object) -> Path:
    """Give a person a model of their own: one that ships."""
    folder = hand_of(models, person).folders[0]
    made = copy_version(folder, version, **({"parent": OURS, "verdict": PASSED} | changes))
    point_to(folder, version)
    return made


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    recognizer = Recognizer(Registry(SHIPPED).load("digit", OURS))
    return Reader([recognizer], hands=Hands(tmp_path))


def version(reader: Reader, person: str | None) -> str:
    return reader.read(SEVEN, "digit", writer=Writer(person)).version


def test_it_reads_for_its_person_alone(reader: Reader, tmp_path: Path) -> None:
    assert version(reader, "anna") == OURS
    own(tmp_path, "anna")
    assert [version(reader, who) for who in ("anna", "bert", None)] == [OWN, OURS, OURS]


def test_it_reads_while_the_champion_that_it_grew_from_does(reader: Reader, tmp_path: Path) -> None:
    folder = own(tmp_path, "anna", parent="v5")
    assert version(reader, "anna") == OURS
    change_card(folder, parent=OURS)
    assert version(reader, "anna") == OWN


def test_a_damaged_one_leaves_the_champion(reader: Reader, tmp_path: Path) -> None:
    (own(tmp_path, "anna") / "model.tflite").write_bytes(b"")
    assert version(reader, "anna") == OURS


def test_a_new_one_is_noticed_and_can_be_taken_back(reader: Reader, tmp_path: Path) -> None:
    registry = hand_of(tmp_path, "anna")
    for number in (1, 2):
        copy_version(registry.folders[0], f"{OURS}p{number}", parent=OURS, verdict=PASSED)
        promote(registry, "digit", f"{OURS}p{number}", "anna")
        assert version(reader, "anna") == f"{OURS}p{number}"
    rollback(registry, "digit", "anna")
    assert version(reader, "anna") == OWN


def test_few_are_kept_in_memory(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hands, "KEPT", 2)
    for who in ("anna", "bert", "cora"):
        own(tmp_path, who)
    assert [version(reader, who) for who in ("anna", "bert", "cora", "anna")] == [OWN] * 4
    assert reader._hands
    assert len(reader._hands._kept) == 2


@pytest.mark.parametrize("person", ["", "..", "../digit", "a/b", "x" * 37])
def test_no_text_but_an_id_becomes_a_path(tmp_path: Path, person: str) -> None:
    with pytest.raises(ModelError, match="no person's id"):
        hand_of(tmp_path, person)


def test_it_goes_with_the_account(client: FlaskClient, tmp_path: Path) -> None:
    headers, me = bearer("anna"), account("bert")
    anna = client.get("/api/me", headers=headers).get_json()["id"]
    for who in (anna, me):
        own(tmp_path / "models", who)
    body = {"strokes": strokes("7"), "kind": "digit"}
    served = [
        client.post("/api/predict", json=body, headers=h).get_json()["model"]["version"]
        for h in (headers, {})
    ]
    assert served == [OWN, OURS]
    assert client.delete("/api/me", json={"password": PASSWORD}, headers=headers).status_code == 200
    assert not hand_of(tmp_path / "models", anna).folders[0].exists()
    assert hand_of(tmp_path / "models", me).folders[0].exists()
