"""Read ink: choose the kind, run its recognizer, return a Reading."""

import itertools
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.errors import InkError
from app.ink.lines import reach_without_strays
from app.ink.pictures import Picture
from app.ink.raster import Ink
from app.ink.strokes import Strokes
from app.recognition.card import KINDS, ONE_SIGN, Kind, ModelCard
from app.recognition.decoding import Candidate, Decoded, decode_writing, is_digit
from app.recognition.hands import Hands
from app.recognition.lexicon import Lexicon
from app.recognition.recognizer import NO_AIDS, Aids, Recognizer

POINT = Strokes((np.zeros((1, 2)),))  # what any dot is read as
READABLE = 0.3  # a word of less confidence may be a scribble; of 9,974 words none such was right


@dataclass(frozen=True)
class Writer:
    """Who wrote an ink, as far as it is known.

    A person may have a model of their own; language is the one they prefer, of those known here;
    words are some that they are expected to write.
    """

    person: str | None = None
    language: str | None = None
    words: Sequence[str] = ()


ANYBODY = Writer()


@dataclass(frozen=True)
class PlacedCharacter(Candidate):
    """A character of a reading, from where to where it stands in shares of the ink's width.

    alternatives are other characters that it might be, the most probable first.
    """

    start: float
    end: float
    alternatives: list[Candidate]


@dataclass(frozen=True)
class Reading:
    """What was read: an empty text means blank ink or a scribble.

    alternatives begin with the text itself; without_lexicon is what the ink of a line says alone;
    frame (height, width, channels) is what the model saw.
    """

    text: str
    kind: Kind
    confidence: float
    sure: bool
    alternatives: list[Candidate]
    characters: list[PlacedCharacter]
    without_lexicon: Candidate | None
    version: str
    milliseconds: float
    frame: NDArray[np.float32]

    @property
    def seen(self) -> Picture:
        """Return the picture that the model saw."""
        return Picture(self.frame[..., 0])


@dataclass(frozen=True)
class _Look:
    """An ink as one kind's model saw it, and what it made of it."""

    card: ModelCard
    frame: NDArray[np.float32]
    decoded: Decoded
    is_doubted: bool = False  # others see a scribble

    @property
    def best(self) -> Candidate:
        """Return the likeliest text; an empty one where there is no writing."""
        return self.decoded.candidates[0] if self.decoded.candidates else Candidate("", 0.0)

    @property
    def is_sure(self) -> bool:
        """Say whether the text is as certain as the card asks for, and nobody doubts it."""
        is_certain = self.best.confidence >= self.card.sure_above
        return bool(self.decoded.candidates) and is_certain and not self.is_doubted


class Reader:
    """Holds the warm recognizer of every kind that has a model, and the lexicon for words."""

    def __init__(
        self,
        recognizers: Iterable[Recognizer],
        lexicon: Lexicon | None = None,
        hands: Hands | None = None,
    ) -> None:
        """Serve these recognizers, one a kind, and those of people's own hands."""
        self._lexicon = lexicon
        self._hands = hands
        self._recognizers = {recognizer.card.kind: recognizer for recognizer in recognizers}

    @property
    def versions(self) -> dict[Kind, str]:
        """Return the version in use by kind."""
        return {kind: found.card.version for kind, found in self._recognizers.items()}

    @property
    def languages(self) -> list[str]:
        """Return the codes of the languages of which words are known, the likeliest first."""
        return self._lexicon.languages if self._lexicon else []

    @property
    def knows_hands(self) -> bool:
        """Say whether anybody has a model of their own."""
        return bool(self._hands)

    def uses(self, card: ModelCard) -> bool:
        """Say whether this very model is in use."""
        found = self._recognizers.get(card.kind)
        return found is not None and found.card == card

    def put(self, recognizer: Recognizer) -> None:
        """Serve a recognizer in place of its kind's: readings under way end with the one before."""
        found = self._recognizers | {recognizer.card.kind: recognizer}
        self._recognizers = {kind: found[kind] for kind in KINDS if kind in found}

    def kind_for(self, label: str, wanted: Kind | None = None) -> Kind:
        """Return the kind that a label is for: the wanted one, else the first that can read it.

        Raises:
            InkError: no such kind can read the label.
        """
        for kind in [wanted] if wanted else self._recognizers:
            found = self._recognizers.get(kind)
            if found and found.card.can_read(label):
                return kind
        raise InkError("No model here could ever read that label; choose another.")

    def read(
        self, ink: Ink, kind: Kind | None = None, top: int = 3, writer: Writer = ANYBODY
    ) -> Reading:
        """Read ink as a kind, or as the kind it looks like (None); keep top alternatives.

        Where its writer has a model of their own, that one reads; words of the writer's language
        are the likeliest, and those that are expected are known.

        Raises:
            InkError: no model of that kind is installed.
        """
        start = time.perf_counter()
        look = self._look_anyhow(ink, writer) if kind is None else self._look(ink, kind, writer)
        return Reading(
            text=look.best.text,
            kind=look.card.kind,
            confidence=look.best.confidence,
            sure=look.is_sure,
            alternatives=look.decoded.candidates[:top],
            characters=_placed(look, ink),
            without_lexicon=look.decoded.without_lexicon,
            version=look.card.version,
            milliseconds=(time.perf_counter() - start) * 1e3,
            frame=look.frame,
        )

    def _look(self, ink: Ink, kind: Kind, writer: Writer) -> _Look:
        recognizer = self._recognizer(kind, writer)
        if recognizer is None:
            known = ", ".join(self._recognizers) or "none"
            raise InkError(f"No model reads the kind {kind!r} here; kinds: {known}.")
        if _may_be_a_full_stop(ink, recognizer.card):
            seen = recognizer.view(POINT)  # larger than it was; no scribble, all the same
            decoded = decode_writing(recognizer.scores_of(seen), recognizer.card)
        else:
            seen = recognizer.view(ink)
            is_blank = ink.is_blank()
            aids = self._aids(writer) if recognizer.card.decoder == "ctc" else NO_AIDS
            decoded = Decoded([], []) if is_blank else recognizer.read(seen, aids)
        return _Look(recognizer.card, seen.frame, decoded)

    def _recognizer(self, kind: Kind, writer: Writer) -> Recognizer | None:
        """Return a writer's own recognizer of a kind, or everybody's; None where there is none."""
        recognizer = self._recognizers.get(kind)
        if recognizer and self._hands and writer.person:
            return self._hands.recognizer(writer.person, recognizer.card) or recognizer
        return recognizer

    def _aids(self, writer: Writer) -> Aids:
        """Return what helps to read a line: the lexicon, and models of one sign."""
        lexicon = self._lexicon
        if lexicon and writer.language:
            lexicon = lexicon.preferring(writer.language)
        if lexicon and writer.words:
            lexicon = lexicon.expecting(writer.words)
        return Aids(lexicon, *(self._recognizer(kind, writer) for kind in ONE_SIGN))

    def _look_anyhow(self, ink: Ink, writer: Writer) -> _Look:
        """Look at ink as what it is likely to be: a word where two characters or more are seen.

        A word that is hardly one, and no single character either, is left as the scribble it is; a
        likely word is not sure where both other models see a scribble.
        """
        if ink.is_blank():
            return self._look_at_nothing(ink, writer)
        one = [self._look(ink, k, writer) for k in ONE_SIGN if k in self._recognizers]
        single = one[0] if one else None
        if len(one) == len(ONE_SIGN):
            digit, character = one
            single = digit if is_digit(digit.decoded, character.decoded) else character
            if single is digit and digit.is_sure:
                return digit  # no word is so like one, and the word's model takes longest
        word = self._look(ink, "word", writer) if "word" in self._recognizers else None
        if word is None:
            return single or self._look(ink, KINDS[0], writer)
        if single is None:
            return word
        is_scribble = not any(look.best.text for look in one)
        if len(word.best.text) > 1 and (word.best.confidence >= READABLE or not is_scribble):
            return replace(word, is_doubted=is_scribble)
        return single

    def _look_at_nothing(self, ink: Ink, writer: Writer) -> _Look:
        """Leave blank ink unread: a dot is no digit, but it may be a tap that slipped."""
        kind = next(iter(self._recognizers), KINDS[0])
        if _is_dot(ink) and "character" in self._recognizers:
            kind = "character"
        return replace(self._look(ink, kind, writer), decoded=Decoded([], []))


def _is_dot(ink: Ink) -> bool:
    return isinstance(ink, Strokes) and ink.is_dot()


def _may_be_a_full_stop(ink: Ink, card: ModelCard) -> bool:
    """Say whether ink is a dot, where any one character is asked for."""
    return _is_dot(ink) and card.decoder != "ctc" and card.can_read(".")


def _placed(look: _Look, ink: Ink) -> list[PlacedCharacter]:
    """Return characters with their places: two meet where there is least ink between them."""
    characters, profile = look.decoded.characters, look.frame[..., 0].sum(axis=0)
    columns = np.flatnonzero(profile)
    if not characters or not len(columns):
        return []
    seen = [int(character.middle * len(profile)) for character in characters]
    meet = [_thinnest(profile, a, b) for a, b in itertools.pairwise(seen)]
    edges = np.array([columns[0], *meet, columns[-1] + 1], np.float64)
    first, last = 0.0, 1.0
    if isinstance(ink, Strokes) and look.card.decoder == "ctc":
        first, last = reach_without_strays(ink)
    within = np.clip((edges - edges[0]) / (edges[-1] - edges[0]), 0.0, 1.0)
    shares = (first + (last - first) * within).tolist()
    return [
        PlacedCharacter(one.text, one.confidence, start, end, one.alternatives)
        for one, (start, end) in zip(characters, itertools.pairwise(shares), strict=True)
    ]


def _thinnest(profile: NDArray[np.float32], first: int, last: int) -> float:
    """Return the middle of the columns with least ink, from the first to the last."""
    between = profile[first : last + 1]
    least = np.flatnonzero(between <= between.min() + 1e-6)
    return first + float(least[len(least) // 2]) + 0.5
