"""Training ink whose label a trained model doubts most: an estimated 3 % of UNIPEN's are wrong."""

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from app.ink.raster import rasterise
from app.recognition.decoding import log_likelihood
from app.recognition.recognizer import Recognizer
from app.training.datasets import Drawn


def without_doubtful(drawn: Drawn, recognizer: Recognizer, share: float, name: str) -> Drawn:
    """Leave out the share of lines whose labels a model finds least likely.

    C. Northcutt et al., "Confident learning: estimating uncertainty in dataset labels", JAIR 2021,
    in its simplest form. Shows its progress under a name.
    """
    found = losses(drawn, recognizer, name)
    return drawn.some(np.flatnonzero(found <= np.quantile(found, 1 - share)))


def losses(drawn: Drawn, recognizer: Recognizer, name: str) -> NDArray[np.float64]:
    """Return the loss of every line's label for each of its characters."""
    class_of = {label: index for index, label in enumerate(recognizer.card.labels)}
    lines = tqdm(zip(drawn.inks, drawn.labels, strict=True), name, len(drawn), unit="")
    return np.array(
        [
            -log_likelihood(
                recognizer.scores(rasterise(ink, recognizer.card.raster)),
                [class_of[character] for character in text],
            )
            / len(text)
            for ink, text in lines
        ]
    )
