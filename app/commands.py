"""What `flask` can do for those who run Inkloop."""

from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app import backup
from app.errors import BackupError

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


def init_app(app: Flask) -> None:
    """Add the commands to `flask`."""
    app.cli.add_command(db_backup)
    app.cli.add_command(db_restore)


@click.command()
@FILE
@with_appcontext
def db_backup(file: Path) -> None:
    """Copy all that the database holds to a new FILE; the app may run meanwhile."""
    click.echo(f"{_told(backup.backup, file):,} rows are in {file}.")


@click.command()
@FILE
@with_appcontext
def db_restore(file: Path) -> None:
    """Fill an empty database from FILE, whatever kind of database it came from."""
    click.echo(f"{_told(backup.restore, file):,} rows were restored.")


def _told(work: Callable[[Path], int], file: Path) -> int:
    """Do it; what goes wrong is told in one line."""
    try:
        return work(file)
    except BackupError as error:
        raise click.ClickException(str(error)) from None
    except SQLAlchemyError as error:
        raise click.ClickException(f"The database cannot answer: {error.__cause__}") from None
