"""Numbers made of digits that were written one by one: pictures and pen strokes."""

import base64
import json
import logging
import secrets
from typing import Any
from uuid import uuid4

from apiflask import APIBlueprint
from flask import Response, render_template
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest

from app.errors import CorpusError, Unavailable
from app.extensions import configured_limit, current_settings, limiter
from app.generation import hands, pictures
from app.generation.distortions import ALL, Pixels
from app.generation.sequences import TO_FETCH, picture_of
from app.ink.strokes import parse_strokes
from app.web.access import Level, may
from app.web.bodies import json_body, wait_if_large
from app.web.number_schemas import MAX_SEED, ComposedOut, ComposeIn, GeneratedOut, GenerateIn
from app.web.problems import invalid

ECHOED = {"number", "augment", "spacing_min", "spacing_max", "image_width"}
_log = logging.getLogger(__name__)
generate = APIBlueprint("generate", __name__, tag="Making numbers")


@generate.get("/generate")
@generate.doc(hide=True)
@may(Level.SHEET)
def page() -> str:
    """Show the page where numbers are made."""
    return render_template("generate.html", distortions=list(ALL))


@generate.route("/generate", methods=["POST", "PUT"])
@limiter.limit(configured_limit("RATELIMIT_PREDICT"))
@generate.output(GeneratedOut)
@may(Level.SHEET)
def picture() -> Response:
    """Make a picture of a number from MNIST's digits.

    Each digit is a random image of its class without its empty columns, gaps are uniform in
    spacing_min..spacing_max, and the row is stretched or squeezed to image_width.
    """
    try:
        body = json_body(GenerateIn)
    except ValidationError as error:
        raise BadRequest(invalid(error)) from error
    wait_if_large(body.most_bytes)
    pixels = _pixels(body)
    task = uuid4().hex
    if current_settings().keep_generated:
        _keep(task, body.digits, pixels)
    echoed = json.dumps(body.model_dump(include=ECHOED) | {"taskId": task})
    image = json.dumps(_data_url(pixels)) if body.format == "png" else pictures.json_rows(pixels)
    return Response(f'{echoed[:-1]}, "generatedImage": {image}}}', mimetype="application/json")


@generate.post("/api/compose")
@limiter.limit(configured_limit("RATELIMIT_PREDICT"))
@generate.output(ComposedOut)
@may(Level.SHEET)
def strokes() -> dict[str, Any]:
    """Compose a number of digits written with a pen: yours where you send some, else ours."""
    body = json_body(ComposeIn)
    yours = {digit: [parse_strokes(ink)] for digit, ink in body.digits.items() if any(ink)}
    seed = _seed(body.seed)
    return {
        "number": body.number,
        "strokes": hands.points(hands.write_number(body.number, yours, seed, body.gap)),
        "seed": seed,
    }


def _pixels(body: GenerateIn) -> Pixels:
    try:
        return picture_of(
            current_settings().inkloop_data,
            body.digits,
            (body.spacing_min, body.spacing_max),
            body.image_width,
            body.chances,
            _seed(body.seed),
        )
    except CorpusError as error:
        told = f"MNIST's digits are not here. Who runs Inkloop fetches them: {TO_FETCH}"
        raise Unavailable(told) from error


def _keep(task: str, number: str, pixels: Pixels) -> None:
    settings = current_settings()
    folder, most = settings.inkloop_data / "processed", settings.keep_generated_most
    try:
        pictures.keep(folder, task, number, pictures.png(pixels), most)
    except OSError as error:  # the picture is made, whoever wants it gets it
        _log.warning("KEEP_GENERATED: %s cannot be written to: %s", folder, error)


def _seed(wanted: int | None) -> int:
    return secrets.randbelow(MAX_SEED) if wanted is None else wanted


def _data_url(pixels: Pixels) -> str:
    return "data:image/png;base64," + base64.b64encode(pictures.png(pixels)).decode()
