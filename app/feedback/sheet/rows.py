"""A correction as a row of the sheet."""

import base64
import hashlib
import json

from app.feedback.tables import Correction, Source

COLUMNS = (
    "ID",
    "Data",
    "Predicted_Label",
    "Confidence_Score",
    "User_Corrected_Label",
    "Timestamp",
    "Kind",
    "Model_Version",
    "Status",
    "Row_SHA256",
)


TOLD = [at for at, name in enumerate(COLUMNS) if name not in ("Data", "Row_SHA256")]
DUMMIES = "Digit_dummy"
WORKSHEETS = ("Digit", "Character", "Word", DUMMIES)


def worksheet_of(label: str, source: str = Source.PERSON) -> str:
    """Return the worksheet of a label: one digit, one character, or more; or that of dummies."""
    if source == Source.DUMMY:
        return DUMMIES
    if len(label) > 1:
        return "Word"
    return "Digit" if label in "0123456789" else "Character"


def row_of(correction: Correction) -> list[str]:
    """Return a correction's cells, in the order of COLUMNS; the last seals those before it."""
    picture = base64.b64encode(correction.picture or b"").decode()
    told = told_of(correction)
    cells = [told[0], f"data:image/png;base64,{picture}", *told[1:]]
    return [*cells, seal(cells)]


def told_of(correction: Correction) -> list[str]:
    """Return a correction's cells but its picture and seal: those of TOLD."""
    confidence = "" if correction.confidence is None else f"{correction.confidence:.4f}"
    return [
        correction.id,
        correction.result or "",
        confidence,
        correction.label or "",
        correction.created_at.isoformat(timespec="milliseconds"),
        correction.kind,
        correction.model_version or "",
        correction.status,
    ]


def seal(cells: list[str]) -> str:
    """Return the sha256 of cells: a row that was edited by hand has another."""
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()
