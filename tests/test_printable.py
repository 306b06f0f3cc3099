"""Labels from elsewhere obey the rule of those that the API takes."""

import pytest
from pydantic import ValidationError

from app.printable import clean_label
from app.web.schemas import HelpDataIn

from .inks import data_url, picture, png


@pytest.mark.parametrize(
    ("label", "kept"),
    [("7", "7"), ("=1+1", "=1+1"), ("e\N{COMBINING ACUTE ACCENT}", "é"), ("x" * 64, "x" * 64)],
)
def test_a_label_is_kept_in_one_spelling(label: str, kept: str) -> None:
    assert clean_label(label) == by_api(label) == kept


@pytest.mark.parametrize("label", ["", "x" * 65, "x" * 1000, "a\x00", "a\u202eb", "\ue000", "\n"])
def test_what_is_no_label_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="a label has") as refused:
        clean_label(label)
    with pytest.raises(ValidationError, match=str(refused.value)):
        by_api(label)


def by_api(label: str) -> str:
    return HelpDataIn(image=data_url(png(picture("7"))), label=label).label
