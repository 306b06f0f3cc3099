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
FEATURES_OF_ONE = (*FEATURES, "across")  # of one character, which has a middle
FARTHEST = 4.0  # boxes that the pen jumps; what is farther counts as so far
LEAD = 2  # empty points before the first and, at least, after the last
LENGTHS = (*range(64, 256, 32), *range(256, 512, 64), 512, 640, 768)  # a line of ours has 606
LONGER = 1.02  # steps, at least, of a way that has more


@dataclass(frozen=True)
class TrajectorySpec:
    """What a model's card says of its trajectories; a step is in pixels of the frame.

    points is how many those of one character have; those of lines have the first of the LENGTHS
    that they fit in.
    """

    step: float = 2.5
    points: int = 0

    @property
    def features(self) -> tuple[str, ...]:
        """Return what is told of each point."""
        return FEATURES_OF_ONE if self.points else FEATURES

    @property
    def lengths(self) -> tuple[int, ...]:
        """Return how many points, with the empty ones, a trajectory may have."""
        return (self.points,) if self.points else LENGTHS

    @property
    def most(self) -> int:
        """Return how many points are followed at most."""
        return self.lengths[-1] - 2 * LEAD

    @property
    def most_strokes(self) -> int:
        """Return how many strokes are followed at most: each has at least a start and an end."""
        return self.most // 2


def can_follow(ink: Strokes, spec: TrajectorySpec) -> bool:
    """Say whether there is a way at all, and not of more strokes than anybody's writing has."""
    return 0 < len(ink.paths) <= spec.most_strokes


def follow(ink: Strokes, raster: RasterSpec, spec: TrajectorySpec) -> Array:
    """Return the way of the pen as (points, features) float32, zero before and after it.

    Of each point there are the direction of the pen as a unit vector, the height -1..1 in the box,
    whether a stroke starts there, how far the pen jumped to it in boxes, and whether one ends; of
    one character also how far across the box it lies. Ink that is long is followed in longer steps;
    it has to be such as can_follow says.
    """
    step = spec.step
    walked = walk(ink, raster, step)
    while len(walked.points) > spec.most:
        step *= max(LONGER, len(walked.points) / spec.most)
        walked = walk(ink, raster, step)
    points, starts, ends = walked.points, walked.starts, walked.ends
    length = next(length for length in spec.lengths if len(points) + 2 * LEAD <= length)
    across, height = (2 * (points - (points.min(axis=0) + points.max(axis=0)) / 2) / raster.box).T
    jumps = (points[starts[1:]] - points[ends[:-1]]) / raster.box
    way = np.zeros((length, len(spec.features)), np.float32)
    told = way[LEAD : LEAD + len(points)]
    told[:, 0:2] = walked.heading
    told[:, 2] = height
    told[starts, 3] = 1.0
    told[starts[1:], 4:6] = np.clip(jumps, -FARTHEST, FARTHEST)
    told[ends, 6] = 1.0
    if spec.points:
        told[:, 7] = across
    return way
