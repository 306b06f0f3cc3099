"""What the commands of `flask` share."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from app.errors import InkloopError


def whoever() -> str:
    """Return the login name; a container's user has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


BY = click.option("--by", default=whoever, show_default="who you are", help="Who decides this.")


@contextmanager
def told_in_a_line() -> Iterator[None]:
    """Let what goes wrong be told in one line, and end the command."""
    try:
        yield
    except InkloopError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}.") from None
