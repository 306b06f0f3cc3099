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
from app.corpora import mnist
from app.extensions import db
from app.settings import Settings

from . import scans
from .databases import MariaDB, new_database
from .servers import Server

LONGEST = "training"  # the folder of tests that begins
SECRET = "tests-only-0123456789-abcdefghijklmnop"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what trains: it takes longest, and one process would end with it alone."""
    items.sort(key=lambda item: LONGEST not in item.path.parts)


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
        own |= {"inkloop_data": tmp_path / "data", "database_url": database_url}
        return Settings(_env_file=None, **(own | changes))

    return make


@pytest.fixture
def scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with digits of our own in MNIST's place."""
    monkeypatch.setattr(mnist, "SHA256", scans.hashes())
    scans.write(tmp_path / "data")
    return tmp_path / "data"


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
    folder = tmp_path_factory.mktemp("live")
    scans.write(folder / "data")
    settings = {"INKLOOP_DATA": str(folder / "data")}
    server = Server(folder, settings, program="tests.scans").migrate().start()
    yield server
    server.stop()
