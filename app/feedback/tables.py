"""The table of corrections."""

from datetime import UTC, datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import DateTime, Dialect, Double, LargeBinary, String, Text, TypeDecorator
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base

LongText = Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")  # strokes overflow TEXT
LongBinary = LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")


class Moment(TypeDecorator[datetime]):
    """A point in time, kept in UTC to the microsecond; no database here keeps a time zone."""

    impl = DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """Return what values are in Python."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what is stored."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what was stored."""
        return value.replace(tzinfo=UTC) if value else None


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
        Moment, default=lambda: datetime.now(UTC), index=True
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
