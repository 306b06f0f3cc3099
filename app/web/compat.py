"""Routes that clients of older projects call, over the same services."""

from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Response, make_response, request

from app import metrics
from app.accounts import sessions, tokens
from app.errors import NotSignedIn
from app.extensions import configured_limit, limiter
from app.ink.pictures import parse_data_url
from app.web import corrections, forms
from app.web.access import Level, may
from app.web.accounts import sign_in_as
from app.web.bodies import json_body
from app.web.inks import picture_of_form, read
from app.web.people_schemas import CheckTokenOut, SignInIn, TokenOut
from app.web.schemas import FeedbackIn, HelpDataIn, HelpDataOut, ImageDataIn, PredictedTextOut

compat = APIBlueprint("compat", __name__, tag="Older clients")


@compat.post("/helpdata")
@limiter.limit(configured_limit("RATELIMIT_FEEDBACK"))
@compat.output(HelpDataOut)
@may(Level.SHEET)
def help_data() -> dict[str, str]:
    """Keep a labelled picture."""
    body = json_body(HelpDataIn)
    kept = corrections.keep(FeedbackIn(image=body.image, label=body.label))
    return {"message": "Data saved successfully", "id": kept.id}


@compat.post("/predict/", strict_slashes=False)
@limiter.limit(configured_limit("RATELIMIT_PREDICT"))
@compat.output(PredictedTextOut)
@may(Level.SHEET)
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


@compat.post("/login")
@limiter.limit(configured_limit("RATELIMIT_LOGIN"))
@compat.output(TokenOut, status_code=201)
@may(Level.PUBLIC)
def sign_in() -> dict[str, str] | Response:
    """Give an access token, which x-access-token takes. A form signs a browser in."""
    if not request.is_json:
        return forms.sign_in()
    body = json_body(SignInIn)
    found = sign_in_as(body.username, body.password)
    return {"token": tokens.issue(found).access, "username": found.person.name}


@compat.get("/check-token")
@compat.output(CheckTokenOut)
@may(Level.PUBLIC)
def check_token() -> dict[str, str] | Response:
    """Say whether the token is good."""
    try:
        claims = tokens.read()
        if claims is None:
            return make_response({"message": "Token is missing"}, HTTPStatus.UNAUTHORIZED)
        sessions.who(claims.user_id, claims.session_id)
    except NotSignedIn:
        return make_response({"message": "Token is invalid"}, HTTPStatus.UNAUTHORIZED)
    return {"data": "Token is valid"}
