"""The table of corrections."""

from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import Double, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, LongBinary, LongText, Moment, now


class Status(StrEnum):
    """What has become of a correction."""

    PENDING = "pending"
    WITHDRAWN = "withdrawn"


class Correction(Base):
    """One correction. A withdrawn one keeps its id and key alone, so that no replay revives it.

    user_id is empty where a guest gave it.
    """

    __tablename__ = "corrections"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=lambda: str(uuid4()))
    idempotency_key: Mapped[str | None] = mapped_column(String(128), unique=True)
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    user_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", name="fk_corrections_user_id"), index=True
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
