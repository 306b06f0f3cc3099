"""Where in an ink a network sees each character of its label."""

import numpy as np
from numpy.typing import NDArray

from app.ink.raster import RasterSpec, rasterise
from app.ink.strokes import Strokes
from app.recognition.likelihood import align, log_likelihoods, log_softmax
from app.recognition.recognizer import Recognizer

DOUBTED = -2.0  # log-likelihood for each character; what is less likely is nowhere seen


def seen(
    ink: Strokes, text: str, recognizer: Recognizer, spec: RasterSpec | None = None
) -> NDArray[np.float64] | None:
    """Return where each character of a text is seen, in shares of the ink's width.

    It is None where the text is unlikely, or has characters that the recognizer does not know.
    spec is to be given where the ink is longer than what the recognizer reads otherwise.
    """
    labels = recognizer.card.labels
    if not set(text) <= set(labels):
        return None
    frame = rasterise(ink, spec or recognizer.card.raster)
    logs = log_softmax(recognizer.scores(frame))
    classes = tuple(labels.index(character) for character in text)
    if log_likelihoods(logs, [classes])[0] < DOUBTED * len(text):
        return None
    columns = np.flatnonzero(frame[..., 0].sum(axis=0))
    pixels = frame.shape[1] / len(logs)
    places = np.array([(first + after) / 2 * pixels for first, after in align(logs, classes)])
    shares: NDArray[np.float64] = (places - columns[0]) / max(1, columns[-1] + 1 - columns[0])
    return shares
