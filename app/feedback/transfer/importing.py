"""Corrections that come from elsewhere: checked like uploads, and kept once however often."""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, FiniteFloat, ValidationError

from app.database import now
from app.errors import FeedbackError, InkError, Unavailable, Withdrawn
from app.feedback import service
from app.feedback.service import NewCorrection
from app.feedback.sheet.rows import worksheet_of
from app.feedback.tables import Source, Status
from app.feedback.transfer.names import in_utc
from app.ink.pictures import Picture, encode_png
from app.ink.raster import Ink
from app.ink.strokes import parse_strokes
from app.printable import clean_label, is_printable

PATIENCE = 10  # tries to decode a large picture while a server does the same
WAIT_S = 0.5
WITHDRAWN = "It was withdrawn here, and stays so."

KindFor = Callable[[str, str | None], str]  # raises InkError where no model can read the label


def _printable(text: str) -> str:
    if not is_printable(text):
        raise ValueError("it has characters that cannot be printed")
    return text


class Claim(BaseModel):
    """What a file or a row says of a correction. Nothing else is taken from it."""

    label: Annotated[str, AfterValidator(clean_label)]
    time: Annotated[datetime, AfterValidator(in_utc)] | None = None
    id: UUID | None = None
    kind: str | None = None
    strokes: list[list[list[FiniteFloat]]] | None = None
    result: Annotated[str, Field(max_length=64), AfterValidator(_printable)] | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    model_version: Annotated[str, Field(max_length=16), AfterValidator(_printable)] | None = None
    status: str = Status.PENDING
    source: str = Source.PERSON


@dataclass(frozen=True)
class Find:
    """Something that may be a correction, and where it was found.

    claim and picture read it, and raise InkError or FeedbackError where it is none.
    """

    where: str
    claim: Callable[[], Claim]
    picture: Callable[[], Picture]


def keep(find: Find, kind_for: KindFor) -> bool:
    """Keep what was found, unless it is here already; say whether it is new.

    Raises:
        InkError: its picture, its strokes or its label cannot be used.
        FeedbackError: it is no correction, or one that is not to come back.
        Unavailable: the database cannot answer; it was not kept.
    """
    claim = find.claim()
    if claim.source == Source.DUMMY:
        raise FeedbackError("It is a dummy.")
    if claim.status == Status.WITHDRAWN:
        raise FeedbackError("It was withdrawn.")
    if claim.id and (status := service.status_of(str(claim.id))):
        if status == Status.WITHDRAWN:
            raise FeedbackError(WITHDRAWN)
        return False
    new = _correction(claim, _patiently(find.picture), kind_for)
    try:
        return not service.keep(new, _key(claim, new)).repeated
    except Withdrawn as error:
        raise FeedbackError(WITHDRAWN) from error


def claimed(**told: object) -> Claim:
    """Return a checked claim.

    Raises:
        FeedbackError: something of it cannot be.
    """
    try:
        return Claim.model_validate(told)
    except ValidationError as error:
        raise refusal(error) from None


def refusal(error: ValidationError) -> FeedbackError:
    """Return in one line what cannot be."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(map(str, first["loc"]))
    message = first["msg"].removeprefix("Value error, ")
    return FeedbackError(f"{where}: {message}" if where else message)


def _correction(claim: Claim, picture: Picture, kind_for: KindFor) -> NewCorrection:
    kind = claim.kind or worksheet_of(claim.label).lower()  # worksheets are called after kinds
    ink: Ink = parse_strokes(claim.strokes) if claim.strokes else picture
    if picture.is_blank() or ink.is_blank():
        raise InkError("There is no ink in it.")
    new = NewCorrection(
        kind=kind_for(claim.label, kind),
        label=claim.label,
        ink_sha256=ink.digest(),
        strokes=json.dumps(claim.strokes, separators=(",", ":")) if claim.strokes else None,
        picture=encode_png(picture),
        result=claim.result,
        confidence=claim.confidence,
        model_version=claim.model_version,
        source=Source.IMPORT,
        created_at=claim.time or now(),
    )
    return replace(new, id=str(claim.id)) if claim.id else new


def _key(claim: Claim, new: NewCorrection) -> str:
    """Return what is the same whenever the same correction is imported."""
    if claim.id:
        return f"import:{claim.id}"
    moment = claim.time.isoformat() if claim.time else None
    content = json.dumps([moment, new.kind, new.label, new.ink_sha256])
    return f"import:{hashlib.sha256(content.encode()).hexdigest()}"


def _patiently(decode: Callable[[], Picture]) -> Picture:
    """Decode a picture; large ones take turns with those that a server decodes."""
    for _ in range(PATIENCE):
        try:
            return decode()
        except Unavailable:
            time.sleep(WAIT_S)
    return decode()
