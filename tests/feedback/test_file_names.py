from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import FeedbackError
from app.feedback.transfer.names import LONGEST, file_name, parse_name, parse_time

MOMENT = datetime(2024, 1, 31, 23, 59, 59, tzinfo=UTC)
NOT_EVERYWHERE = set('<>:"/\\|?*') | {chr(code) for code in range(32)}


@pytest.mark.parametrize(
    ("stem", "microsecond", "label"),
    [
        ("1706745599-7", 0, "7"),
        ("1706745599.25-7", 250_000, "7"),
        ("1706745599123-word", 123_000, "word"),
        ("1706745599-2359-7", 0, "2359-7"),
        ("20240131-235959-7", 0, "7"),
        ("20240131235959-7", 0, "7"),
        ("20240131_235959--", 0, "-"),
        ("2024-01-31 23:59:59-7", 0, "7"),
        ("2024-01-31 23.59.59.5-7", 500_000, "7"),
        ("2024-01-31T23-59-59-well-known", 0, "well-known"),
        ("2024-02-01T01:59:59+02:00-7", 0, "7"),
        ("2024-01-31T18:59:59-05:00-7", 0, "7"),
        ("20240131T235959.000001Z-7", 1, "7"),
        ("20240131T235959.000001Z_12-a%2Fb", 1, "a/b"),
        ("20240131-235959-100%", 0, "100%"),
        ("20240131-235959-.", 0, "."),
    ],
)
def test_names_of_all_ages_tell_time_and_label(stem: str, microsecond: int, label: str) -> None:
    assert parse_name(stem) == (MOMENT.replace(microsecond=microsecond), label)


@pytest.mark.parametrize(
    "stem", ["", "7", "seven", "-7", "20240131-235959", "20240131-235959-", "20240231-235959-7",
             "1706745599", "99-7", "2024-01-31-7", "١٧٠٦٧٤٥٥٩٩-7"],
)  # fmt: skip
def test_other_names_are_refused(stem: str) -> None:
    with pytest.raises(FeedbackError, match="a time, a hyphen and a label"):
        parse_name(stem)


@given(
    st.integers(0, 10**15),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=64),
    st.integers(1, 99),
)
def test_a_name_suits_every_file_system_and_says_it_all(
    microseconds: int, label: str, number: int
) -> None:
    moment = MOMENT + timedelta(microseconds=microseconds)
    name = file_name(moment, label, number)
    assert name.isascii()
    assert len(name) < 255
    assert not NOT_EVERYWHERE & set(name)
    stem = name.removesuffix(".png")
    if stem.endswith(("Z-", f"_{number}-")):
        assert len(label.encode()) * 3 > LONGEST  # the list alone has it
    else:
        assert parse_name(stem) == (moment, label)


@pytest.mark.parametrize("text", ["", "soon", "31/01/2024", "0001-01-01T00:00:00+05:00"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert parse_time(text) is None
