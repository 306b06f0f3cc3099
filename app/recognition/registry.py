"""Model versions on disk: find the current one of a kind and verify its bytes.

A version is a folder <models>/<kind>/<version>/; <models>/<kind>/CURRENT names the champion. The
folder of new models is looked up before the one that ships.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from app.errors import ModelError
from app.recognition.card import CARD_FILE, MODEL_FILE, VERSION_PATTERN, Kind, ModelCard, parse_card

CURRENT_FILE = "CURRENT"
SHIPPED = Path(__file__).resolve().parents[2] / "models"


@dataclass(frozen=True)
class VerifiedModel:
    """A card and the very bytes whose sha256 it names."""

    card: ModelCard
    content: bytes


class Registry:
    """Looks model versions up in several folders, the first of which wins."""

    def __init__(self, *folders: Path) -> None:
        """Look in these folders, in this order."""
        self.folders = folders

    def champions(self, kind: Kind) -> list[str]:
        """Return the versions that each folder calls current, the one to try first in front."""
        pointers = [folder / kind / CURRENT_FILE for folder in self.folders]
        return [
            pointer.read_text(encoding="utf-8", errors="replace").strip()
            for pointer in pointers
            if pointer.is_file()
        ]

    def champion(self, kind: Kind) -> str:
        """Return the first version that a folder calls current.

        Raises:
            ModelError: there is none.
        """
        for version in self.champions(kind):
            return version
        raise ModelError(f"There is no {kind} model here. Train one first.")

    def load(self, kind: Kind, version: str) -> VerifiedModel:
        """Load and verify one version.

        Raises:
            ModelError: there is no such version, or it is not what its card says.
        """
        if not re.fullmatch(VERSION_PATTERN, version):
            raise ModelError(f"{version!r} is no version; versions are v1, v2, …")
        for folder in self.folders:
            if (folder / kind / version).is_dir():
                return _verify(folder / kind / version, kind, version)
        raise ModelError(f"There is no {kind} {version}.")


def sha256(content: bytes) -> str:
    """Return the sha256 of bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def _verify(folder: Path, kind: Kind, version: str) -> VerifiedModel:
    try:
        card = parse_card((folder / CARD_FILE).read_bytes())
        content = (folder / MODEL_FILE).read_bytes()
    except OSError as error:
        raise ModelError(f"{folder} is not whole: {error.strerror}: {error.filename}") from error
    if (card.kind, card.version) != (kind, version):
        raise ModelError(f"{folder} says it is {card.kind} {card.version}.")
    if sha256(content) != card.files.get(MODEL_FILE):
        raise ModelError(f"{folder / MODEL_FILE} is not the file that its card names.")
    return VerifiedModel(card, content)
