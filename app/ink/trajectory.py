"""Strokes → the way of the pen, for a network that follows it. Training and serving share this.

A frame (app.ink.raster) shows what was written; a trajectory says how. Points follow each other in
equal steps along the strokes, at the scale of the frame, so that neither a device's sampling rate
nor the size of the writing plays a part.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.ink.raster import RasterSpec, walk
from app.ink.strokes import Strokes

Array = NDArray[np.float32]

FEATURES = ("right", "down", "height", "starts", "jump right", "jump down", "ends")
FARTHEST = 4.0  # boxes that the pen jumps; what is farther counts as so far
LEAD = 2  # empty points before the first and, at least, after the last
LENGTHS: tuple[int, ...] = (*range(64, 256, 32), *range(256, 512, 64), *range(512, 1537, 128))
MOST = LENGTHS[-1] - 2 * LEAD  # points
LONGER = 1.02  # steps, at least, of a way that has more
MOST_STROKES = MOST // 2  # a stroke has at least a start and an end


@dataclass(frozen=True)
class TrajectorySpec:
    """What a model's card says of its trajectories; a step is in pixels of the frame."""

    step: float = 2.5


def can_follow(ink: Strokes) -> bool:
    """Say whether there is a way at all, and not of more strokes than anybody's writing has."""
    return 0 < len(ink.paths) <= MOST_STROKES


def follow(ink: Strokes, raster: RasterSpec, spec: TrajectorySpec) -> Array:
    """Return the way of the pen as (points, features) float32, zero before and after it.

    Of each point there are the direction of the pen as a unit vector, the height -1..1 in the box,
    whether a stroke starts there, how far the pen jumped to it in boxes, and whether one ends. Ink
    that is long is followed in longer steps; it has to be such as can_follow says.
    """
    step = spec.step
    walked = walk(ink, raster, step)
    while len(walked.points) > MOST:
        step *= max(LONGER, len(walked.points) / MOST)
        walked = walk(ink, raster, step)
    points, starts, ends = walked.points, walked.starts, walked.ends
    length = next(length for length in LENGTHS if len(points) + 2 * LEAD <= length)
    middle = (points[:, 1].min() + points[:, 1].max()) / 2
    jumps = (points[starts[1:]] - points[ends[:-1]]) / raster.box
    way = np.zeros((length, len(FEATURES)), np.float32)
    told = way[LEAD : LEAD + len(points)]
    told[:, 0:2] = walked.heading
    told[:, 2] = 2 * (points[:, 1] - middle) / raster.box
    told[starts, 3] = 1.0
    told[starts[1:], 4:6] = np.clip(jumps, -FARTHEST, FARTHEST)
    told[ends, 6] = 1.0
    return way
