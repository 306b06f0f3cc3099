"""CTC scores of a line → texts: what the ink says by itself, weighed against words that exist.

Texts come from two beam searches: a free one, and one that spells words of the lexicon only. Each
gets the exact probability of its ink and a bonus for its words. How much a word's frequency counts
was fitted on writers who did not train: see docs/decoding.md. A line that leaves doubt is looked at
again, in other ways, and its texts get the mean of all logs; where they may be a number or
one sign, other models look at its signs.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.recognition.lexicon import Lexicon
from app.recognition.likelihood import log_softmax
from app.recognition.looks import Looks, Scores
from app.recognition.signs import (
    OneByOne,
    are_alike,
    likeliest,
    prior_of_signs,
    shared_out,
    to_look_at,
)
from app.recognition.spelling import WORD, Spelling

FREQUENCY = 0.8  # how much the log of a word's share counts beside the ink
UNKNOWN = {2: -13.0, 3: -17.0}  # log share of what is no word, by its letters: chance spells some
UNKNOWN_LONGER = -23.0
NAME = 3.0  # more where it begins with a capital
POSSESSIVE = -4.0  # log share of a word's uses that end with 's
ODD_CASE = -4.0  # log share of a word's uses in capitals and small letters as they come
ASSURED = math.log(0.97)  # ink that is read so at the first look needs no second
CERTAIN = math.log(0.99)  # ink that is read so by itself is never overruled
CLOSE = 1.0  # log of how much likelier the best text is than the next, at least, to be left at that
USUAL_CASE = re.compile(
    r"[a-z']+|[A-Z']+s?|(?:De|Del|Di|Du|Jo|La|Le|Ma?c|O'|Van)?[A-Z][a-z']*"  # as in McQueen
)

Again = Callable[[], Sequence[Scores]]  # scores of further looks at the same line


@dataclass(frozen=True)
class Weighed:
    """A text with its log-probability by the ink, and together with the lexicon's bonus."""

    text: str
    ink: float
    total: float


@dataclass(frozen=True)
class Line:
    """Texts of a line, the best first, and what its ink says without the lexicon.

    rest is the log-probability by the ink that no free text accounts for, the mean over looks.
    """

    texts: list[Weighed]
    free: Weighed
    rest: float

    @property
    def is_close(self) -> bool:
        """Say whether the best text is hardly likelier than the next one."""
        return len(self.texts) > 1 and self.texts[0].total - self.texts[1].total < CLOSE

    def confidences(self, temperature: float) -> list[float]:
        """Return how probable each of texts is; what they leave of 1 is that of any other."""
        logs = np.array([weighed.total for weighed in self.texts] + [self.rest])
        shares = np.exp(log_softmax(logs, temperature))
        return [float(share) for share in shares[:-1]]


def weigh(
    scores: Scores,
    labels: Sequence[str],
    lexicon: Lexicon | None,
    again: Sequence[Again] = (),
    one_by_one: OneByOne | None = None,
) -> Line | None:
    """Return what scores say, and those of further looks; None where there is no writing.

    The first of the further looks are taken where the ink leaves doubt by itself, the others while
    two texts stay close.
    """
    looks = Looks(labels).and_at([scores])
    if not looks.free:
        return None
    spelling = Spelling(labels, lexicon) if lexicon else None
    if max(looks.free.values()) >= ASSURED:
        return _weighed(looks, spelling)
    line = None
    for look in again:
        if line and not line.is_close:
            return line
        looks = looks.and_at(look())
        line = _weighed(looks, spelling, one_by_one)
    return line or _weighed(looks, spelling, one_by_one)


def is_known(text: str, lexicon: Lexicon) -> bool:
    """Say whether a text is made of the lexicon's words alone, punctuation aside."""
    matches = [WORD.fullmatch(part) for part in text.split()]
    return all(m and lexicon.log_share(m.group(1).lower()) is not None for m in matches)


def _weighed(looks: Looks, spelling: Spelling | None, one_by_one: OneByOne | None = None) -> Line:
    """Return the texts of a line, weighed by what looks at it say."""
    if one_by_one:
        looks = replace(looks, free=looks.free | _sign_by_sign(looks, one_by_one))
    texts, best = looks.free, looks.best
    unknown = _unknown(best)
    if texts[best] >= CERTAIN:
        prior = dict.fromkeys(texts, 0.0)
    elif spelling is None or unknown is None:
        prior = {text: prior_of_signs(text) for text in texts}
    else:
        known = (text for look in looks.all for text in spelling.texts(look))
        new = [text for text in dict.fromkeys(known) if text not in texts]
        texts = texts | looks.likelihoods(new)
        nothing = FREQUENCY * unknown * len(best.split())
        prior = {text: _prior(text, spelling.lexicon, unknown) - nothing for text in texts}
    weighed = [Weighed(text, ink, ink + prior[text]) for text, ink in texts.items()]
    weighed.sort(key=lambda one: -one.total)
    return Line(weighed, next(one for one in weighed if one.text == best), looks.rest)


def _sign_by_sign(looks: Looks, one_by_one: OneByOne) -> dict[str, float]:
    """Return how likely texts are of which one was read sign by sign, and those like it."""
    text = to_look_at(looks.free)
    signs = one_by_one(text) if text else None
    if signs is None:
        return {}
    new = [] if (read := likeliest(signs)) in looks.free else [read]
    alike = {other: log for other, log in looks.free.items() if are_alike(text, other)}
    return shared_out(alike | looks.likelihoods(new), signs)


def _unknown(best: str) -> float | None:
    """Return the log share of what is no word where a text may be overruled; None: it may not.

    Numbers, single characters and signs are no words, and stand as they are read.
    """
    matches = [WORD.fullmatch(part) for part in best.split()]
    if not all(matches):
        return None
    letters = max(len(match.group(1)) for match in matches if match)
    name = NAME if matches[0] and matches[0].group(1)[0].isupper() else 0.0
    return UNKNOWN.get(letters, UNKNOWN_LONGER) + name


def _prior(text: str, lexicon: Lexicon, unknown: float) -> float:
    """Return how likely the words of a text are, before there is any ink."""
    total = 0.0
    for part in text.split():
        match = WORD.fullmatch(part)
        share = _log_share(match.group(1), lexicon) if match else None
        total += unknown if share is None else max(share, unknown)
    return FREQUENCY * total


def _log_share(written: str, lexicon: Lexicon) -> float | None:
    """Return the log of a word's share as it is written.

    Possessives have a part of their owner's, and what is in another case than is usual one of
    the word's.
    """
    word = written.lower()
    owner = word.removesuffix("'s")
    share = lexicon.log_share(word)
    if share is None and owner != word and (of_owner := lexicon.log_share(owner)) is not None:
        share = of_owner + POSSESSIVE
    if share is None:
        return None
    mixed = lexicon.spellings(word)
    usual = written in mixed if mixed else USUAL_CASE.fullmatch(written)
    return share if usual else share + ODD_CASE
