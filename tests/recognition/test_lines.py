"""Readings of lines weighed against words, on made-up scores."""

from functools import partial

import numpy as np
import pytest

from app.recognition.lexicon import Lexicon, Words
from app.recognition.lines import Line, is_known, weigh

LABELS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.,() "
OFTEN = {"cat": 500, "car": 300, "the": 900, "in": 800, "to": 900, "into": 90, "it's": 9}
LEXICON = Lexicon({"en": Words(OFTEN)})


def scores(*alternatives: str, sharp: float = 6.0, apart: float = 0.5) -> np.ndarray:
    """Steps of which each likes the signs at its place; the first of them most, a blank between."""
    blank = len(LABELS)
    found = []
    for signs in zip(*alternatives, strict=True):
        step = np.zeros(blank + 1, np.float32)
        for rank, sign in enumerate(signs):
            index = LABELS.index(sign)
            step[index] = max(step[index], sharp + 4 - apart * rank)
        found += [step, (sharp + 4) * np.eye(blank + 1, dtype=np.float32)[blank]]
    return np.array(found)


def read(*alternatives: str, lexicon: Lexicon | None = LEXICON) -> Line:
    line = weigh(scores(*alternatives), LABELS, lexicon)
    assert line is not None
    return line


@pytest.mark.parametrize(
    ("ink", "text"),
    [
        (("caf", "cat"), "cat"),
        (("Caf", "Cat"), "Cat"),
        (("CAF", "CAT"), "CAT"),
        (("(caf.", "(cat."), "(cat."),
        (("ca7", "cat"), "cat"),  # digits are rare among letters
        (("caf's", "cat's"), "cat's"),  # what a cat has is known where the cat is
        (("27", "to"), "27"),
        (("z", "x"), "z"),
        (("caf to", "cat to"), "cat to"),
        (("caT", "cat"), "cat"),
        (("CaT", "CAT"), "CAT"),
    ],
)
def test_a_word_that_exists_stands_over_one_that_does_not(ink: tuple[str, str], text: str) -> None:
    line = read(*ink)
    assert line.texts[0].text == text
    assert line.free.text == ink[0]


@pytest.mark.parametrize(
    ("ink", "text"),
    [
        (("Dirvsso", "DiRusso"), "DiRusso"),
        (("(Dirvsso).", "(DiRusso)."), "(DiRusso)."),
        (("caf", "cat"), "cat"),  # who expects CaT has others write cat so
    ],
)
def test_a_word_that_is_expected_in_mixed_case_is_read_so(ink: tuple[str, str], text: str) -> None:
    lexicon = LEXICON.expecting(["DiRusso", "CaT"])
    assert read(*ink, lexicon=lexicon).texts[0].text == text


def test_without_a_lexicon_the_ink_decides() -> None:
    line = read("caf", "cat", lexicon=None)
    assert line.texts[0].text == line.free.text == "caf"


def test_ink_that_is_certain_is_never_overruled() -> None:
    certain = weigh(scores("caf", sharp=12.0), LABELS, LEXICON)
    assert certain is not None
    assert certain.texts[0].text == "caf"


@pytest.mark.parametrize(("apart", "text"), [(2.5, "cat"), (5.0, "caf")])
def test_ink_that_is_nearly_certain_gives_way_to_a_word(apart: float, text: str) -> None:
    line = weigh(scores("caf", "cat", sharp=8.0, apart=apart), LABELS, LEXICON)
    assert line is not None
    assert np.exp(line.free.ink) > 0.9
    assert line.texts[0].text == text


def test_ink_that_has_nothing_of_a_word_is_left_alone() -> None:
    assert read("xyzzy", "qyzzy").texts[0].text == "xyzzy"


def test_a_word_is_not_split_into_commoner_ones() -> None:
    line = read("into")
    assert line.texts[0].text == "into"


def test_confidences_fall_and_leave_room_for_anything_else() -> None:
    line = read("caf", "cat", "car")
    for temperature in (0.7, 1.0, 3.0):
        found = line.confidences(temperature)
        assert found == sorted(found, reverse=True)
        assert 0 < sum(found) < 1


def test_blank_scores_are_no_line() -> None:
    assert weigh(scores("   "), LABELS, LEXICON) is None
    nothing = np.zeros((5, len(LABELS) + 1), np.float32)
    nothing[:, -1] = 30
    assert weigh(nothing, LABELS, LEXICON) is None


def test_texts_have_no_space_at_an_end() -> None:
    assert read(" cat ").texts[0].text == "cat"


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("cat", True),
        ("Cat,", True),
        ("it's", True),
        ("the cat", True),
        ("caf", False),
        ("2", False),
    ],
)
def test_a_text_is_known_when_all_its_words_are(text: str, known: bool) -> None:
    assert is_known(text, LEXICON) is known


def test_a_line_that_is_uncertain_is_looked_at_twice() -> None:
    first, second = scores("caf", "can", sharp=0.0), scores("can", "caf", sharp=6.0)
    line = weigh(first, LABELS, None, again=[lambda: [second]])
    assert line is not None
    assert line.texts[0].text == line.free.text == "can"
    alone = weigh(first, LABELS, None), weigh(second, LABELS, None)
    each = [{one.text: one.ink for one in found.texts}["can"] for found in alone if found]
    assert line.free.ink == pytest.approx(sum(each) / 2)


def test_every_further_look_has_the_same_say() -> None:
    first, second, third = (scores("caf", "can", sharp=sharp) for sharp in (0.0, 3.0, 6.0))
    line = weigh(first, LABELS, None, again=[lambda: [second, third]])
    alone = [weigh(look, LABELS, None) for look in (first, second, third)]
    assert line is not None
    each = [{one.text: one.ink for one in found.texts}["can"] for found in alone if found]
    told = {one.text: one.ink for one in line.texts}
    assert told["can"] == pytest.approx(np.mean(each))


def test_looks_go_on_while_two_texts_are_close_and_no_longer() -> None:
    first = scores("can", "caf", sharp=2.0)

    def look(name: str, apart: float) -> list[np.ndarray]:
        taken.append(name)
        return [scores("can", "caf", sharp=2.0, apart=apart)]

    for apart, looks in ((0.5, ["second", "third"]), (9.0, ["second"])):
        taken: list[str] = []
        line = weigh(
            first,
            LABELS,
            None,
            again=[partial(look, "second", apart), partial(look, "third", apart)],
        )
        assert line is not None
        assert (line.texts[0].text, taken) == ("can", looks)


def test_looks_may_have_different_numbers_of_steps() -> None:
    first, second = scores("caf", "can", sharp=0.0), scores("can", "caf", sharp=6.0)
    line = weigh(first, LABELS, None, again=[lambda: [np.repeat(second, 2, axis=0)]])
    assert line is not None
    assert line.texts[0].text == "can"


def test_looks_that_disagree_leave_no_more_to_other_texts_than_each_does() -> None:
    first, second = scores("caf", "can", sharp=5.0), scores("can", "caf", sharp=8.0)
    alone = [weigh(look, LABELS, None) for look in (first, second)]
    both = weigh(first, LABELS, None, again=[lambda: [second]])
    assert both is not None
    assert both.rest == pytest.approx(np.mean([line.rest for line in alone if line]), abs=0.2)


def test_a_line_that_is_certain_is_looked_at_once() -> None:
    def again() -> list[np.ndarray]:
        raise AssertionError("looked again")

    certain = weigh(scores("caf", sharp=12.0), LABELS, LEXICON, [again])
    assert certain is not None
    assert certain.texts[0].text == "caf"
    assert weigh(scores("   "), LABELS, LEXICON, [again]) is None


def test_a_second_look_at_nothing_leaves_the_first() -> None:
    blank = scores("   ") * 1e30
    line = weigh(scores("caf", "can", sharp=0.0), LABELS, None, again=[lambda: [blank]])
    assert line is not None
    assert line.texts[0].text == "caf"
