"""What every table is made of, on SQLite and on MySQL alike."""

import sqlite3
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, LargeBinary, Text, TypeDecorator, event, make_url
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import DeclarativeBase

BUSY_TIMEOUT_S = 5
CONNECT_TIMEOUT_S = 1  # a database that is away is told within two seconds
ANSWER_TIMEOUT_S = 10
RECYCLE_S = 1_800  # before a server closes connections that rest
AS_SQL_MEANS_IT = "SET SESSION sql_mode = 'TRADITIONAL', time_zone = '+00:00'"

LongText = Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")  # strokes overflow TEXT
LongBinary = LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")


class Base(DeclarativeBase):
    """The base of every table. Texts differ where a bit of them does: keys and labels, a and A."""

    __table_args__ = {  # noqa: RUF012  # SQLAlchemy's own way
        "mysql_engine": "InnoDB",
        "mysql_charset": "utf8mb4",
        "mysql_collate": "utf8mb4_bin",
    }


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


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def engine_options(url: str, connections: int) -> dict[str, Any]:
    """Return how to keep connections to a database server; SQLite is no server."""
    if make_url(url).get_backend_name() == "sqlite":
        return {}
    return {
        "pool_size": connections,
        "pool_timeout": CONNECT_TIMEOUT_S,
        "pool_recycle": RECYCLE_S,
        "pool_pre_ping": True,  # a connection that was lost is made anew
        "connect_args": {
            "charset": "utf8mb4",
            "connect_timeout": CONNECT_TIMEOUT_S,
            "read_timeout": ANSWER_TIMEOUT_S,
            "write_timeout": ANSWER_TIMEOUT_S,
            "init_command": AS_SQL_MEANS_IT,
        },
    }


@event.listens_for(Engine, "connect")
def _make_sqlite_durable(connection: Any, _record: Any) -> None:
    """Let a commit survive a crash, and readers go on while one process writes."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}")
        connection.execute("PRAGMA foreign_keys=ON")
