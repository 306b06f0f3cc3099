"""How well a reader finds out by itself what an ink is: a digit, another character, a word."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from tqdm import tqdm

from app.ink.pictures import Picture
from app.ink.raster import Ink, RasterSpec, rasterise
from app.ink.strokes import Strokes
from app.recognition.card import Kind
from app.recognition.lookalikes import group_of
from app.recognition.reader import Reader, Reading
from app.training import datasets
from app.training.datasets import DIGITS, Drawn
from app.training.scribbles import unseen_scribbles
from app.training.words import Material

SAMPLES = 1_500  # of a kind and part
SCRIBBLES = 500  # of a sort
SCRIBBLER = 11  # seed
PAPER = RasterSpec(
    size=72, box=64.0, pen=4.0, step=1.0, widest=1_024
)  # of what is shown as a picture


@dataclass(frozen=True)
class KindFigures:
    """What is said of inks whose kind nobody told; of scribbles no kind is right."""

    samples: int
    right_kind: float  # a shape that two kinds have is right as either
    right_text: float
    sure_share: float
    empty_share: float


def evaluate_kinds(
    reader: Reader, material: Material, parts: Sequence[str], samples: int = SAMPLES
) -> dict[str, KindFigures]:
    """Return figures of every kind and part, as strokes and as pictures, and of scribbles.

    They are of so many samples each, at most.
    """
    found = {}
    for part in parts:
        characters = material.characters[part]
        sets: dict[Kind, Drawn] = {
            "digit": characters.where(lambda label: label in DIGITS),
            "character": characters.where(lambda label: label not in DIGITS),
            "word": material.words[part].where(lambda label: len(label) > 1),
        }
        for kind, drawn in sets.items():
            some = datasets.some(drawn, samples)
            for form, show in (("strokes", _as_it_is), ("pictures", _as_picture)):
                name = f"UNIPEN {part}, {kind}s, {form}"
                readings = _read(reader, [show(ink) for ink in some.inks], name)
                found[name] = _figures(readings, some.labels, kind)
    words = datasets.some(material.words[parts[0]], SCRIBBLES).inks
    for name, inks in unseen_scribbles(min(SCRIBBLES, len(words)), SCRIBBLER, words).items():
        readings = _read(reader, inks, name)
        found[name] = _figures(readings, [""] * len(inks), None)
    return found


def is_right_kind(reading: Reading, label: str, kind: Kind) -> bool:
    """Say whether an ink was taken for its kind, or for another that has its very shape."""
    if reading.kind == kind:
        return True
    shapes = group_of(label) if len(label) == 1 else ""
    is_both = any(c in DIGITS for c in shapes) and any(c not in DIGITS for c in shapes)
    return is_both and reading.kind != "word"


def _as_it_is(ink: Strokes) -> Ink:
    return ink


def _as_picture(ink: Strokes) -> Ink:
    return Picture(rasterise(ink, PAPER)[..., 0])


def _read(reader: Reader, inks: Sequence[Ink], name: str) -> list[Reading]:
    return list(map(partial(reader.read, kind=None), tqdm(inks, desc=name, unit="")))


def _figures(readings: list[Reading], labels: Sequence[str], kind: Kind | None) -> KindFigures:
    pairs = list(zip(readings, labels, strict=True))
    kinds = [kind is not None and is_right_kind(one, label, kind) for one, label in pairs]
    return KindFigures(
        samples=len(pairs),
        right_kind=float(np.mean(kinds)),
        right_text=float(np.mean([one.text == label for one, label in pairs])),
        sure_share=float(np.mean([one.sure for one in readings])),
        empty_share=float(np.mean([not one.text for one in readings])),
    )
