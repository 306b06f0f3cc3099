from itertools import islice

import numpy as np
import pytest

from app.ink.trajectory import FEATURES, LENGTHS
from app.training import words
from app.training.word_feeding import (
    PictureMixture,
    TrajectoryMixture,
    WordMixture,
    _odds,
    steps_needed,
)
from app.training.words import STRIDE


@pytest.fixture(scope="module")
def material() -> words.Material:
    return words.smoke_material()


def mixture(material: words.Material, **changes: object) -> WordMixture:
    return WordMixture.of(material, **({"batch_columns": 640} | changes))


def texts_of(batches: object) -> list[str]:
    return [text for batch in batches for _, text in WordMixture.shown(batch)]  # type: ignore[attr-defined]


def test_batches_are_of_one_width_each_and_of_about_one_size(material: words.Material) -> None:
    widths = set()
    for frames, classes in islice(mixture(material).batches(0), 60):
        count, height, width, channels = frames.shape
        assert (height, channels, len(classes)) == (40, 4, count)
        assert 640 - width < count * width <= 640 or count == 1
        widths.add(width)
    assert len(widths) > 3


def test_every_text_can_be_spelled_in_the_steps_that_there_are(material: words.Material) -> None:
    for frames, classes in islice(mixture(material).batches(0), 60):
        for text in texts_of([(frames, classes)]):
            assert 0 < steps_needed(text) <= frames.shape[2] // STRIDE


SHARES = [
    "pieces_share", "characters_share", "numbers_share", "scanned_share", "strings_share", "photographs_share",
]  # fmt: skip


def only(share: str) -> dict[str, float]:
    return {name: float(name == share) for name in SHARES}


@pytest.mark.parametrize(
    ("share", "fits"),
    [
        ("numbers_share", str.isdigit),
        ("scanned_share", str.isdigit),
        ("characters_share", lambda text: len(text) == 1),
        ("strings_share", lambda text: len(text) >= 1),
    ],
)
def test_a_share_brings_its_sort(material: words.Material, share: str, fits: object) -> None:
    texts = texts_of(islice(mixture(material, **only(share)).batches(0), 20))
    assert all(fits(text) for text in texts)  # type: ignore[operator]
    assert len(set(texts)) > 10


def test_trajectories_of_one_length_are_fed_alike(material: words.Material) -> None:
    feed = TrajectoryMixture.of(material, batch_columns=640)
    lengths = set()
    for ways, classes in islice(feed.batches(0), 40):
        count, length, features = ways.shape
        assert (features, len(classes)) == (len(FEATURES), count)
        assert length in LENGTHS
        lengths.add(length)
        for text in texts_of([(ways, classes)]):
            assert 0 < steps_needed(text) <= length // STRIDE
    assert len(lengths) > 2


def test_pictures_alone_are_fed_as_ink_alone(material: words.Material) -> None:
    feed = PictureMixture.of(material, batch_columns=640)
    for frames, classes in islice(feed.batches(0), 20):
        assert frames.shape[1::2] == (40, 1)
        assert len(frames) == len(classes)
        assert frames.max() > 0.5


@pytest.mark.parametrize("share", ["photographs_share", "scanned_share"])
def test_pictures_have_no_direction(material: words.Material, share: str) -> None:
    frames, _ = next(mixture(material, **only(share)).batches(0))
    assert frames[..., 0].max() > 0.5
    assert not frames[..., 1:].any()


def test_an_epoch_can_be_repeated_and_no_two_are_alike(material: words.Material) -> None:
    first, again, second = (next(mixture(material).batches(epoch))[0] for epoch in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert first.shape != second.shape or not np.array_equal(first, second)


@pytest.mark.parametrize(("text", "steps"), [("a", 1), ("ab", 2), ("aa", 3), ("aabb", 6)])
def test_doubled_letters_need_a_step_between(text: str, steps: int) -> None:
    assert steps_needed(text) == steps


def test_busy_writers_are_drawn_less_often_than_they_wrote() -> None:
    odds = np.diff(_odds(["busy"] * 16 + ["rare"], 0.5), prepend=0.0)
    assert odds.sum() == pytest.approx(1.0)
    assert odds[:16].sum() == pytest.approx(0.8)
    assert odds[16] == pytest.approx(0.2)
