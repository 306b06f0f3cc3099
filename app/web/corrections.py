"""Requests → corrections that are kept."""

import json

from flask import request
from werkzeug.exceptions import BadRequest

from app import metrics
from app.accounts.sessions import Person
from app.errors import InkError
from app.feedback import service
from app.feedback.service import Kept, NewCorrection
from app.feedback.tables import Status
from app.ink.pictures import encode_png
from app.ink.raster import Ink, render
from app.ink.strokes import Strokes
from app.web.access import person
from app.web.inks import kind_of, parse_ink, reader, receipts
from app.web.schemas import FeedbackIn

MAX_KEY = 128
FULL_STOP = "."  # the only label of a dot
PICTURE_SIDE = 112  # pixels of the rendering that is kept with strokes


def keep(body: FeedbackIn) -> Kept:
    """Keep the correction that a body describes, and count it.

    Raises:
        InkError: the ink is blank, the id not ours, or no kind can read the label.
        NotSignedIn: the request has a token that is no good.
        FeedbackError: its Idempotency-Key does not allow it.
        Unavailable: the database cannot answer; nothing was kept.
    """
    new = _correction(body, person())
    kept = service.keep(new, _idempotency_key())
    if not kept.repeated:
        metrics.observe_feedback(new.kind, new.label, new.result)
    return kept


def _correction(body: FeedbackIn, who: Person | None) -> NewCorrection:
    """Return what is to be kept of a label for an ink.

    Raises:
        InkError: the ink is blank, the id not ours, or no kind can read the label.
    """
    ink = parse_ink(body)
    is_stop = body.label == FULL_STOP and isinstance(ink, Strokes) and ink.is_dot()
    if ink.is_blank() and not is_stop:
        raise InkError("There is no ink to keep. Draw something first.")
    receipt = receipts().check(body.id, ink.digest()) if body.id else None
    return NewCorrection(
        kind=reader().kind_for(body.label, kind_of(body.kind)),
        label=body.label,
        ink_sha256=ink.digest(),
        strokes=json.dumps(body.strokes, separators=(",", ":")) if body.strokes else None,
        picture=_picture(ink),
        user_id=who.id if who else None,
        status=Status.APPROVED if who and who.trusted else Status.PENDING,
        result=receipt.result if receipt else None,
        confidence=receipt.confidence if receipt else None,
        model_version=receipt.version if receipt else None,
    )


def _picture(ink: Ink) -> bytes:
    if isinstance(ink, Strokes):
        return encode_png(render(ink, PICTURE_SIDE))
    return encode_png(ink)


def _idempotency_key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (1 <= len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
        raise BadRequest(f"An Idempotency-Key has 1 to {MAX_KEY} printable ASCII characters.")
    return key
