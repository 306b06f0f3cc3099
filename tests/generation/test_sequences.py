import random
import timeit
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.corpora import mnist
from app.errors import CorpusError
from app.generation import generate_numbers_sequence, get_mnist_data, sequences

from .. import scans


@pytest.fixture(autouse=True)
def here(scanned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKLOOP_DATA", str(scanned))


@pytest.mark.parametrize("width", [1, 27, 56, 333, 30_000])
@pytest.mark.parametrize("flag", [None, "true", "false"])
def test_a_picture_is_28_high_and_as_wide_as_was_asked_for(width: int, flag: str | None) -> None:
    picture = generate_numbers_sequence([4, 2], (5, 10), width, flag)
    assert picture.shape == (28, width)
    assert picture.dtype == np.float32
    assert 0 <= picture.min() <= picture.max() <= 1


@pytest.mark.parametrize(
    "digits", [[0, 0, 7], (0, 0, 7), "007", np.array([0, 0, 7]), [np.int64(0), 0, 7]], ids=repr
)
def test_digits_are_a_list_a_tuple_or_a_text(digits: Any) -> None:
    same = [generate_numbers_sequence(some, (3, 9), 80, seed=5) for some in (digits, [0, 0, 7])]
    assert (same[0] == same[1]).all()


def test_leading_zeros_are_kept() -> None:
    with_zeros, without = (
        generate_numbers_sequence(t, (40, 40), 300, "false", seed=1) for t in ("0007", "7")
    )
    gaps = np.diff(np.flatnonzero(with_zeros.any(axis=0))) > 10
    assert gaps.sum() == 3
    assert not (np.diff(np.flatnonzero(without.any(axis=0))) > 10).any()


def test_the_same_after_random_seed_or_by_a_seed() -> None:
    random.seed(3)
    first, other = (generate_numbers_sequence("123", (0, 9), 90) for _ in range(2))
    random.seed(3)
    again = generate_numbers_sequence("123", (0, 9), 90)
    assert (first == again).all()
    assert (first != other).any()
    seeded = [generate_numbers_sequence("123", (0, 9), 90, seed=7) for _ in range(2)]
    assert (seeded[0] == seeded[1]).all()
    random.seed(3)
    generate_numbers_sequence("123", (0, 9), 90, seed=7)  # draws nothing from the global one
    assert (generate_numbers_sequence("123", (0, 9), 90) == first).all()


@pytest.mark.parametrize("no", ["false", "False", False, 0, "0"])
@pytest.mark.parametrize("yes", [None, "true", True, 1, "1"])
def test_it_augments_unless_told_false(no: Any, yes: Any) -> None:
    plain, changed = (
        generate_numbers_sequence("8642", (5, 5), 112, flag, seed=2) for flag in (no, yes)
    )
    assert (plain != changed).any()
    assert (plain == generate_numbers_sequence("8642", (5, 5), 112, "false", seed=2)).all()
    assert (changed == generate_numbers_sequence("8642", (5, 5), 112, seed=2)).all()


def test_a_thousand_digits_are_the_most() -> None:
    assert generate_numbers_sequence("7" * 1_000, (0, 1_000), 30_000).shape == (28, 30_000)


GOOD = {"digits": [4, 2], "spacing_range": (5, 10), "image_width": 56}


@pytest.mark.parametrize(("name", "value", "error"), [
    ("digits", None, TypeError), ("digits", 42, TypeError), ("digits", 4.2, TypeError), ("digits", b"42", TypeError),
    ("digits", {4: 2}, TypeError), ("digits", {4, 2}, TypeError), ("digits", iter([4]), TypeError),
    ("digits", [4.0, 2], TypeError), ("digits", [None], TypeError), ("digits", ["4"], TypeError), ("digits", [True], TypeError),
    ("digits", [[4]], TypeError), ("digits", np.zeros((2, 2), int), TypeError), ("digits", np.array(4), TypeError),
    ("digits", [], ValueError), ("digits", (), ValueError), ("digits", "", ValueError), ("digits", np.zeros(0, int), ValueError),
    ("digits", [-1], ValueError), ("digits", [10], ValueError), ("digits", "-1", ValueError), ("digits", "4.2", ValueError),
    ("digits", " 42", ValueError), ("digits", "four", ValueError), ("digits", "٤", ValueError), ("digits", "1" * 1_001, ValueError),
    ("digits", [1] * 1_001, ValueError),
    ("spacing_range", None, TypeError), ("spacing_range", 5, TypeError), ("spacing_range", "5,10", TypeError),
    ("spacing_range", (5.0, 10), TypeError), ("spacing_range", ("5", "10"), TypeError), ("spacing_range", (None, 1), TypeError),
    ("spacing_range", (), ValueError), ("spacing_range", (5,), ValueError), ("spacing_range", (1, 2, 3), ValueError),
    ("spacing_range", (10, 5), ValueError), ("spacing_range", (-1, 5), ValueError), ("spacing_range", (0, 1_001), ValueError),
    ("image_width", None, TypeError), ("image_width", "56", TypeError), ("image_width", 56.0, TypeError), ("image_width", True, TypeError),
    ("image_width", [56], TypeError), ("image_width", 0, ValueError), ("image_width", -56, ValueError), ("image_width", 30_001, ValueError),
    ("augment_flag", [], TypeError), ("augment_flag", 0.5, TypeError), ("augment_flag", "maybe", ValueError),
    ("augment_flag", "", ValueError), ("augment_flag", 2, ValueError),
    ("seed", "1", TypeError), ("seed", 1.5, TypeError), ("seed", -1, ValueError), ("seed", 2**64, ValueError),
], ids=lambda value: repr(value)[:24])  # fmt: skip
def test_what_is_wrong_is_named(name: str, value: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=name):
        generate_numbers_sequence(**(GOOD | {name: value}))


def test_mnist_comes_by_part_and_is_read_once() -> None:
    for part, count in scans.COUNTS.items():
        images, labels = get_mnist_data(part)  # type: ignore[arg-type]
        assert images.shape == (count, 28, 28)
        assert labels.shape == (count,)
        assert get_mnist_data(part)[0] is images  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="read-only"):
            images[0] = 0
    assert get_mnist_data()[0] is get_mnist_data("train")[0]
    assert len(get_mnist_data("all")[1]) == sum(scans.COUNTS.values())


@pytest.mark.parametrize("part", ["validation", None, 3, ["train"]])
def test_another_part_is_refused(part: Any) -> None:
    with pytest.raises(ValueError, match="part"):
        get_mnist_data(part)


def test_numbers_are_of_the_training_part_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    load = mnist.load
    monkeypatch.setattr(mnist, "load", lambda data, part: loaded.append(part) or load(data, part))
    generate_numbers_sequence(**GOOD)
    assert loaded == ["train"]


def test_without_mnist_the_command_that_fetches_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INKLOOP_DATA", str(tmp_path / "elsewhere"))
    for ask in (lambda: generate_numbers_sequence(**GOOD), get_mnist_data):
        with pytest.raises(CorpusError, match=r"python -m scripts\.prepare mnist"):
            ask()
    scans.write(tmp_path / "elsewhere")  # and from then on it works
    assert generate_numbers_sequence(**GOOD).any()


def test_the_data_folder_is_data_unless_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INKLOOP_DATA")
    assert sequences._data() == Path("data")


def yardstick() -> None:
    """What the bound is counted in: a loop that a slow machine slows as it slows the rest."""
    sum(number * number for number in range(10_000))


@pytest.mark.parametrize(
    ("digits", "width", "flag", "most"),
    [("0123456789", 280, "true", 15), ("42", 56, "false", 1.5)],
)
def test_it_is_quick(digits: str, width: int, flag: str, most: float) -> None:
    work = timeit.Timer(lambda: generate_numbers_sequence(digits, (5, 10), width, flag))
    unit = timeit.Timer(yardstick)
    taken = [(work.timeit(10), unit.timeit(10)) for _ in range(20)]  # in turn: machines are busy
    assert min(ours for ours, _ in taken) / min(units for _, units in taken) < most
