"""Which characters may stand in a label or a name."""

import unicodedata

UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def is_printable(text: str) -> bool:
    """Say whether there is no control, direction, private or unassigned character in a text."""
    return not any(unicodedata.category(character) in UNPRINTABLE for character in text)
