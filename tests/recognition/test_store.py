"""Machines share versions through a store: here a folder, and memory that is reached by a URL."""

from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from app.errors import ModelError
from app.recognition.promotion import promote
from app.recognition.registry import SHIPPED, Registry
from app.recognition.store import Store

from .versions import PASSED, change_card, copy_version


@pytest.fixture
def here(tmp_path: Path) -> Registry:
    """A machine whose champion is v101."""
    models = tmp_path / "here"
    copy_version(models, "v101", verdict=PASSED)
    registry = Registry(models, SHIPPED)
    promote(registry, "digit", "v101", "anna")
    return registry


@pytest.fixture
def there(tmp_path: Path) -> Registry:
    """A machine that has what ships."""
    (tmp_path / "there").mkdir()
    return Registry(tmp_path / "there", SHIPPED)


@pytest.fixture(params=["a folder", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield f"file://{tmp_path}/store" if request.param == "a folder" else "memory://store"
    fsspec.filesystem("memory").store.clear()


def test_another_machine_serves_the_same_champion(
    here: Registry, there: Registry, url: str
) -> None:
    assert Store(url).push(here, "digit") == "v101"
    change = Store(url).pull(there, "digit", "bert")
    assert change
    assert change.version == there.champion("digit") == "v101"
    assert there.load("digit", "v101") == here.load("digit", "v101")
    assert Store(url).push(here, "digit") == "v101"
    assert Store(url).pull(there, "digit", "bert") is None


def test_what_has_no_proof_is_pulled_by_force_alone(
    here: Registry, there: Registry, url: str
) -> None:
    change_card(here.folder_of("digit", "v101"), verdict=None)
    Store(url).push(here, "digit")
    with pytest.raises(ModelError, match="without proof"):
        Store(url).pull(there, "digit", "bert")
    assert there.champion("digit") == Registry(SHIPPED).champion("digit")
    change = Store(url).pull(there, "digit", "bert", force=True)
    assert change
    assert change.is_forced


def test_a_version_of_the_same_name_is_never_overwritten(
    here: Registry, there: Registry, url: str
) -> None:
    Store(url).push(here, "digit")
    copy_version(there.folders[0], "v101", source="v5", verdict=PASSED)
    promote(there, "digit", "v101", "bert")
    for act in (
        lambda: Store(url).push(there, "digit"),
        lambda: Store(url).pull(there, "digit", "bert"),
    ):
        with pytest.raises(ModelError, match="has another digit v101"):
            act()


@pytest.mark.parametrize("name", ["model.tflite", "card.json", "model.keras"])
def test_what_is_damaged_in_the_store_stays_there(
    here: Registry, there: Registry, url: str, name: str
) -> None:
    Store(url).push(here, "digit")
    files, root = fsspec.url_to_fs(url)
    files.pipe_file(f"{root}/digit/v101/{name}", b"{}")
    with pytest.raises(ModelError):
        Store(url).pull(there, "digit", "bert")
    assert there.versions("digit") == Registry(SHIPPED).versions("digit")
    Store(url)._files.rm(f"{root}/digit/v101", recursive=True)
    Store(url).push(here, "digit")
    assert Store(url).pull(there, "digit", "bert")


def test_an_empty_store_says_what_it_lacks(there: Registry, url: str) -> None:
    with pytest.raises(ModelError, match="CURRENT"):
        Store(url).pull(there, "digit", "bert")


def test_whatever_a_stores_library_raises_is_told_in_a_line(
    here: Registry, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class EndpointConnectionError(Exception):  # as botocore's, it is no OSError
        pass

    def lose(*_: object) -> bool:
        raise EndpointConnectionError("Could not connect to the endpoint URL")

    store = Store(url)
    monkeypatch.setattr(type(store._files), "exists", lose)
    with pytest.raises(ModelError, match="cannot be used: Could not connect"):
        store.push(here, "digit")


@pytest.mark.parametrize("url", ["nowhere://models", "s3://bucket/models"])
def test_a_store_of_no_known_sort_is_told_in_a_line(url: str) -> None:
    with pytest.raises(ModelError, match="cannot be used"):
        Store(url)


def test_a_version_without_the_files_that_train_cannot_be_shared(
    here: Registry, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = here.folder_of("digit", "v101")
    (folder / "model.keras").unlink()
    with pytest.raises(ModelError, match=r"model\.keras"):
        Store(url).push(here, "digit")
