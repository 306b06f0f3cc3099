"""Lines of ink cut where their gaps are widest."""

import numpy as np
import pytest

from app.ink.gaps import cut_at_gaps
from app.ink.pictures import Picture
from app.ink.raster import Ink
from app.ink.strokes import Strokes


def lines(*reaches: tuple[float, float]) -> Strokes:
    """A level stroke for each reach."""
    return Strokes(tuple(np.array([[first, 0.0], [last, 1.0]]) for first, last in reaches))


def strokes_of(parts: list[Ink]) -> list[Strokes]:
    return [part for part in parts if isinstance(part, Strokes)]


def reaches(parts: list[Ink] | None) -> list[list[tuple[float, float]]]:
    assert parts is not None
    return [[(path[0, 0], path[-1, 0]) for path in part.paths] for part in strokes_of(parts)]


def test_strokes_are_parted_at_the_widest_gaps() -> None:
    parts = cut_at_gaps(lines((0, 1), (1.1, 2), (4, 5), (4.5, 6)), 2)
    assert reaches(parts) == [[(0, 1), (1.1, 2)], [(4, 5), (4.5, 6)]]


def test_a_stroke_that_came_late_joins_its_neighbours_and_stays_late() -> None:
    parts = cut_at_gaps(lines((0, 1), (3, 4), (0.8, 1.5), (2.8, 3.5)), 2)
    assert reaches(parts) == [[(0, 1), (0.8, 1.5)], [(3, 4), (2.8, 3.5)]]


def test_strokes_that_all_overlap_are_cut_where_they_do_so_least() -> None:
    parts = cut_at_gaps(lines((0, 2), (1, 3), (2.9, 5)), 2)
    assert reaches(parts) == [[(0, 2), (1, 3)], [(2.9, 5)]]


def test_the_reach_of_a_wide_stroke_counts_for_those_under_it() -> None:
    parts = cut_at_gaps(lines((0, 9), (1, 2), (6, 7), (9.5, 10)), 2)
    assert reaches(parts) == [[(0, 9), (1, 2), (6, 7)], [(9.5, 10)]]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_each_stroke_is_in_one_part(count: int) -> None:
    ink = lines((0, 1), (2, 3), (5, 6))
    parts = cut_at_gaps(ink, count)
    assert parts is not None
    assert len(parts) == count
    assert all(part.paths for part in strokes_of(parts))
    assert sum(len(part.paths) for part in strokes_of(parts)) == len(ink.paths)


def test_fewer_strokes_than_parts_cannot_be_parted() -> None:
    assert cut_at_gaps(lines((0, 1), (2, 3)), 3) is None


def drawn(columns: str) -> Picture:
    """Three rows of ink where there is a #."""
    return Picture(np.tile(np.array([sign == "#" for sign in columns], np.float32), (3, 1)))


def columns(parts: list[Ink] | None) -> list[str]:
    assert parts is not None
    pictures = [part for part in parts if isinstance(part, Picture)]
    return ["".join("#" if on else "." for on in one.pixels[0]) for one in pictures]


def test_pictures_are_parted_at_the_widest_gaps() -> None:
    assert columns(cut_at_gaps(drawn("..##.#....##...#."), 3)) == [
        "..##.#..",
        "..##.",
        "..#.",
    ]


def test_a_picture_without_so_many_gaps_cannot_be_parted() -> None:
    assert cut_at_gaps(drawn("..####..##"), 3) is None
    assert cut_at_gaps(drawn("......"), 2) is None


def test_one_part_is_the_whole() -> None:
    assert columns(cut_at_gaps(drawn(".#.##"), 1)) == [".#.##"]
