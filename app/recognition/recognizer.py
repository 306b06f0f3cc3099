"""One verified model version, warm, behind one lock."""

import threading

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from app.errors import ModelError
from app.ink.lines import leaning
from app.ink.raster import CHANNELS, Ink, rasterise
from app.recognition.decoding import Decoded, decode
from app.recognition.lexicon import Lexicon
from app.recognition.lines import Again
from app.recognition.registry import VerifiedModel

Array = NDArray[np.float32]
LEAN = -0.2  # of the height, to the right: how a line leans at the second look


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

    @property
    def name(self) -> str:
        """Return kind and version, for messages."""
        return f"{self.card.kind} {self.card.version}"

    def frame(self, ink: Ink) -> Array:
        """Return what the model sees of an ink: (height, width, channels)."""
        return rasterise(ink, self.card.raster)

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

    def read(
        self, frame: Array, lexicon: Lexicon | None = None, scores: Array | None = None
    ) -> Decoded:
        """Return what a frame says, given its scores where they are known already.

        A line that is uncertain is looked at again, leaning.
        """
        first = self.scores(frame) if scores is None else scores
        return decode(first, self.card, lexicon, self.again(frame))

    def again(self, frame: Array) -> Again:
        """Return what looks at a line again: the network errs otherwise where it leans."""
        return lambda: self.scores(leaning(frame, LEAN))

    def _widen(self, width: int) -> None:
        if width != self._width:
            shape = (1, self.card.raster.size, width, len(CHANNELS))
            self._interpreter.resize_tensor_input(self._input["index"], shape)
            self._interpreter.allocate_tensors()
            self._width = width

    def _check(self) -> None:
        """Run once on blank paper, and see whether shapes are as the card means."""
        raster, is_line = self.card.raster, self.card.decoder == "ctc"
        width = raster.width_for(0.0)
        taken = tuple(int(side) for side in self._input["shape"])
        given: tuple[int, ...] = ()
        if taken == (1, raster.size, taken[2] if is_line else width, len(CHANNELS)):
            given = self.scores(np.zeros((raster.size, width, len(CHANNELS)), np.float32)).shape
        if given[is_line:] != (self.card.outputs,):
            raise ModelError(
                f"{self.name}: shapes {taken} → {given}, which is not what its card means."
            )
