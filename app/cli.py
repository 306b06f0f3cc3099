"""What the commands of `flask` share."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from app.errors import InkloopError


@contextmanager
def told_in_a_line() -> Iterator[None]:
    """Let what goes wrong be told in one line, and end the command."""
    try:
        yield
    except InkloopError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}.") from None
