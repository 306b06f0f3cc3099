"""docker-compose.yml and its overlay for production, judged by the specification and by Compose."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import make_url

from app.settings import Settings

from ..programs import output, program
from ..servers import ROOT, clean_environment

BASE = ROOT / "docker-compose.yml"
PRODUCTION = ROOT / "compose.production.yml"
SECRET = "tests-only-0123456789-abcdefghijklmnop"


def composed(*files: Path, status: int = 0, **environment: str) -> str:
    """What Compose makes of the files with these variables; all of .env.example is a comment."""
    compose = program("docker-compose", "apt-get install docker-compose")
    named = [part for file in files for part in ("--file", str(file))]
    command = [
        compose,
        "--env-file",
        str(ROOT / ".env.example"),
        *named,
        "--profile=monitoring",
        "--profile=mysql",
        "config",
    ]
    return output(*command, status=status, env=clean_environment(**environment))


def services(*files: Path, **environment: str) -> dict[str, Any]:
    """The services that Compose would start."""
    return dict(yaml.safe_load(composed(*files, **environment))["services"])


def settings_of(service: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Inkloop's settings, as the service's environment gives them."""
    for name, value in service["environment"].items():
        monkeypatch.setenv(name, str(value))
    return Settings(_env_file=None)


@pytest.mark.parametrize("file", [BASE, PRODUCTION], ids=lambda file: str(file.name))
def test_the_files_keep_to_the_compose_specification(file: Path) -> None:
    judge = program("check-jsonschema", "make setup")
    output(judge, "--builtin-schema", "vendor.compose-spec", str(file))


def test_a_clean_clone_starts_in_development(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(services(BASE)["app"], monkeypatch)
    assert settings.app_env == "development"
    assert settings.metrics_port == 8000


def test_monitoring_and_mysql_are_asked_for() -> None:
    assert set(services(BASE)) == {"app", "prometheus", "mysql"}
    written = yaml.safe_load(BASE.read_text())["services"]
    assert "profiles" not in written["app"]
    assert written["prometheus"]["profiles"] == ["monitoring"]
    assert written["mysql"]["profiles"] == ["mysql"]


def test_the_url_that_the_file_names_is_that_of_its_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [named] = re.findall(r"# (mysql\S+) for", BASE.read_text())
    found = services(BASE, DATABASE_URL=named)
    url, given = (
        make_url(settings_of(found["app"], monkeypatch).sqlalchemy_url),
        found["mysql"]["environment"],
    )
    assert url.host in found
    assert url.database == given["MARIADB_DATABASE"]
    assert (url.username, url.password) == (given["MARIADB_USER"], given["MARIADB_PASSWORD"])


@pytest.mark.parametrize("files", [[BASE], [BASE, PRODUCTION]], ids=["development", "production"])
def test_no_service_can_do_more_than_it_needs(files: list[Path]) -> None:
    for name, service in services(*files, SECRET_KEY=SECRET).items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert bool(service.get("ports")) is (name != "mysql")  # the app alone talks to it
        assert all("127.0.0.1" in str(port) for port in service.get("ports", [])), name


def test_production_does_not_start_without_its_secret() -> None:
    assert "SECRET_KEY" in composed(BASE, PRODUCTION, status=1)


def test_production_is_accepted_by_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    service = services(BASE, PRODUCTION, SECRET_KEY=SECRET)["app"]
    settings = settings_of(service, monkeypatch)
    assert settings.production
    assert settings.limits_enabled
    assert settings.trusted_proxies == 1
    assert service["restart"] == "unless-stopped"
    assert service["deploy"]["resources"]["limits"]


def test_prometheus_scrapes_the_port_that_the_app_opens() -> None:
    app = services(BASE)["app"]
    [job] = yaml.safe_load((ROOT / "prometheus.yml").read_text())["scrape_configs"]
    port = app["environment"]["METRICS_PORT"]
    assert job["static_configs"] == [{"targets": [f"app:{port}"]}]
    assert f":{port}" not in str(app["ports"])
