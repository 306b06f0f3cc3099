"""Flask extensions, created unbound; create_app binds them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.database import Base, engine_options
from app.errors import Unavailable
from app.settings import Settings

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate()
limiter = Limiter(get_remote_address)


def init_app(app: Flask, settings: Settings) -> None:
    """Bind the extensions to an app."""
    url = settings.sqlalchemy_url
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url, settings.web_threads)
    app.config["RATELIMIT_ENABLED"] = settings.limits_enabled
    app.config["RATELIMIT_STORAGE_URI"] = settings.ratelimit_storage_uri
    app.config["RATELIMIT_HEADERS_ENABLED"] = True
    app.config["RATELIMIT_PREDICT"] = settings.ratelimit_predict
    app.config["RATELIMIT_FEEDBACK"] = settings.ratelimit_feedback
    app.config["RATELIMIT_LOGIN"] = settings.ratelimit_login
    db.init_app(app)
    migrate.init_app(app, db, render_as_batch=True)  # SQLite cannot alter columns
    limiter.init_app(app)


def configured_limit(name: str) -> Callable[[], str]:
    """Return what looks a limit up in the config of the app that answers."""
    return lambda: str(current_app.config[name])


def current_settings() -> Settings:
    """Return the settings of the app that answers."""
    found: Settings = current_app.extensions["inkloop.settings"]
    return found


@contextmanager
def database_or(otherwise: str) -> Iterator[None]:
    """Do work on the database; where it is away, or lacks its tables, nothing was changed.

    No transaction is left behind: its end would fail later, when the answer is already made. Rows
    that were read keep what was read of them, and are never read again behind one's back.

    Raises:
        Unavailable: it is; otherwise says what did not happen and what to do.
    """
    try:
        yield
    except (OperationalError, ProgrammingError, InterfaceError, PoolTimeout) as error:
        raise Unavailable(otherwise) from error
    finally:
        db.session.expunge_all()
        try:
            db.session.rollback()
        except SQLAlchemyError:  # the connection is gone
            db.session().invalidate()
