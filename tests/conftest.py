"""What tests share: settings handed over, never read from the environment."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from app import create_app
from app.extensions import db
from app.settings import Settings

from .databases import MariaDB, new_database
from .servers import Server

SECRET = "tests-only-0123456789-abcdefghijklmnop"


@pytest.fixture(scope="session")
def mysql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A MySQL server: the one that MYSQL_TEST_URL names, or a MariaDB of our own."""
    given = os.environ.get("MYSQL_TEST_URL")
    if given:
        yield given
        return
    server = MariaDB(tmp_path_factory.mktemp("mariadb")).install().start().allow()
    yield server.url
    server.stop()


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database; BOTH_DATABASES runs a test on MariaDB too."""
    if request.param == "sqlite":
        return ""
    return new_database(request.getfixturevalue("mysql_url"), "inkloop_test")


@pytest.fixture
def make_settings(tmp_path: Path, database_url: str) -> Callable[..., Settings]:
    """Settings of a folder of their own; keywords change some."""

    def make(**changes: Any) -> Settings:
        own = {"inkloop_var": tmp_path, "inkloop_models": tmp_path / "models", "secret_key": SECRET}
        return Settings(_env_file=None, **(own | {"database_url": database_url} | changes))

    return make


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with all tables: to be copied, for migrating takes a second."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(Settings(_env_file=None, inkloop_var=folder, secret_key=SECRET))
    with app.app_context():
        upgrade("migrations")
        db.engine.dispose()  # what SQLite wrote beside the file goes into it
    return folder / "inkloop.db"


@pytest.fixture
def app(
    make_settings: Callable[..., Settings], migrated: Path, tmp_path: Path, database_url: str
) -> Iterator[APIFlask]:
    """The app with a migrated database."""
    if not database_url:
        shutil.copy(migrated, tmp_path / "inkloop.db")
    app = create_app(make_settings())
    with app.app_context():
        if database_url:
            upgrade("migrations")
        yield app


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app behind gunicorn, migrated and ready."""
    server = Server(tmp_path_factory.mktemp("live")).migrate().start()
    yield server
    server.stop()
