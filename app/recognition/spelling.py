"""Words that the lexicon has, spelled along a line."""

import re
from collections.abc import Sequence
from operator import eq

from app.recognition.beam import beam_search
from app.recognition.lexicon import Lexicon
from app.recognition.looks import Look

BEAMS = 16
OPENING, CLOSING = "\"'([", ".,;:!?)\"']"
WORD = re.compile(r"[\"'(\[]*([A-Za-z][A-Za-z']+)[.,;:!?)\"'\]]*")

_BEFORE, _INSIDE, _AFTER = range(3)  # a word's letters
_State = tuple[str, int]  # the letters so far in lower case, and where they stand


class Spelling:
    """Spells words of the lexicon, with punctuation around and single spaces between them."""

    def __init__(self, labels: Sequence[str], lexicon: Lexicon) -> None:
        """Spell with labels; what one look has shown of the lexicon is remembered for the next."""
        self.lexicon = lexicon
        self._labels = labels
        self._known: dict[tuple[_State, int], _State | None] = {}

    def texts(self, look: Look) -> list[str]:
        """Return the likeliest texts of words alone, in the case that the ink has them in.

        Words that the lexicon knows in mixed cases (iPhone) come in these, too.
        """
        found = beam_search(look.logs, BEAMS, self._follow, start=("", _BEFORE))
        texts = [
            "".join(self._labels[i] for i in text) for text, state in found if self._may_end(state)
        ]
        cased = (
            " ".join(map(in_case, text.split()))
            for text in texts
            for in_case in (in_one_case, self._as_known)
        )
        return list(dict.fromkeys(cased))

    def _follow(self, state: _State, label: int) -> _State | None:
        """Return the state after one more label, looked up once."""
        step = state, label
        if step not in self._known:
            self._known[step] = self._state_after(state, label)
        return self._known[step]

    def _state_after(self, state: _State, label: int) -> _State | None:
        """Return the state after one more label, or None where no word goes on like that."""
        letters, place = state
        sign = self._labels[label]
        longer = letters + sign.lower()
        if place != _AFTER and (sign.isalpha() or sign == "'") and self.lexicon.begins(longer):
            return longer, _INSIDE
        if place == _BEFORE:
            return state if sign in OPENING else None
        if sign == " " and self._may_end(state):
            return "", _BEFORE
        return (letters, _AFTER) if sign in CLOSING and self._may_end(state) else None

    def _may_end(self, state: _State) -> bool:
        """Say whether the letters are a whole word, of two letters at least."""
        letters, place = state
        return place == _AFTER or (len(letters) > 1 and self.lexicon.log_share(letters) is not None)

    def _as_known(self, part: str) -> str:
        """Return a word in the nearest of the mixed cases that the lexicon knows, if any."""
        match = WORD.fullmatch(part)
        known = self.lexicon.spellings(match.group(1).lower()) if match else None
        if not match or not known:
            return in_one_case(part)
        nearest = max(sorted(known), key=lambda one: sum(map(eq, one, match.group(1))))
        return part[: match.start(1)] + nearest + part[match.end(1) :]


def in_one_case(part: str) -> str:
    """Return a word in capitals, with one in front, or without, whichever it nearly is."""
    match = WORD.fullmatch(part)
    if match is None:
        return part
    word, start = match.group(1), match.start(1)
    capitals = sum(map(str.isupper, word))
    if capitals >= max(2, 0.6 * len(word)):
        cased = word.upper()
    else:
        cased = word[0] + word[1:].lower() if word[0].isupper() else word.lower()
    return part[:start] + cased + part[match.end(1) :]
