"""Versions shared by several machines through a folder, S3 or Google Cloud Storage.

A store is any place that fsspec knows by its URL (file:///…, s3://bucket/…, gcs://bucket/…), laid
out as a folder of models is: <kind>/<version>/ and <kind>/CURRENT. A card is written after all
other files of its version, CURRENT after the card, so that what CURRENT names is whole.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.errors import ModelError
from app.files import sync, write_through
from app.recognition.card import CARD_FILE, Kind
from app.recognition.promotion import Change, promote
from app.recognition.registry import CURRENT_FILE, Registry

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem


class Store:
    """A place where machines share versions."""

    def __init__(self, url: str) -> None:
        """Open the place that a URL names; nothing is asked of it yet.

        Raises:
            ModelError: the URL is of no known sort, or its sort needs a library that is missing.
        """
        import fsspec  # noqa: PLC0415  # serving does without

        self.url = url
        with self._reached():
            found: tuple[AbstractFileSystem, str] = fsspec.url_to_fs(url)
        self._files, self._root = found

    def push(self, registry: Registry, kind: Kind) -> str:
        """Make a kind's champion the store's, too; return its version.

        Raises:
            ModelError: the store cannot be used, has another version of that name, or the champion
                is not whole here.
        """
        version = registry.champion(kind)
        names = registry.load(kind, version).card.files
        folder = registry.folder_of(kind, version)
        there = f"{self._root}/{kind}/{version}"
        if missing := [name for name in names if not (folder / name).is_file()]:
            raise ModelError(f"{folder} lacks {', '.join(missing)}: it cannot be shared from here.")
        with self._reached():
            if not self._has(there, (folder / CARD_FILE).read_bytes(), f"{kind} {version}"):
                self._files.makedirs(there, exist_ok=True)
                for name in (*names, CARD_FILE):
                    self._files.pipe_file(f"{there}/{name}", (folder / name).read_bytes())
            self._files.pipe_file(f"{self._root}/{kind}/{CURRENT_FILE}", f"{version}\n".encode())
        return version

    def pull(
        self, registry: Registry, kind: Kind, by: str, *, force: bool = False
    ) -> Change | None:
        """Make the store's champion ours; return what changed, or None where it is ours already.

        Raises:
            ModelError: the store cannot be used or has no champion of this kind; or ours of that
                name is another; or the version cannot be promoted, see promote.
        """
        with self._reached():
            version = self._text(f"{kind}/{CURRENT_FILE}").decode(errors="replace").strip()
            if version not in registry.versions(kind):
                self._fetch(registry, kind, version)
            card = (registry.folder_of(kind, version) / CARD_FILE).read_bytes()
            self._has(f"{self._root}/{kind}/{version}", card, f"{kind} {version}")
        if registry.champions(kind)[:1] == [version]:
            return None
        return promote(registry, kind, version, by, force=force)

    def _has(self, there: str, card: bytes, name: str) -> bool:
        """Say whether the store has a version.

        Raises:
            ModelError: it has another one of that name.
        """
        if not self._files.exists(f"{there}/{CARD_FILE}"):
            return False
        if self._files.cat_file(f"{there}/{CARD_FILE}") != card:
            raise ModelError(
                f"{self.url} has another {name} than this machine. Nothing was changed."
            )
        return True

    def _fetch(self, registry: Registry, kind: Kind, version: str) -> None:
        """Bring a version here, to its name only once it is whole and what its card says."""
        models = registry.folders[0]
        incoming = models / ".incoming"
        partial = incoming / kind / version
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        card = self._text(f"{kind}/{version}/{CARD_FILE}")
        write_through(partial / CARD_FILE, card)
        for name in registry.names_in(card):
            write_through(partial / name, self._text(f"{kind}/{version}/{name}"))
        Registry(incoming).load(kind, version)
        (models / kind).mkdir(exist_ok=True)
        partial.rename(models / kind / version)
        sync(models / kind)

    def _text(self, path: str) -> bytes:
        content: bytes = self._files.cat_file(f"{self._root}/{path}")
        return content

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Tell in one line what a store refuses."""
        try:
            yield
        except ModelError:
            raise
        except FileNotFoundError as error:
            raise ModelError(f"{self.url} lacks it: {error.filename or error}") from error
        except Exception as error:  # each store's library has errors of its own
            raise ModelError(f"{self.url} cannot be used: {error}") from error
