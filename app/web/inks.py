"""Requests → ink."""

from flask import current_app, request
from werkzeug.exceptions import BadRequest

from app.ink.pictures import decode_picture, parse_data_url
from app.ink.raster import Ink
from app.ink.strokes import parse_strokes
from app.recognition.reader import Reader
from app.recognition.receipts import Receipts
from app.web.bodies import json_body
from app.web.schemas import InkIn, PredictIn


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
    return (
        parse_data_url(body.image) if body.image is not None else parse_strokes(body.strokes or [])
    )


def ink_to_read() -> tuple[Ink, PredictIn]:
    """Return the ink of a prediction request, JSON or multipart, and its options."""
    if request.mimetype != "multipart/form-data":
        body = json_body(PredictIn)
        return parse_ink(body), body
    file = request.files.get("file")
    if file is None:
        raise BadRequest("Send the picture as the form's file, or JSON.")
    options = {"kind": request.form.get("kind", "auto"), "top": request.form.get("top", "3")}
    return decode_picture(file.read()), PredictIn.model_validate(
        {**options, "strokes": []}, strict=False
    )
