"""A folder of pictures whose names tell time and label, and corrections.jsonl where it is there."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn

from pydantic import BaseModel, ValidationError

from app import MAX_BODY_BYTES
from app.errors import FeedbackError, InkError
from app.feedback.transfer.exporting import LIST
from app.feedback.transfer.importing import Claim, Find, claimed, refusal
from app.feedback.transfer.names import parse_name
from app.ink.pictures import Picture, decode_picture

ENDINGS = (".png", ".jpg", ".jpeg")


class _Line(BaseModel):
    """As much of a line of corrections.jsonl as says which picture it is about."""

    file: str


class Folder:
    """What a folder holds; its length is that of its pictures."""

    def __init__(self, path: Path) -> None:
        """Look which pictures are there.

        Raises:
            OSError: the folder cannot be read.
        """
        self._path = path
        found = (file for file in path.iterdir() if file.suffix.lower() in ENDINGS)
        self._names = sorted(file.name for file in found if file.is_file())

    def __len__(self) -> int:
        """Return how many pictures there are."""
        return len(self._names)

    def __iter__(self) -> Iterator[Find]:
        """Yield what is listed, then the pictures that are not.

        Raises:
            OSError: the list cannot be read.
        """
        pictures, listed = frozenset(self._names), set[str]()
        for where, content in self._lines():
            try:
                name = _Line.model_validate_json(content).file
            except ValidationError as error:
                refuse = partial(_refuse, refusal(error))
                yield Find(where, refuse, refuse)
                continue
            listed.add(name)
            path = self._path / name if name in pictures else None  # no way out of the folder
            yield Find(name, partial(_claim_of_line, content), partial(_read, path))
        for name in self._names:
            if name not in listed:
                yield Find(name, partial(_claim_of_name, name), partial(_read, self._path / name))

    def _lines(self) -> Iterator[tuple[str, bytes]]:
        if (self._path / LIST).is_file():
            with (self._path / LIST).open("rb") as lines:
                for number, content in enumerate(lines, 1):
                    yield f"{LIST}, line {number}", content


def _refuse(error: FeedbackError) -> NoReturn:
    raise error


def _claim_of_line(content: bytes) -> Claim:
    try:
        return Claim.model_validate_json(content)
    except ValidationError as error:
        raise refusal(error) from None


def _claim_of_name(name: str) -> Claim:
    moment, label = parse_name(Path(name).stem)
    return claimed(time=moment, label=label)


def _read(path: Path | None) -> Picture:
    """Decode a picture, if it is no larger than one that may be sent.

    Raises:
        InkError: it is missing, or cannot be used.
    """
    if path is None:
        raise InkError("Its picture is not in the folder.")
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BODY_BYTES + 1)
    except OSError as error:
        raise InkError(f"It cannot be read: {error.strerror}.") from error
    if len(content) > MAX_BODY_BYTES:
        raise InkError(f"It has more than {MAX_BODY_BYTES // 1024**2} MiB.")
    return decode_picture(content)
