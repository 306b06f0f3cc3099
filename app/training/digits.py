"""The digit model's task and material."""

from functools import partial
from pathlib import Path

from app.ink.raster import RasterSpec
from app.training import datasets, smoke
from app.training.classifiers import UNIPEN, Material, Task
from app.training.datasets import DIGIT_LOOK_ALIKES, DIGITS
from app.training.evaluation import fit_sure_threshold
from app.training.photographs import Studio

COST = 0.005  # share of right readings that may become unsure, for the sake of what is no digit
SMOKE_SAMPLES = 100
TASK = Task(
    kind="digit",
    labels=DIGITS,
    spec=RasterSpec(),
    photographs=2.0,
    others_share=0.4,
    in_a_row_share=0.15,
    scribbles_share=0.25,
    others_log_odds=3.0,
    fit_sure=partial(fit_sure_threshold, cost=COST),
    strangers="letters",
    strangers_in_a_word=6,
    studio=Studio(pen=(0.025, 0.25)),  # canvases of 280 pixels have pens of 40
    attribution=("MNIST by Y. LeCun, C. Cortes and C. J. C. Burges, CC BY-SA 3.0", UNIPEN),
)


def load_material(data: Path, folder: Path | None = None) -> Material:
    """Load UNIPEN's characters and MNIST from a data folder; folder keeps what takes minutes.

    Raises:
        CorpusError: one of them is missing or damaged.
    """
    characters = datasets.drawn(data, "2")
    digits = {part: found.where(_is_digit) for part, found in characters.items()}
    others = {part: found.where(_is_plain) for part, found in characters.items()}
    return Material(TASK, digits, datasets.scanned_digits(data, TASK.spec), others, folder)


def smoke_material() -> Material:
    """Make up a little ink, for a whole run in seconds."""
    drawn, scanned = smoke.drawn(SMOKE_SAMPLES, 1), smoke.scanned(SMOKE_SAMPLES, 1, TASK.spec)
    return Material(smoke.eased(TASK), drawn, scanned, smoke.others(SMOKE_SAMPLES, 1))


def _is_digit(label: str) -> bool:
    return label in DIGITS


def _is_plain(label: str) -> bool:
    """Say whether nobody takes the character for a digit."""
    return label not in DIGITS and label not in DIGIT_LOOK_ALIKES
