from pathlib import Path

import numpy as np
import pytest

from app.errors import SettingsError
from app.recognition.lexicon import EXPECTED, FURTHER, LISTS, Lexicon, Words, load_lexicon


def test_words_have_their_share_and_their_beginnings() -> None:
    lexicon = Words({"the": 6, "then": 1, "ten": 1})
    assert lexicon.log_share("the") == pytest.approx(-0.2877, abs=1e-4)
    assert lexicon.log_share("th") is None
    assert lexicon.log_share("zebra") is None
    for text, known in [("", True), ("t", True), ("the", True), ("tha", False), ("zz", False)]:
        assert lexicon.begins(text) is known


def test_what_is_no_word_is_left_out() -> None:
    words = Words({"it's": 1, "3d": 1, "слово": 1, "'s": 1, "x" * 61: 1})
    assert len(words) == 1
    assert words.log_share("it's") == 0.0


def test_accents_are_left_out_as_people_do_who_lack_them() -> None:
    words = Words({"über": 2, "uber": 1, "STRAẞE": 1, "Smørrebrød": 1})
    assert len(words) == 3
    assert words.log_share("uber") == pytest.approx(np.log(3 / 5))
    assert words.spellings("strasse") == set()
    assert words.log_share("strasse") == words.log_share("smorrebrod") == pytest.approx(np.log(0.2))


def test_words_of_another_language_count_less_than_those_of_the_first() -> None:
    lexicon = Lexicon({"en": Words({"bad": 1, "good": 1}), "de": Words({"bad": 1, "gut": 1})})
    assert lexicon.languages == ["en", "de"]
    assert len(lexicon) == 4
    half = np.log(1 / 2)
    assert lexicon.log_share("bad") == pytest.approx(half)
    assert lexicon.log_share("gut") == pytest.approx(half + FURTHER)
    assert lexicon.log_share("bon") is None
    assert lexicon.begins("gu")
    assert lexicon.begins("go")
    assert not lexicon.begins("b2")


def test_a_writers_language_comes_first() -> None:
    lexicon = Lexicon({"en": Words({"good": 1}), "de": Words({"gut": 1})}).preferring("de")
    assert lexicon.languages == ["de", "en"]
    assert lexicon.log_share("gut") == 0.0
    assert lexicon.log_share("good") == FURTHER


def test_words_that_are_expected_are_known_and_none_is_less_likely() -> None:
    usual = Lexicon({"en": Words({"the": 1, "ink": 1e-9}), "de": Words({"gut": 1})})
    lexicon = usual.expecting(["The Müllers,", "'Zbigniew'", "ink"]).preferring("de")
    assert lexicon.begins("zbig")
    for word in ("mullers", "zbigniew", "ink"):
        assert lexicon.log_share(word) == pytest.approx(EXPECTED)
    assert lexicon.log_share("the") == pytest.approx(FURTHER)
    assert lexicon.log_share("müllers") is None
    assert usual.log_share("zbigniew") is None


def test_words_of_mixed_case_are_known_as_they_are_written() -> None:
    usual = Lexicon({"en": Words({"the": 0.9, "vans": 0.1})})
    lexicon = usual.expecting(["iPhone", "DiÆrø!", "LaTeX LATEX", "NASA", "Anna", "it's", "tHe"])
    assert lexicon.spellings("iphone") == {"iPhone"}
    assert lexicon.spellings("diaero") == {"DiAEro"}
    assert lexicon.spellings("latex") == {"LaTeX"}
    for word in ("nasa", "anna", "it's", "vans", "none"):
        assert lexicon.spellings(word) == set(), word
    assert lexicon.spellings("the") == set()  # another list makes it likelier
    assert usual.spellings("iphone") == set()


def test_of_texts_without_a_word_nothing_is_expected() -> None:
    lexicon = Lexicon({"en": Words({"the": 1})}).expecting(["3d", "--", " "])
    assert lexicon.log_share("the") == 0.0
    assert not lexicon.begins("3")


def test_usually_words_are_english_and_german() -> None:
    lexicon = load_lexicon()
    assert lexicon is not None
    assert lexicon.languages == ["en", "de"]
    assert lexicon.log_share("schallplatte") is not None
    assert len(lexicon) > 300_000
    shares = [lexicon.log_share(word) for word in ("the", "favorite", "favourite", "aardvark")]
    assert all(shares)
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("word", ["isn't", "today's", "mom", "tv", "mary", "london"])
def test_the_usual_list_has_short_forms_and_names(word: str) -> None:
    lexicon = load_lexicon()
    assert lexicon is not None
    assert lexicon.log_share(word) is not None


@pytest.mark.parametrize("language", sorted(LISTS))
def test_every_language_has_its_words(language: str) -> None:
    lexicon = load_lexicon(language)
    assert lexicon is not None
    assert lexicon.languages == [language]
    assert len(lexicon) > 20_000


def test_the_first_language_named_is_the_likeliest() -> None:
    lexicon = load_lexicon("FR, en")
    assert lexicon is not None
    assert lexicon.languages == ["fr", "en"]


def test_a_language_without_a_list_is_refused() -> None:
    with pytest.raises(SettingsError, match="none of xx"):
        load_lexicon("en,xx")


def test_none_is_no_list() -> None:
    assert load_lexicon("none") is None


def test_a_file_may_have_counts_a_mark_and_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("\ufeffKadenz 12\n\nfuge\nFuge\t3\n", encoding="utf-8")
    lexicon = load_lexicon(str(path))
    assert lexicon is not None
    assert len(lexicon) == 2
    assert lexicon.log_share("kadenz") == pytest.approx(-0.2877, abs=1e-4)


def test_a_file_beside_languages_has_words_that_are_expected(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("Zbigniew\nWojtek 3\neBay 4\n")
    for setting in (f"en, {path}", f"{path},en"):
        lexicon = load_lexicon(setting)
        assert lexicon is not None
        assert lexicon.languages == ["en"]
        shares = [lexicon.log_share(word) for word in ("zbigniew", "wojtek", "ebay")]
        assert np.logaddexp.reduce(shares) == pytest.approx(EXPECTED + np.log(3))
        assert shares[1] == pytest.approx(shares[0] + np.log(3))
        assert lexicon.spellings("ebay") == {"eBay"}
        both = lexicon.expecting(["Xochitl"])
        assert both.log_share("xochitl") == pytest.approx(EXPECTED)
        assert both.log_share("zbigniew") == shares[0]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff\xfe\x00", "no text file"),
        (b"two words 3\n", "line 1"),
        (b"word\nword many\n", "line 2"),
        (b"", "no word"),
        (b"123 4\n", "no word"),
    ],
)
def test_another_file_is_refused_with_its_reason(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=why):
        load_lexicon(str(path))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="LEXICON"):
        load_lexicon(str(tmp_path / "words.txt"))
