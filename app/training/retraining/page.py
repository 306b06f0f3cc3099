"""A retraining as one page of HTML that needs nothing beside it."""

import base64
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader
from PIL import Image

from app.ink.raster import Array
from app.training.retraining import charts
from app.training.retraining.proof import Compared, Proof
from app.training.retraining.run import Retrained

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
SHOWN = 60  # images that changed sides, to each side


@dataclass(frozen=True)
class Shown:
    """An image that one of the two reads rightly and the other does not."""

    image: str  # a data URL
    text: str
    champion: str
    challenger: str


def write_report(retrained: Retrained, path: Path) -> None:
    """Write the report of a retraining.

    Raises:
        OSError: it cannot be written.
    """
    pages = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    page = pages.get_template("retraining.html").render(
        retrained=retrained,
        proof=retrained.proof,
        is_line=retrained.card.decoder == "ctc",
        lost=list(_changed(retrained.proof.sets, lost=True)),
        gained=list(_changed(retrained.proof.sets, lost=False)),
        curves=charts.learning_curves(retrained.card.curve),
        confusions=_confusions(retrained),
        calibration=_calibration(retrained.proof),
    )
    path.write_text(page)


def _changed(sets: Iterable[Compared], *, lost: bool) -> Iterator[Shown]:
    left = SHOWN
    for one in sets:
        before, after = one.champion.right(one.ink), one.challenger.right(one.ink)
        for at in np.flatnonzero(before & ~after if lost else after & ~before)[:left]:
            left -= 1
            texts = one.ink.texts[at], one.champion.texts[at], one.challenger.texts[at]
            yield Shown(_data_url(one.ink.views[at].frame), *texts)


def _confusions(retrained: Retrained) -> str:
    """Return the confusion matrices of both; of lines there are none."""
    if retrained.card.decoder == "ctc":
        return ""
    sets = retrained.proof.sets
    truth = [text for one in sets for text in one.ink.texts]
    readings = {
        "champion": [text for one in sets for text in one.champion.texts],
        "challenger": [text for one in sets for text in one.challenger.texts],
    }
    return charts.confusions(retrained.card.labels, truth, readings)


def _calibration(proof: Proof) -> str:
    found = {}
    for who in charts.WHO:
        read = [(getattr(one, who), one.ink) for one in proof.sets]
        certain = np.concatenate([readings.confidences for readings, _ in read])
        found[who] = certain, np.concatenate([readings.right(ink) for readings, ink in read])
    return charts.calibration(found)


def _data_url(frame: Array) -> str:
    file = io.BytesIO()
    Image.fromarray(np.round(255 * (1 - frame[..., 0])).astype(np.uint8)).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
