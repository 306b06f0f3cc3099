"""Make accounts, find them, change them, delete them."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.accounts import passwords
from app.accounts.tables import Role, Session, User
from app.errors import AccountError, NameTaken, NotFound, Unavailable
from app.extensions import database_or, db
from app.feedback import service as feedback
from app.printable import is_printable

LONGEST_NAME = 64  # code points
ROUNDS = 5  # of a race
NOT_DELETED = "Nothing was deleted. Try again in a moment."
OTHERWISE = "Accounts cannot be read or changed just now. Try again in a moment."


@dataclass(frozen=True)
class Changes:
    """What an administrator may change of an account; None leaves it."""

    role: Role | None = None
    trusted: bool | None = None
    disabled: bool | None = None


def create(name: str, password: str, role: Role = Role.USER) -> User:
    """Make an account.

    Raises:
        AccountError: the name or the password cannot be taken; NameTaken where somebody has it.
        Unavailable: the database cannot answer.
    """
    name = _clean(name)
    passwords.refuse_weak(password, name)
    user = User(
        name=name, name_key=fold(name), password_hash=passwords.hash_password(password), role=role
    )
    with database_or(OTHERWISE):
        db.session.add(user)
        try:
            db.session.commit()
        except IntegrityError:
            raise NameTaken("Somebody has this name already. Take another one.") from None
        return user


def fold(name: str) -> str:
    """Return a name as names are compared."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def by_name(name: str) -> User | None:
    """Return the account of that name."""
    with database_or(OTHERWISE):
        return db.session.scalars(select(User).filter_by(name_key=fold(name))).one_or_none()


def everybody() -> Sequence[User]:
    """Return all accounts, by name."""
    with database_or(OTHERWISE):
        return db.session.scalars(select(User).order_by(User.name_key)).all()


def change(user_id: str, changes: Changes) -> User:
    """Change what an account may do, at once; who is disabled is signed out everywhere.

    Raises:
        NotFound: there is no such account.
        Unavailable: the database cannot answer; nothing was changed.
    """
    with database_or(OTHERWISE):
        user = _found(user_id)
        for field, value in vars(changes).items():
            if value is not None:
                setattr(user, field, value)
        if user.disabled:
            _end_sessions(user.id)
        db.session.commit()
        return user


def set_password(user_id: str, password: str) -> User:
    """Give an account another password, end all its sessions, and return it.

    Raises:
        AccountError: the password cannot be taken.
        NotFound: there is no such account.
        Unavailable: the database cannot answer; nothing was changed.
    """
    with database_or(OTHERWISE):
        user = _found(user_id)
        passwords.refuse_weak(password, user.name)
        user.password_hash = passwords.hash_password(password)
        _end_sessions(user.id)
        db.session.commit()
        return user


def delete_account(user_id: str) -> int:
    """Delete an account, its sessions and the content of all its drawings; return how many.

    Raises:
        Unavailable: the database cannot answer; nothing was changed.
    """
    for _ in range(ROUNDS):
        with database_or(NOT_DELETED):
            try:
                return _delete_account(user_id)
            except IntegrityError:  # a drawing came in meanwhile
                db.session.rollback()
    raise Unavailable(NOT_DELETED)


def _delete_account(user_id: str) -> int:
    drawings = feedback.empty_all_of(user_id, forget_whose=True)
    _end_sessions(user_id)
    db.session.execute(delete(User).where(User.id == user_id))
    db.session.commit()
    return drawings


def _found(user_id: str) -> User:
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound("There is no such account.")
    return user


def _end_sessions(user_id: str) -> None:
    db.session.execute(delete(Session).where(Session.user_id == user_id))


def _clean(name: str) -> str:
    if len(name) > 4 * LONGEST_NAME:  # sorting many accents takes seconds
        raise AccountError(f"A name has 1 to {LONGEST_NAME} characters.")
    name = unicodedata.normalize("NFC", name).strip()
    if not 1 <= len(name) <= LONGEST_NAME or len(fold(name)) > 2 * LONGEST_NAME:
        raise AccountError(f"A name has 1 to {LONGEST_NAME} characters.")
    if not is_printable(name):
        raise AccountError("A name has printable characters only.")
    return name
