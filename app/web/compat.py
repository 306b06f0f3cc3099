"""Routes that clients of older projects call, over the same services."""

from apiflask import APIBlueprint
from flask import Response, request

from app import metrics
from app.extensions import configured_limit, limiter
from app.ink.pictures import parse_data_url
from app.web import corrections
from app.web.bodies import json_body
from app.web.inks import picture_of_form, read
from app.web.schemas import FeedbackIn, HelpDataIn, HelpDataOut, ImageDataIn, PredictedTextOut

compat = APIBlueprint("compat", __name__, tag="Older clients")


@compat.post("/helpdata")
@limiter.limit(configured_limit("RATELIMIT_FEEDBACK"))
@compat.output(HelpDataOut)
def help_data() -> dict[str, str]:
    """Keep a labelled picture."""
    body = json_body(HelpDataIn)
    kept = corrections.keep(FeedbackIn(image=body.image, label=body.label))
    return {"message": "Data saved successfully", "id": kept.id}


@compat.post("/predict/", strict_slashes=False)
@limiter.limit(configured_limit("RATELIMIT_PREDICT"))
@compat.output(PredictedTextOut)
def predict_word() -> dict[str, str] | Response:
    """Read a picture of a word.

    JSON is answered with the text itself, a form's file with JSON. An empty text means that there
    was nothing to read.
    """
    with metrics.answering():
        if request.mimetype == "multipart/form-data":
            return {"predicted_text": read(picture_of_form(), "word").text}
        picture = parse_data_url(json_body(ImageDataIn).image_data)
        return Response(read(picture, "word").text, mimetype="text/plain")
