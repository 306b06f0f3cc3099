"""Words that people write, and how often: what a reading is weighed against."""

import gzip
import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from operator import itemgetter
from pathlib import Path
from typing import Self

import msgpack
import numpy as np

from app.errors import SettingsError

LONGEST = 60  # letters
LISTS = {"en": "large_en"} | {  # wordfreq's; of German the long list gains nothing
    language: f"small_{language}"
    for language in ("da", "de", "es", "fi", "fr", "id", "it", "nb", "nl", "pt", "sv")
}
USUAL = "en,de"  # what the ink that the models learn from says
FURTHER = -2.0  # log of how much a word of another language than the first counts
EXPECTED = -8.0  # log share of a word that is expected, at least
_APART = str.maketrans(  # what Unicode takes for one letter
    {"æ": "ae", "œ": "oe", "ø": "o", "ß": "ss", "Æ": "AE", "Œ": "OE", "Ø": "O", "ẞ": "SS"}
)
_WORD = re.compile(rf"[a-z][a-z']{{0,{LONGEST - 1}}}")
_EDGES = re.compile(r"^\W+|\W+$")
_LINE = re.compile(r"(\S+)(?:\s+(\d{1,18}))?")
_LANGUAGE = re.compile(r"[A-Za-z]{2}")


class Words:
    """A list of words, each with its share of all that is written.

    The sorted list is its own trie: words with a prefix stand side by side. They are in lower
    case; how those are written that mix capitals and small letters, as iPhone, is known beside.
    """

    def __init__(self, counts: Mapping[str, float]) -> None:
        """Hold words of letters and apostrophes with their counts; others are left out.

        What models cannot read is as people read it who lack it: über is uber.
        """
        together = dict(counts)
        self._spellings: dict[str, set[str]] = {}
        for word in counts:
            if not word.isascii() or not word.islower():
                spelling = _in_ascii(word)
                plain = spelling.lower()
                if plain != word:
                    together[plain] = together.get(plain, 0.0) + counts[word]
                if spelling not in (plain, plain.upper(), plain.capitalize()):
                    self._spellings.setdefault(plain, set()).add(spelling)
        self._words = sorted(word for word in together if _WORD.fullmatch(word))
        often = np.array([together[word] for word in self._words], np.float64)
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

    def spellings(self, word: str) -> set[str]:
        """Return how a word, given in lower case, is written where it mixes cases, as iPhone."""
        return self._spellings.get(word, set())


class Lexicon:
    """The words of one language or several, of which the first is the likeliest."""

    def __init__(self, lists: Mapping[str, Words], expected: Sequence[Words] = ()) -> None:
        """Hold a list of each language, in their order; one that is of none has the name "".

        Further lists are of words that are expected; in the mean, a word of one is EXPECTED.
        """
        self._lists = dict(lists)
        self._expected = [words for words in expected if len(words)]
        self._weighed = [(words, FURTHER if n else 0.0) for n, words in enumerate(lists.values())]
        self._weighed += [(words, EXPECTED + math.log(len(words))) for words in self._expected]

    def __len__(self) -> int:
        """Return the number of words of all languages."""
        return sum(map(len, self._lists.values()))

    @property
    def languages(self) -> list[str]:
        """Return the codes of the languages (ISO 639-1), the likeliest first."""
        return [language for language in self._lists if language]

    def preferring(self, language: str) -> Self:
        """Return the same words with those of one of the languages as the likeliest."""
        return type(self)({language: self._lists[language], **self._lists}, self._expected)

    def expecting(self, texts: Iterable[str]) -> Self:
        """Return the same words, and those of texts, which whoever asks expects to be written."""
        parts = (_EDGES.sub("", part) for text in texts for part in text.split())
        return type(self)(self._lists, [*self._expected, Words(dict.fromkeys(parts, 1.0))])

    def begins(self, prefix: str) -> bool:
        """Say whether a word begins with these letters."""
        return any(words.begins(prefix) for words, _ in self._weighed)

    def log_share(self, word: str) -> float | None:
        """Return the log of a word's share, or None where no list has it."""
        return max((share for share, _ in self._found(word)), default=None)

    def spellings(self, word: str) -> set[str]:
        """Return how a word, given in lower case, is written where it mixes cases, as iPhone.

        The list that makes it likeliest says so: nobody who expects tHe has others write the so.
        """
        if not any(words.spellings(word) for words, _ in self._weighed):
            return set()  # as nearly always, at the cost of a look
        found = max(self._found(word), key=itemgetter(0), default=None)
        return found[1].spellings(word) if found else set()

    def _found(self, word: str) -> list[tuple[float, Words]]:
        """Return the lists that have a word, each with the log of the word's share by it."""
        return [
            (share + weight, words)
            for words, weight in self._weighed
            if (share := words.log_share(word)) is not None
        ]


def load_lexicon(setting: str = "") -> Lexicon | None:
    """Load what the setting LEXICON names: languages, a file, or "none"; by default USUAL.

    Languages are codes with commas between, the likeliest first; their lists are wordfreq's, names
    among them. A file has a word a line, its count behind it where known; where it is named beside
    languages, its words are expected.

    Raises:
        SettingsError: the file is not there, or no list of words; or a language has no list.
    """
    if setting.lower() == "none":
        return None
    named = [name.strip() for name in (setting or USUAL).split(",")]
    languages = [name.lower() for name in named if _LANGUAGE.fullmatch(name)]
    files = [_of_file(Path(name)) for name in named if not _LANGUAGE.fullmatch(name)]
    lists = {language: _words_of(language) for language in languages} or {"": files.pop(0)}
    return Lexicon(lists, files)


@cache
def _words_of(language: str) -> Words:
    """Return wordfreq's list of a language, the same one each time, for it is slow to make.

    wordfreq is not imported, for what that adds costs 16 MB and 0.1 s.
    The list is in wordfreq's own format, cBpack: a header, and then lists of words, of which the
    nth has those whose share of all that is written is 10 ** (-n / 100).
    """
    if language not in LISTS:
        known = ", ".join(sorted(LISTS))
        raise SettingsError(f"LEXICON: there are words of {known}, none of {language}.")
    found = find_spec("wordfreq")
    if found is None or found.origin is None:
        raise SettingsError("LEXICON: wordfreq is not installed; name a file, or none.")
    path = Path(found.origin).parent / "data" / f"{LISTS[language]}.msgpack.gz"
    with gzip.open(path) as file:
        header, *by_share = msgpack.load(file)
    if header != {"format": "cB", "version": 1}:
        raise SettingsError("LEXICON: wordfreq has its words in another format; name a file.")
    shares = ((10 ** (-n / 100), words) for n, words in enumerate(by_share))
    return Words({word: share for share, words in shares for word in words})


def _in_ascii(word: str) -> str:
    """Return a word in letters without accents: Straße is Strasse, Øl is Ol."""
    parts = unicodedata.normalize("NFKD", word.translate(_APART))
    return "".join(part for part in parts if not unicodedata.combining(part))


def _of_file(path: Path) -> Words:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"LEXICON: {path} is no text file that can be read.") from error
    words = Words(_counts(lines, str(path)))
    if not len(words):
        raise SettingsError(f"LEXICON: {path} has no word of the letters a to z.")
    return words


def _counts(lines: Iterable[str], name: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise SettingsError(f"LEXICON: {name}, line {number}: a word and its count, no more.")
        word = match.group(1)
        counts[word] = counts.get(word, 0) + max(int(match.group(2) or 1), 1)
    return counts
