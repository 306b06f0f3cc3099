"""Which characters may stand in a label or a name."""

import unicodedata

MAX_LABEL = 64  # code points
LONGEST_SPELLING = 4  # code points that NFC makes one of
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def is_printable(text: str) -> bool:
    """Say whether there is no control, direction, private or unassigned character in a text."""
    return not any(unicodedata.category(character) in UNPRINTABLE for character in text)


def clean_label(label: str) -> str:
    """Return a label in the one spelling that is kept (NFC).

    Raises:
        ValueError: it is empty, too long or not printable.
    """
    if len(label) > MAX_LABEL * LONGEST_SPELLING:  # or 200,000 accents are sorted for 31 s
        raise ValueError(f"a label has 1 to {MAX_LABEL} characters")
    label = unicodedata.normalize("NFC", label)
    if not 1 <= len(label) <= MAX_LABEL:
        raise ValueError(f"a label has 1 to {MAX_LABEL} characters")
    if not is_printable(label):
        raise ValueError("a label has printable characters only")
    return label
