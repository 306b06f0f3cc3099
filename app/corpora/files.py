"""A read-only tree of text files, from a folder or straight out of a tar archive."""

import tarfile
from pathlib import Path
from typing import Protocol

from app.errors import CorpusError


class FileTree(Protocol):
    """What a corpus reader needs of a place that holds files."""

    def under(self, prefix: str) -> list[str]:
        """List the paths that begin with a prefix, sorted."""

    def text(self, path: str) -> str:
        """Return a file's text; raise CorpusError when it is missing."""


class Folder:
    """Files below a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def under(self, prefix: str) -> list[str]:
        """List the paths that begin with a prefix, sorted."""
        found = (self.root / prefix).rglob("*")
        return sorted(path.relative_to(self.root).as_posix() for path in found if path.is_file())

    def text(self, path: str) -> str:
        """Return a file's text; raise CorpusError when it is missing."""
        try:
            return (self.root / path).read_text(encoding="latin-1")
        except FileNotFoundError:
            raise CorpusError(f"{self.root} lacks {path}; is it the whole distribution?") from None


class Archive:
    """Files of a tar archive whose members share one top folder, read once into memory."""

    def __init__(self, path: Path, wanted: tuple[str, ...] = ("",)) -> None:
        """Read the members below any of the wanted prefixes (relative to the top folder)."""
        self.path = path
        self._contents: dict[str, bytes] = {}
        with tarfile.open(path, "r|*") as archive:
            for member in archive:
                name = member.name.removeprefix("./").partition("/")[2]
                if name.startswith(wanted) and (handle := archive.extractfile(member)):
                    self._contents[name] = handle.read()

    def under(self, prefix: str) -> list[str]:
        """List the paths that begin with a prefix, sorted."""
        return sorted(name for name in self._contents if name.startswith(prefix))

    def text(self, path: str) -> str:
        """Return a file's text; raise CorpusError when it is missing."""
        try:
            return self._contents[path].decode("latin-1")
        except KeyError:
            raise CorpusError(f"{self.path} lacks {path}; is it the whole archive?") from None
