"""`flask sheets`: the spreadsheet, for those who run Inkloop."""

import csv
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup
from tqdm import tqdm

from app.cli import told_in_a_line
from app.database import now
from app.errors import SheetBusy, SheetError
from app.extensions import current_settings
from app.feedback.drawings import as_text
from app.feedback.sheet import outbox
from app.feedback.sheet.rows import COLUMNS, WORKSHEETS
from app.settings import Settings

if TYPE_CHECKING:
    from app.feedback.sheet.google import Sheet
    from app.feedback.sheet.reading import Page

sheets = AppGroup("sheets", help="The spreadsheet that corrections are mirrored to.")


@sheets.command()
def check() -> None:
    """Open the spreadsheet, and say where it is, how much waits and what was refused."""
    with told_in_a_line():
        sheet, queue = _open(current_settings()), outbox.queue()
        click.echo(f"{sheet.title}: {sheet.url}")
        click.echo(f"{queue.pending:,} to be told, {queue.dead:,} refused for good.")
        for errand in outbox.dead_letters():
            click.echo(f"refused: {errand.correction_id}: {errand.error}")


@sheets.command()
@click.option("--refused", is_flag=True, help="What Google refused, too: once more.")
def sync(refused: bool) -> None:
    """Tell the spreadsheet now what waits; a running server does it by itself."""
    with told_in_a_line():
        if refused:
            click.echo(f"{outbox.revive():,} refused ones are tried again.", err=True)
        tell_all(current_settings())
    click.echo("The spreadsheet has everything.")


@sheets.command()
def reconcile() -> None:
    """Compare the whole spreadsheet with the database, say how they differ, and mend it.

    What is missing is told again, second copies and what was withdrawn are taken out. What was
    edited by hand, or is not from here, is named and left alone. A running server does the work.
    """
    from app.feedback.sheet.comparing import compare_all  # noqa: PLC0415  # it brings gspread along

    mended = 0
    with told_in_a_line():
        sheet = _open(current_settings())
        for worksheet in WORKSHEETS:
            before = now()
            found = compare_all(worksheet, _pages(sheet, worksheet), before)
            for line in found.lines():
                click.echo(line)
            mended += found.mend()
        click.echo(f"{mended:,} rows to mend.")
        try:
            tell_all(current_settings())
        except SheetBusy:
            click.echo("The running server mends them.")


@sheets.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(file: Path) -> None:
    """Write all rows of the spreadsheet to FILE, a CSV file, as they stand there."""
    with told_in_a_line(), file.open("x", encoding="utf-8", newline="") as written:
        rows = csv.writer(written)
        rows.writerow(("Worksheet", *COLUMNS))
        sheet = _open(current_settings())
        for worksheet in WORKSHEETS:
            for _, found in _pages(sheet, worksheet):
                rows.writerows([worksheet, *map(as_text, row)] for row in found)
    click.echo(f"The spreadsheet's rows are in {file}.")


def tell_all(settings: Settings) -> None:
    """Tell the spreadsheet what waits, until nothing does.

    Raises:
        SheetBusy: a running server is telling it already.
        SheetError: it cannot be told; the log says why.
        Unavailable: the database cannot answer.
    """
    from app.feedback.sheet.mirror import haste  # noqa: PLC0415  # it brings gspread along
    from app.feedback.sheet.writer import Pace, Writer  # noqa: PLC0415

    writer = Writer(lambda: _open(settings), Pace(idle=0.0).hastened(haste(settings)))
    try:
        while left := outbox.queue().pending:
            click.echo(f"{left:,} to be told", err=True)
            wait_s = writer.step()
            if writer.troubles:
                raise SheetError("The spreadsheet cannot be told; see the log above.")
            if not writer.has_lease:
                raise SheetBusy("A running server is telling it already.")
            time.sleep(wait_s)
    finally:
        outbox.release_lease(writer.name)


def _open(settings: Settings) -> "Sheet":
    """Open the spreadsheet.

    Raises:
        SheetError: it cannot be used, or not now; or there are no credentials.
    """
    from app.feedback.sheet.mirror import sheet_of  # noqa: PLC0415  # gspread takes half a second

    if not settings.has_sheet:
        raise SheetError(
            f"There is no {settings.google_credentials}: corrections stay in the database. "
            "docs/sheets.md tells how to get one."
        )
    return sheet_of(settings)


def _pages(sheet: "Sheet", worksheet: str) -> "Iterator[Page]":
    from app.feedback.sheet.reading import pages, patiently  # noqa: PLC0415  # it brings gspread along

    last = len(patiently(lambda: sheet.column(worksheet))) + 1
    with tqdm(desc=worksheet, total=last - 1, unit=" rows") as bar:
        for first, rows in pages(sheet, worksheet, until=last):
            bar.update(len(rows))
            yield first, rows
