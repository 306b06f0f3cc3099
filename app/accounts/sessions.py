"""Sign in, stay signed in, sign out."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts import passwords, people, slowing
from app.accounts.tables import Role, Session, User
from app.database import now
from app.errors import NotSignedIn, WrongPassword
from app.extensions import database_or, db

IDLE = timedelta(days=7)
LONGEST = timedelta(days=30)
OTHERWISE = "Who you are cannot be looked up just now. Try again in a moment."


@dataclass(frozen=True)
class Person:
    """Who is signed in, by which session."""

    id: str
    name: str
    role: Role
    trusted: bool
    session_id: str


@dataclass(frozen=True)
class SignedIn:
    """A person, and the id that the next refresh token has to have."""

    person: Person
    refresh_jti: str


def sign_in(name: str, password: str, device: str | None = None) -> SignedIn:
    """Begin a session; device is one on which this name signed in before.

    Raises:
        WrongPassword: the name or the password is wrong.
        TooSoon: after too many tries.
        Unavailable: the database cannot answer.
    """
    key = slowing.key_of(people.fold(name), device)
    slowing.count(key)
    user = people.by_name(name)
    kept = user.password_hash if user and not user.disabled else None
    if not passwords.is_right(password, kept) or user is None:
        raise WrongPassword("The name or the password is wrong.")
    slowing.forget(key)
    if passwords.is_outdated(user.password_hash):
        _keep_anew(user, password)
    return begin(user)


def confirm(person: Person, password: str) -> None:
    """Check the password of who is signed in, as slowly as at the door.

    Raises:
        WrongPassword: it is another one.
        TooSoon: after too many tries.
        Unavailable: the database cannot answer.
    """
    key = slowing.key_of(people.fold(person.name), person.session_id)
    slowing.count(key)
    user = people.by_name(person.name)
    if user is None or not passwords.is_right(password, user.password_hash):
        raise WrongPassword("The password is wrong.")
    slowing.forget(key)


def begin(user: User) -> SignedIn:
    """Begin a session, and clear away those of the account that are too old.

    Raises:
        NotSignedIn: the account is gone.
        Unavailable: the database cannot answer.
    """
    session = Session(id=str(uuid4()), user_id=user.id, refresh_jti=str(uuid4()))
    with database_or(OTHERWISE):
        too_old = (Session.used_at < now() - IDLE) | (Session.created_at < now() - LONGEST)
        db.session.execute(delete(Session).where(Session.user_id == user.id, too_old))
        db.session.add(session)
        try:
            db.session.commit()
        except IntegrityError:
            raise NotSignedIn("The account was deleted meanwhile.") from None
        return SignedIn(_person(user, session), session.refresh_jti)


def renew(user_id: str, session_id: str, refresh_jti: str) -> SignedIn:
    """Take a refresh token, for the one time that it is taken.

    One that comes again was stolen, or its successor was: the session ends for both.

    Raises:
        NotSignedIn: the session is over.
        Unavailable: the database cannot answer; the token is still good.
    """
    fresh = str(uuid4())
    with database_or(OTHERWISE):
        current = update(Session).where(
            Session.id == session_id,
            Session.refresh_jti == refresh_jti,
            Session.created_at > now() - LONGEST,
        )
        done = db.session.execute(current.values(refresh_jti=fresh, used_at=now()))
        if not done.rowcount:  # type: ignore[attr-defined]
            db.session.execute(delete(Session).where(Session.id == session_id))
        db.session.commit()
    return SignedIn(who(user_id, session_id), fresh)


def who(user_id: str, session_id: str) -> Person:
    """Return the user whose session it is.

    Raises:
        NotSignedIn: it is over.
        Unavailable: the database cannot answer.
    """
    with database_or(OTHERWISE):
        of_session = select(User, Session).join(Session, Session.user_id == User.id)
        its = of_session.where(Session.id == session_id, User.id == user_id)
        found = db.session.execute(its).one_or_none()
        if found is None or found[0].disabled or found[1].created_at < now() - LONGEST:
            raise NotSignedIn("You were signed out. Sign in again.")
        return _person(*found)


def end(session_id: str) -> None:
    """End a session. Ending it twice is no error."""
    with database_or("You could not be signed out. Try again in a moment."):
        db.session.execute(delete(Session).where(Session.id == session_id))
        db.session.commit()


def _keep_anew(user: User, password: str) -> None:
    with database_or(OTHERWISE):
        fresh = passwords.hash_password(password)
        db.session.execute(update(User).where(User.id == user.id).values(password_hash=fresh))
        db.session.commit()


def _person(user: User, session: Session) -> Person:
    return Person(user.id, user.name, Role(user.role), user.trusted, session.id)
