"""`flask feedback`: what people gave, for those who review it, and for those who carry it."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli import BY, told_in_a_line
from app.errors import InkError
from app.feedback import review
from app.feedback.tables import Correction, Status
from app.feedback.transfer.commands import export_folder, import_source
from app.printable import clean_label

SHORT = 8  # characters of an id: enough to tell some thousands apart
IDS = click.argument("ids", nargs=-1, required=True)
STATUSES = click.Choice([s.value for s in Status if s != Status.WITHDRAWN] + ["all"])

feedback = AppGroup("feedback", help="Corrections: review them, carry them out and in.")
feedback.add_command(export_folder)
feedback.add_command(import_source)


@feedback.command("list")
@click.option("--status", type=STATUSES, default=Status.PENDING.value, show_default=True)
@click.option("--kind", help="Of one kind only.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
def list_corrections(status: str, kind: str | None, limit: int) -> None:
    """List corrections, those first whose reading was the least certain."""
    with told_in_a_line():
        wanted = None if status == "all" else Status(status)
        for found in review.listed(wanted, kind, limit):
            click.echo("\t".join([found.id[:SHORT], found.kind, _read_as(found), found.status]))


@feedback.command()
@click.argument("id")
@click.option("--picture", type=click.Path(path_type=Path, dir_okay=False), help="Write it there.")
def show(id: str, picture: Path | None) -> None:  # noqa: A002  # what people call it
    """Show all that is known of a correction; an id may be cut short."""
    with told_in_a_line():
        found = review.one(id)
        for name in ("id", "kind", "label", "given_label", "result", "confidence", "model_version",
                     "status", "reviewer", "reviewed_at", "source", "created_at"):  # fmt: skip
            if (value := getattr(found, name)) is not None:
                click.echo(f"{name}: {value}")
        if picture:
            picture.write_bytes(found.picture or b"")
            click.echo(f"picture: {picture}")


@feedback.command()
@IDS
@BY
def approve(ids: tuple[str, ...], by: str) -> None:
    """Let corrections be trained on."""
    with told_in_a_line():
        review.approve(ids, by)
    click.echo(f"{len(ids):,} approved.")


@feedback.command()
@IDS
@BY
def reject(ids: tuple[str, ...], by: str) -> None:
    """Keep corrections from being trained on."""
    with told_in_a_line():
        review.reject(ids, by)
    click.echo(f"{len(ids):,} rejected.")


@feedback.command()
@click.argument("id")
@click.argument("label")
@BY
def relabel(id: str, label: str, by: str) -> None:  # noqa: A002
    """Put a label right, and approve it."""
    with told_in_a_line():
        try:
            label = clean_label(label)
        except ValueError as error:
            raise InkError(f"{error}.".capitalize()) from None
        review.relabel(id, label, _kind_for(label, review.one(id).kind), by)
    click.echo(f"It says {label} now, and is approved.")


@feedback.command()
def words() -> None:
    """Print the words of approved corrections and how often each was kept, for LEXICON."""
    with told_in_a_line():
        for word, count in sorted(review.words().items(), key=lambda one: (-one[1], one[0])):
            click.echo(f"{word} {count}")


def _kind_for(label: str, before: str) -> str:
    """Return the kind of a correction with another label: the one before, if it can read it."""
    kind_for = current_app.extensions["inkloop.reader"].kind_for
    try:
        return str(kind_for(label, before))
    except InkError:
        return str(kind_for(label))


def _read_as(found: Correction) -> str:
    if found.result is None:
        return f"{found.label} (not read)"
    certainty = "" if found.confidence is None else f", {found.confidence:.0%}"
    return f"{found.label} (read as {found.result or 'nothing'}{certainty})"
