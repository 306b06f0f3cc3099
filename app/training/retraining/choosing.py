"""Which corrections train a challenger, and which are kept out to judge it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rapidfuzz.distance import Levenshtein
from tqdm import tqdm

from app.ink.labelled import LabelledInk, Unusable
from app.ink.raster import RasterSpec, rasterise
from app.recognition.card import Kind, ModelCard
from app.recognition.lookalikes import group_of
from app.recognition.recognizer import Recognizer

HASH_SIDE = 16  # a perceptual hash has 16 × 16 bits
NEAR = (
    0.08  # of two hashes' bits: what near-duplicates do not share; of MNIST's digits 6 % have one
)
KEPT_OUT = 5  # one correction of so many judges, and never trains
SURELY_NOT = 0.01  # a label of less confidence, where another text is sure, is somebody's mistake
UNLIKE = 0.6  # the same of words: edits for each character
LOOK = RasterSpec(size=32, box=32.0)
TO_REVIEW = "It is to be reviewed: the champion is sure of another text."


@dataclass(frozen=True)
class Rules:
    """What is asked of corrections."""

    at_least: int = 30  # corrections, or nothing is trained
    is_filtered: bool = True  # without near-duplicates and outliers


@dataclass(frozen=True)
class Chosen:
    """What trains, what judges, and what was left out: ids with the reason, by reason."""

    train: list[LabelledInk]
    kept_out: list[LabelledInk]
    left_out: dict[str, list[str]] = field(default_factory=dict)
    outliers: list[str] = field(default_factory=list)  # ids, to be looked at by people

    def with_left_out(self, others: Mapping[str, list[str]]) -> "Chosen":
        """Return the same, with more that was left out."""
        return replace(self, left_out=self.left_out | dict(others))


def of_kind(
    rows: Iterable[LabelledInk | Unusable], kind: Kind, cards: Mapping[str, ModelCard]
) -> tuple[list[LabelledInk], dict[str, list[str]]]:
    """Return the corrections that a kind learns from, and what cannot be used, by reason.

    A label that its own kind cannot read goes to the first kind that can.
    """
    found: list[LabelledInk] = []
    left_out: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if isinstance(row, Unusable):
            left_out[row.why].append(row.id)
            continue
        able = [name for name in (row.kind, *cards) if name in cards]
        home = next((name for name in able if cards[name].can_read(row.label)), None)
        if home is None:
            left_out["No kind can read the label."].append(row.id)
        elif row.ink.is_blank():
            left_out["There is no ink in it."].append(row.id)
        elif home == kind:
            found.append(row)
    return found, dict(left_out)


def choose(rows: Sequence[LabelledInk], champion: Recognizer, rules: Rules) -> Chosen:
    """Choose what trains and what judges; which of the two never changes for a correction.

    Shows its progress.
    """
    left_out: dict[str, list[str]] = defaultdict(list)
    outliers: list[str] = []
    usable = list(rows)
    if rules.is_filtered:
        hashes = {row.id: perceptual_hash(_seen(row)) for row in usable}
        copies = _copies(usable, hashes)
        usable = [row for row in usable if row.id not in copies]
        doubtful = _contradictions(usable, hashes)
        doubtful |= {
            row.id for row in tqdm(usable, "corrections", unit="") if is_outlier(row, champion)
        }
        outliers = [row.id for row in usable if row.id in doubtful and not row.is_reviewed]
        usable = [row for row in usable if row.id not in set(outliers)]
        left_out |= {"It is nearly the same as another.": sorted(copies), TO_REVIEW: outliers}
    train = [row for row in usable if not is_kept_out(row.id)]
    kept_out = [row for row in usable if is_kept_out(row.id)]
    return Chosen(train, kept_out, {why: ids for why, ids in left_out.items() if ids}, outliers)


def is_kept_out(correction_id: str) -> bool:
    """Say whether a correction judges: always the same ones, so that no champion has seen them."""
    return int(hashlib.sha256(correction_id.encode()).hexdigest(), 16) % KEPT_OUT == 0


def perceptual_hash(ink: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return the difference hash of an ink's picture (height, width): alike for what looks alike.

    N. Krawetz, "Kind of like that", 2013, with 16 bits a side.
    """
    grey = Image.fromarray(np.round(255 * ink).astype(np.uint8))
    small = np.asarray(grey.resize((HASH_SIDE + 1, HASH_SIDE), Image.Resampling.BILINEAR), np.int16)
    bits: NDArray[np.bool_] = (small[:, 1:] > small[:, :-1]).ravel()
    return bits


def is_outlier(row: LabelledInk, champion: Recognizer) -> bool:
    """Say whether the champion is sure of another text, and hardly thinks of the label."""
    decoded = champion.read(champion.view(row.ink))
    if not decoded.candidates or decoded.candidates[0].confidence < champion.card.sure_above:
        return False
    if champion.card.decoder == "ctc":
        return Levenshtein.normalized_distance(decoded.text, row.label) > UNLIKE
    return next(c.confidence for c in decoded.candidates if c.text == row.label) < SURELY_NOT


def _seen(row: LabelledInk) -> NDArray[np.float32]:
    """Return the ink that fills its picture, however it was drawn."""
    frame: NDArray[np.float32] = rasterise(row.ink, LOOK)[..., 0]
    return frame


def _copies(rows: Sequence[LabelledInk], hashes: Mapping[str, NDArray[np.bool_]]) -> set[str]:
    """Return the ids of what nearly is another of its label; the reviewed ones stay."""
    of_label: dict[str, list[LabelledInk]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: not row.is_reviewed):
        of_label[row.label].append(row)
    copies: set[str] = set()
    for alike in of_label.values():
        bits = np.stack([hashes[row.id] for row in alike]).astype(np.float32)
        shared, counts = bits @ bits.T, bits.sum(axis=1)
        distance = 1 - shared / np.maximum(counts[:, None] + counts - shared, 1)  # Jaccard's
        for i, row in enumerate(alike):
            kept = [j for j in range(i) if alike[j].id not in copies]
            if kept and distance[i, kept].min() <= NEAR:
                copies.add(row.id)
    return copies


def _contradictions(
    rows: Sequence[LabelledInk], hashes: Mapping[str, NDArray[np.bool_]]
) -> set[str]:
    """Return the ids of those that look the same and have labels that do not."""
    of_look: dict[bytes, list[LabelledInk]] = defaultdict(list)
    for row in rows:
        of_look[hashes[row.id].tobytes()].append(row)
    alike = (found for found in of_look.values() if len({group_of(r.label) for r in found}) > 1)
    return {row.id for found in alike for row in found}
