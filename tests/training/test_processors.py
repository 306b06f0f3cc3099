from pathlib import Path

import pytest

from app.training.processors import quickest_type


@pytest.mark.parametrize(
    ("flags", "quickest"),
    [
        ("fpu avx2 sha_ni", "float32"),
        ("fpu avx2 avx512f avx512_vnni", "float32"),
        ("fpu avx512f avx512_bf16 sha_ni", "mixed_bfloat16"),
        ("fpu amx_bf16", "mixed_bfloat16"),
    ],
)
def test_only_processors_that_know_bfloat16_are_given_it(
    tmp_path: Path, flags: str, quickest: str
) -> None:
    (tmp_path / "cpuinfo").write_text(f"processor\t: 0\nflags\t\t: {flags}\nbugs\t\t:\n")
    assert quickest_type(tmp_path / "cpuinfo") == quickest


def test_of_an_unknown_processor_nothing_special_is_asked(tmp_path: Path) -> None:
    assert quickest_type(tmp_path / "none") == "float32"
