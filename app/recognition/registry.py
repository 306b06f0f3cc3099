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
MARKED = (CARD_FILE, MODEL_FILE)  # files whose change shows that a version may have changed

Mark = tuple[object, ...]


@dataclass(frozen=True)
class VerifiedModel:
    """A card and the very bytes whose sha256 it names; ours is what ships."""

    card: ModelCard
    content: bytes
    is_ours: bool = False

    @property
    def name(self) -> str:
        """Return kind and version, for messages."""
        return f"{self.card.kind} {self.card.version}"


class Registry:
    """Looks model versions up in several folders, the first of which wins."""

    def __init__(self, *folders: Path) -> None:
        """Look in these folders, in this order."""
        self.folders = folders

    def champions(self, kind: Kind) -> list[str]:
        """Return the versions that each folder calls current, the one to try first in front."""
        texts = (_text(folder / kind / CURRENT_FILE) for folder in self.folders)
        return [text.strip() for text in texts if text is not None]

    def champion(self, kind: Kind) -> str:
        """Return the first version that a folder calls current.

        Raises:
            ModelError: there is none.
        """
        for version in self.champions(kind):
            return version
        raise ModelError(f"There is no {kind} model here. Train one first.")

    def versions(self, kind: Kind) -> list[str]:
        """Return all versions of a kind, the oldest first."""
        found = {path.name for folder in self.folders for path in (folder / kind).glob("v*")}
        known = [name for name in found if re.fullmatch(VERSION_PATTERN, name)]
        return sorted(known, key=lambda name: [int(n) for n in re.findall("[0-9]+", name)])

    def folder_of(self, kind: Kind, version: str) -> Path:
        """Return the folder of a version.

        Raises:
            ModelError: there is no such version.
        """
        if not re.fullmatch(VERSION_PATTERN, version):
            raise ModelError(f"{version!r} is no version; versions are v1, v2, …")
        for folder in self.folders:
            if (folder / kind / version).is_dir():
                return folder / kind / version
        raise ModelError(f"There is no {kind} {version}.")

    def load(self, kind: Kind, version: str) -> VerifiedModel:
        """Load and verify one version, all its files.

        Raises:
            ModelError: there is no such version, or it is not what its card says.
        """
        return _verify(self.folder_of(kind, version), kind, version)

    @staticmethod
    def names_in(card: bytes) -> list[str]:
        """Return the names of the files that a card.json vouches for.

        Raises:
            ModelError: it is no card, or a name leads elsewhere.
        """
        parsed = parse_card(card)
        return [MODEL_FILE, *_beside(parsed)]

    def mark(self, kind: Kind) -> Mark:
        """Return what is another whenever a kind's champion may be another; it costs little."""
        pointers = [_text(folder / kind / CURRENT_FILE) for folder in self.folders]
        named = {pointer.strip() for pointer in pointers if pointer}
        some = [version for version in sorted(named) if re.fullmatch(VERSION_PATTERN, version)]
        files = (f / kind / v / name for f in self.folders for v in some for name in MARKED)
        return (*pointers, *map(_stamp, files))


def sha256(content: bytes) -> str:
    """Return the sha256 of bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def _text(pointer: Path) -> str | None:
    try:
        return pointer.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _verify(folder: Path, kind: Kind, version: str) -> VerifiedModel:
    """Read a version once and hold it against its card.

    What ships may be without the files that training alone needs: the image is.
    """
    is_ours = folder.is_relative_to(SHIPPED)
    try:
        card = parse_card((folder / CARD_FILE).read_bytes())
        content = (folder / MODEL_FILE).read_bytes()
        others = {} if is_ours else {n: (folder / n).read_bytes() for n in _beside(card)}
    except OSError as error:
        raise ModelError(f"{folder} is not whole: {error.strerror}: {error.filename}") from error
    if (card.kind, card.version) != (kind, version):
        raise ModelError(f"{folder} says it is {card.kind} {card.version}.")
    for name, found in ({MODEL_FILE: content} | others).items():
        if sha256(found) != card.files.get(name):
            raise ModelError(f"{folder / name} is not the file that its card names.")
    return VerifiedModel(card, content, is_ours)


def _beside(card: ModelCard) -> list[str]:
    """Return the names of a version's other files.

    Raises:
        ModelError: one of them leads elsewhere.
    """
    for name in card.files:
        if "/" in name or "\0" in name or name in (".", "..", ""):
            raise ModelError(f"{card.kind} {card.version} names a file {name!r}.")
    return [name for name in card.files if name != MODEL_FILE]
