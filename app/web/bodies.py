"""Strict JSON bodies, as RFC 8259 means them, parsed into models."""

import json
import re
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

MAX_DEPTH = 16
MAX_LISTS = 25_000  # more than the strokes and points that app.ink.strokes allows

Body = TypeVar("Body", bound=BaseModel)

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NO_BRACKET = bytes(set(range(256)) - set(b"[]{}"))


class _Refused(ValueError):
    """One of our own rules is broken; the text may be shown."""


def json_body(model: type[Body]) -> Body:
    """Parse the request's JSON body as a model.

    Raises:
        UnsupportedMediaType: the content type is not JSON.
        BadRequest: it is not strict JSON with an object at its root.
        ValidationError: the object is no such model.
    """
    if not request.is_json:
        raise UnsupportedMediaType("Send JSON with Content-Type: application/json.")
    return model.model_validate(strict_loads(request.get_data(cache=False)))


def strict_loads(content: bytes) -> dict[str, Any]:
    """Parse a JSON object without deep nesting, duplicate keys, NaN or endless integers.

    Raises:
        BadRequest: naming the rule that is broken.
    """
    brackets = _STRING.sub(b"", content).translate(None, delete=_NO_BRACKET)
    if len(brackets) > 2 * MAX_LISTS:
        raise BadRequest(f"The JSON has more than {MAX_LISTS:,} lists.")
    if _too_deep(brackets):
        raise BadRequest(f"The JSON is not closed, or nested deeper than {MAX_DEPTH} levels.")
    try:
        value = json.loads(
            content.decode(), object_pairs_hook=_unique, parse_constant=_refuse_constant
        )
    except _Refused as error:
        raise BadRequest(str(error)) from error
    except ValueError as error:  # bad UTF-8, bad JSON, an integer of over 4,300 digits
        raise BadRequest("The body is not valid JSON.") from error
    if not isinstance(value, dict):
        raise BadRequest("The JSON's root must be an object.")
    return value


def _too_deep(brackets: bytes) -> bool:
    """Peel the innermost brackets off, a level a turn, at the speed of bytes.replace."""
    for _ in range(MAX_DEPTH):
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return bool(brackets)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        raise _Refused("The JSON names a key twice.")
    return unique


def _refuse_constant(_name: str) -> None:
    raise _Refused("NaN and Infinity are no JSON numbers.")
