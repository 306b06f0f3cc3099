"""`flask feedback export` and `import`: into a folder, and in from a folder or a spreadsheet."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext
from tqdm import tqdm

from app.errors import FeedbackError, InkError, InkloopError
from app.extensions import current_settings
from app.feedback.transfer import exporting, importing
from app.feedback.transfer.folder import Folder

if TYPE_CHECKING:
    from app.feedback.transfer.workbook import Workbook

KEY_IN_URL = re.compile(r"https://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/([\w-]+)", re.ASCII)
KEY = re.compile(r"[\w-]{30,}", re.ASCII)  # they have 44 characters


@dataclass
class Tally:
    """What has become of what was found."""

    imported: int = 0
    known: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        """Return it as a line for people."""
        return (
            f"{self.imported:,} imported, {self.known:,} there already, {self.skipped:,} skipped."
        )


@click.command("export")
@with_appcontext
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
def export_folder(folder: Path) -> None:
    """Write all corrections into DIR, a new or an empty folder.

    Each is a picture {time}-{label}.png; corrections.jsonl has the rest. Neither withdrawn
    corrections nor dummies are among them.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise click.ClickException(f"{folder} is not empty. Name a new folder.")
        names = exporting.export(folder)
        written = sum(1 for _ in tqdm(names, "exporting", exporting.count(), unit=""))
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}.") from None
    except InkloopError as error:
        raise click.ClickException(str(error)) from None
    told = "1 correction is" if written == 1 else f"{written:,} corrections are"
    click.echo(f"{told} in {folder}.")


@click.command("import")
@with_appcontext
@click.argument("source")
def import_source(source: str) -> None:
    """Bring in labelled pictures from SOURCE: a folder, or a spreadsheet's key, URL or title.

    Whatever is here already is left as it is, so that this can be repeated.
    """
    finds, tally = _opened(source), Tally()
    try:
        _bring_in(finds, tally)
    except (InkloopError, OSError) as error:
        raise click.ClickException(f"{error} So far: {tally} Run it again to go on.") from None
    click.echo(str(tally))
    if not tally.imported + tally.known:
        raise click.ClickException(
            f"Nothing in {source} can be used. It takes pictures {{time}}-{{label}}.png, or "
            "worksheets with the columns Data and User_Corrected_Label."
        )


def _bring_in(finds: "Folder | Workbook", tally: Tally) -> None:
    kind_for = current_app.extensions["inkloop.reader"].kind_for
    for find in tqdm(finds, "importing", unit=""):
        try:
            is_new = importing.keep(find, kind_for)
        except (InkError, FeedbackError) as error:
            tally.skipped += 1
            tqdm.write(f"skipped {_shown(find.where)}: {error}", file=sys.stderr)
        else:
            tally.imported += is_new
            tally.known += not is_new


def _opened(source: str) -> "Folder | Workbook":
    """Return what is to be imported; a folder goes before a spreadsheet of that title."""
    path = Path(source)
    try:
        return Folder(path) if path.is_dir() else _workbook(source)
    except InkloopError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{source} cannot be read: {error.strerror}.") from None


def _workbook(source: str) -> "Workbook":
    from app.feedback.sheet.google import open_sheet  # noqa: PLC0415  # gspread takes half a second
    from app.feedback.transfer.workbook import Workbook  # noqa: PLC0415

    settings = current_settings()
    if not settings.has_sheet or Path(source).exists() or set(source) & set('"\\'):
        raise click.ClickException(
            f"{source} is no folder, and no spreadsheet can be opened by that name"
            + ("." if settings.has_sheet else f" without {settings.google_credentials}.")
        )
    found = KEY_IN_URL.match(source)
    key = found[1] if found else source if KEY.fullmatch(source) else ""
    where = {"key": key} if key else {"title": source}
    base_url = settings.sheets_base_url
    return Workbook(open_sheet(settings.google_credentials, **where, base_url=base_url))


def _shown(where: str) -> str:
    """Return a name that a terminal can take."""
    return where if where.isprintable() else ascii(where)
