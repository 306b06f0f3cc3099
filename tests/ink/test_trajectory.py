"""The pen's way: steps of one size, whatever device recorded it."""

import numpy as np
import pytest

from app.ink.raster import RasterSpec
from app.ink.strokes import Strokes, parse_strokes
from app.ink.trajectory import FEATURES, LEAD, LENGTHS, TrajectorySpec, can_follow, follow

from ..inks import strokes, written

LINE = RasterSpec(size=40, box=32.0, pen=2.4, step=1.0, widest=512, least_spacing=5.5)
SPEC = TrajectorySpec(step=2.5)
BOX, ONE = RasterSpec(size=36, box=28.0, pen=2.8), TrajectorySpec(step=1.5, points=80)
STARTS, ENDS = FEATURES.index("starts"), FEATURES.index("ends")


def test_points_follow_a_stroke_from_its_start_to_its_end() -> None:
    ink = parse_strokes([[[0, 0], [0, 100]], [[50, 0], [150, 0]]])
    way = follow(ink, LINE, SPEC)
    assert way.shape == (LENGTHS[0], len(FEATURES))
    assert not way[:LEAD].any()
    first, second = np.flatnonzero(way[:, STARTS])
    assert first == LEAD
    last = np.flatnonzero(way[:, ENDS])
    np.testing.assert_allclose(way[first:second, :2], [[0, 1]] * (second - first), atol=1e-6)
    np.testing.assert_allclose(way[first:second, 2], np.linspace(-1, 1, second - first), atol=0.08)
    assert way[second, 4:6] == pytest.approx([0.5, -1.0], abs=0.08)  # up and to the right
    along = last[1] - second
    np.testing.assert_allclose(way[second : last[1], :2], [[1, 0]] * along, atol=1e-6)
    assert last[0] == second - 1
    assert not way[last[1] + 1 :].any()


def test_size_and_place_play_no_part() -> None:
    here = follow(parse_strokes(strokes("3")), LINE, SPEC)
    there = follow(parse_strokes(strokes("3", 0.3, (50, 900))), LINE, SPEC)
    np.testing.assert_allclose(here, there, atol=0.02)


def test_more_points_of_the_same_path_change_nothing() -> None:
    ink = parse_strokes(strokes("5"))
    finer = Strokes(tuple(np.repeat(path, 3, axis=0) for path in ink.paths))
    np.testing.assert_allclose(follow(ink, LINE, SPEC), follow(finer, LINE, SPEC), atol=1e-6)


def test_a_way_is_padded_to_one_of_a_few_lengths() -> None:
    for text in ("1", "27", "MAKE", "314159"):
        way = follow(written(text), LINE, SPEC)
        assert len(way) in LENGTHS
        last = np.flatnonzero(way[:, ENDS])[-1]
        assert last + LEAD < len(way) <= 2 * max(last, LENGTHS[0])


def test_a_way_that_is_long_is_followed_in_longer_steps() -> None:
    rng = np.random.default_rng(0)
    ink = Strokes((rng.uniform(0, 100, (5_000, 2)),))
    assert len(follow(ink, LINE, SPEC)) == LENGTHS[-1]


def test_as_many_strokes_as_can_be_followed_are() -> None:
    rng = np.random.default_rng(0)
    most = max(n for n in range(2_000) if can_follow(Strokes((np.zeros((1, 2)),) * n), SPEC))
    paths = tuple(rng.uniform(0, 100, (3, 2)) for _ in range(most))
    assert len(follow(Strokes(paths), LINE, SPEC)) == LENGTHS[-1]
    assert not can_follow(Strokes(()), SPEC)
    assert not can_follow(Strokes((*paths, paths[0])), SPEC)


@pytest.mark.parametrize("text", ["1", "8", "27", "314159"])
def test_characters_have_as_many_points_each_with_its_place_in_the_box(text: str) -> None:
    way = follow(written(text), BOX, ONE)
    assert way.shape == (ONE.points, len(ONE.features))
    told = np.abs(way).any(axis=1)
    assert not told[[0, 1, -2, -1]].any()
    places = way[told][:, [ONE.features.index("across"), ONE.features.index("height")]]
    np.testing.assert_allclose(places.min(axis=0), -places.max(axis=0), atol=1e-6)
    assert 0.8 < np.abs(places).max() < 1.0


def test_as_many_strokes_of_a_character_as_can_be_followed_are() -> None:
    paths = tuple(np.random.default_rng(0).uniform(0, 100, (99, 3, 2)))
    assert len(follow(Strokes(paths[: ONE.most_strokes]), BOX, ONE)) == ONE.points
    assert can_follow(Strokes(paths[: ONE.most_strokes]), ONE)
    assert not can_follow(Strokes(paths[: ONE.most_strokes + 1]), ONE)


@pytest.mark.parametrize("payload", [[[[5, 5]]], [[[5, 5]], [[5, 5]]], [[[0, 3], [9, 3]]]])
def test_dots_and_flat_lines_have_a_way(payload: list[list[list[float]]]) -> None:
    way = follow(parse_strokes(payload), LINE, SPEC)
    assert np.isfinite(way).all()
    assert way[:, STARTS].sum() == len(payload)
