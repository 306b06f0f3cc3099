"""Alembic's environment: migrate the database that the app is set to use."""

from alembic import context
from flask import current_app

import app.accounts.tables
import app.feedback.tables  # noqa: F401  # a table is known once its module is imported
from app.extensions import db


def run() -> None:
    """Migrate over a connection of the app's engine."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
