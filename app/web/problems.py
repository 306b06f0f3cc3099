"""The one error shape: RFC 9457 problem details, or a page for a person in a browser."""

import logging
from http import HTTPStatus

from flask import Flask, Response, json, render_template, request
from gunicorn.http.errors import NoMoreData, ParseException
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from app.errors import (
    AccountError,
    InkError,
    InkloopError,
    KeyReused,
    NameTaken,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooSoon,
    Unavailable,
    Withdrawn,
    WrongPassword,
)
from app.web import audit

STATUS: dict[type[InkloopError], HTTPStatus] = {
    InkError: HTTPStatus.UNPROCESSABLE_ENTITY,
    KeyReused: HTTPStatus.CONFLICT,
    Withdrawn: HTTPStatus.GONE,
    NotFound: HTTPStatus.NOT_FOUND,
    AccountError: HTTPStatus.UNPROCESSABLE_ENTITY,
    NameTaken: HTTPStatus.CONFLICT,
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    WrongPassword: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    TooSoon: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
RETRY_AFTER_S = "2"
FORMS = ("application/problem+json", "text/html")

_log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Answer every error in the one shape."""
    app.register_error_handler(InkloopError, _for_project_error)
    app.register_error_handler(ValidationError, _for_invalid_body)
    app.register_error_handler(HTTPException, _for_http_exception)
    for broken in (NoMoreData, ParseException):  # what reading a body with bad chunks raises
        app.register_error_handler(broken, _for_broken_framing)
    app.register_error_handler(Exception, _for_the_unforeseen)


def problem(status: int, detail: str) -> Response:
    """Return problem+json, or a page where a browser navigates."""
    title = HTTPStatus(status).phrase
    if request.accept_mimetypes.best_match(FORMS) == "text/html":
        page = render_template("error.html", status=status, title=title, detail=detail)
        return Response(page, status, mimetype="text/html")
    body = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})
    return Response(body, status, mimetype="application/problem+json")


def status_of(error: InkloopError) -> HTTPStatus:
    """Return the status that tells of an error."""
    return STATUS.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)


def invalid(error: ValidationError) -> str:
    """Say what is wrong with a body, without repeating it."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"] if isinstance(part, int | str))
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":  # the name of an unknown field is the sender's text
        return "The body has a field that is unknown here."
    return f"{where}: {message}" if where else message


def _for_project_error(error: InkloopError) -> Response:
    status = status_of(error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("unexpected %s: %s", type(error).__name__, error)
        return problem(status, "Something went wrong here. Try again.")
    response = problem(status, str(error))
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = RETRY_AFTER_S
    elif isinstance(error, TooSoon):
        response.headers["Retry-After"] = str(error.retry_after_s)
    elif isinstance(error, NotSignedIn):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _for_invalid_body(error: ValidationError) -> Response:
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, invalid(error))


def _for_http_exception(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    response = problem(status, error.description or status.phrase)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value  # Allow, Retry-After
    return response


def _for_broken_framing(_error: Exception) -> Response:
    return problem(HTTPStatus.BAD_REQUEST, "The body is not framed as HTTP has it.")


def _for_the_unforeseen(error: Exception) -> Response:
    told = "unexpected error on %r, request %s"
    _log.exception(told, request.path, audit.request_id(), exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here. Try again.")
