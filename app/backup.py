"""Copies of all that the database holds, the same file for every kind of database.

A file is gzipped JSON lines: a head with the revision of the tables, the rows of every table, and a
foot with their number, without which a copy is not whole.
"""

import base64
import gzip
import json
import os
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, func, insert, select

from app.errors import BackupError
from app.extensions import db
from app.version import VERSION

AT_ONCE = 200  # rows

Line = dict[str, Any]


def backup(path: Path) -> int:
    """Write a copy of one moment to a new file; return how many rows it has.

    Raises:
        BackupError: the file exists already, or cannot be written.
    """
    if path.exists():
        raise BackupError(f"{path} exists already; name a new file.")
    partial = path.with_name(f"{path.name}.partial")
    rows = 0
    try:
        with db.engine.connect() as connection, gzip.open(partial, "wt", encoding="utf-8") as file:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")  # else every table is read at its own moment
            _write(file, {"inkloop": VERSION, "revision": _revision(connection)})
            for table in db.metadata.sorted_tables:
                for row in connection.execute(select(table)).yield_per(AT_ONCE):
                    _write(file, {"table": table.name, "row": _plain(row._mapping)})
                    rows += 1
            _write(file, {"rows": rows})
        os.replace(partial, path)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)
    return rows


def restore(path: Path) -> int:
    """Fill an empty database, migrated to the copy's revision; return how many rows there are.

    All rows are there afterwards, or none.

    Raises:
        BackupError: the file is no whole copy, or the database not one to fill.
    """
    rows = 0
    with db.engine.begin() as connection:
        lines = _lines(path)
        _check_target(connection, next(lines))
        while some := list(islice(lines, AT_ONCE)):
            for name, found in _by_table(some).items():
                connection.execute(insert(db.metadata.tables[name]), found)
                rows += len(found)
    return rows


def _check_target(connection: Connection, head: Line) -> None:
    if head["revision"] != _revision(connection):
        raise BackupError(
            f"The copy is of revision {head['revision']}, the database of {_revision(connection)}. "
            f"Run: flask db upgrade {head['revision']}"
        )
    for table in db.metadata.sorted_tables:
        if connection.scalar(select(func.count()).select_from(table)):
            raise BackupError(f"The table {table.name} has rows. Restore into an empty database.")


def _lines(path: Path) -> Iterator[Line]:
    """Yield the head and then every row of a file that is whole.

    Raises:
        BackupError: it is not.
    """
    rows = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            head = json.loads(file.readline())
            yield {"revision": head["revision"]}
            for line in map(json.loads, file):
                if "rows" in line:
                    if line["rows"] == rows and not file.read(1):
                        return
                    break
                rows += 1
                yield {"table": line["table"], "row": line["row"]}
    except FileNotFoundError as error:
        raise BackupError(f"There is no {path}.") from error
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{path} is no copy that Inkloop made, or damaged.") from error
    raise BackupError(f"{path} is not whole: it ends after {rows} rows.")


def _by_table(lines: list[Line]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        try:
            table = db.metadata.tables[line["table"]]
            found.setdefault(table.name, []).append(_typed(table, line["row"]))
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise BackupError(
                f"The copy has a row that no table here can hold: {error}."
            ) from error
    return found


def _plain(row: Any) -> dict[str, Any]:
    """Return a row as JSON can hold it."""
    return {name: _plain_value(value) for name, value in row.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as its table means it."""
    return {name: _typed_value(table.columns[name].type, value) for name, value in row.items()}


def _typed_value(column: Any, value: Any) -> Any:
    if value is None:
        return None
    wanted = column.python_type
    if wanted is bytes:
        return base64.b64decode(value)
    return datetime.fromisoformat(value) if wanted is datetime else value


def _revision(connection: Connection) -> str:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        raise BackupError("The database has no tables yet. Run: flask db upgrade")
    return revision


def _write(file: Any, line: Line) -> None:
    file.write(json.dumps(line, separators=(",", ":")) + "\n")
