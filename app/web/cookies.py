"""The cookies of who is signed in. Scripts can read but one of them, and it proves nothing."""

from datetime import timedelta

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from app.accounts import people
from app.accounts.sessions import IDLE
from app.accounts.tokens import Tokens

CSRF = "csrf"
DEVICE_KEPT = timedelta(days=365)
REFRESH_PATHS = ("/api/refresh", "/api/logout")  # nothing else needs it


def put(response: Response, tokens: Tokens) -> Response:
    """Give a browser the tokens. The access cookie outlives its token, to be told that it did."""
    _set(response, _access(), tokens.access, "Lax")
    for path in REFRESH_PATHS:
        _set(response, _refresh(), tokens.refresh, "Strict", path=path)
    _set(response, CSRF, tokens.csrf, "Strict", httponly=False)
    return response


def drop(response: Response) -> Response:
    """Take the tokens away."""
    for name, path in [(_access(), "/"), (CSRF, "/"), *((_refresh(), p) for p in REFRESH_PATHS)]:
        response.delete_cookie(name, path=path, secure=_secure(), httponly=name != CSRF)
    return response


def forget_all(response: Response) -> Response:
    """Let the browser drop what pages stored there, the words that were kept among it."""
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def remember_device(response: Response, name: str) -> Response:
    """Mark a browser as one where somebody has signed in."""
    mark = _marks().dumps(people.fold(name))
    _set(response, _device(), str(mark), "Strict", kept=DEVICE_KEPT)
    return response


def device_of(name: str) -> str | None:
    """Return a mark of the browser, if that name has signed in there before."""
    mark = request.cookies.get(_device(), "")
    try:
        marked = _marks().loads(mark)
    except BadSignature:
        return None
    return mark if marked == people.fold(name) else None


def _set(
    response: Response,
    name: str,
    value: str,
    same_site: str,
    *,
    path: str = "/",
    httponly: bool = True,
    kept: timedelta = IDLE,
) -> None:
    response.set_cookie(
        name, value, kept, path=path, secure=_secure(), httponly=httponly, samesite=same_site
    )


def _secure() -> bool:
    return bool(current_app.config["JWT_COOKIE_SECURE"])


def _access() -> str:
    return str(current_app.config["JWT_ACCESS_COOKIE_NAME"])


def _refresh() -> str:
    return str(current_app.config["JWT_REFRESH_COOKIE_NAME"])


def _device() -> str:
    return "__Host-device" if _secure() else "device"


def _marks() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="device")
