"""Is the database there, and has it the tables that this version of the code needs?"""

from dataclasses import dataclass
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from app import metrics
from app.extensions import db

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


@dataclass
class SchemaWatch:
    """Remembers that the schema was seen current once.

    A later loss of the database is no more than a field of /ready and a metric: reading ink
    needs no database.
    """

    seen_current: bool = False
    answers: bool = False

    def look(self) -> None:
        """Ask the database for its revision."""
        try:
            with db.engine.connect() as connection:
                heads = MigrationContext.configure(connection).get_current_heads()
        except SQLAlchemyError:
            self.answers = False
        else:
            self.answers = True
            self.seen_current = self.seen_current or set(heads) == _needed()
        metrics.database_up.set(self.answers)


def _needed() -> set[str]:
    return set(ScriptDirectory(str(MIGRATIONS)).get_heads())
