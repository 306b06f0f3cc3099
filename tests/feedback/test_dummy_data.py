"""scripts.dummy_data as a person would run it, on made-up digits."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from app.feedback.tables import Source, Status
from app.ink.pictures import decode_picture
from app.settings import Settings

from ..servers import ROOT, clean_environment
from ..sheets.server import Book, SheetsServer
from .transferring import Place, make_place


def run(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.dummy_data", "--smoke", *arguments]
    own = {"INKLOOP_VAR": str(folder), "GOOGLE_CREDENTIALS": str(folder / "none.json")}
    environment = clean_environment(**(own | settings))
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.fixture
def place(make_settings: Callable[..., Settings]) -> Place:
    return make_place(make_settings)


def test_dummies_are_kept_apart_from_what_people_gave(place: Place, tmp_path: Path) -> None:
    done = run(tmp_path, "--count", "12", "--rotation", "45", "--seed", "1")
    assert done.returncode == 0, done.stderr
    assert "12 dummies are kept" in done.stdout
    assert "none.json: they stay in the database." in done.stdout
    for row in place.rows():
        assert (row.source, row.status, row.kind) == (Source.DUMMY, Status.PENDING, "digit")
        assert row.label in set("0123456789")
        assert not decode_picture(row.picture or b"").is_blank()
    assert {errand.worksheet for errand in place.errands()} == {"Digit_dummy"}
    assert len(place.rows()) == len(place.errands()) == 12
    with Image.open(tmp_path / "dummy.png") as sheet:
        assert sheet.width / sheet.height == 12 / 2
    assert "0 corrections are in" in place.told("export", str(tmp_path / "taken along"))


def test_a_run_adds_the_same_ones_again_where_the_seed_is_the_same(
    place: Place, tmp_path: Path
) -> None:
    png = tmp_path / "pictures" / "some.png"
    for _ in range(2):
        run(tmp_path, "--count", "120", "--seed", "7", "--contact-sheet", str(png))
    inks = sorted(str(row.ink_sha256) for row in place.rows())
    assert len(inks) == 240
    assert inks[::2] == inks[1::2]
    with Image.open(png) as sheet:
        assert sheet.width / sheet.height == 20 / 2


def test_the_sheet_gets_them_in_a_worksheet_of_their_own(
    place: Place, tmp_path: Path, google: SheetsServer, book: Book, credentials: Path
) -> None:
    settings = {
        "GOOGLE_CREDENTIALS": str(credentials),
        "SHEET_KEY": book.key,
        "SHEETS_BASE_URL": google.url,
    }
    done = run(tmp_path, "--count", "3", **settings)
    assert done.returncode == 0, done.stderr
    assert "The spreadsheet has everything." in done.stdout
    assert len(book.tab("Digit_dummy").rows) == 4
    assert {tab.title for tab in book.tabs} == {"Sheet1", "Digit_dummy"}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--count", "0"], "--count: it is a number from 1"),
        (["--count", "ten"], "--count: it is a number from 1"),
        (["--rotation", "-1"], "--rotation: it is a number from 0 to 180"),
        (["--rotation", "nan"], "--rotation: it is a number from 0 to 180"),
        (["--seed", "-1"], "--seed: it is a number from 0"),
        (["--contact-sheet", "README.md/dummy.png"], "README.md/dummy.png cannot be written"),
        ([], "Is the database there, and migrated?"),
    ],
)
def test_what_stops_it_is_told_in_a_line(tmp_path: Path, arguments: list[str], why: str) -> None:
    done = run(tmp_path, *arguments)
    assert done.returncode > 0
    assert why in done.stderr.splitlines()[-1]
