"""Charts of a report, each as SVG text that stands in a page by itself."""

import io
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

BINS = 10
DARK = 0.4  # of a class in one cell
WHO = ("champion", "challenger")

Shares = tuple[NDArray[np.float64], NDArray[np.bool_]]  # how certain, and whether right


def learning_curves(curve: Sequence[Mapping[str, float]]) -> str:
    """Return how loss and figures went, by epoch."""
    figure = Figure(figsize=(9, 3), layout="constrained")
    left, right = figure.subplots(1, 2)
    epochs = [row["epoch"] for row in curve]
    for name in (name for name in (curve[0] if curve else ()) if name != "epoch"):
        axes = left if "loss" in name else right
        axes.plot(epochs, [row[name] for row in curve], marker="o", label=name)
    for axes, title in ((left, "loss"), (right, "accuracy, or error rate of words")):
        axes.set(title=title, xlabel="epoch")
        if axes.lines:
            axes.legend(fontsize="x-small")
    return _svg(figure)


def confusions(
    classes: Sequence[str], truth: Sequence[str], readings: Mapping[str, Sequence[str]]
) -> str:
    """Return what was read of which class, on a scale on which single errors show."""
    figure = Figure(figsize=(10, 5), layout="constrained")
    place = {name: at for at, name in enumerate(classes)}
    for axes, (who, texts) in zip(figure.subplots(1, len(readings)), readings.items(), strict=True):
        counts = np.zeros((len(classes), len(classes)))
        for right, read in zip(truth, texts, strict=True):
            if right in place and read in place:
                counts[place[right], place[read]] += 1
        shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        axes.imshow(np.sqrt(shares), cmap="Blues", vmin=0, vmax=1)
        ticks = range(len(classes))
        size = 8 if len(classes) <= 20 else 3
        axes.set_xticks(ticks, classes, fontsize=size)
        axes.set_yticks(ticks, classes, fontsize=size)
        axes.set(title=who, xlabel="read", ylabel="right")
        if len(classes) <= 20:
            for (row, column), count in np.ndenumerate(counts):
                if count:
                    colour = "white" if shares[row, column] > DARK else "black"
                    where = {"ha": "center", "va": "center", "fontsize": 6, "color": colour}
                    axes.text(column, row, f"{count:.0f}", **where)
    return _svg(figure)


def calibration(found: Mapping[str, Shares]) -> str:
    """Return how often readings are right, by how certain they are."""
    figure = Figure(figsize=(4.5, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.7", linestyle=":")
    for who, (certain, right) in found.items():
        bins = np.minimum((certain * BINS).astype(int), BINS - 1)
        full = [b for b in range(BINS) if (bins == b).any()]
        points = [(certain[bins == b].mean(), right[bins == b].mean()) for b in full]
        axes.plot(*zip(*points, strict=True), marker="o", label=who)
    axes.set(xlabel="confidence", ylabel="share that is right", xlim=(0, 1), ylim=(0, 1))
    axes.legend()
    return _svg(figure)


def _svg(figure: Figure) -> str:
    file = io.StringIO()
    figure.savefig(file, format="svg")
    return file.getvalue().partition("<!DOCTYPE")[2].partition(">")[2].lstrip()
