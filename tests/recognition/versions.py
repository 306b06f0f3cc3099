"""Folders of model versions, for tests: copies of what ships under other names."""

import json
import shutil
from pathlib import Path
from typing import Any

from app.recognition.card import Kind, card_content, parse_card
from app.recognition.registry import SHIPPED, Registry

PASSED = {"passed": True, "sentence": "Passed: as good as the one before."}


def copy_version(
    models: Path, version: str, kind: Kind = "digit", source: str = "", **changes: Any
) -> Path:
    """Copy a version that ships (its champion, if none is named); some of its card may be changed."""
    shipped = SHIPPED / kind / (source or Registry(SHIPPED).champion(kind))
    folder = models / kind / version
    shutil.copytree(shipped, folder)
    change_card(folder, version=version, **changes)
    return folder


def change_card(folder: Path, **changes: Any) -> None:
    """Change a card as one who may: it is sealed anew."""
    path = folder / "card.json"
    path.write_bytes(card_content(parse_card(path.read_bytes()).model_copy(update=changes)))


def tamper(folder: Path, **changes: Any) -> None:
    """Change a card as one who may not."""
    path = folder / "card.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def point_to(models: Path, version: str, kind: Kind = "digit") -> None:
    (models / kind).mkdir(parents=True, exist_ok=True)
    (models / kind / "CURRENT").write_text(f"{version}\n")
