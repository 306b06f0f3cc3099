"""Write a model version to disk, whole or not at all."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from app.errors import TrainingError
from app.files import sync, write_through, write_whole
from app.recognition.card import CARD_FILE, MODEL_FILE, Kind, ModelCard, card_content, parse_card
from app.recognition.registry import CURRENT_FILE, Registry, sha256
from app.training import report
from app.training.recipes import Network

KERAS_FILE = "model.keras"
NETWORK_FILES: dict[Network, str] = {
    "frames": KERAS_FILE,
    "trajectory": "trajectory.keras",  # where a second network follows the pen
    "picture": "picture.keras",  # where another one is for pictures alone
}
PAGE_FILE = "MODEL_CARD.md"
WRITERS_FILE = "writers.json"  # counts the samples of every writer's pseudonym, by part


def next_version(folders: Iterable[Path], kind: str) -> str:
    """Return the first version name after all that these folders of models have for a kind."""
    found = [path.name[1:] for folder in folders for path in (folder / kind).glob("v*")]
    taken = [int(number) for number in found if number.isdigit()]
    return f"v{max(taken, default=0) + 1}"


def keras_file(kind: str, version: str | None, folders: Iterable[Path]) -> Path | None:
    """Return where a version's Keras network is, in the first of the folders that has it.

    Raises:
        TrainingError: none has it.
    """
    if version is None:
        return None
    for folder in folders:
        path = folder / kind / version / KERAS_FILE
        if path.is_file():
            return path
    raise TrainingError(f"There is no {kind} {version} to start from.")


def network_files(kind: str, version: str | None, folders: Iterable[Path]) -> dict[Network, Path]:
    """Return the .keras files of a version's networks; none where there is no version.

    Raises:
        TrainingError: it has no network at all.
    """
    found = keras_file(kind, version, folders)
    files = {name: found.with_name(file) for name, file in NETWORK_FILES.items()} if found else {}
    return {name: path for name, path in files.items() if path.is_file()}


def keras_content(model: Any) -> bytes:
    """Return a Keras model as the bytes of a .keras file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / KERAS_FILE
        model.save(path)
        return path.read_bytes()


def contents_of(
    served: bytes, networks: Mapping[Network, Any], writers: Mapping[str, Any]
) -> dict[str, bytes]:
    """Return a version's files by name: its .tflite, its Keras networks, whose ink it has seen."""
    return {
        MODEL_FILE: served,
        WRITERS_FILE: json.dumps(writers, indent=0).encode(),
        **keras_files(networks),
    }


def keras_files(networks: Mapping[Network, Any]) -> dict[str, bytes]:
    """Return Keras networks by the names of the files that keep them."""
    return {NETWORK_FILES[name]: keras_content(network) for name, network in networks.items()}


def publish(models: Path, card: ModelCard, contents: Mapping[str, bytes]) -> Path:
    """Write a version's files, its card and the card's page; return its folder.

    The folder appears under its name only when everything in it has reached the disk.
    """
    folder = models / card.kind / card.version
    partial = folder.with_name(f".{card.version}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for name, content in contents.items():
        write_through(partial / name, content)
    write_card(partial, card)
    os.replace(partial, folder)
    sync(folder.parent)
    return folder


def crown_the_first(version: Path, registry: Registry) -> None:
    """Make a published version the champion where its kind has none yet."""
    kind = version.parent
    if not registry.champions(cast(Kind, kind.name)):
        write_whole(kind / CURRENT_FILE, f"{version.name}\n".encode())


def write_card(folder: Path, card: ModelCard) -> ModelCard:
    """Write card.json and MODEL_CARD.md, with the sha256 of every other file; return the card."""
    write_through(folder / PAGE_FILE, page(card).encode())
    files = {
        path.name: sha256(path.read_bytes())
        for path in sorted(folder.iterdir())
        if path.name != CARD_FILE
    }
    content = card_content(card.model_copy(update={"files": files}))
    write_whole(folder / CARD_FILE, content)
    return parse_card(content)


def page(card: ModelCard) -> str:
    """Return MODEL_CARD.md: the card in words, for people."""
    lines = [f"# Inkloop {card.kind} {card.version}", "", f"Made {card.created:%Y-%m-%d}, by:", ""]
    lines += [f"    {card.command}", "", f"at commit `{card.commit}`.", "", "## Figures", ""]
    lines += [report.figures_table(card)]
    if card.refusals:
        lines += ["", report.refusals_table(card)]
    lines += ["", "## Input", "", f"`{json.dumps(card.model_dump(mode='json')['raster'])}`", ""]
    lines += [f"Labels: `{''.join(card.labels)}`. Temperature {card.temperature:.3f}; a reading of"]
    lines += [f"confidence below {card.sure_above:.3f} is not sure.", "", "## Data", ""]
    lines += ["```json", json.dumps(card.data, indent=1), "```", "", "## Thanks to", ""]
    return "\n".join(lines + [f"- {line}" for line in card.attribution]) + "\n"


def current_commit() -> str:
    """Return the git commit at work, or "unknown" outside a checkout."""
    command = ["git", "rev-parse", "--short=12", "HEAD"]  # git from the PATH
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return run.stdout.strip() or "unknown"


def draft_card(**fields: Any) -> ModelCard:
    """Return a card dated now, of this commit, with no files yet."""
    return ModelCard(created=datetime.now(UTC), commit=current_commit(), files={}, **fields)
