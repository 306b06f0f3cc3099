"""The Dockerfile, and what .dockerignore lets into the build. `make image` builds and tries it."""

import re
import shutil
import sys
import tomllib
from pathlib import Path

import yaml

from ..programs import output, program
from ..servers import ROOT, clean_environment

DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_the_linter_finds_nothing() -> None:
    assert output(program("hadolint", "make setup"), str(ROOT / "Dockerfile")) == ""


def test_the_base_has_the_python_that_the_project_needs() -> None:
    [version] = re.findall(r"^ARG BASE=python:(\d+\.\d+)-slim", DOCKERFILE, re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"].startswith(f">={version}")


def test_the_user_is_a_number_and_not_root() -> None:
    [user] = re.findall(r"^USER (\d+):\d+$", DOCKERFILE, re.MULTILINE)
    assert int(user) >= 10_000


def test_serving_needs_no_more_than_the_image_installs() -> None:
    served = (ROOT / "requirements-serve.txt").read_text()
    assert "requirements-serve.txt" in DOCKERFILE
    assert not re.search(r"^(tensorflow|keras)", served, re.MULTILINE)


def test_compose_asks_for_health_as_the_image_does() -> None:
    [probe] = re.findall(r"^ +CMD \[(.+)\]$", DOCKERFILE, re.MULTILINE)
    app = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["app"]
    assert app["healthcheck"]["test"] == ["CMD", *re.findall(r'"([^"]+)"', probe)]


def test_only_what_is_named_goes_into_the_build() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    allowed = {rule[1:] for rule in rules if rule.startswith("!")}
    assert not allowed & {".git", ".env", "data", "var", "tests", "scripts", ".venv"}
    assert all((ROOT / name).exists() for name in allowed)


def test_the_trial_of_the_image_says_what_it_lacks() -> None:
    trial = (sys.executable, "-m", "scripts.image")
    bare = clean_environment() | {"PATH": "/nonexistent"}
    assert "apt-get install buildah" in output(*trial, cwd=ROOT, env=bare)
    output(*trial, status=1, cwd=ROOT, env=bare | {"REQUIRE_SERVICES": "1"})


def test_what_goes_into_the_build_serves_and_fetches_digits(tmp_path: Path) -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    for name in (rule[1:] for rule in rules if rule.startswith("!")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    for rule in rules[1:]:
        if not rule.startswith("!"):
            for left_out in tmp_path.glob(rule):
                shutil.rmtree(left_out) if left_out.is_dir() else left_out.unlink()
    start = "import app; print(app.__file__); app.create_app()"
    assert str(tmp_path) in output(
        sys.executable, "-c", start, cwd=tmp_path, env=clean_environment()
    )
    fetch = (sys.executable, "-m", "scripts.prepare", "mnist", "--url", "http://127.0.0.1:1")
    output(*fetch, status=1, cwd=tmp_path, env=clean_environment())
    assert not (tmp_path / "app" / "training").exists()
