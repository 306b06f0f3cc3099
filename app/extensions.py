"""Flask extensions, created unbound; create_app binds them."""

import sqlite3
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event
from sqlalchemy.orm import DeclarativeBase

from app.settings import Settings

BUSY_TIMEOUT_S = 5


class Base(DeclarativeBase):
    """The base of every table."""


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
limiter = Limiter(get_remote_address)


def init_app(app: Flask, settings: Settings) -> None:
    """Bind the extensions to an app."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.sqlalchemy_url
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


@event.listens_for(Engine, "connect")
def _make_sqlite_durable(connection: Any, _record: Any) -> None:
    """Let a commit survive a crash, and readers go on while one process writes."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}")
        connection.execute("PRAGMA foreign_keys=ON")
