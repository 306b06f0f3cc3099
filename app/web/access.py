"""Who may do what. Every route says it with @may; one that says nothing is refused to all."""

from collections.abc import Callable
from enum import Enum
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote, urlsplit

from flask import Flask, Response, current_app, g, redirect, request
from werkzeug.exceptions import Forbidden

from app.accounts import sessions, tokens
from app.accounts.sessions import Person
from app.accounts.tables import Role
from app.errors import NotAllowed, NotSignedIn
from app.settings import Settings

View = TypeVar("View", bound=Callable[..., object])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC_FILES = frozenset({"static", "docs.static", "openapi.spec"})  # views that are not ours
OWN_SITES = ("same-origin", "none")


class Level(Enum):
    """Who may call a route."""

    PUBLIC = "anybody"
    SHEET = "anybody, or, with LOGIN_REQUIRED, whoever is signed in"
    USER = Role.USER
    REVIEWER = Role.REVIEWER
    ADMIN = Role.ADMIN


def may(level: Level) -> Callable[[View], View]:
    """Declare who may call a view. It stands right above the function."""

    def declare(view: View) -> View:
        view.level = level  # type: ignore[attr-defined]
        return view

    return declare


def init_app(app: Flask, settings: Settings) -> None:
    """Refuse, before anything else is looked at, what is not allowed."""

    @app.before_request
    def admit() -> Response | None:
        g.pop("person", None)  # commands and tests keep one context over several requests
        if request.endpoint is None or request.method == "OPTIONS":
            return None  # 404 and 405 come of themselves
        _refuse_other_sites()
        level = level_of(request.endpoint)
        if level == Level.SHEET and settings.login_required:
            level = Level.USER
        if not isinstance(level.value, Role):
            return None
        try:
            _refuse_lower(level.value)
        except NotSignedIn:
            if request.method == "GET" and is_page():
                return to_sign_in()
            raise
        return None


def level_of(endpoint: str) -> Level:
    """Return who may call an endpoint.

    Raises:
        Forbidden: it does not say.
    """
    if endpoint in PUBLIC_FILES:
        return Level.PUBLIC
    level = getattr(current_app.view_functions[endpoint], "level", None)
    if not isinstance(level, Level):
        raise Forbidden("Nobody may do this: the route does not say who may.")
    return level


def person() -> Person | None:
    """Return who sent the request, or None for a guest.

    Raises:
        NotSignedIn: the request has a token that is no good.
        Unavailable: the database cannot say whether the session still lasts.
    """
    if "person" not in g:
        claims = tokens.read()
        g.person = sessions.who(claims.user_id, claims.session_id) if claims else None
    found: Person | None = g.person
    return found


def signed_in() -> Person:
    """Return who sent the request.

    Raises:
        NotSignedIn: nobody who is signed in.
    """
    found = person()
    if found is None:
        raise NotSignedIn("Sign in first.")
    return found


def is_page() -> bool:
    """Say whether a browser navigates, rather than a program asking."""
    accepted = request.accept_mimetypes
    return accepted.best_match(("application/problem+json", "text/html")) == "text/html"


def to_sign_in() -> Response:
    """Send a browser to the door, and back to where it was going after that."""
    where = quote(request.full_path.rstrip("?"), safe="/")
    found: Response = redirect(f"/login?next={where}", HTTPStatus.SEE_OTHER)  # type: ignore[assignment]
    return found


def _refuse_lower(needed: Role) -> None:
    if not signed_in().role.reaches(needed):
        raise NotAllowed(f"Only a {needed} may do this.")


def _refuse_other_sites() -> None:
    """Refuse what another site's page made a browser send. Programs send neither header."""
    if request.method in SAFE_METHODS:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    # our forms send Origin: null, because our pages tell nobody where they are
    untold = origin is None or (origin == "null" and site is not None)
    is_foreign = not untold and _host_of(str(origin)) != request.host.lower()
    if is_foreign or (site is not None and site not in OWN_SITES):
        raise NotAllowed("Another site's page sent this. Open Inkloop itself and try again.")


def _host_of(origin: str) -> str | None:
    """Return the host and port of an origin; None of one that has none, as `null`."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None
