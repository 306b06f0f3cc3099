"""Characters that nobody can tell apart once their size and place on the line are gone."""

GROUPS = (
    "0Oo",
    "1Il|",
    "2zZ",
    "5sS",
    "6b",
    "9gq",
    "',`",
    "-_",
    "cC",
    "kK",
    "pP",
    "uU",
    "vV",
    "wW",
    "xX",
)
_GROUP_OF = {character: group for group in GROUPS for character in group}


def group_of(character: str) -> str:
    """Return the look-alikes of a character, itself among them; it alone where it has none."""
    return _GROUP_OF.get(character, character)
