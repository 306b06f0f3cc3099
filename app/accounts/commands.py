"""`flask users`: accounts, for those who run Inkloop."""

import secrets
import sys
from collections.abc import Callable
from typing import TypeVar

import click
from flask import current_app
from flask.cli import AppGroup

from app.accounts import people
from app.accounts.people import Changes
from app.accounts.tables import Role, User
from app.errors import InkloopError, NameTaken
from app.settings import Settings

Result = TypeVar("Result")
ROLES = click.Choice([role.value for role in Role if role != Role.GUEST])
NAME = click.argument("name")
DEMO = {"admin": Role.ADMIN, "bob": Role.REVIEWER, "sophie": Role.USER}
STDIN = click.option(
    "--stdin", is_flag=True, help="Read the password from standard input; else one is made up."
)

users = AppGroup("users", help="Accounts: make, list, change.")


@users.command()
@NAME
@click.option("--role", type=ROLES, default=Role.USER.value, show_default=True)
@STDIN
def create(name: str, role: str, *, stdin: bool) -> None:
    """Make an account, and print its password once if it was made up."""
    password = _password(stdin=stdin)
    user = _told(lambda: people.create(name, password, Role(role)))
    click.echo(f"{user.name} is there, as {user.role}.")
    _show(password, stdin=stdin)


@users.command("list")
def list_users() -> None:
    """List all accounts."""
    for user in _told(people.everybody):
        marks = [word for word in ("trusted", "disabled") if getattr(user, word)]
        click.echo("\t".join([user.name, user.role, f"{user.created_at:%Y-%m-%d}", *marks]))


@users.command()
@NAME
@STDIN
def set_password(name: str, *, stdin: bool) -> None:
    """Give an account another password, and end its sessions."""
    password = _password(stdin=stdin)
    user = _found(name)
    _told(lambda: people.set_password(user.id, password))
    click.echo(f"{user.name} has another password, and is signed out everywhere.")
    _show(password, stdin=stdin)


@users.command()
@NAME
@click.argument("role", type=ROLES)
def set_role(name: str, role: str) -> None:
    """Say what an account may do."""
    user = _change(name, Changes(role=Role(role)))
    click.echo(f"{user.name} is {user.role} now.")


@users.command()
@NAME
@click.option("--no-longer", is_flag=True, help="Take the trust back.")
def trust(name: str, *, no_longer: bool) -> None:
    """Let an account's corrections count without review."""
    user = _change(name, Changes(trusted=not no_longer))
    click.echo(f"{user.name} is {'no longer ' if no_longer else ''}trusted.")


@users.command()
@NAME
@click.option("--no-longer", is_flag=True, help="Let it in again.")
def disable(name: str, *, no_longer: bool) -> None:
    """Keep an account from signing in, and sign it out everywhere."""
    user = _change(name, Changes(disabled=not no_longer))
    click.echo(f"{user.name} {'may sign in again' if no_longer else 'is disabled'}.")


@users.command()
def demo() -> None:
    """Make accounts to try things with, in development only: admin, bob, sophie."""
    settings: Settings = current_app.extensions["inkloop.settings"]
    if settings.production:
        raise click.ClickException("Demo accounts are for development; use: flask users create")
    for name, role in DEMO.items():
        password = _made_up()
        try:
            people.create(name, password, role)
        except NameTaken:
            click.echo(f"{name} is there already.")
        except InkloopError as error:
            raise click.ClickException(str(error)) from None
        else:
            click.echo(f"{name} is there, as {role}. Password: {password}")


def _password(*, stdin: bool) -> str:
    return sys.stdin.readline().rstrip("\r\n") if stdin else _made_up()


def _made_up() -> str:
    return secrets.token_urlsafe(15)


def _show(password: str, *, stdin: bool) -> None:
    if not stdin:
        click.echo(f"Password: {password}")
        click.echo("It is shown this once.", err=True)


def _found(name: str) -> User:
    user = _told(lambda: people.by_name(name))
    if user is None:
        raise click.ClickException(f"Nobody is called {name}. `flask users list` names all.")
    return user


def _change(name: str, changes: Changes) -> User:
    user = _found(name)
    return _told(lambda: people.change(user.id, changes))


def _told(work: Callable[[], Result]) -> Result:
    """Do it; what goes wrong is told in one line."""
    try:
        return work()
    except InkloopError as error:
        raise click.ClickException(str(error)) from None
