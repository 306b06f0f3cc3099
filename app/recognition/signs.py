"""Signs that may be looked at one by one: the digits of a number, a character that stands alone.

What the models of digits and of characters say of them is weighed with what the line's own says.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from app.recognition.likelihood import log_softmax

Shares = Mapping[str, float]  # how likely each sign is at one place, as a log
OneByOne = Callable[[str], Sequence[Shares] | None]  # looks at what was read as a text, if it can

NEAR = 4.0  # by which a number may be less likely than the best text, and is looked at all the same
ODD = -4.0  # log share of odd texts among those with digits: 19 of 2,622 words that train are odd
BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"))
ORDINAL = re.compile(r"\d+(st|nd|rd|th|s)")
# shares of what stands alone, in the 5,137 words of one sign that train, and how much they count
OFTEN_ALONE = dict.fromkeys("0123456789", 0.033) | dict.fromkeys("()/", 0.016)
OFTEN_ALONE |= {".": 0.10, "a": 0.06, ",": 0.04, "I": 0.03, "-": 0.03}
RARELY_ALONE = 0.005  # of each other sign
FREQUENCY = 0.5


def to_look_at(texts: Mapping[str, float]) -> str:
    """Return which of texts, with their logs, is to be looked at sign by sign; "" for none.

    That is a number that is as likely as any, or nearly, or else a sign that is the likeliest.
    """
    best = max(texts, key=texts.__getitem__)
    numbers = [text for text in texts if text.isdecimal() and len(text) > 1]
    number = max(numbers, key=texts.__getitem__, default="")
    if number and texts[number] > texts[best] - NEAR:
        return number
    return best if len(best) == 1 else ""


def are_alike(text: str, other: str) -> bool:
    """Say whether two texts are both numbers of one length, or both one sign."""
    if len(text) != len(other):
        return False
    return len(text) == 1 or (text.isdecimal() and other.isdecimal())


def likeliest(signs: Sequence[Shares]) -> str:
    """Return the likeliest sign at every place."""
    return "".join(max(shares, key=shares.__getitem__) for shares in signs)


def shared_out(texts: Mapping[str, float], signs: Sequence[Shares]) -> dict[str, float]:
    """Return the logs of texts that are alike, given those of each sign as well.

    Both are taken as independent experts. The sum of the probabilities stays what it was: whether
    the ink is a number at all is for those to say who know all signs.
    """
    logs = [
        log + sum(shares[sign] for sign, shares in zip(text, signs, strict=True))
        for text, log in texts.items()
    ]
    shared = np.logaddexp.reduce(list(texts.values())) + log_softmax(np.array(logs))
    return dict(zip(texts, shared.tolist(), strict=True))


def prior_of_signs(text: str) -> float:
    """Return what is to be added to a text's log because it is common alone, or odd."""
    if len(text) == 1:
        return FREQUENCY * math.log(OFTEN_ALONE.get(text, RARELY_ALONE) / RARELY_ALONE)
    return ODD * is_odd(text)


def is_odd(text: str) -> bool:
    """Say whether digits stand among letters, not as in 7th or 1920s, or by half of a bracket."""
    parts = [part for part in text.split() if any(map(str.isdecimal, part))]
    if any(text.count(opening) != text.count(closing) for opening, closing in BRACKETS):
        return bool(parts)
    return any(any(map(str.isalpha, p)) and not ORDINAL.fullmatch(p) for p in parts)
