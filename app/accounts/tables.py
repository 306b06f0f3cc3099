"""The tables of users, of their sessions, and of tries to sign in."""

from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment, now


class Role(StrEnum):
    """What somebody may do; each may all that those before it may."""

    GUEST = "guest"  # who has no account, or has not signed in
    USER = "user"
    REVIEWER = "reviewer"
    ADMIN = "admin"

    def reaches(self, needed: "Role") -> bool:
        """Say whether this role may what another may."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


class User(Base):
    """A person with an account. name_key is the name as it is compared: case and width folded."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=lambda: str(uuid4()))
    name: Mapped[str] = mapped_column(String(64))
    name_key: Mapped[str] = mapped_column(String(128), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[Role] = mapped_column(String(16), default=Role.USER)
    trusted: Mapped[bool] = mapped_column(default=False)
    disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Session(Base):
    """One signing in, and the only refresh token that it will still take.

    A session that ended has no row, so that every worker refuses its tokens at once.
    """

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=lambda: str(uuid4()))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    refresh_jti: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    used_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Tries(Base):
    """Tries to sign in, in a row, that failed or are not decided yet. key is a sha256."""

    __tablename__ = "tries"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Moment, index=True)
    next_at: Mapped[datetime] = mapped_column(Moment)
