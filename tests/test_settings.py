import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings, kept_secret

from .servers import ROOT, clean_environment

GOOD = "x7Pq-93kd_fLw2Vb8Rz5Tn1Yc6Hm4Gs0Jt"


def test_development_needs_nothing(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings(secret_key="")
    assert not settings.production
    assert not settings.limits_enabled
    assert settings.sqlalchemy_url.startswith("sqlite:////")


def test_production_with_a_good_secret_is_strict(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings(app_env="production", secret_key=GOOD)
    assert settings.limits_enabled
    assert settings.cookies_secure


MYSQL = "mysql+pymysql://{}@127.0.0.1/inkloop"
UNSAFE = [
    ({"secret_key": ""}, "SECRET_KEY"),
    ({"secret_key": "short"}, "SECRET_KEY"),
    ({"secret_key": "dev"}, "SECRET_KEY"),
    ({"secret_key": "a" * 64}, "SECRET_KEY"),
    ({"secret_key": "change-me-change-me-change-me-change-me"}, "SECRET_KEY"),
    ({"secret_key": "my-super-secret-key-for-this-flask-app"}, "SECRET_KEY"),
    ({"secret_key": "my-sup3r-s3cr3t-k3y-for-this-flask-4pp"}, "SECRET_KEY"),
    ({"secret_key": "abcdefghijklmnopqrstuvwxyz0123456789"}, "SECRET_KEY"),
    ({"secret_key": "x7Pq-93kx7Pq-93kx7Pq-93kx7Pq-93kx7Pq"}, "SECRET_KEY"),
    ({"secret_key_before": "short"}, "SECRET_KEY_BEFORE"),
    ({"debug": True}, "DEBUG"),
    ({"session_cookie_secure": False}, "SESSION_COOKIE_SECURE"),
    ({"ratelimit_enabled": False}, "RATELIMIT_ENABLED"),
    ({"ratelimit_login": "lots"}, "ratelimit_login"),
    ({"metrics_allow": "0.0.0.0/0"}, "METRICS_ALLOW"),
    ({"metrics_allow": "10.0.0.0/8,::/0"}, "METRICS_ALLOW"),
    ({"log_level": "DEBUG"}, "LOG_LEVEL"),
    ({"database_url": MYSQL.format("inkloop")}, "DATABASE_URL"),
    ({"database_url": MYSQL.format("inkloop:inkloop")}, "DATABASE_URL"),
    ({"database_url": MYSQL.format("app:development")}, "DATABASE_URL"),
    ({"database_url": MYSQL.format("app:p4ssword1")}, "DATABASE_URL"),
    ({"database_url": MYSQL.format("root:x7Pq-93kd_fLw2Vb8")}, "DATABASE_URL"),
    ({"database_url": "mysql+pymysql://u:p@host:port/name"}, "database_url"),
    ({"database_url": "postgresql://u:p@host/name"}, "database_url"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "reason"), UNSAFE, ids=str)
def test_unsafe_production_is_refused(
    make_settings: Callable[..., Settings], changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        make_settings(**({"app_env": "production", "secret_key": GOOD} | changes))


def test_a_folder_that_everybody_may_write_is_refused(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(ValidationError, match="chmod o-w"):
        make_settings(app_env="production", secret_key=GOOD)


def test_a_key_that_everybody_may_read_is_refused(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    key = tmp_path / "token.json"
    key.write_text("{}")
    production = {"app_env": "production", "secret_key": GOOD, "google_credentials": key}
    key.chmod(0o644)
    with pytest.raises(ValidationError, match="chmod 400"):
        make_settings(**production)
    key.chmod(0o400)
    assert make_settings(**production).has_sheet


@pytest.mark.parametrize(
    "url", ["https://evil.example", "http://127.0.0.1.evil.example", "http://10.0.0.1"]
)
def test_another_host_never_stands_in_for_google(
    make_settings: Callable[..., Settings], url: str
) -> None:
    with pytest.raises(ValidationError, match="for tests"):
        make_settings(sheets_base_url=url)


@pytest.mark.parametrize(
    "command",
    [["gunicorn"], ["flask", "--app", "app:create_app", "db", "upgrade"]],
    ids=["serving", "migrating"],
)
@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"APP_ENV": "production"}, "SECRET_KEY"),
        ({"APP_ENV": "production", "SECRET_KEY": GOOD, "DEBUG": "1"}, "DEBUG"),
        ({"APP_ENV": "production", "SECRET_KEY": GOOD, "FLASK_DEBUG": "1"}, "DEBUG"),
        ({"APP_ENV": "staging"}, "APP_ENV"),
        ({"PORT": "http"}, "PORT"),
        ({"METRICS_ALLOW": "everyone"}, "METRICS_ALLOW"),
        ({"RATELIMIT_LOGIN": "lots"}, "RATELIMIT_LOGIN"),
        ({"DATABASE_URL": "mysql+pymysql://u:p@host:port/name"}, "DATABASE_URL"),
    ],
)
def test_a_bad_start_is_refused_with_one_clear_line(
    tmp_path: Path, environment: dict[str, str], reason: str, command: list[str]
) -> None:
    run = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=clean_environment(INKLOOP_VAR=str(tmp_path), **environment),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode != 0
    lines = run.stderr.strip().splitlines()
    assert len(lines) == 1, run.stderr
    assert reason in lines[0]


def test_a_secret_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "new")
    assert kept_secret(tmp_path / "new") == first
    assert len(first) >= 32
    assert os.stat(tmp_path / "new" / "secret_key").st_mode & 0o777 == 0o600


def test_processes_that_start_together_get_one_secret(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from app.settings import kept_secret; "
    code += "print(kept_secret(Path(sys.argv[1])))"
    command = [sys.executable, "-c", code, str(tmp_path)]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    secrets = {process.communicate()[0] for process in started}
    assert len(secrets) == 1


def test_secrets_are_not_shown(make_settings: Callable[..., Settings]) -> None:
    assert GOOD not in repr(make_settings(secret_key=GOOD))
