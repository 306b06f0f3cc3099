"""Which version is the champion: changed atomically, only with proof, and written down."""

import fcntl
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.errors import ModelError
from app.files import write_through, write_whole
from app.recognition.card import Kind, ModelCard
from app.recognition.registry import CURRENT_FILE, Registry
from app.recognition.trial import expect_to_work

HISTORY_FILE = "HISTORY"  # one line of JSON for every change

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Change:
    """One change of champion. before is empty where there was none."""

    version: str
    before: str
    at: str  # UTC, ISO 8601
    by: str
    why: str
    is_forced: bool = False
    is_rollback: bool = False


def promote(
    registry: Registry, kind: Kind, version: str, by: str, *, force: bool = False
) -> Change:
    """Make a version the champion.

    Raises:
        ModelError: it cannot be trusted, or the gate did not pass it and it is not forced.
    """
    with _alone(registry.folders[0] / kind):
        card = _expect(registry, kind, version)
        verdict = str((card.verdict or {}).get("sentence", "The gate never saw it."))
        if not (card.has_passed or force):
            wanted = f"{kind} {version} does not go live without proof"
            raise ModelError(f"{wanted}: {verdict} --force does it anyway.")
        return _point_to(registry, kind, version, by, verdict, is_forced=not card.has_passed)


def rollback(registry: Registry, kind: Kind, by: str) -> Change:
    """Make the version before the champion the champion again.

    Raises:
        ModelError: there was none, or it cannot be trusted any more.
    """
    with _alone(registry.folders[0] / kind):
        current = registry.champion(kind)
        promotions = [one for one in history(registry, kind) if not one.is_rollback]
        before = next((p.before for p in reversed(promotions) if p.version == current), "")
        if not before:
            raise ModelError(f"{kind} {current} took no other version's place here.")
        _expect(registry, kind, before)
        why = f"{current} is taken back."
        return _point_to(registry, kind, before, by, why, is_rollback=True)


def history(registry: Registry, kind: Kind) -> list[Change]:
    """Return every change of a kind's champion, the first one first."""
    try:
        lines = (registry.folders[0] / kind / HISTORY_FILE).read_text().splitlines()
    except OSError:
        return []
    return [Change(**json.loads(line)) for line in lines if line.endswith("}")]


def _expect(registry: Registry, kind: Kind, version: str) -> ModelCard:
    model = registry.load(kind, version)
    expect_to_work(model, registry.folders[0])
    return model.card


def _point_to(
    registry: Registry,
    kind: Kind,
    version: str,
    by: str,
    why: str,
    *,
    is_forced: bool = False,
    is_rollback: bool = False,
) -> Change:
    before = next(iter(registry.champions(kind)), "")
    at = datetime.now(UTC).isoformat(timespec="seconds")
    change = Change(version, before, at, by, why, is_forced, is_rollback)
    folder = registry.folders[0] / kind
    write_through(folder / HISTORY_FILE, (json.dumps(asdict(change)) + "\n").encode(), "ab")
    write_whole(folder / CURRENT_FILE, f"{version}\n".encode())
    _log.info("%s %s becomes champion in place of %s, by %s: %s", kind, version, before, by, why)
    return change


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time change a kind's champion."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
