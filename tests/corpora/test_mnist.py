from pathlib import Path

import numpy as np
import pytest

from app.corpora import mnist
from app.errors import CorpusError


def test_a_missing_file_is_named_with_the_command_that_fetches_it(tmp_path: Path) -> None:
    with pytest.raises(
        CorpusError, match=r"mnist\.npz is missing.*python -m scripts.prepare mnist"
    ):
        mnist.load(tmp_path, "train")


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut"])
def test_a_cut_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / mnist.FILE
    file.parent.mkdir()
    file.write_bytes(content)
    with pytest.raises(CorpusError, match="cut or damaged"):
        mnist.load(tmp_path, "train")


def test_other_digits_are_refused(tmp_path: Path) -> None:
    file = tmp_path / mnist.FILE
    file.parent.mkdir()
    np.savez(file, x_train=np.zeros((3, 28, 28), np.uint8), y_train=np.zeros(3, np.uint8))
    with pytest.raises(CorpusError, match="other digits"):
        mnist.load(tmp_path, "train")
