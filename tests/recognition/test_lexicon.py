from pathlib import Path

import pytest

from app.errors import SettingsError
from app.recognition.lexicon import Lexicon, load_lexicon


def test_words_have_their_share_and_their_beginnings() -> None:
    lexicon = Lexicon({"the": 6, "then": 1, "ten": 1})
    assert lexicon.log_share("the") == pytest.approx(-0.2877, abs=1e-4)
    assert lexicon.log_share("th") is None
    assert lexicon.log_share("zebra") is None
    for text, known in [("", True), ("t", True), ("the", True), ("tha", False), ("zz", False)]:
        assert lexicon.begins(text) is known


def test_what_is_no_word_is_left_out() -> None:
    lexicon = Lexicon({"it's": 1, "3d": 1, "ärger": 1, "'s": 1, "x" * 61: 1})
    assert len(lexicon) == 1
    assert lexicon.log_share("it's") == 0.0


def test_the_usual_list_is_english() -> None:
    lexicon = load_lexicon()
    assert lexicon is not None
    assert len(lexicon) > 300_000
    shares = [lexicon.log_share(word) for word in ("the", "favorite", "favourite", "aardvark")]
    assert all(shares)
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("word", ["isn't", "today's", "mom", "tv", "mary", "london"])
def test_the_usual_list_has_short_forms_and_names(word: str) -> None:
    lexicon = load_lexicon()
    assert lexicon is not None
    assert lexicon.log_share(word) is not None


def test_none_is_no_list() -> None:
    assert load_lexicon("none") is None


def test_a_file_may_have_counts_a_mark_and_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("\ufeffKadenz 12\n\nfuge\nFuge\t3\n", encoding="utf-8")
    lexicon = load_lexicon(str(path))
    assert lexicon is not None
    assert len(lexicon) == 2
    assert lexicon.log_share("kadenz") == pytest.approx(-0.2877, abs=1e-4)


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
