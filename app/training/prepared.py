"""UNIPEN's ink, parsed once and kept as arrays beside what else takes minutes to make."""

import hashlib
import os
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.ink.raster import RasterSpec
from app.ink.strokes import Strokes
from app.training.datasets import Drawn
from app.training.photographs import Studio, photographed_one_by_one, seeded

SHARD = 500  # photographs in a file
SEPARATION = 3  # of ink from paper, counted up when photographs come out otherwise
FIRST_SEED = 2  # of photographs to learn from; what is measured on has 1

Frames = list[NDArray[np.uint8]]  # (height, width) each, 0..255


def kept(path: Path, make: Callable[[], dict[str, Drawn]]) -> dict[str, Drawn]:
    """Return ink by part out of a file; where there is none, make it and keep it there."""
    if not path.exists():
        _write(
            path, {f"{part} {k}": v for part, d in make().items() for k, v in _arrays(d).items()}
        )
    with np.load(path) as arrays:
        parts = dict.fromkeys(name.split()[0] for name in arrays.files)
        return {part: _drawn(arrays, part) for part in parts}


def kept_photographs(
    folder: Path, inks: Sequence[Strokes], spec: RasterSpec, studio: Studio
) -> Frames:
    """Return what a model sees of photographs of inks; a folder keeps them for the next time.

    They are made in shards, so that a run that was cut short goes on. Other ink, another way to
    photograph it or to find it on its paper has other files.
    """
    content = hashlib.sha256(f"{spec} {studio} {SEPARATION}".encode())
    for ink in inks:
        content.update(ink.digest().encode())
    name = content.hexdigest()[:16]
    paths = {start: folder / f"{name}-{start:06}.npz" for start in range(0, len(inks), SHARD)}
    shards = {s: inks[s : s + SHARD] for s, path in paths.items() if not path.exists()}
    lacking = [one for s, shard in shards.items() for one in seeded(shard, s + FIRST_SEED)]
    starts = [s for s, shard in shards.items() for _ in shard]
    made = photographed_one_by_one(lacking, spec, studio) if lacking else iter(())
    for start, shard_made in groupby(zip(made, starts, strict=True), itemgetter(1)):
        some = [frame for frame, _ in shard_made]
        widths = np.array([frame.shape[1] for frame in some])
        _write(paths[start], {"widths": widths, "all": np.hstack(some)})
    frames: Frames = []
    for path in paths.values():
        with np.load(path) as arrays:
            frames += np.split(arrays["all"], np.cumsum(arrays["widths"])[:-1], axis=1)
    return frames


def _write(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    os.replace(partial, path)


def _arrays(drawn: Drawn) -> dict[str, NDArray[Any]]:
    paths = [path for ink in drawn.inks for path in ink.paths]
    return {
        "points": np.concatenate([np.zeros((0, 2)), *paths]).astype(np.float32),
        "path_lengths": np.array([len(path) for path in paths], np.int64),
        "path_counts": np.array([len(ink.paths) for ink in drawn.inks], np.int64),
        "labels": np.array(drawn.labels, dtype=np.str_),
        "writers": np.array(drawn.writers, dtype=np.str_),
    }


def _drawn(arrays: Any, part: str) -> Drawn:
    points = arrays[f"{part} points"].astype(np.float64)
    paths = np.split(points, np.cumsum(arrays[f"{part} path_lengths"])[:-1]) if len(points) else []
    ends = np.cumsum(arrays[f"{part} path_counts"])
    starts = ends - arrays[f"{part} path_counts"]
    inks = [Strokes(tuple(paths[a:b])) for a, b in zip(starts, ends, strict=True)]
    labels, writers = (arrays[f"{part} {name}"].tolist() for name in ("labels", "writers"))
    return Drawn(inks, labels, writers)
