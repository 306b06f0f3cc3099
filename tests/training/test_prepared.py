from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.ink.raster import RasterSpec
from app.training import digits, prepared, smoke, words
from app.training.photographs import LINES_STUDIO, Seeded, photographed_one_by_one
from app.training.prepared import kept


def test_ink_comes_back_as_it_was_and_is_made_once(tmp_path: Path) -> None:
    made = smoke.words(7, 1)
    found = kept(tmp_path / "words.npz", lambda: made)
    again = kept(tmp_path / "words.npz", lambda: pytest.fail("made twice"))
    for parts in (found, again):
        for part, drawn in made.items():
            assert (parts[part].labels, parts[part].writers) == (drawn.labels, drawn.writers)
            for one, other in zip(parts[part].inks, drawn.inks, strict=True):
                for a, b in zip(one.paths, other.paths, strict=True):
                    np.testing.assert_allclose(a, b, atol=1e-5)


@pytest.mark.parametrize("spec", [words.SPEC, digits.TASK.spec], ids=["lines", "squares"])
def test_photographs_that_were_made_before_a_cut_are_not_made_again(
    spec: RasterSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inks = smoke.words(7, 1)["train"].inks
    asked: list[int] = []

    def make(some: Sequence[Seeded], *rest: Any) -> Iterator[Any]:
        asked.append(len(some))
        for number, picture in enumerate(photographed_one_by_one(some, *rest)):
            if len(asked) == 1 and number == 4:
                raise KeyboardInterrupt
            yield picture

    monkeypatch.setattr(prepared, "SHARD", 3)
    monkeypatch.setattr(prepared, "photographed_one_by_one", make)
    with pytest.raises(KeyboardInterrupt):
        prepared.kept_photographs(tmp_path, inks, spec, LINES_STUDIO)
    found = prepared.kept_photographs(tmp_path, inks, spec, LINES_STUDIO)
    assert asked == [7, 4]
    again = prepared.kept_photographs(tmp_path, inks, spec, LINES_STUDIO)
    assert asked == [7, 4]
    whole = prepared.kept_photographs(tmp_path / "whole", inks, spec, LINES_STUDIO)
    for one, other, third in zip(found, again, whole, strict=True):
        assert one.shape[0] == spec.size
        np.testing.assert_array_equal(one, other)
        np.testing.assert_array_equal(one, third)
    prepared.kept_photographs(tmp_path, inks[1:], spec, LINES_STUDIO)
    assert asked == [7, 4, 7, 6]
