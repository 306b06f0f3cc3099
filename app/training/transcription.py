"""Figures of lines that were read, measured on the very path that serves."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import jiwer
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from app.recognition.card import ModelCard
from app.recognition.decoding import decode_best_path
from app.recognition.recognizer import Recognizer
from app.training.evaluation import calibration_error, golden_section

WORST = 12  # confusions that are told


@dataclass(frozen=True)
class Transcripts:
    """The logits (steps, outputs) that a model gave for each line, and the texts that are right."""

    logits: list[NDArray[np.float32]]
    texts: list[str]
    labels: Sequence[str]

    @classmethod
    def joined(cls, several: Iterable[Self]) -> Self:
        """Return all of several as one."""
        found = list(several)
        logits = [one for some in found for one in some.logits]
        return cls(logits, [text for some in found for text in some.texts], found[0].labels)

    def where(self, keep: Iterable[bool]) -> "Transcripts":
        """Return the lines that are to be kept."""
        chosen = [i for i, is_kept in enumerate(keep) if is_kept]
        return Transcripts(
            [self.logits[i] for i in chosen], [self.texts[i] for i in chosen], self.labels
        )

    def readings(self) -> list[str]:
        """Return what was read of every line."""
        return [decode_best_path(scores, self.labels, 1.0).text for scores in self.logits]

    def confidences(self, temperature: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return how certain every reading is at a temperature, and whether it is right."""
        decoded = [decode_best_path(scores, self.labels, temperature) for scores in self.logits]
        certain = [one.candidates[0].confidence if one.candidates else 0.0 for one in decoded]
        right = [one.text == text for one, text in zip(decoded, self.texts, strict=True)]
        return np.array(certain), np.array(right)


@dataclass(frozen=True)
class ErrorRates:
    """Edits for each character and each word that make what was read into what is right."""

    samples: int
    characters: float  # CER
    words: float  # WER
    caseless_characters: float
    caseless_words: float
    exact: float  # share of lines without an error


@dataclass(frozen=True)
class LineFigures:
    """What is said of a model on one set of lines."""

    rates: ErrorRates
    calibration_error: float
    sure_share: float
    sure_accuracy: float
    confusions: list[tuple[str, str, int]]


def transcribe(
    recognizer: Recognizer, frames: Sequence[NDArray[np.float32]], texts: list[str], name: str
) -> Transcripts:
    """Run a recognizer over frames (height, width, channels), with a progress bar of that name."""
    logits = [recognizer.scores(frame) for frame in tqdm(frames, desc=name, unit="")]
    return Transcripts(logits, texts, recognizer.card.labels)


def figures(read: Transcripts, card: ModelCard) -> LineFigures:
    """Sum up what a model read."""
    confidence, right = read.confidences(card.temperature)
    readings = read.readings()
    is_sure = confidence >= card.sure_above
    return LineFigures(
        rates=error_rates(read.texts, readings),
        calibration_error=calibration_error(confidence, right),
        sure_share=float(is_sure.mean()),
        sure_accuracy=float(right[is_sure].mean()) if is_sure.any() else 0.0,
        confusions=confusions(read.texts, readings, WORST),
    )


def error_rates(texts: Sequence[str], readings: Sequence[str]) -> ErrorRates:
    """Return the rates of errors of readings; an empty one is all deletions.

    Raises:
        ValueError: there are no texts, or one is empty.
    """
    right, read = list(texts), list(readings)
    lower_right, lower_read = [t.lower() for t in right], [t.lower() for t in read]
    return ErrorRates(
        samples=len(right),
        characters=jiwer.cer(right, read),
        words=jiwer.wer(right, read),
        caseless_characters=jiwer.cer(lower_right, lower_read),
        caseless_words=jiwer.wer(lower_right, lower_read),
        exact=sum(a == b for a, b in zip(right, read, strict=True)) / len(right),
    )


def confusions(texts: list[str], readings: list[str], count: int) -> list[tuple[str, str, int]]:
    """Return the commonest edits: what is right, what was read, how often; "" is nothing."""
    found: Counter[tuple[str, str]] = Counter()
    aligned = jiwer.process_characters(texts, readings)
    for text, reading, chunks in zip(
        aligned.references, aligned.hypotheses, aligned.alignments, strict=True
    ):
        for chunk in chunks:
            if chunk.type != "equal":
                right = "".join(text[chunk.ref_start_idx : chunk.ref_end_idx])
                read = "".join(reading[chunk.hyp_start_idx : chunk.hyp_end_idx])
                found[right, read] += 1
    return [(*pair, number) for pair, number in found.most_common(count)]


def fit_temperature(read: Transcripts) -> float:
    """Return the temperature at which confidence says best how often readings are right."""

    def loss(log_temperature: float) -> float:
        confidence, right = read.confidences(float(np.exp(log_temperature)))
        likelihood = np.where(right, confidence, 1 - confidence)
        return float(-np.log(np.maximum(likelihood, 1e-12)).mean())

    return golden_section(loss)
