"""Apps with databases of their own, and what `flask feedback` does to them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask_migrate import upgrade
from sqlalchemy import select

from app import create_app
from app.extensions import db
from app.feedback.tables import Correction, Errand
from app.settings import Settings


@dataclass
class Place:
    """An app that nobody serves. No context of it stays open: each command has its own."""

    app: APIFlask

    def told(self, *command: str, status: int = 0) -> str:
        """What a command prints, errors and progress included."""
        result = self.app.test_cli_runner().invoke(args=["feedback", *command])
        assert result.exit_code == status, result.output
        return result.output

    def brought(self, source: Path | str, status: int = 0) -> str:
        return self.told("import", str(source), status=status)

    def rows(self) -> list[Correction]:
        with self.app.app_context():
            oldest_first = select(Correction).order_by(Correction.created_at, Correction.id)
            return list(db.session.scalars(oldest_first))

    def errands(self) -> list[Errand]:
        with self.app.app_context():
            return list(db.session.scalars(select(Errand)))


def make_place(make_settings: Callable[..., Settings], **changes: Any) -> Place:
    settings = make_settings(**changes)
    settings.inkloop_var.mkdir(exist_ok=True)
    app = create_app(settings)
    with app.app_context():
        upgrade("migrations")
    return Place(app)


def content(correction: Correction) -> tuple[object, ...]:
    """All that is carried along."""
    names = ("id", "created_at", "kind", "label", "picture", "ink_sha256", "result", "confidence", "model_version")  # fmt: skip
    return tuple(getattr(correction, name) for name in names)
