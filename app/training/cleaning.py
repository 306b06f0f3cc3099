"""Training ink whose label a trained model doubts most: an estimated 3 % of UNIPEN's are wrong."""

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from app.ink.raster import rasterise
from app.recognition.likelihood import log_likelihoods, log_softmax
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
    found = []
    for ink, text in tqdm(zip(drawn.inks, drawn.labels, strict=True), name, len(drawn), unit=""):
        logs = log_softmax(recognizer.scores(rasterise(ink, recognizer.card.raster)))
        likelihood = log_likelihoods(logs, [tuple(class_of[character] for character in text)])
        found.append(-float(likelihood[0]) / len(text))
    return np.array(found)
