"""Strokes that are no writing: what a model learns to refuse, and what it is tested on.

The two share no generator: a model is judged on scribbles of sorts that it has never met.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.ink.strokes import Strokes

Path = NDArray[np.float64]  # (points, x y)
Generator = Callable[[np.random.Generator], list[Path]]


def scribble(rng: np.random.Generator) -> Strokes:
    """Return a scribble to learn from: hatching, tangles, coils, dots, grids, blots."""
    kind = LEARNED[rng.integers(len(LEARNED))]
    return _turned(kind(rng), rng)


def unseen_scribbles(count: int, seed: int, words: Sequence[Strokes]) -> dict[str, list[Strokes]]:
    """Return scribbles to test with, count of each sort: walks, spirals, words on one another."""
    rng = np.random.default_rng(seed)
    return {
        "random walks": [Strokes((_walk(rng),)) for _ in range(count)],
        "spirals": [_turned([_spiral(rng)], rng) for _ in range(count)],
        "overlaid words": [_overlaid(rng, words) for _ in range(count)],
    }


def _hatching(rng: np.random.Generator) -> list[Path]:
    turns = int(rng.integers(6, 30))
    along = np.repeat(np.linspace(0, rng.uniform(0.4, 1.6), turns), 2)[1:-1]
    across = np.tile([0.0, 1.0], turns)[1:-1] + rng.normal(0, rng.uniform(0, 0.25), 2 * turns - 2)
    path = np.stack([along + rng.normal(0, 0.03, len(along)), across], axis=1)
    return [path] if rng.random() < 0.6 else [path, path[:, ::-1] + rng.normal(0, 0.1, 2)]


def _tangle(rng: np.random.Generator) -> list[Path]:
    """Return a closed curve of several waves at once."""
    t = np.linspace(0, rng.uniform(0.6, 1.0) * 2 * np.pi, 120)
    waves = np.arange(1, rng.integers(6, 13))
    size = rng.normal(0, 1, (2, len(waves))) * waves ** -rng.uniform(0.0, 0.5)
    phase = rng.uniform(0, 2 * np.pi, (2, len(waves)))
    return [
        np.stack(
            [s @ np.sin(np.outer(waves, t) + p[:, None]) for s, p in zip(size, phase, strict=True)],
            1,
        )
    ]


def _polyline(rng: np.random.Generator) -> list[Path]:
    return [rng.uniform(-1, 1, (int(rng.integers(8, 40)), 2))]


def _sticks(rng: np.random.Generator) -> list[Path]:
    """Return many short strokes, straight or bent, all over the place."""
    t = np.linspace(0, 1, 12)[:, None]
    paths = []
    for _ in range(rng.integers(5, 20)):
        start = rng.uniform(-1, 1, 2)
        bend, end = start + rng.normal(0, rng.uniform(0.1, 0.6), (2, 2))
        paths.append((1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end)
    return paths


def _dots(rng: np.random.Generator) -> list[Path]:
    centres = rng.uniform(-1, 1, (int(rng.integers(1, 9)), 2))
    if len(centres) == 1:  # alone, any extent would be scaled up to a drawing
        return [centres]
    return [centre + rng.normal(0, rng.uniform(0, 0.04), (3, 2)) for centre in centres]


def _blot(rng: np.random.Generator) -> list[Path]:
    """Return a patch that was rubbed until it was full."""
    count = int(rng.integers(60, 200))
    inside = rng.normal(0, 1, (count, 2))
    inside /= np.maximum(np.linalg.norm(inside, axis=1, keepdims=True), 1)
    return [inside * np.exp(rng.normal(0, 0.3, 2))]


def _grid(rng: np.random.Generator) -> list[Path]:
    paths = []
    for axis in (0, 1):
        for at in np.linspace(-1, 1, int(rng.integers(3, 7))):
            line = np.stack([np.linspace(-1, 1, 8), np.full(8, at)], 1) + rng.normal(
                0, 0.04, (8, 2)
            )
            paths.append(line[:, ::-1] if axis else line)
    return paths


def _crossed_out(rng: np.random.Generator) -> list[Path]:
    """Return waves written over one another, as to make something unreadable."""
    x = np.linspace(-1, 1, 80)
    paths = []
    for _ in range(rng.integers(2, 6)):
        wave = np.sin(x * rng.uniform(8, 30) + rng.uniform(0, 6)) * rng.uniform(0.2, 0.8)
        paths.append(np.stack([x, wave + rng.normal(0, 0.2)], 1))
    return paths


def _round_and_round(rng: np.random.Generator) -> list[Path]:
    """Return ovals drawn over one another, each a little elsewhere and of another size."""
    paths = []
    for _ in range(rng.integers(2, 8)):
        t = np.linspace(0, 2 * np.pi, 30)
        radii = rng.uniform(0.3, 1.0) * np.array([1.0, rng.uniform(0.6, 1.4)])
        circle = np.stack([np.cos(t), np.sin(t)], axis=1)
        paths.append(circle * radii + rng.normal(0, rng.uniform(0, 0.2), 2))
    return paths if rng.random() < 0.5 else [np.concatenate(paths)]


def _coil(rng: np.random.Generator) -> list[Path]:
    """Return loops along a bent line, as of a pen that is tried out."""
    loops = rng.uniform(5, 20)
    t = np.linspace(0, 1, int(16 * loops))
    line = _spline(rng.uniform(-1, 1, (4, 2)) * rng.uniform(0.5, 2.5), len(t))
    angle = 2 * np.pi * loops * t
    size = rng.uniform(0.2, 0.7) * np.exp(_spline(rng.normal(0, 0.4, (6, 1)), len(t)))
    loop = np.stack([np.cos(angle), rng.uniform(0.5, 1.5) * np.sin(angle)], axis=1)
    return [line + size * loop]


def _wandering(rng: np.random.Generator) -> list[Path]:
    """Return a smooth line through many places, in no order."""
    places = rng.normal(0, 1, (int(rng.integers(9, 30)), 2))
    return [_spline(places, 12 * len(places))]


def _zigzag(rng: np.random.Generator) -> list[Path]:
    """Return teeth of changing height along a bent line."""
    teeth = int(rng.integers(10, 50))
    line = _spline(rng.uniform(-1, 1, (5, 2)) * rng.uniform(0.3, 2), teeth)
    side = np.where(np.arange(teeth) % 2, 1.0, -1.0) * rng.uniform(0.05, 0.6, teeth)
    across = np.gradient(line, axis=0)[:, ::-1] * (1, -1)
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    return [line + side[:, None] * across + rng.normal(0, 0.05, (teeth, 2))]


def _trembling(rng: np.random.Generator) -> list[Path]:
    """Return a bent line by a hand that shakes so much that it crosses itself."""
    count = int(rng.integers(80, 300))
    line = _spline(rng.uniform(-1, 1, (int(rng.integers(4, 9)), 2)), count)
    rough = rng.normal(0, rng.uniform(0.05, 0.2), (count, 2))
    swaying = _spline(rng.normal(0, rng.uniform(0.1, 0.4), (count // 5, 2)), count)
    return [line + swaying + rough]


def _spline(places: Path, count: int) -> Path:
    """Return count points of a smooth curve near the places, (count, columns).

    A uniform cubic B-spline; C. de Boor, "A Practical Guide to Splines", 1978.
    """
    padded = np.concatenate([places[:1], places[:1], places, places[-1:], places[-1:]])
    at = np.linspace(0, len(padded) - 3, count, endpoint=False)
    first, t = at.astype(np.int64), (at % 1)[:, None]
    weights = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
    curve: Path = np.sum([w / 6 * padded[first + i] for i, w in enumerate(weights)], axis=0)
    return curve


LEARNED: tuple[Generator, ...] = (
    _hatching,
    _tangle,
    _polyline,
    _sticks,
    _dots,
    _blot,
    _grid,
    _crossed_out,
    _round_and_round,
    _coil,
    _wandering,
    _zigzag,
    _trembling,
)


def _walk(rng: np.random.Generator) -> Path:
    """Return a random walk, of free steps or of equal ones in a direction that drifts."""
    steps = int(rng.integers(80, 400))
    if rng.random() < 0.5:
        return np.cumsum(rng.normal(0, 1, (steps, 2)), axis=0)
    heading = np.cumsum(rng.normal(0, rng.uniform(0.3, 1.5), steps))
    return np.cumsum(np.stack([np.cos(heading), np.sin(heading)], axis=1), axis=0)


def _spiral(rng: np.random.Generator) -> Path:
    turns = rng.uniform(3, 9)
    t = np.linspace(0, 1, int(40 * turns))
    radius = t ** rng.uniform(0.6, 1.4) + rng.normal(0, 0.01, len(t))
    angle = 2 * np.pi * turns * t
    return np.stack([radius * np.cos(angle), rng.uniform(0.5, 1.5) * radius * np.sin(angle)], 1)


def _overlaid(rng: np.random.Generator, words: Sequence[Strokes]) -> Strokes:
    """Return three to five words written over each other."""
    paths: list[Path] = []
    for index in rng.integers(len(words), size=rng.integers(3, 6)):
        everything = np.concatenate(words[index].paths)
        low, size = everything.min(axis=0), np.maximum(np.ptp(everything, axis=0), 1e-9)
        shift = rng.normal(0, 0.1, 2)
        paths += [(path - low) / size * (2.0, 1.0) + shift for path in words[index].paths]
    return Strokes(tuple(paths))


def _turned(paths: list[Path], rng: np.random.Generator) -> Strokes:
    angle = rng.uniform(0, 2 * np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return Strokes(tuple(path @ turn.T for path in paths))
