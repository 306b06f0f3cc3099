"""The house's rules: who may import whom, and how long things are."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {"keras", "tensorflow"}
LIGHT_ROOMS = ["app.ink", "app.recognition", "app.corpora", "app.generation"]
MAY_IMPORT = {
    "ink": set(),
    "corpora": set(),
    "recognition": {"ink"},
    "generation": {"corpora", "ink"},
    "feedback": {"ink"},
    "accounts": {"feedback"},
    "training": {"recognition", "ink", "corpora", "generation"},
    "web": {"feedback", "accounts", "recognition", "generation", "ink"},
}
BASEMENT = {
    "backup", "cli", "commands", "database", "errors", "extensions", "files", "metrics", "printable", "probe", "production", "schema", "settings", "version",
}  # fmt: skip
CODE = sorted([*ROOT.glob("app/**/*.py"), *ROOT.glob("scripts/*.py"), ROOT / "gunicorn.conf.py"])


def imported(path: Path) -> set[str]:
    """Every module a file imports, in functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def rooms(path: Path) -> set[str]:
    inside = {name.split(".")[1] for name in imported(path) if name.startswith("app.")}
    return inside & set(MAY_IMPORT)


def test_every_folder_of_the_app_has_its_rule() -> None:
    folders = {path.parent.name for path in ROOT.glob("app/*/__init__.py")}
    assert folders == set(MAY_IMPORT)
    modules = {path.stem for path in ROOT.glob("app/*.py")} - {"__init__"}
    assert modules == BASEMENT


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_run_one_way(room: str) -> None:
    for path in ROOT.glob(f"app/{room}/**/*.py"):
        assert rooms(path) <= MAY_IMPORT[room] | {room}, path


def test_the_basement_knows_no_room() -> None:
    for name in BASEMENT:
        assert not rooms(ROOT / f"app/{name}.py"), name


@pytest.mark.parametrize("forbidden", ["sqlalchemy", "numpy", "gspread", "PIL"])
def test_the_web_has_no_sql_and_no_arrays(forbidden: str) -> None:
    for path in ROOT.glob("app/web/*.py"):
        assert forbidden not in {name.split(".")[0] for name in imported(path)}, path


def test_one_module_speaks_to_google() -> None:
    speakers = [
        path
        for path in CODE
        if {"gspread", "google"} & {name.split(".")[0] for name in imported(path)}
    ]
    assert speakers == [ROOT / "app" / "feedback" / "sheet" / "google.py"]


def loaded_by(statement: str) -> set[str]:
    """The top-level modules in a fresh process after a statement."""
    code = f"{statement}; import sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


@pytest.mark.parametrize("room", LIGHT_ROOMS)
def test_ink_recognition_and_corpora_need_no_web_no_database_no_keras(room: str) -> None:
    package = ROOT / room.replace(".", "/")
    modules = ", ".join(f"{room}.{path.stem}" for path in package.glob("*.py"))
    assert not loaded_by(f"import {modules}") & (HEAVY | {"flask", "sqlalchemy", "apiflask"})


def test_the_serving_process_never_loads_keras_or_tensorflow() -> None:
    assert not loaded_by("import app; app.create_app()") & (HEAVY | {"scipy", "matplotlib"})


def test_without_a_sheet_nothing_of_google_is_loaded() -> None:
    assert "gspread" not in loaded_by("import app; app.create_app()")


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.name != "create_app":
            assert (node.end_lineno or 0) - node.lineno < 50, node.name
