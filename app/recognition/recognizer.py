"""One verified model version, warm, behind one lock."""

import threading

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from app.errors import ModelError
from app.ink.raster import CHANNELS, Ink, rasterise
from app.recognition.registry import VerifiedModel

Array = NDArray[np.float32]


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
        self._check_shapes()
        self.scores(np.zeros(self._input["shape"][1:], np.float32))

    @property
    def name(self) -> str:
        """Return kind and version, for messages."""
        return f"{self.card.kind} {self.card.version}"

    def frame(self, ink: Ink) -> Array:
        """Return what the model sees of an ink: (size, size, channels)."""
        return rasterise(ink, self.card.raster)

    def scores(self, frame: Array) -> Array:
        """Return the logits (labels and rejects,) of one frame (size, size, channels)."""
        with self._lock:
            self._interpreter.set_tensor(self._input["index"], frame[np.newaxis])
            self._interpreter.invoke()
            scores: Array = self._interpreter.get_tensor(self._output["index"])[0]
        return scores

    def _check_shapes(self) -> None:
        size = self.card.raster.size
        outputs = len(self.card.labels) + len(self.card.rejects)
        expected = ((1, size, size, len(CHANNELS)), (1, outputs))
        found = tuple(tuple(int(n) for n in end["shape"]) for end in (self._input, self._output))
        if found != expected:
            raise ModelError(f"{self.name}: shapes {found} where its card means {expected}.")
