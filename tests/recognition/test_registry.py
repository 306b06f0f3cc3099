from pathlib import Path

import pytest

from app.errors import ModelError
from app.recognition.recognizer import Recognizer
from app.recognition.registry import SHIPPED, Registry
from app.recognition.swapping import load_reader

from .versions import change_card, copy_version, point_to


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with a copy of the shipped digit model, as version v1."""
    copy_version(tmp_path / "models", "v1")
    point_to(tmp_path / "models", "v1")
    return tmp_path / "models"


def test_the_folder_of_new_models_is_looked_up_first(models: Path) -> None:
    assert Registry(models, SHIPPED).champions("digit")[0] == "v1"
    assert Registry(models / "none", SHIPPED).champions("digit") == Registry(SHIPPED).champions(
        "digit"
    )


def test_changed_bytes_are_refused(models: Path) -> None:
    file = models / "digit" / "v1" / "model.tflite"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(ModelError, match="not the file that its card names"):
        Registry(models).load("digit", "v1")


@pytest.mark.parametrize("name", ["model.tflite", "card.json"])
def test_a_missing_file_is_named(models: Path, name: str) -> None:
    (models / "digit" / "v1" / name).unlink()
    with pytest.raises(ModelError, match=name):
        Registry(models).load("digit", "v1")


@pytest.mark.parametrize("version", ["", "..", "v0", "v1/../v1", "v1\n", "V1", "v1 "])
def test_no_text_but_a_version_becomes_a_path(models: Path, version: str) -> None:
    with pytest.raises(ModelError, match="no version"):
        Registry(models).load("digit", version)


def test_a_card_of_another_version_is_refused(models: Path) -> None:
    change_card(models / "digit" / "v1", version="v2")
    with pytest.raises(ModelError, match="says it is digit v2"):
        Registry(models).load("digit", "v1")


def test_a_card_with_other_labels_than_the_model_is_refused(models: Path) -> None:
    change_card(models / "digit" / "v1", labels=["a", "b"])
    with pytest.raises(ModelError, match="shapes"):
        Recognizer(Registry(models).load("digit", "v1"))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"kind": "digit"}'])
def test_a_damaged_card_is_refused(models: Path, content: str) -> None:
    (models / "digit" / "v1" / "card.json").write_text(content)
    with pytest.raises(ModelError, match="no model card"):
        Registry(models).load("digit", "v1")


@pytest.mark.parametrize("pointer", ["", "v99", "../../etc", "\x00", "v1\nv1"])
def test_a_damaged_pointer_falls_back_to_the_shipped_model(models: Path, pointer: str) -> None:
    (models / "digit" / "CURRENT").write_text(pointer)
    reader = load_reader(Registry(models, SHIPPED))
    assert reader.versions["digit"] == Registry(SHIPPED).champions("digit")[0]
