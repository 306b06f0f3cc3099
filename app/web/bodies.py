"""Strict JSON bodies, as RFC 8259 means them, parsed into models."""

import json
import re
import tempfile
from contextlib import ExitStack
from typing import Any, TypeVar

from flask import Flask, g, request
from pydantic import BaseModel
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from app.ink.turns import turns

LARGE_BYTES = 64 * 1024  # larger bodies are kept on disk until it is their turn
CHUNK_BYTES = 64 * 1024
MAX_DEPTH = 16
MAX_LISTS = 25_000  # more than the strokes and points that app.ink.strokes allows
MAX_COMMAS = 100_000  # of so many points with times
MAX_QUOTES = 1_000
MAX_DIGITS = 64  # of a number, sign and exponent included

Body = TypeVar("Body", bound=BaseModel)

# A string that is never closed ends with the content. Without that the search would start anew
# at each of its escaped quotes: 100 KB took 32 s.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_ENDLESS_NUMBER = re.compile(rb"(?<![-+.0-9eE])[-+.0-9eE]{%d}" % (MAX_DIGITS + 1))
_WIDE_ESCAPE = re.compile(rb"\\u(?!00[0-7])")
_NO_BRACKET = bytes(set(range(256)) - set(b"[]{}"))


class _Refused(ValueError):
    """One of our own rules is broken; the text may be shown."""


def init_app(app: Flask) -> None:
    """Give the turn of a large request back when it is answered."""

    @app.teardown_request
    def give_turn_back(_error: BaseException | None) -> None:
        held: ExitStack | None = g.pop("turn", None)
        if held:
            held.close()


def json_body(model: type[Body]) -> Body:
    """Parse the request's JSON body as a model.

    Raises:
        UnsupportedMediaType: the content type is not JSON.
        BadRequest: it is not strict JSON with an object at its root.
        ValidationError: the object is no such model.
        Unavailable: it is large, and too many large ones are at work.
    """
    if not request.is_json:
        raise UnsupportedMediaType("Send JSON with Content-Type: application/json.")
    with tempfile.SpooledTemporaryFile(LARGE_BYTES) as file:
        while chunk := request.stream.read(CHUNK_BYTES):
            file.write(chunk)
        wait_if_large(file.tell())
        file.seek(0)
        return model.model_validate(strict_loads(file.read()))


def wait_if_large(size: int) -> None:
    """Wait, where so many bytes are large, until no other large request is at work.

    It is called once the body is here, so that a slow sender holds nobody up. The turn is held
    until the answer is made, because the parsed body lives as long.

    Raises:
        Unavailable: the turn did not come in time.
    """
    if size > LARGE_BYTES and "turn" not in g:
        with ExitStack() as stack:
            stack.enter_context(turns.take())
            g.turn = stack.pop_all()


def strict_loads(content: bytes) -> dict[str, Any]:
    """Parse a JSON object without deep nesting, duplicate keys, NaN or endless numbers.

    Raises:
        BadRequest: naming the rule that is broken.
    """
    _check_shape(content)
    try:
        text = content.decode()
        del content  # of eight mebibytes every copy counts
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except _Refused as error:
        raise BadRequest(str(error)) from error
    except ValueError as error:
        raise BadRequest("The body is not valid JSON.") from error
    if not isinstance(value, dict):
        raise BadRequest("The JSON's root must be an object.")
    return value


def _check_shape(content: bytes) -> None:
    """Refuse, before it is parsed, what would take much time or memory to parse."""
    if content.count(b",") > MAX_COMMAS or content.count(b'"') > MAX_QUOTES:
        raise BadRequest("The JSON has too many values. Send fewer points.")
    if len(content) > LARGE_BYTES and (not content.isascii() or _WIDE_ESCAPE.search(content)):
        raise BadRequest("A large body may have ASCII alone.")  # else: four bytes a character
    bare = _STRING.sub(b"", content)
    if _ENDLESS_NUMBER.search(bare):
        raise BadRequest(f"The JSON has a number of more than {MAX_DIGITS} characters.")
    brackets = bare.translate(None, delete=_NO_BRACKET)
    if len(brackets) > 2 * MAX_LISTS:
        raise BadRequest(f"The JSON has more than {MAX_LISTS:,} lists.")
    if _too_deep(brackets):
        raise BadRequest(f"The JSON is not closed, or nested deeper than {MAX_DEPTH} levels.")


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
