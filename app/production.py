"""What is not safe for the real thing, and what to do about it."""

import stat
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import URL, make_url

if TYPE_CHECKING:
    from app.settings import Settings

MIN_SECRET_BYTES = 32
MIN_DATABASE_PASSWORD = 8
WELL_KNOWN = (
    "change", "default", "development", "example", "inkloop",
    "letmein", "password", "qwerty", "secret",
)  # fmt: skip
AS_LETTERS = str.maketrans("013457@$", "oleastas")  # how well-known words are disguised
FEWEST_CHARACTERS, FEWEST_STEPS = 12, 10  # that a random secret has, from one character to the next


def unsafe(settings: "Settings") -> Iterator[str]:
    """Say, a line each, what is not safe for the real thing, and what to do."""
    if not settings.secret_key or is_weak(settings.secret_key):
        yield (
            f"SECRET_KEY is missing, short or well known; production needs {MIN_SECRET_BYTES} "
            'random bytes: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if settings.secret_key_before and is_weak(settings.secret_key_before):
        yield "SECRET_KEY_BEFORE is short or well known; empty it, which signs everybody out"
    if settings.debug:
        yield "DEBUG is on; production runs without it"
    if not settings.cookies_secure:
        yield "SESSION_COOKIE_SECURE is off; production sends cookies over https"
    if not settings.limits_enabled:
        yield "RATELIMIT_ENABLED is off; production limits requests by address"
    if any(network.prefixlen == 0 for network in settings.metrics_allow):
        yield "METRICS_ALLOW lets the whole internet read /metrics; name networks"
    if settings.log_level == "DEBUG":
        yield "LOG_LEVEL is DEBUG, which may log what people send; production takes INFO"
    if settings.database_url.startswith("mysql"):
        yield from _unsafe_database(make_url(settings.database_url))
    key = settings.google_credentials
    if key.is_file() and key.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
        yield f"{key} may be read by everybody; run: chmod 400 {key}"
    for folder in (settings.inkloop_var, settings.inkloop_models):
        if folder.is_dir() and folder.stat().st_mode & stat.S_IWOTH:
            yield f"{folder} may be written by everybody; run: chmod o-w {folder}"


def _unsafe_database(url: URL) -> Iterator[str]:
    password = str(url.password or "")
    if not password:
        yield "DATABASE_URL has no password; give the database's user one"
    elif password == url.username or len(password) < MIN_DATABASE_PASSWORD or _is_known(password):
        yield "DATABASE_URL has a password that is short or well known; give the user another one"
    if url.username == "root":
        yield "DATABASE_URL signs in as root; make a user that owns this database alone"


def is_weak(secret: str) -> bool:
    """Say whether a secret is short, of a plain pattern or spells a well-known word."""
    steps = {ord(after) - ord(before) for before, after in pairwise(secret)}
    is_plain = len(set(secret)) < FEWEST_CHARACTERS or len(steps) < FEWEST_STEPS
    return len(secret.encode()) < MIN_SECRET_BYTES or is_plain or _is_known(secret)


def _is_known(secret: str) -> bool:
    lowered = secret.lower()
    return any(
        word in text for text in (lowered, lowered.translate(AS_LETTERS)) for word in WELL_KNOWN
    )
