"""Figures of lines that were read, measured on the very path that serves."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import jiwer
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from tqdm import tqdm

from app.ink.views import View
from app.recognition.card import ModelCard
from app.recognition.decoding import best_path, settle
from app.recognition.lines import Line, is_known, weigh
from app.recognition.recognizer import Aids, Recognizer
from app.training.datasets import Labelled
from app.training.evaluation import calibration_error, golden_section

NEW_WORDS = "words that no list has"
WORST = 12  # confusions that are told
MOST = 0.9  # of all readings


@dataclass(frozen=True)
class Transcripts:
    """What a model made of lines: logits (steps, outputs), weighed texts, and what is right."""

    logits: list[NDArray[np.float32]]
    lines: list[Line | None]
    texts: list[str]
    labels: Sequence[str]

    @classmethod
    def joined(cls, several: Iterable["Transcripts"]) -> "Transcripts":
        """Return all of several as one."""
        found = list(several)
        return cls(
            [scores for some in found for scores in some.logits],
            [line for some in found for line in some.lines],
            [text for some in found for text in some.texts],
            found[0].labels,
        )

    def where(self, keep: Iterable[bool]) -> "Transcripts":
        """Return the lines that are to be kept."""
        chosen = [i for i, is_kept in enumerate(keep) if is_kept]
        return Transcripts(
            [self.logits[i] for i in chosen],
            [self.lines[i] for i in chosen],
            [self.texts[i] for i in chosen],
            self.labels,
        )

    def greedy(self) -> list[str]:
        """Return the best path of every line: one look, no beam, no lexicon."""
        return [best_path(scores, self.labels) for scores in self.logits]

    def free(self) -> list[str]:
        """Return what the ink of every line says without the lexicon, after all looks."""
        return [line.free.text if line else "" for line in self.lines]

    def readings(self) -> list[str]:
        """Return what is read of every line."""
        return [line.texts[0].text if line else "" for line in self.lines]

    def confidences(self, temperature: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return how certain every reading is at a temperature, and whether it is right."""
        certain = [line.confidences(temperature)[0] if line else 0.0 for line in self.lines]
        right = [a == b for a, b in zip(self.readings(), self.texts, strict=True)]
        return np.array(certain), np.array(right)

    def character_confidences(
        self, temperature: float
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return the same of every character that is read: right is one that an edit leaves."""
        certain: list[float] = []
        right: list[bool] = []
        for line, scores, text in zip(self.lines, self.logits, self.texts, strict=True):
            decoded = settle(line, scores, self.labels, temperature)
            certain += [character.confidence for character in decoded.characters]
            stays = np.zeros(len(decoded.text), bool)
            for chunk in Levenshtein.opcodes(decoded.text, text):
                stays[chunk.src_start : chunk.src_end] = chunk.tag == "equal"
            right += stays.tolist()
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

    greedy: ErrorRates
    without_lexicon: ErrorRates
    rates: ErrorRates  # with the lexicon
    calibration_error: float
    character_calibration_error: float
    sure_share: float
    sure_accuracy: float
    error_of_most: float  # share that is wrong of the MOST that are surest
    confusions: list[tuple[str, str, int]]


def transcribe(
    recognizer: Recognizer,
    views: Sequence[View],
    texts: list[str],
    name: str,
    aids: Aids,
) -> Transcripts:
    """Read inks as the server does, with a progress bar by name."""
    labels, logits, lines = recognizer.card.labels, [], []
    for seen in tqdm(views, desc=name, unit=""):
        scores = recognizer.scores(seen.frame)
        logits.append(scores)
        again, one_by_one = recognizer.again(seen), aids.one_by_one(seen)
        lines.append(weigh(scores, labels, aids.lexicon, again, one_by_one))
    return Transcripts(logits, lines, texts, labels)


def evaluate(
    recognizer: Recognizer,
    held_out: Mapping[str, Labelled],
    trained: Iterable[str],
    aids: Aids,
) -> dict[str, LineFigures]:
    """Return the figures of a model on ink that did not train it.

    Strokes of labels that training had and of others are counted on their own, too, and so are
    those in the lexicon and out of it. Of the latter, words are read once more as expected ones.
    """
    labels, found = set(trained), {}
    for name, (views, texts) in held_out.items():
        read = transcribe(recognizer, views, texts, name, aids)
        found[name] = figures(read, recognizer.card)
        if not name.endswith("strokes"):
            continue
        expecting = aids.expecting(texts)
        groups = _groups(texts, labels, aids, expecting)
        for which, chosen in groups.items():
            if any(chosen):
                found[f"{name}, {which}"] = figures(read.where(chosen), recognizer.card)
        if any(are_new := groups[NEW_WORDS]):
            new = [seen for seen, is_new in zip(views, are_new, strict=True) if is_new]
            again = transcribe(recognizer, new, read.where(are_new).texts, name, expecting)
            found[f"{name}, the same, expected"] = figures(again, recognizer.card)
    return found


def _groups(
    texts: Sequence[str], labels: set[str], aids: Aids, expecting: Aids
) -> dict[str, list[bool]]:
    """Return by name which texts are of those that training had, or the lexicon has, or not."""
    trained = [text in labels for text in texts]
    known = [_is_known(text, aids) for text in texts]
    are_words = [_is_known(text, expecting) for text in texts]
    return {
        "labels of training": trained,
        "new labels": [not one for one in trained],
        "in the lexicon": known,
        "not in the lexicon": [not one for one in known],
        NEW_WORDS: [word and not one for word, one in zip(are_words, known, strict=True)],
    }


def figures(read: Transcripts, card: ModelCard) -> LineFigures:
    """Sum up what a model read."""
    confidence, right = read.confidences(card.temperature)
    readings = read.readings()
    is_sure = confidence >= card.sure_above
    most = np.argsort(-confidence, kind="stable")[: round(MOST * len(right))]
    return LineFigures(
        greedy=error_rates(read.texts, read.greedy()),
        without_lexicon=error_rates(read.texts, read.free()),
        rates=error_rates(read.texts, readings),
        calibration_error=calibration_error(confidence, right),
        character_calibration_error=calibration_error(
            *read.character_confidences(card.temperature)
        ),
        sure_share=float(is_sure.mean()),
        sure_accuracy=float(right[is_sure].mean()) if is_sure.any() else 0.0,
        error_of_most=float(1 - right[most].mean()),
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


def _is_known(text: str, aids: Aids) -> bool:
    return aids.lexicon is not None and is_known(text, aids.lexicon)


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
