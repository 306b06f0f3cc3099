import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.ink.trajectory import TrajectorySpec
from app.training import characters, digits
from app.training.classifiers import mixture_of
from app.training.feeding import Mixture
from app.training.recipes import Recipe

from ..servers import ROOT


def mixture(seed: int = 1) -> Mixture:
    material = digits.smoke_material()
    return Mixture(
        digits.TASK.outputs,
        material.drawn["train"],
        material.scanned["train"],
        material.others["train"],
        digits.TASK.spec,
        batch_size=20,
        drawn_repeats=2,
        seed=seed,
    )


def test_an_epoch_has_every_sort_of_ink_in_the_share_that_was_asked_for() -> None:
    mixed = mixture()
    assert mixed.counts == (100, 200, 80, 50)
    batches = list(mixed.batches(0))
    assert len(batches) == mixed.steps == 21
    labels = Counter(digits.TASK.outputs[i] for _, y in batches for i in y.argmax(axis=1))
    assert sum(labels.values()) == 21 * 20  # the last ten make no whole batch
    assert 70 <= labels["other"] <= 80
    assert 40 <= labels["scribble"] <= 50
    assert all(20 <= labels[digit] <= 30 for digit in "0123456789")


def test_frames_are_ready_to_be_learned() -> None:
    x, y = next(mixture().batches(0))
    assert x.shape == (20, 28, 28, 4)
    assert (x.dtype, y.dtype) == (np.float32, np.float32)
    assert y.shape == (20, 12)
    assert (y.sum(axis=1) == 1).all()


def test_an_epoch_can_be_repeated_and_no_two_are_alike() -> None:
    first, again, second, other = (
        next(mixture(seed).batches(epoch))[0] for seed, epoch in [(1, 0), (1, 0), (1, 1), (2, 0)]
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_trajectories_are_of_all_drawn_ink_however_many_strokes_it_has() -> None:
    material, way = characters.smoke_material(), TrajectorySpec(step=1.5, points=24)
    recipe = Recipe("character", network="trajectory")
    task = replace(material.task, trajectory=way, in_a_row_share=1.0)
    mixed = mixture_of(replace(material, task=task), recipe, Path("none is needed"))
    assert mixed.counts[0] == 0
    x, y = next(mixed.batches(0))
    assert x.shape == (mixed.batch_size, way.points, len(way.features))
    assert np.isfinite(x).all()
    assert y.shape == (mixed.batch_size, len(task.outputs))


def test_batches_that_nobody_takes_hold_no_process_up() -> None:
    """The one that makes them ends once the one that trains was killed."""
    program = """
import multiprocessing
from app.training import feeding
feeding.PATIENCE_S = 0.1
queue = multiprocessing.Queue(1)
queue.put(bytes(1_000_000))  # more than a pipe holds
feeding._put(bytes(1), queue)
"""
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=60)
    assert run.returncode == 0
