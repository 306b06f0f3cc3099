import numpy as np
import pytest

from app.training import smoke
from app.training.prepared import kept, kept_frames


def test_ink_comes_back_as_it_was_and_is_made_once(tmp_path) -> None:  # type: ignore[no-untyped-def]
    made = smoke.words(7, 1)
    found = kept(tmp_path / "words.npz", lambda: made)
    again = kept(tmp_path / "words.npz", lambda: pytest.fail("made twice"))
    for parts in (found, again):
        for part, drawn in made.items():
            assert (parts[part].labels, parts[part].writers) == (drawn.labels, drawn.writers)
            for one, other in zip(parts[part].inks, drawn.inks, strict=True):
                for a, b in zip(one.paths, other.paths, strict=True):
                    np.testing.assert_allclose(a, b, atol=1e-5)


def test_frames_that_were_made_before_a_cut_are_not_made_again(tmp_path) -> None:  # type: ignore[no-untyped-def]
    frames = [np.full((4, 5 + i), i, np.uint8) for i in range(7)]
    asked: list[int] = []

    def make(shard: slice) -> list[np.ndarray]:
        asked.append(shard.start)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return frames[shard]

    with pytest.raises(KeyboardInterrupt):
        kept_frames(tmp_path, 7, 3, make)
    found = kept_frames(tmp_path, 7, 3, make)
    assert asked == [0, 3, 3, 6]
    assert len(found) == 7
    for one, other in zip(found, frames, strict=True):
        np.testing.assert_array_equal(one, other)
