"""The names of pictures outside: `{time}-{label}.png`, with any time that older projects wrote."""

import re
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from app.errors import FeedbackError

OWN_TIME = "%Y%m%dT%H%M%S.%fZ"
UNESCAPED = " !#$&'()+,;=@[]^`{}"  # beside what quote leaves; Windows takes none of <>:"/\|?*
LONGEST = 200  # characters of a label in a name; file systems take 255 bytes of the whole
DATE_AND_TIME = re.compile(
    r"(?P<date>(?:19|20)\d\d-?\d\d-?\d\d)[T _-]?(?P<hour>\d\d)[:._-]?(?P<minute>\d\d)[:._-]?"
    r"(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?"
    r"(?:(?P<zone>Z|\+\d\d:?\d\d|-\d\d:\d\d)(?:_\d+)?)?",
    re.ASCII,
)
SINCE_1970 = re.compile(r"(\d{9,10})(?:(\d{3}|\d{6}|\d{9})|[.,](\d+))?", re.ASCII)


def file_name(moment: datetime, label: str, number: int = 1) -> str:
    """Return the name of a correction's picture; number tells apart those that would be alike.

    What some file system does not take is escaped as in URLs. A label that is too long then is
    left out.
    """
    time = moment.astimezone(UTC).strftime(OWN_TIME)
    told = quote(label, safe=UNESCAPED)
    which = f"_{number}" if number > 1 else ""
    return f"{time}{which}-{told if len(told) <= LONGEST else ''}.png"


def parse_name(stem: str) -> tuple[datetime, str]:
    """Return the time and the label of a file's name without its ending.

    Raises:
        FeedbackError: it has none.
    """
    for pattern in (DATE_AND_TIME, SINCE_1970):
        found = re.fullmatch(f"(?P<time>{pattern.pattern})-(?P<label>.+)", stem, re.ASCII)
        moment = parse_time(found["time"]) if found else None
        if found and moment:
            return moment, unquote(found["label"])
    raise FeedbackError("Its name is not a time, a hyphen and a label.")


def parse_time(text: str) -> datetime | None:
    """Return a moment in UTC, or None. Without a zone it is taken for UTC."""
    try:
        if found := SINCE_1970.fullmatch(text):
            seconds, fraction, other = found.groups()
            return datetime.fromtimestamp(float(f"{seconds}.{fraction or other or 0}"), UTC)
        if found := DATE_AND_TIME.fullmatch(text):
            date, *clock, fraction, zone = found.groups()
            text = f"{date}T{':'.join(clock)}.{fraction or 0}{zone or ''}"
        return in_utc(datetime.fromisoformat(text))
    except ValueError:
        return None


def in_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC.

    Raises:
        ValueError: no calendar has it.
    """
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError("there is no such time") from error
