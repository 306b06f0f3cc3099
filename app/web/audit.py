"""One line in the log for each event that matters to security, with the request's id."""

import json
import logging
from uuid import uuid4

from flask import Flask, Response, g, request

HEADER = "X-Request-ID"

_log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Give every request an id of our own making, and tell it with the answer."""

    @app.before_request
    def name_request() -> None:
        g.request_id = uuid4().hex

    @app.after_request
    def tell_id(response: Response) -> Response:
        response.headers[HEADER] = request_id()
        return response


def request_id() -> str:
    """Return the id of the request."""
    return str(g.get("request_id", ""))


def tell(event: str, **facts: object) -> None:
    """Log an event. Facts are written as JSON: no name can begin a line of its own."""
    told = facts | {"address": request.remote_addr, "request": request_id()}
    _log.info("%s %s", event, json.dumps(told))
