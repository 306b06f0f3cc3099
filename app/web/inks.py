"""Requests → ink."""

from collections.abc import Sequence
from io import SEEK_END

from flask import current_app, request
from werkzeug.exceptions import BadRequest

from app import metrics
from app.errors import NotSignedIn, Unavailable
from app.ink.pictures import Picture, decode_picture, parse_data_url
from app.ink.raster import Ink
from app.ink.strokes import parse_strokes
from app.recognition.card import Kind
from app.recognition.reader import Reader, Reading, Writer
from app.recognition.receipts import Receipts
from app.web.access import person
from app.web.bodies import json_body, wait_if_large
from app.web.schemas import AnyKind, InkIn, PredictIn, ReadingOptions


def reader() -> Reader:
    """Return the app's reader."""
    found: Reader = current_app.extensions["inkloop.reader"]
    return found


def receipts() -> Receipts:
    """Return what signs the ids of readings."""
    found: Receipts = current_app.extensions["inkloop.receipts"]
    return found


def parse_ink(body: InkIn) -> Ink:
    """Return a body's strokes or picture.

    Raises:
        InkError: they cannot be used.
    """
    if body.image is not None:
        return parse_data_url(body.image)
    return parse_strokes(body.strokes or [])


def ink_to_read() -> tuple[Ink, ReadingOptions]:
    """Return the ink of a prediction request, JSON or multipart, and its options.

    Raises:
        BadRequest: the form has no file, or the JSON is none.
        InkError: the ink cannot be used.
        ValidationError: a field is not what it should be.
    """
    if request.mimetype != "multipart/form-data":
        body = json_body(PredictIn)
        return parse_ink(body), body
    picture = picture_of_form()
    fields = {
        name: value.split(",") if name == "words" else value for name, value in request.form.items()
    }
    return picture, ReadingOptions.model_validate(fields, strict=False)


def picture_of_form() -> Picture:
    """Return the picture that is a multipart form's file.

    Raises:
        BadRequest: the form has no file, or names a field twice.
        InkError: the picture cannot be used.
    """
    file = request.files.get("file")
    if file is None:
        raise BadRequest("Send the picture as the form's file, or JSON.")
    named = [
        name for name, _ in [*request.form.items(multi=True), *request.files.items(multi=True)]
    ]
    if len(named) > len(set(named)):
        raise BadRequest("The form names a field twice.")
    wait_if_large(file.seek(0, SEEK_END))
    file.seek(0)
    return decode_picture(file.read())


def read(ink: Ink, kind: Kind | None, top: int = 3, words: Sequence[str] = ()) -> Reading:
    """Read an ink as a kind, or as what it looks like (None), and count the reading.

    words are some that are expected.

    Raises:
        InkError: no model of that kind is installed.
    """
    reading = reader().read(ink, kind, top, Writer(_whose(), _language(), words))
    metrics.observe_prediction(
        reading.kind, reading.text, reading.confidence, reading.milliseconds / 1e3
    )
    return reading


def _whose() -> str | None:
    """Return the id of who sent the request, where that matters; reading goes on without it."""
    if not reader().knows_hands:
        return None
    try:
        who = person()
    except (NotSignedIn, Unavailable):
        return None
    return who.id if who else None


def _language() -> str | None:
    """Return the language that the sender prefers (Accept-Language), of those known here."""
    known = reader().languages
    accepted = (tag.partition("-")[0].lower() for tag, much in request.accept_languages if much)
    return next((language for language in accepted if language in known), None)


def kind_of(wanted: AnyKind) -> Kind | None:
    """Return the kind that was asked for, or None for auto."""
    return None if wanted == "auto" else wanted
