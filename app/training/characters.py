"""The character model's task and material: all that ASCII prints, drawn on its own."""

from functools import partial
from pathlib import Path

from app.ink.raster import RasterSpec
from app.ink.trajectory import TrajectorySpec
from app.training import datasets, smoke
from app.training.classifiers import Material, Task
from app.training.datasets import CHARACTERS
from app.training.evaluation import fit_sure_precision

PRECISION = 0.95  # of readings that are sure
SHORTEST_WORD = 3  # characters; who writes "II" may mean a quotation mark
SMOKE_SAMPLES = 2 * len(CHARACTERS)
TASK = Task(
    kind="character",
    labels=CHARACTERS,
    spec=RasterSpec(size=36, box=28.0, pen=2.8),
    trajectory=TrajectorySpec(step=1.5, points=80),
    photographs=0.25,
    others_share=0.12,
    in_a_row_share=0.5,
    scribbles_share=0.08,
    others_log_odds=2.0,
    fit_sure=partial(fit_sure_precision, precision=PRECISION),
    strangers="words",
    strangers_in_a_word=1,
)


def load_material(data: Path, folder: Path | None = None) -> Material:
    """Load UNIPEN's characters and words from a data folder; folder keeps what takes minutes.

    Raises:
        CorpusError: one of them is missing or damaged.
    """
    words = datasets.drawn(data, "7")
    others = {part: found.where(_is_long) for part, found in words.items()}
    return Material(TASK, datasets.drawn(data, "2"), {}, others, folder)


def smoke_material() -> Material:
    """Make up a little ink, for a whole run in seconds."""
    return Material(
        smoke.eased(TASK),
        smoke.characters(SMOKE_SAMPLES, 1),
        {},
        smoke.words(SMOKE_SAMPLES // 3, 1),
    )


def _is_long(label: str) -> bool:
    return len(label) >= SHORTEST_WORD
