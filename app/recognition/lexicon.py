"""Words that people write, and how often: what a reading is weighed against."""

import gzip
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import msgpack
import numpy as np

from app.errors import SettingsError

LONGEST = 60  # letters
USUAL = ("wordfreq", "data/large_en.msgpack.gz")
_WORD = re.compile(rf"[a-z][a-z']{{0,{LONGEST - 1}}}")
_LINE = re.compile(r"(\S+)(?:\s+(\d{1,18}))?")


class Lexicon:
    """A list of words in lower case, each with its share of all that is written.

    The sorted list is its own trie: words with a prefix stand side by side.
    """

    def __init__(self, counts: Mapping[str, float]) -> None:
        """Hold words of letters and apostrophes with their counts; others are left out."""
        self._words = sorted(word for word in counts if _WORD.fullmatch(word))
        often = np.array([counts[word] for word in self._words], np.float64)
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

    A file has a word a line, its count behind it where known. The usual list is the English one of
    wordfreq, 307,629 words with names among them.

    Raises:
        SettingsError: the file is not there, or no list of words.
    """
    if setting.lower() == "none":
        return None
    if not setting:
        return _usual()
    lexicon = Lexicon(_of_file(Path(setting)))
    if not len(lexicon):
        raise SettingsError(f"LEXICON: {setting} has no word of the letters a to z.")
    return lexicon


@cache
def _usual() -> Lexicon:
    """Return wordfreq's list, the same one each time, for it is slow to make.

    wordfreq is not imported, for what that adds costs 16 MB and 0.1 s.
    The list is in wordfreq's own format, cBpack: a header, and then lists of words, of which the
    nth has those whose share of all that is written is 10 ** (-n / 100).
    """
    package, name = USUAL
    found = find_spec(package)
    if found is None or found.origin is None:
        raise SettingsError(f"LEXICON: {package} is not installed; name a file, or none.")
    with gzip.open(Path(found.origin).parent / name) as file:
        header, *by_share = msgpack.load(file)
    if header != {"format": "cB", "version": 1}:
        raise SettingsError(f"LEXICON: {package} has its words in another format; name a file.")
    return Lexicon({word: 10 ** (-n / 100) for n, words in enumerate(by_share) for word in words})


def _of_file(path: Path) -> dict[str, int]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"LEXICON: {path} is no text file that can be read.") from error
    return _counts(lines, str(path))


def _counts(lines: Iterable[str], name: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise SettingsError(f"LEXICON: {name}, line {number}: a word and its count, no more.")
        word = match.group(1).lower()
        counts[word] = counts.get(word, 0) + max(int(match.group(2) or 1), 1)
    return counts
