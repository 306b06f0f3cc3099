"""The pages where people sign in and change their account. They work without JavaScript."""

import secrets
from collections.abc import Callable
from hmac import compare_digest
from http import HTTPStatus

from apiflask import APIBlueprint
from flask import Flask, Response, make_response, redirect, render_template, request, session

from app.accounts import sessions, tokens
from app.accounts.sessions import SignedIn
from app.errors import AccountError, InkloopError, NotAllowed, NotSignedIn, TooSoon, WrongPassword
from app.extensions import configured_limit, current_settings, limiter
from app.web import audit, cookies
from app.web.access import Level, may, signed_in
from app.web.accounts import delete_own, new_account, sign_in_as, with_new_password
from app.web.problems import status_of

forms = APIBlueprint("forms", __name__, enable_openapi=False)
FIELD = "csrf_token"


def init_app(app: Flask) -> None:
    """Let every page say who is signed in, without asking the database."""
    app.context_processor(lambda: {"visitor": visitor})


def visitor() -> dict[str, str | bool]:
    """Return the name of who is signed in and what their forms must repeat; stale: they were."""
    try:
        claims = tokens.read(only="cookies") if request.method == "GET" else None
    except NotSignedIn:
        return {"stale": True}
    return {"name": claims.name, FIELD: claims.csrf} if claims else {}


@forms.get("/login")
@may(Level.PUBLIC)
def sign_in_page() -> str:
    """Show the form to sign in."""
    return _door("login")


@forms.get("/register")
@may(Level.PUBLIC)
def register_page() -> str:
    """Show the form to make an account."""
    return _door("register")


@forms.post("/register")
@limiter.limit(configured_limit("RATELIMIT_LOGIN"))
@may(Level.PUBLIC)
def register() -> Response:
    """Make an account, and sign in."""
    return _enter("register", lambda name, password: sessions.begin(new_account(name, password)))


def sign_in() -> Response:
    """Sign in by the form."""
    return _enter("login", sign_in_as)


@forms.get("/account")
@may(Level.USER)
def account() -> str:
    """Show what can be done with the account."""
    return render_template("account.html", person=signed_in(), changed="changed" in request.args)


@forms.post("/account/password")
@limiter.limit(configured_limit("RATELIMIT_LOGIN"))
@may(Level.USER)
def change_password() -> Response:
    """Change the password."""
    try:
        found = with_new_password(_field("password"), _field("new_password"))
    except (AccountError, WrongPassword, TooSoon) as error:
        return _account_again(error)
    return cookies.put(_to("/account?changed"), tokens.issue(found))


@forms.post("/account/delete")
@limiter.limit(configured_limit("RATELIMIT_LOGIN"))
@may(Level.USER)
def delete_account() -> Response:
    """Delete the account and all its drawings."""
    try:
        delete_own(_field("password"))
    except (WrongPassword, TooSoon) as error:
        return _account_again(error)
    return cookies.forget_all(cookies.drop(_to("/")))


@forms.post("/logout")
@may(Level.USER)
def sign_out() -> Response:
    """End the session."""
    found = signed_in()
    sessions.end(found.session_id)
    audit.tell("signed out", name=found.name, session=found.session_id)
    return cookies.drop(_to("/"))


def _door(way: str, message: str = "") -> str:
    """Show the form to sign in or to register; a token in it and in a cookie belong together."""
    token = session.setdefault(FIELD, secrets.token_urlsafe())
    return render_template(
        "door.html",
        way=way,
        message=message,
        token=token,
        name=request.form.get("username", ""),
        next=_next(),
        registration=current_settings().registration,
    )


def _enter(way: str, begin: Callable[[str, str], SignedIn]) -> Response:
    """Begin a session with what the form says, or show it again with what is wrong.

    Raises:
        NotAllowed: the form is not one that we gave to this browser.
        Unavailable: the database cannot answer.
    """
    known = session.get(FIELD)
    if not known or not compare_digest(_field(FIELD).encode(), known.encode()):
        raise NotAllowed("This form is out of date. Go back, load the page again and fill it in.")
    try:
        found = begin(_field("username"), _field("password"))
    except (AccountError, NotSignedIn, TooSoon) as error:
        return make_response(_door(way, str(error)), status_of(error))
    session.pop(FIELD)
    response = cookies.put(_to(_next()), tokens.issue(found))
    return cookies.remember_device(response, found.person.name)


def _account_again(error: InkloopError) -> Response:
    page = render_template("account.html", person=signed_in(), message=str(error))
    return make_response(page, status_of(error))


def _field(name: str) -> str:
    return request.form.get(name, "")


def _next() -> str:
    """Return where to go after signing in: a path of ours, whatever the address asks for."""
    wanted = request.values.get("next", "/")
    is_ours = wanted.startswith("/") and wanted[1:2] not in ("/", "\\") and wanted.isprintable()
    return wanted if is_ours else "/"


def _to(path: str) -> Response:
    found: Response = make_response(redirect(path, HTTPStatus.SEE_OTHER))
    return found
