"""Passwords: which are taken, and how they are kept: argon2id, RFC 9106."""

import os
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import AccountError, Unavailable

SHORTEST, LONGEST = 12, 128  # code points
EASY_GUESSES_LOG10 = 6.0
LOOKED_AT = 24  # characters that the estimate of guesses looks at: of 72 it can take seconds
PATIENCE_S = 5.0

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # KiB; OWASP's minimum
_places = BoundedSemaphore(os.cpu_count() or 1)  # each hash takes a core for 40 ms, and 19 MiB


def refuse_weak(password: str, name: str) -> None:
    """Refuse a password that is short, long, or among the first that anybody would guess.

    How many guesses one takes is estimated as zxcvbn does (D. Wheeler, USENIX Security 2016),
    from lists of common passwords, names and words, keyboard rows, dates and repeats.

    Raises:
        AccountError: naming what is wrong.
        Unavailable: too many are at work.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountError(f"A password has {SHORTEST} to {LONGEST} characters.")
    from zxcvbn import zxcvbn  # noqa: PLC0415  # 4 MB of word lists, for few requests

    with _place():
        found = zxcvbn(password[:LOOKED_AT], user_inputs=[name, "inkloop"])
    if float(found["guesses_log10"]) < EASY_GUESSES_LOG10:
        raise AccountError("This password is too easy to guess. Take several words, say.")


def hash_password(password: str) -> str:
    """Return what is kept of a password.

    Raises:
        Unavailable: too many are at work.
    """
    with _place():
        return _hasher.hash(_normalised(password))


def is_right(password: str, kept: str | None) -> bool:
    """Say whether it is the password; with nothing kept, say no after the same work.

    Raises:
        Unavailable: too many are at work.
    """
    with _place():
        try:
            _hasher.verify(kept or _nobodys(), _normalised(password))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Say whether a password that was kept long ago would be kept otherwise today."""
    return _hasher.check_needs_rehash(kept)


@contextmanager
def _place() -> Iterator[None]:
    """Take one of as many places as there are cores."""
    if not _places.acquire(timeout=PATIENCE_S):
        raise Unavailable("Too many people sign in at once. Try again in a moment.")
    try:
        yield
    finally:
        _places.release()


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe())


def _normalised(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
