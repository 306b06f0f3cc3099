"""Words that people write, and how often: what a reading is weighed against."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from app.errors import SettingsError

LONGEST = 60  # letters
USUAL = ("symspellpy", "frequency_dictionary_en_82_765.txt")
_WORD = re.compile(rf"[a-z][a-z']{{0,{LONGEST - 1}}}")
_LINE = re.compile(r"(\S+)(?:\s+(\d{1,18}))?")


class Lexicon:
    """A list of words in lower case, each with its share of all that is written.

    The sorted list is its own trie: words with a prefix stand side by side.
    """

    def __init__(self, counts: dict[str, int]) -> None:
        """Hold words of letters and apostrophes with their counts; others are left out."""
        self._words = sorted(word for word in counts if _WORD.fullmatch(word))
        often = np.array([max(counts[word], 1) for word in self._words], np.float64)
        self._log_shares = np.log(often / often.sum()).astype(np.float32)

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self._words)

    def begins(self, prefix: str) -> bool:
        """Say whether a word begins with these letters."""
        place = bisect_left(self._words, prefix)
        return place < len(self._words) and self._words[place].startswith(prefix)

    def log_share(self, word: str) -> float | None:
        """Return the log of a word's share, or None where it is not in the list."""
        place = bisect_left(self._words, word)
        if place < len(self._words) and self._words[place] == word:
            return float(self._log_shares[place])
        return None


def load_lexicon(setting: str = "") -> Lexicon | None:
    """Load what the setting LEXICON names: a file, "none", or by default the usual list.

    A file has a word a line, its count behind it where known. The usual list is the English one
    of SymSpell, 82,834 words.

    Raises:
        SettingsError: the file is not there, or no list of words.
    """
    if setting.lower() == "none":
        return None
    source = Path(setting) if setting else _usual()
    try:
        lines = source.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"LEXICON: {source} is no text file that can be read.") from error
    lexicon = Lexicon(_counts(lines, str(source)))
    if not len(lexicon):
        raise SettingsError(f"LEXICON: {source} has no word of the letters a to z.")
    return lexicon


def _usual() -> Path:
    """Return SymSpell's list, without an import of SymSpell: its index would cost 135 MB."""
    found = find_spec(USUAL[0])
    if found is None or found.origin is None:
        raise SettingsError(f"LEXICON: {USUAL[0]} is not installed; name a file, or none.")
    return Path(found.origin).with_name(USUAL[1])


def _counts(lines: Iterable[str], name: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise SettingsError(f"LEXICON: {name}, line {number}: a word and its count, no more.")
        word = match.group(1).lower()
        counts[word] = counts.get(word, 0) + int(match.group(2) or 1)
    return counts
