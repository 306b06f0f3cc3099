"""One verified model version, warm, behind one lock."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from app.errors import ModelError
from app.ink.gaps import cut_at_gaps
from app.ink.lines import leaning
from app.ink.pictures import Picture
from app.ink.raster import CHANNELS, Ink, rasterise
from app.ink.strokes import Strokes
from app.ink.trajectory import can_follow, follow
from app.ink.views import View, view
from app.recognition.card import ONE_SIGN
from app.recognition.decoding import Decoded, decode
from app.recognition.lexicon import Lexicon, load_lexicon
from app.recognition.likelihood import log_softmax
from app.recognition.lines import Again
from app.recognition.registry import Registry, VerifiedModel
from app.recognition.signs import OneByOne, Shares

Array = NDArray[np.float32]
LEAN = -0.2  # of the height, to the right: how ink leans at some of the further looks
TRUST = 0.3  # in the model of characters beside that of lines, about a sign that stands alone
TRAJECTORY = "trajectory"  # signature and input of the network that follows the pen
PICTURE = "picture"  # of the network for pictures alone


@dataclass(frozen=True)
class Aids:
    """What helps to read lines, beside their model: words that exist, and models of one sign."""

    lexicon: Lexicon | None = None
    digits: "Recognizer | None" = None
    characters: "Recognizer | None" = None

    @classmethod
    def of(cls, registry: Registry) -> Self:
        """Return what a server has: the list of words that ships, and the champions of one sign.

        Raises:
            ModelError: a champion is damaged.
        """
        champions = {kind: registry.champions(kind) for kind in ONE_SIGN}
        models = {
            kind: Recognizer(registry.load(kind, found[0])) if found else None
            for kind, found in champions.items()
        }
        return cls(load_lexicon(), models["digit"], models["character"])

    def expecting(self, texts: Sequence[str]) -> Self:
        """Return the same with a lexicon that knows the words of texts."""
        return replace(self, lexicon=self.lexicon.expecting(texts)) if self.lexicon else self

    def one_by_one(self, seen: View) -> OneByOne:
        """Return what looks at the digits of a number, or at a sign that stands alone."""
        ink = seen.strokes or Picture(seen.frame[..., 0])

        def look(text: str) -> list[Shares] | None:
            if len(text) == 1:
                return [self.characters.shares(ink, TRUST)] if self.characters else None
            if self.digits and (parts := cut_at_gaps(ink, len(text))):
                return [self.digits.shares(part) for part in parts]
            return None

        return look


NO_AIDS = Aids()


class Recognizer:
    """Turns ink into class scores. Safe to call from several threads: they take turns."""

    def __init__(self, model: VerifiedModel) -> None:
        """Build the interpreter from verified bytes and run it once, so that it is warm.

        Raises:
            ModelError: the bytes are no model of the shape that the card names.
        """
        self.card = model.card
        self._lock = threading.Lock()
        try:
            self._interpreter = Interpreter(model_content=model.content, num_threads=1)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"{self.name}: LiteRT refuses the model: {error}") from error
        self._input = self._interpreter.get_input_details()[0]
        self._output = self._interpreter.get_output_details()[0]
        self._width = int(self._input["shape"][2])
        self._check()
        self._check_others()

    @property
    def name(self) -> str:
        """Return kind and version, for messages."""
        return f"{self.card.kind} {self.card.version}"

    def frame(self, ink: Ink) -> Array:
        """Return what the model sees of an ink: (height, width, channels)."""
        return rasterise(ink, self.card.raster)

    def view(self, ink: Ink) -> View:
        """Return all that read takes of an ink."""
        return view(ink, self.card.raster)

    def scores(self, frame: Array) -> Array:
        """Return the logits of one frame (height, width, channels).

        They are (outputs,), or (steps, outputs) where the model reads lines.
        """
        with self._lock:
            self._widen(frame.shape[1])
            self._interpreter.set_tensor(self._input["index"], frame[np.newaxis])
            self._interpreter.invoke()
            scores: Array = self._interpreter.get_tensor(self._output["index"])[0]
        return scores

    def scores_of(self, seen: View) -> Array:
        """Return the scores that reading begins with, in the shape that scores has.

        What two networks say of one character is the mean of their logs, as of independent experts.
        """
        scores = self.scores(seen.frame)
        if self.card.decoder == "ctc" or not self._can_follow(seen):
            return scores
        assert seen.strokes  # noqa: S101  # there is nothing else to follow
        both = np.stack([scores, self.scores_of_pen(seen.strokes)])
        means: Array = log_softmax(both).mean(axis=0).astype(np.float32)
        return means

    def scores_of_pen(self, ink: Strokes) -> Array:
        """Return the logits (steps, outputs) of the network that follows the pen.

        Raises:
            ModelError: the model has none.
        """
        if self.card.trajectory is None:
            raise ModelError(f"{self.name} has no network that follows the pen.")
        return self._run(TRAJECTORY, follow(ink, self.card.raster, self.card.trajectory))

    def scores_of_picture(self, frame: Array) -> Array:
        """Return the logits (steps, outputs) of the network for pictures alone.

        Raises:
            ModelError: the model has none.
        """
        if not self.card.picture:
            raise ModelError(f"{self.name} has no network for pictures alone.")
        return self._run(PICTURE, frame[..., :1])

    def read(self, seen: View, aids: Aids = NO_AIDS, scores: Array | None = None) -> Decoded:
        """Return what an ink says, given what scores_of gives where that is known already.

        A line that is uncertain is looked at again, in other ways.
        """
        first = self.scores_of(seen) if scores is None else scores
        return decode(first, self.card, aids.lexicon, self.again(seen), aids.one_by_one(seen))

    def shares(self, ink: Ink, trust: float = 1.0) -> Shares:
        """Return the logs of what one character may be that is surely a label, times a trust."""
        labels, scores = self.card.labels, self.scores_of(self.view(ink))
        logs = trust * log_softmax(scores[: len(labels)], self.card.temperature)
        return dict(zip(labels, logs.tolist(), strict=True))

    def again(self, seen: View) -> list[Again]:
        """Return what looks at a line again where it errs otherwise, one after the other.

        That is along the pen, and then at strokes that lean, to the left as a frame and to the
        right along the pen; of a picture as it is when level, or else leaning, and with the
        network for pictures alone where the model has one.
        """
        strokes = seen.strokes
        if strokes and self._can_follow(seen):
            return [
                lambda: [self.scores_of_pen(strokes)],
                lambda: [
                    self.scores(self.frame(strokes.leaning(LEAN))),
                    self.scores_of_pen(strokes.leaning(-LEAN)),
                ],
            ]

        def look() -> list[Array]:
            if seen.level is None:
                level, otherwise = seen.frame, leaning(seen.frame, LEAN)
            else:
                level = otherwise = seen.level
            looks = [self.scores(otherwise)]
            return [*looks, self.scores_of_picture(level)] if self.card.picture else looks

        return [look]

    def _can_follow(self, seen: View) -> bool:
        way, strokes = self.card.trajectory, seen.strokes
        return way is not None and strokes is not None and can_follow(strokes, way)

    def _widen(self, width: int) -> None:
        if width != self._width:
            shape = (1, self.card.raster.size, width, len(CHANNELS))
            self._interpreter.resize_tensor_input(self._input["index"], shape)
            self._interpreter.allocate_tensors()
            self._width = width

    def _run(self, signature: str, taken: Array) -> Array:
        """Return the logits of a further network, whose signature is named as its input.

        A runner that outlives the turn would count as a view of the interpreter's memory, and
        forbid whoever is next a frame of another width.
        """
        with self._lock:
            runner = self._interpreter.get_signature_runner(signature)
            (found,) = runner(**{signature: taken[np.newaxis]}).values()
            del runner
        scores: Array = found[0]
        return scores

    def _check_others(self) -> None:
        """Run further networks on the largest empty ink, and see that shapes are as meant."""
        way, raster = self.card.trajectory, self.card.raster
        taken: dict[str, tuple[int, ...]] = {}
        if way:
            taken[TRAJECTORY] = (way.lengths[-1], len(way.features))
        if self.card.picture:
            taken[PICTURE] = (raster.size, raster.widest or raster.size, 1)
        for signature, shape in taken.items():
            try:
                given = self._run(signature, np.zeros(shape, np.float32)).shape
            except (ValueError, RuntimeError) as error:
                raise ModelError(f"{self.name}: no {signature} network: {error}") from error
            if given[self.card.decoder == "ctc" :] != (self.card.outputs,):
                raise ModelError(f"{self.name}: the {signature} scores have the shape {given}.")

    def _check(self) -> None:
        """Run once on blank paper, and see that shapes are as the card means.

        The paper is as wide as any: what memory ink can take of the interpreter, it takes now.
        """
        raster, is_line = self.card.raster, self.card.decoder == "ctc"
        width = raster.widest or raster.size
        taken = tuple(int(side) for side in self._input["shape"])
        given: tuple[int, ...] = ()
        if taken == (1, raster.size, taken[2] if is_line else width, len(CHANNELS)):
            given = self.scores(np.zeros((raster.size, width, len(CHANNELS)), np.float32)).shape
        if given[is_line:] != (self.card.outputs,):
            raise ModelError(
                f"{self.name}: shapes {taken} → {given}, which is not what its card means."
            )
