"""The JSON API of accounts: register, sign in, stay signed in, sign out, change, delete."""

from contextlib import suppress
from http import HTTPStatus
from typing import Any, get_args

from apiflask import APIBlueprint
from flask import Response, jsonify, make_response

from app.accounts import people, sessions, tokens
from app.accounts.sessions import SignedIn
from app.accounts.tables import User
from app.errors import NotAllowed, NotSignedIn
from app.extensions import configured_limit, current_settings, limiter
from app.recognition.hands import forget_hand
from app.web import audit, cookies
from app.web.access import Level, may, signed_in
from app.web.bodies import json_body
from app.web.people_schemas import (
    AccountIn,
    ChangePasswordIn,
    DeletedOut,
    PasswordIn,
    PersonOut,
    SignedOutOut,
    SignInIn,
    TokensOut,
)
from app.web.problems import problem

accounts = APIBlueprint("accounts", __name__, url_prefix="/api", tag="Accounts")
SIGNED_OUT = {"status": "signed out"}


@accounts.post("/register")
@limiter.limit(configured_limit("RATELIMIT_LOGIN"))
@accounts.output(PersonOut, status_code=201)
@may(Level.PUBLIC)
def register() -> dict[str, Any]:
    """Make an account."""
    body = json_body(AccountIn)
    return shown(new_account(body.username, body.password))


@accounts.post("/login")
@limiter.limit(configured_limit("RATELIMIT_LOGIN"))
@accounts.output(TokensOut)
@may(Level.PUBLIC)
def sign_in() -> Response:
    """Sign in.

    Programs send the access token as a bearer token, and the refresh token to /api/refresh once the
    other has expired. Browsers are given both as cookies too, which no script can read.
    """
    body = json_body(SignInIn)
    return tokens_for(sign_in_as(body.username, body.password))


@accounts.post("/refresh")
@limiter.limit(configured_limit("RATELIMIT_LOGIN"))
@accounts.output(TokensOut)
@may(Level.PUBLIC)
def refresh() -> Response:
    """Take a refresh token and give a new pair of tokens.

    A refresh token is taken once. When it comes again, the session ends.
    """
    try:
        return tokens_for(_renewed())
    except NotSignedIn as error:
        audit.tell("refresh token refused")
        return cookies.drop(problem(HTTPStatus.UNAUTHORIZED, str(error)))


@accounts.post("/logout")
@accounts.output(SignedOutOut)
@may(Level.PUBLIC)
def sign_out() -> Response:
    """End the session of the access or refresh token that is sent; both are no good any more."""
    claims = _of_any_token()
    if claims:
        sessions.end(claims.session_id)
        audit.tell("signed out", session=claims.session_id)
    return cookies.drop(jsonify(SIGNED_OUT))


@accounts.get("/me")
@accounts.output(PersonOut)
@may(Level.USER)
def me() -> dict[str, Any]:
    """Say who is signed in."""
    person = signed_in()
    return {
        "id": person.id,
        "username": person.name,
        "role": person.role,
        "trusted": person.trusted,
        "disabled": False,
    }


@accounts.put("/me/password")
@limiter.limit(configured_limit("RATELIMIT_LOGIN"))
@accounts.output(TokensOut)
@may(Level.USER)
def change_password() -> Response:
    """Change the password. Every other session of the account ends."""
    body = json_body(ChangePasswordIn)
    return tokens_for(with_new_password(body.password, body.new_password))


@accounts.delete("/me")
@limiter.limit(configured_limit("RATELIMIT_LOGIN"))
@accounts.output(DeletedOut)
@may(Level.USER)
def delete_me() -> Response:
    """Delete the account, and the content of all its drawings."""
    drawings = delete_own(json_body(PasswordIn).password)
    answer = jsonify({"status": "deleted", "drawings": drawings})
    return cookies.forget_all(cookies.drop(answer))


def sign_in_as(name: str, password: str) -> SignedIn:
    """Begin a session, and tell the log how it went.

    Raises:
        NotSignedIn: the name or the password is wrong.
        TooSoon: after too many tries.
        Unavailable: the database cannot answer.
    """
    try:
        found = sessions.sign_in(name, password, cookies.device_of(name))
    except NotSignedIn:
        audit.tell("sign-in refused", name=name)
        raise
    audit.tell("signed in", name=found.person.name, session=found.person.session_id)
    return found


def new_account(name: str, password: str) -> User:
    """Make an account, where people may make their own.

    Raises:
        NotAllowed: they may not.
        AccountError: the name or the password cannot be taken.
        Unavailable: the database cannot answer.
    """
    if not current_settings().registration:
        raise NotAllowed("Accounts are made by an administrator here.")
    user = people.create(name, password)
    audit.tell("account made", name=user.name)
    return user


def with_new_password(password: str, new: str) -> SignedIn:
    """Change the password of who is signed in, end all their sessions and begin a new one.

    Raises:
        WrongPassword: the present password is another one.
        AccountError: the new one cannot be taken.
        TooSoon: after too many tries.
        Unavailable: the database cannot answer.
    """
    person = signed_in()
    sessions.confirm(person, password)
    user = people.set_password(person.id, new)
    audit.tell("password changed", name=person.name)
    return sessions.begin(user)


def delete_own(password: str) -> int:
    """Delete the account of who is signed in; return how many drawings it had.

    Raises:
        WrongPassword: the password is another one.
        TooSoon: after too many tries.
        Unavailable: the database cannot answer.
    """
    person = signed_in()
    sessions.confirm(person, password)
    drawings = people.delete_account(person.id)
    forget_hand(current_settings().inkloop_models, person.id)
    audit.tell("account deleted", account=person.id, drawings=drawings)
    return drawings


def tokens_for(found: SignedIn) -> Response:
    """Answer with the tokens of a session, as JSON and as cookies."""
    issued = tokens.issue(found)
    body = {
        "access_token": issued.access,
        "refresh_token": issued.refresh,
        "token_type": tokens.SCHEME,
        "expires_in": int(tokens.ACCESS.total_seconds()),
        "username": found.person.name,
        "role": found.person.role,
    }
    response = cookies.put(make_response(body), issued)
    return cookies.remember_device(response, found.person.name)


def shown(user: User) -> dict[str, Any]:
    """Return what is told of an account."""
    return {
        "id": user.id,
        "username": user.name,
        "role": user.role,
        "trusted": user.trusted,
        "disabled": user.disabled,
    }


def _renewed() -> SignedIn:
    claims = tokens.read("refresh")
    if claims is None:
        raise NotSignedIn("Send the refresh token.")
    return sessions.renew(claims.user_id, claims.session_id, claims.jti)


def _of_any_token() -> tokens.Claims | None:
    """Return what the request's token says, access or refresh; what is no good says nothing."""
    for kind in get_args(tokens.Kind):
        with suppress(NotSignedIn):
            claims = tokens.read(kind)
            if claims:
                return claims
    return None
