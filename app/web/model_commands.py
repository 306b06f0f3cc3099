"""`flask models`: which versions there are, which one serves, and how that is changed."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli import BY, told_in_a_line
from app.errors import ModelError
from app.recognition import promotion
from app.recognition.card import CARD_FILE, KINDS, Kind, ModelCard, parse_card
from app.recognition.registry import Registry
from app.recognition.store import Store

KIND = click.argument("kind", type=click.Choice(KINDS))
VERSION = click.argument("version")
KINDS_OF = click.option("--kind", "kinds", type=click.Choice(KINDS), multiple=True, default=KINDS)
URL = click.argument("url")
FORCE = click.option("--force", is_flag=True, help="Even without proof; this is written down.")

models = AppGroup("models", help="Model versions: look at them, choose which one serves.")


@models.command("list")
@KINDS_OF
def list_versions(kinds: tuple[Kind, ...]) -> None:
    """List all versions, the champions marked, with what the gate said of them."""
    for kind in kinds:
        current = next(iter(_registry().champions(kind)), "")
        for version in _registry().versions(kind):
            role = "champion" if version == current else ""
            click.echo("\t".join([kind, version, role, _told_of(kind, version)]))


@models.command()
@KIND
@VERSION
def show(kind: Kind, version: str) -> None:
    """Show what a version's card says, and when it served."""
    with told_in_a_line():
        model = _registry().load(kind, version)
        for name in ("parent", "created", "command", "commit", "labels", "temperature"):
            value = getattr(model.card, name)
            click.echo(f"{name}: {''.join(value) if name == 'labels' else value}")
        for name, found in model.card.metrics.items():
            rates = found.get("rates", {})
            share = found.get("accuracy", rates.get("exact"))
            click.echo(f"{name}: {share:.2%} of {found.get('samples', rates.get('samples')):,}")
        click.echo(f"verdict: {_verdict(model.card)}")
        for change in promotion.history(_registry(), kind):
            if version in (change.version, change.before):
                turn = f"{change.before or 'none'} → {change.version}"
                click.echo(f"{change.at}: {turn}, by {change.by}: {change.why}")


@models.command()
@KIND
@VERSION
@FORCE
@BY
def promote(kind: Kind, version: str, force: bool, by: str) -> None:
    """Let a version that the gate passed serve; all workers have it within seconds."""
    with told_in_a_line():
        change = promotion.promote(_registry(), kind, version, by, force=force)
    click.echo(f"{kind} {change.version} serves now, in place of {change.before or 'none'}.")


@models.command()
@KIND
@BY
def rollback(kind: Kind, by: str) -> None:
    """Let the version before the champion serve again."""
    with told_in_a_line():
        change = promotion.rollback(_registry(), kind, by)
    click.echo(f"{kind} {change.version} serves again, in place of {change.before}.")


@models.command()
@URL
@KINDS_OF
def push(url: str, kinds: tuple[Kind, ...]) -> None:
    """Share the champions through a store: a folder, s3://… or gcs://…."""
    with told_in_a_line():
        store = Store(url)
        for kind in kinds:
            click.echo(f"{url} has {kind} {store.push(_registry(), kind)} as champion.")


@models.command()
@URL
@KINDS_OF
@FORCE
@BY
def pull(url: str, kinds: tuple[Kind, ...], force: bool, by: str) -> None:
    """Serve the champions of a store."""
    with told_in_a_line():
        store = Store(url)
        for kind in kinds:
            change = store.pull(_registry(), kind, by, force=force)
            version = change.version if change else _registry().champion(kind)
            click.echo(f"{kind} {version} serves {'now' if change else 'already'}.")


def _registry() -> Registry:
    found: Registry = current_app.extensions["inkloop.registry"]
    return found


def _told_of(kind: Kind, version: str) -> str:
    try:
        content = (_registry().folder_of(kind, version) / CARD_FILE).read_bytes()
        return _verdict(parse_card(content))
    except (ModelError, OSError) as error:
        return f"damaged: {error}"


def _verdict(card: ModelCard) -> str:
    if card.verdict is None:
        return "never judged"
    return str(card.verdict.get("sentence", ""))
