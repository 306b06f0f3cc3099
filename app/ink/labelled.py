"""Ink with what somebody says it means: what is handed from feedback to training."""

from dataclasses import dataclass

from app.ink.raster import Ink


@dataclass(frozen=True)
class LabelledInk:
    """One correction, of the kind it was kept as.

    person is the id of who gave it, where that is known; it is reviewed where somebody else looked
    at it.
    """

    id: str
    ink: Ink
    label: str
    kind: str
    person: str | None = None
    is_reviewed: bool = False


@dataclass(frozen=True)
class Unusable:
    """A row that is no correction, and why."""

    id: str
    why: str
