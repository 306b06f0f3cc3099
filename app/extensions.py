"""Flask extensions, created unbound; create_app binds them."""

import sqlite3
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event, make_url
from sqlalchemy.orm import DeclarativeBase

from app.settings import Settings

BUSY_TIMEOUT_S = 5
CONNECT_TIMEOUT_S = 1  # a database that is away is told within two seconds
ANSWER_TIMEOUT_S = 10
RECYCLE_S = 1_800  # before a server closes connections that rest
AS_SQL_MEANS_IT = "SET SESSION sql_mode = 'TRADITIONAL', time_zone = '+00:00'"


class Base(DeclarativeBase):
    """The base of every table. Texts differ where a bit of them does: keys and labels, a and A."""

    __table_args__ = {  # noqa: RUF012  # SQLAlchemy's own way
        "mysql_engine": "InnoDB",
        "mysql_charset": "utf8mb4",
        "mysql_collate": "utf8mb4_bin",
    }


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate()
limiter = Limiter(get_remote_address)


def init_app(app: Flask, settings: Settings) -> None:
    """Bind the extensions to an app."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.sqlalchemy_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(settings)
    app.config["RATELIMIT_ENABLED"] = settings.limits_enabled
    app.config["RATELIMIT_STORAGE_URI"] = settings.ratelimit_storage_uri
    app.config["RATELIMIT_HEADERS_ENABLED"] = True
    app.config["RATELIMIT_PREDICT"] = settings.ratelimit_predict
    app.config["RATELIMIT_FEEDBACK"] = settings.ratelimit_feedback
    db.init_app(app)
    migrate.init_app(app, db, render_as_batch=True)  # SQLite cannot alter columns
    limiter.init_app(app)


def configured_limit(name: str) -> Callable[[], str]:
    """Return what looks a limit up in the config of the app that answers."""
    return lambda: str(current_app.config[name])


def _engine_options(settings: Settings) -> dict[str, Any]:
    """Return how to keep connections to a database server; SQLite is no server."""
    if make_url(settings.sqlalchemy_url).get_backend_name() == "sqlite":
        return {}
    return {
        "pool_size": settings.web_threads,
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
