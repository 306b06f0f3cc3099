"""`flask sheets`: the spreadsheet, for those who run Inkloop."""

import time
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from app.errors import InkloopError, SheetBusy, SheetError
from app.extensions import current_settings
from app.feedback import outbox
from app.settings import Settings

if TYPE_CHECKING:
    from app.feedback.sheets import Sheet

sheets = AppGroup("sheets", help="The spreadsheet that corrections are mirrored to.")
PATIENCE = 5  # tries in a row that fail


@sheets.command()
def check() -> None:
    """Open the spreadsheet, and say where it is and how much waits."""
    settings = current_settings()
    if not settings.has_sheet:
        raise click.ClickException(
            f"There is no {settings.google_credentials}: corrections stay in the database. "
            "docs/sheets.md tells how to get one."
        )
    try:
        sheet, queue = _open(settings), outbox.queue()
    except InkloopError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{sheet.title}: {sheet.url}")
    click.echo(f"{queue.pending:,} to be told, {queue.dead:,} refused for good.")


@sheets.command()
def sync() -> None:
    """Tell the spreadsheet now what waits; a running server does it by itself."""
    try:
        tell_all(current_settings())
    except InkloopError as error:
        raise click.ClickException(str(error)) from None
    click.echo("The spreadsheet has everything.")


def tell_all(settings: Settings) -> None:
    """Tell the spreadsheet what waits, until nothing does.

    Raises:
        SheetBusy: a running server is telling it already.
        SheetError: it cannot be told; the log says why.
        Unavailable: the database cannot answer.
    """
    from app.feedback.writer import Pace, Writer  # noqa: PLC0415  # it may bring gspread along

    writer = Writer(lambda: _open(settings), Pace(idle=0.0))
    while left := outbox.queue().pending:
        click.echo(f"{left:,} to be told", err=True)
        wait_s = writer.step()
        if writer.failures >= PATIENCE or not writer.is_well:
            raise SheetError("The spreadsheet cannot be told; see the log above.")
        if not writer.has_lease:
            raise SheetBusy("A running server is telling it already.")
        time.sleep(wait_s)


def _open(settings: Settings) -> "Sheet":
    from app.feedback.mirror import sheet_of  # noqa: PLC0415  # gspread takes half a second

    return sheet_of(settings)
