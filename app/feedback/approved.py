"""What may be trained on: out of the database, or out of the sheet."""

import json
from collections.abc import Iterator

from sqlalchemy import select

from app.errors import FeedbackError, InkError, Unavailable
from app.extensions import database_or, db
from app.feedback.sheet.google import Sheet
from app.feedback.sheet.rows import DUMMIES, worksheet_of
from app.feedback.tables import Correction, Source, Status
from app.feedback.transfer.importing import Claim, Find
from app.feedback.transfer.workbook import Workbook
from app.ink.labelled import LabelledInk, Unusable
from app.ink.pictures import decode_picture
from app.ink.raster import Ink
from app.ink.strokes import parse_strokes

AT_ONCE = 200
OTHERWISE = "The corrections cannot be read just now. Is the database there, and migrated?"

Rows = Iterator[LabelledInk | Unusable]


def from_database(worksheet: str | None = None, person: str | None = None) -> Rows:
    """Yield approved corrections, the latest first; of one worksheet or one person only.

    Dummies are on a worksheet of their own, and trained on only where that is asked for. A person's
    own model learns of all that the person gave and nobody rejected.

    Raises:
        Unavailable: the database cannot answer.
    """
    wanted = select(Correction).order_by(Correction.created_at.desc(), Correction.id)
    if person:
        gave = Correction.user_id == person, Correction.source != Source.DUMMY
        wanted = wanted.where(*gave, Correction.status.in_([Status.PENDING, Status.APPROVED]))
    elif worksheet == DUMMIES:
        kept = Correction.status != Status.WITHDRAWN
        wanted = wanted.where(Correction.source == Source.DUMMY, kept)
    else:
        approved = Correction.status == Status.APPROVED
        wanted = wanted.where(Correction.source != Source.DUMMY, approved)
    with database_or(OTHERWISE):
        for found in db.session.scalars(wanted.execution_options(yield_per=AT_ONCE)):
            if worksheet in (None, worksheet_of(found.label or "", found.source)):
                yield _of(found)


def from_sheet(sheet: Sheet, worksheet: str | None = None) -> Rows:
    """Yield the approved rows of a spreadsheet, or all of its worksheet of dummies.

    Rows that were edited by hand are unusable.

    Raises:
        SheetError: it cannot be read.
    """
    for find in Workbook(sheet, worksheet):
        try:
            claim = find.claim()
            if claim.status == Status.APPROVED or worksheet == DUMMIES:
                yield _claimed(find, claim)
        except (InkError, FeedbackError) as error:
            yield Unusable(find.where, str(error))


def _of(found: Correction) -> LabelledInk | Unusable:
    try:
        ink: Ink
        if found.strokes:
            ink = parse_strokes(json.loads(found.strokes))
        else:
            ink = decode_picture(found.picture or b"")
    except (InkError, Unavailable, ValueError) as error:
        return Unusable(found.id, str(error))
    return LabelledInk(
        id=found.id,
        ink=ink,
        label=found.label or "",
        kind=found.kind,
        person=found.user_id,
        is_reviewed=found.reviewed_at is not None,
    )


def _claimed(find: Find, claim: Claim) -> LabelledInk:
    return LabelledInk(
        id=str(claim.id or find.where),
        ink=find.picture(),
        label=claim.label,
        kind=claim.kind or worksheet_of(claim.label).lower(),
        is_reviewed=True,  # whoever approved it looked at it
    )
