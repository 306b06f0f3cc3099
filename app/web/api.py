"""The JSON API: read ink, keep corrections, withdraw them."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from app import metrics
from app.accounts.tables import Role
from app.extensions import configured_limit, limiter
from app.feedback import service
from app.feedback.service import Kept
from app.ink.pictures import Extent, Picture, data_url
from app.recognition.reader import Reading
from app.web import corrections
from app.web.access import Level, may, person
from app.web.bodies import json_body
from app.web.inks import ink_to_read, kind_of, read, receipts
from app.web.schemas import FeedbackIn, FeedbackOut, ReadingOut

api = APIBlueprint("api", __name__, url_prefix="/api", tag="Reading and correcting")


@api.post("/predict")
@limiter.limit(configured_limit("RATELIMIT_PREDICT"))
@api.output(ReadingOut)
@may(Level.SHEET)
def predict() -> dict[str, Any]:
    """Read an ink.

    Strokes are read better than pictures: they carry the pen's direction and order. Nothing is
    stored; the id that comes back is a signed receipt, to be sent along with a correction.
    """
    with metrics.answering():
        ink, options = ink_to_read()
        reading = read(ink, kind_of(options.kind), options.top, options.words)
        extent = ink.extent() if isinstance(ink, Picture) else None
        return _answer(reading, receipts().issue(ink.digest(), reading), options.seen, extent)


@api.post("/feedback")
@limiter.limit(configured_limit("RATELIMIT_FEEDBACK"))
@api.output(FeedbackOut, status_code=201)
@may(Level.SHEET)
def keep_feedback() -> dict[str, str]:
    """Keep the right label of an ink.

    The answer comes after the commit. With an Idempotency-Key a repeated request is answered
    alike and stored once, so that a client may send it again when no answer came.
    """
    return _kept(corrections.keep(json_body(FeedbackIn)))


@api.delete("/feedback/<uuid:correction_id>")
@limiter.limit(configured_limit("RATELIMIT_FEEDBACK"))
@api.output(FeedbackOut)
@may(Level.SHEET)
def withdraw_feedback(correction_id: UUID) -> dict[str, str]:
    """Withdraw a correction: its content is deleted and never used for training.

    Whoever has the id may withdraw what a guest gave; what a user gave, the user and
    administrators.
    """
    who = person()
    may_any = who is not None and who.role.reaches(Role.ADMIN)
    kept = service.withdraw(str(correction_id), who.id if who else None, anybodys=may_any)
    return _kept(kept)


def _kept(kept: Kept) -> dict[str, str]:
    return {"id": kept.id, "status": kept.status}


def _answer(reading: Reading, receipt: str, seen: bool, extent: Extent | None) -> dict[str, Any]:
    return {
        "id": receipt,
        "result": reading.text,
        "kind": reading.kind,
        "confidence": reading.confidence,
        "sure": reading.sure,
        "alternatives": [vars(candidate) for candidate in reading.alternatives],
        "characters": [asdict(character) for character in reading.characters],
        "without_lexicon": vars(reading.without_lexicon) if reading.without_lexicon else None,
        "extent": extent._asdict() if extent else None,
        "model": {"name": reading.kind, "version": reading.version},
        "milliseconds": round(reading.milliseconds, 3),
        "seen": data_url(reading.seen) if seen else None,
    }
