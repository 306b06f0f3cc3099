"""The table of settings and .env.example say what the code does."""

import pytest
from pydantic_core import PydanticUndefined

from app.settings import Settings

from ..servers import ROOT

TABLE = (ROOT / "docs" / "settings.md").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()


def shown_default(name: str) -> str:
    default = Settings.model_fields[name].default
    if default is None or default is PydanticUndefined:
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)


def row(name: str) -> str:
    default = shown_default(name)
    shown = f"`{default}`" if default else ""
    return f"| `{name.upper()}` | {shown} | {Settings.model_fields[name].description} |"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_table_has_every_setting_with_default_and_meaning(name: str) -> None:
    assert row(name) in TABLE, f"docs/settings.md should hold: {row(name)}"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_example_has_every_setting_commented_out(name: str) -> None:
    lines = EXAMPLE.splitlines()
    assert f"# {name.upper()}={shown_default(name)}" in lines
    at = lines.index(f"# {name.upper()}={shown_default(name)}")
    meaning = (Settings.model_fields[name].description or "").replace("`", "")
    assert lines[at - 1] == f"# {meaning}"


def test_neither_names_what_is_no_setting() -> None:
    known = {name.upper() for name in Settings.model_fields}
    in_table = {line.split("`")[1] for line in TABLE.splitlines() if line.startswith("| `")}
    in_example = {
        line[2:].split("=")[0]
        for line in EXAMPLE.splitlines()
        if "=" in line and line[2:3].isupper()
    }
    assert in_table == in_example == known
