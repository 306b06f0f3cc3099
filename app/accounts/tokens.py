"""Tokens: the proof, signed by us, that a request belongs to a session."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, get_args

from flask import Flask, current_app, g, request
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    verify_jwt_in_request,
)
from flask_jwt_extended.exceptions import CSRFError, JWTExtendedException
from jwt.exceptions import InvalidSignatureError, InvalidTokenError, PyJWTError

from app.accounts.sessions import IDLE, SignedIn
from app.errors import NotAllowed, NotSignedIn
from app.settings import Settings

ACCESS = timedelta(minutes=15)
NAME = "inkloop"  # issuer and audience
HEADER = {"alg": "HS256", "typ": "JWT"}
SESSION = "sid"
TEXTS = frozenset({"jti", "sub", "name", "csrf", SESSION})
TIMES = frozenset({"exp", "iat", "nbf"})
CLAIMS = TEXTS | TIMES | {"type", "aud", "iss"}
SCHEME = "Bearer"
NO_GOOD = "You are not signed in any more. Sign in again."
NO_PROOF = "Load the page again. Programs repeat the cookie csrf in the header X-CSRF-TOKEN."
Kind = Literal["access", "refresh"]

jwt = JWTManager()


@dataclass(frozen=True)
class Tokens:
    """A short-lived token for every request, and one that is good for a new pair, once.

    csrf is what requests by cookie must repeat, so that no other site can make them.
    """

    access: str
    refresh: str
    csrf: str


@dataclass(frozen=True)
class Claims:
    """What a good token says."""

    user_id: str
    session_id: str
    jti: str
    name: str
    csrf: str


def init_app(app: Flask, settings: Settings) -> None:
    """Configure what reads tokens. Cookies are named so that browsers hold them to this host."""
    secure = settings.cookies_secure
    keys = [_key(secret) for secret in (settings.secret_key, settings.secret_key_before) if secret]
    app.extensions["inkloop.token_keys"] = keys
    app.config.update(
        JWT_SECRET_KEY=keys[0],
        JWT_ALGORITHM=HEADER["alg"],
        JWT_DECODE_ALGORITHMS=[HEADER["alg"]],
        JWT_ENCODE_AUDIENCE=NAME,
        JWT_DECODE_AUDIENCE=NAME,
        JWT_ENCODE_ISSUER=NAME,
        JWT_DECODE_ISSUER=NAME,
        JWT_ACCESS_TOKEN_EXPIRES=ACCESS,
        JWT_REFRESH_TOKEN_EXPIRES=IDLE,
        JWT_TOKEN_LOCATION=["headers", "cookies"],
        JWT_ACCESS_COOKIE_NAME="__Host-access" if secure else "access",
        JWT_REFRESH_COOKIE_NAME="__Secure-refresh" if secure else "refresh",
        JWT_COOKIE_SECURE=secure,
        JWT_COOKIE_CSRF_PROTECT=True,
        JWT_CSRF_CHECK_FORM=True,
    )
    jwt.init_app(app)


def issue(signed_in: SignedIn) -> Tokens:
    """Return tokens for a session."""
    person, csrf = signed_in.person, secrets.token_urlsafe()
    claims = {SESSION: person.session_id, "name": person.name, "csrf": csrf}
    refresh_claims = claims | {"jti": signed_in.refresh_jti}
    return Tokens(
        create_access_token(person.id, additional_claims=claims),
        create_refresh_token(person.id, additional_claims=refresh_claims),
        csrf,
    )


def read(kind: Kind = "access", *, only: Literal["cookies"] | None = None) -> Claims | None:
    """Return what the request's token says, or None where it has none.

    Raises:
        NotSignedIn: the token is expired, altered, foreign or of the other kind.
        NotAllowed: it is in a cookie, and the request does not repeat what belongs to it.
    """
    _take_old_header()
    token = _as_sent(kind, only)
    if token is None:
        return None
    if not _is_canonical(token):
        raise NotSignedIn(NO_GOOD)
    for key in current_app.extensions["inkloop.token_keys"]:
        g.token_key = key
        try:
            found = verify_jwt_in_request(refresh=kind == "refresh", locations=only)
        except InvalidSignatureError:
            continue
        except (CSRFError, TypeError) as error:  # TypeError: it is not ASCII
            raise NotAllowed(NO_PROOF) from error
        except (PyJWTError, JWTExtendedException, ValueError) as error:
            raise NotSignedIn(NO_GOOD) from error
        if found:
            said = found[1]
            return Claims(*(said[name] for name in ("sub", SESSION, "jti", "name", "csrf")))
    raise NotSignedIn(NO_GOOD)


def _take_old_header() -> None:
    """Take a token from the header in which older clients send it."""
    token = request.headers.get("x-access-token")
    if token is not None and "Authorization" not in request.headers:
        request.environ["HTTP_AUTHORIZATION"] = f"{SCHEME} {token}"


def _as_sent(kind: Kind, only: Literal["cookies"] | None) -> str | None:
    """Return the token that Flask-JWT-Extended is going to look at."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == SCHEME.lower() and only is None:
        return token.strip()
    return request.cookies.get(current_app.config[f"JWT_{kind.upper()}_COOKIE_NAME"]) or None


def _is_canonical(token: str) -> bool:
    """Say whether a token is spelled in the one way that we spell it.

    Python's base64 skips what is no letter of its alphabet, and the last letter of a signature has
    bits that mean nothing: of altered tokens one in two hundred was as good as the original.
    """
    try:
        return all(_encoded(_decoded(part)) == part for part in token.split("."))
    except ValueError:
        return False


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@jwt.decode_key_loader
def _key_for(header: dict[str, Any], claims: dict[str, Any]) -> bytes:
    """Return the one key, whatever the header asks for, once all claims are there.

    Flask-JWT-Extended takes tokens without exp, type or jti, and any type but refresh for access.
    """
    if header != HEADER or not claims.keys() >= CLAIMS or claims["type"] not in get_args(Kind):
        raise InvalidTokenError
    if any(type(claims[name]) is not int for name in TIMES):
        raise InvalidTokenError
    if not all(claims[name] and isinstance(claims[name], str) for name in TEXTS):
        raise InvalidTokenError
    key: bytes = g.token_key
    return key


def _key(secret: str) -> bytes:
    """Return a key that no other use of the secret has."""
    return hmac.digest(secret.encode(), b"inkloop tokens", hashlib.sha256)
