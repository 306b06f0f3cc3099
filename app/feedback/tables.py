"""The table of corrections."""

from datetime import UTC, datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import DateTime, Float, LargeBinary, String, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base

LongText = Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")  # strokes overflow TEXT
LongBinary = LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")


class Status(StrEnum):
    """What has become of a correction."""

    PENDING = "pending"
    WITHDRAWN = "withdrawn"


class Correction(Base):
    """One correction. A withdrawn one keeps its id and key alone, so that no replay revives it."""

    __tablename__ = "corrections"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=lambda: str(uuid4()))
    idempotency_key: Mapped[str | None] = mapped_column(String(128), unique=True)
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), default=lambda: datetime.now(UTC), index=True
    )
    status: Mapped[str] = mapped_column(String(16), default=Status.PENDING, index=True)
    kind: Mapped[str] = mapped_column(String(16), index=True)
    label: Mapped[str | None] = mapped_column(String(64))
    strokes: Mapped[str | None] = mapped_column(LongText)
    picture: Mapped[bytes | None] = mapped_column(LongBinary)
    ink_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    result: Mapped[str | None] = mapped_column(String(64))
    confidence: Mapped[float | None] = mapped_column(Float)
    model_version: Mapped[str | None] = mapped_column(String(16))
