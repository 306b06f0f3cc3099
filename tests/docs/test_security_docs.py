"""docs/security.md names tests; they exist, and every requirement has its line."""

import re

import pytest

from ..servers import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/\S+\.py)::(\w+)`", PAGE)))
ROWS = re.findall(r"^\| SEC-(\d+)(?: to (\d+))? \|", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_test_that_is_named_exists(path: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / path).read_text()


def test_every_requirement_has_its_line() -> None:
    told = [number for first, last in ROWS for number in range(int(first), int(last or first) + 1)]
    assert told == list(range(1, 31))


def test_every_test_in_the_table_is_read() -> None:
    assert len(re.findall(r"tests/\S+\.py::", PAGE)) == len(
        re.findall(r"`(tests/\S+\.py)::(\w+)`", PAGE)
    )
