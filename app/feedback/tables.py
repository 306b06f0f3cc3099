"""The tables of corrections, of what the sheet is still to be told, and of who may tell it."""

from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import BigInteger, Double, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, LongBinary, LongText, Moment, now


class Status(StrEnum):
    """What has become of a correction."""

    PENDING = "pending"
    APPROVED = "approved"  # it may be trained on
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Source(StrEnum):
    """Where a correction comes from."""

    PERSON = "person"
    IMPORT = "import"  # of a folder or a sheet
    DUMMY = "dummy"  # made up, to try things with: never reviewed, never trained on


class Correction(Base):
    """One correction. A withdrawn one keeps its id and key alone, so that no replay revives it.

    user_id is empty where a guest gave it; given_label where review has not changed it.
    """

    __tablename__ = "corrections"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=lambda: str(uuid4()))
    idempotency_key: Mapped[str | None] = mapped_column(String(128), unique=True)
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    user_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", name="fk_corrections_user_id"), index=True
    )
    source: Mapped[str] = mapped_column(
        String(16), default=Source.PERSON, server_default=Source.PERSON
    )
    status: Mapped[str] = mapped_column(String(16), default=Status.PENDING, index=True)
    kind: Mapped[str] = mapped_column(String(16), index=True)
    label: Mapped[str | None] = mapped_column(String(64))
    strokes: Mapped[str | None] = mapped_column(LongText)
    picture: Mapped[bytes | None] = mapped_column(LongBinary)
    ink_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    result: Mapped[str | None] = mapped_column(String(64))
    confidence: Mapped[float | None] = mapped_column(Double)
    model_version: Mapped[str | None] = mapped_column(String(16))
    given_label: Mapped[str | None] = mapped_column(String(64))
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    reviewer: Mapped[str | None] = mapped_column(String(64))


class Action(StrEnum):
    """What the sheet is to be told of a correction."""

    APPEND = "append"
    REMOVE = "remove"
    UPDATE = "update"
    SINGLE = "single"  # remove all of its rows but the first


class State(StrEnum):
    """How far an errand is."""

    WAITING = "waiting"
    SENDING = "sending"  # it may have arrived
    DONE = "done"
    DEAD = "dead"  # refused for good; error says why


class Errand(Base):
    """One thing that the sheet is to be told, stored together with what it tells of."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    correction_id: Mapped[str] = mapped_column(ForeignKey("corrections.id"), index=True)
    action: Mapped[str] = mapped_column(String(8))
    worksheet: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(8), default=State.WAITING, index=True)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    not_before: Mapped[datetime | None] = mapped_column(Moment)  # it may arrive late until then
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str | None] = mapped_column(String(255))


class Lease(Base):
    """The right to do what only one may do at a time, until it ends."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(36))
    until: Mapped[datetime] = mapped_column(Moment)


class SheetState(Base):
    """How the sheet was when the writer looked last; one row.

    trouble is what somebody must mend, or empty; since is when that began, or ended.
    """

    __tablename__ = "sheet_state"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    title: Mapped[str | None] = mapped_column(String(255))
    url: Mapped[str | None] = mapped_column(String(255))
    trouble: Mapped[str | None] = mapped_column(String(1000))
    since: Mapped[datetime] = mapped_column(Moment, default=now)
    looked_at: Mapped[datetime | None] = mapped_column(Moment)
    missing: Mapped[int] = mapped_column(default=0)
    doubled: Mapped[int] = mapped_column(default=0)
    edited: Mapped[int] = mapped_column(default=0)
    unknown: Mapped[int] = mapped_column(default=0)
