import numpy as np
import pytest

from app.errors import InkError
from app.ink.strokes import parse_strokes
from app.recognition.reader import Reader
from app.recognition.receipts import Receipts
from app.recognition.recognizer import Recognizer
from app.recognition.registry import SHIPPED, Registry
from app.recognition.swapping import load_reader

from ..inks import strokes
from ..threads import four_times_at_once


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(Registry(SHIPPED))


@pytest.mark.parametrize("digit", "0123456789")
def test_digits_are_read(reader: Reader, digit: str) -> None:
    reading = reader.read(parse_strokes(strokes(digit)), "digit", top=10)
    assert reading.text == digit
    assert reading.sure
    assert reading.alternatives[0].text == digit
    assert sorted(candidate.text for candidate in reading.alternatives) == list("0123456789")


def test_the_same_ink_anywhere_at_any_size_is_read_alike(reader: Reader) -> None:
    for digit in "0123456789":
        here = reader.read(parse_strokes(strokes(digit)))
        for scale, at in [(60, (0, 0)), (600, (-900, 31.7)), (123.4, (4_000, 2_000))]:
            there = reader.read(parse_strokes(strokes(digit, scale, at)))
            assert there.text == here.text
            assert there.confidence == pytest.approx(here.confidence, abs=0.02)


def test_blank_ink_has_an_empty_reading(reader: Reader) -> None:
    reading = reader.read(parse_strokes([]))
    assert (reading.text, reading.sure, reading.alternatives) == ("", False, [])


def test_a_reader_without_models_says_so_of_any_ink() -> None:
    for ink in ([], [[[7, 7]]], strokes("1")):
        with pytest.raises(InkError, match="kinds: none"):
            Reader([]).read(parse_strokes(ink))


@pytest.fixture(scope="module")
def digits_only() -> Reader:
    registry = Registry(SHIPPED)
    return Reader([Recognizer(registry.load("digit", registry.champion("digit")))])


@pytest.mark.parametrize("path", [[[7, 7]], [[0.5, 0.5]], [[5, 5], [6, 5], [6, 8]]])
def test_a_dot_may_be_a_full_stop(reader: Reader, path: list[list[float]]) -> None:
    ink = parse_strokes([path])
    assert reader.read(ink, "character").text == "."
    assert [reader.read(ink, kind).text for kind in ("digit", "word", None)] == ["", "", ""]
    assert reader.read(ink).kind == "character"  # no digit is a dot
    assert reader.read(parse_strokes([]), "character").text == ""


def test_a_kind_without_a_model_is_refused(digits_only: Reader) -> None:
    with pytest.raises(InkError, match="kinds: digit"):
        digits_only.read(parse_strokes(strokes("1")), "word")


def test_threads_take_turns(reader: Reader) -> None:
    """One interpreter called by several threads at once answers wrongly or raises."""
    inks = {digit: parse_strokes(strokes(digit)) for digit in "0123456789"}
    wrong: list[str] = []

    def read_all() -> None:
        wrong.extend(d for _ in range(20) for d, ink in inks.items() if reader.read(ink).text != d)

    four_times_at_once(read_all)
    assert wrong == []


def test_labels_go_to_the_kind_that_can_read_them(digits_only: Reader) -> None:
    assert digits_only.kind_for("7") == "digit"
    with pytest.raises(InkError, match="label"):
        digits_only.kind_for("ß")
    with pytest.raises(InkError, match="label"):
        digits_only.kind_for("7", "word")


def test_a_receipt_says_what_was_read_and_fits_its_ink_alone(reader: Reader) -> None:
    ink, other = parse_strokes(strokes("7")), parse_strokes(strokes("8"))
    text = Receipts("a" * 32).issue(ink.digest(), reader.read(ink))
    receipt = Receipts("a" * 32).check(text, ink.digest())
    assert (receipt.result, receipt.version) == ("7", reader.versions["digit"])
    with pytest.raises(InkError, match="other ink"):
        Receipts("a" * 32).check(text, other.digest())
    with pytest.raises(InkError, match="not issued"):
        Receipts("b" * 32).check(text, ink.digest())


def test_altered_receipts_are_refused(reader: Reader) -> None:
    ink = parse_strokes(strokes("7"))
    receipts = Receipts("a" * 32)
    text = receipts.issue(ink.digest(), reader.read(ink))
    rng = np.random.default_rng(0)
    for _ in range(300):
        at = int(rng.integers(len(text) - 1))  # the last character carries spare bits
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        with pytest.raises(InkError, match="not issued"):
            receipts.check(changed, ink.digest())
