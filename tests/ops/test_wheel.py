"""The wheel of app.generation, in an environment that has nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from .. import scans
from ..servers import ROOT, clean_environment

pytestmark = pytest.mark.slow
TRIED = """
import sys
from importlib.util import find_spec
from app.generation import generate_numbers_sequence, get_mnist_data
from app.corpora import mnist

missing = [name for name in ("flask", "tensorflow", "pydantic", "scripts") if find_spec(name) is None]
assert missing == ["flask", "tensorflow", "pydantic", "scripts"], missing
try:
    get_mnist_data()
except Exception as error:
    assert "scripts.prepare mnist" in str(error), error
mnist.SHA256.update(SHA256)
import os; os.environ["INKLOOP_DATA"] = sys.argv[1]
picture = generate_numbers_sequence(digits=[4, 2], spacing_range=(5, 10), image_width=56)
assert (picture.shape, str(picture.dtype)) == ((28, 56), "float32")
assert get_mnist_data()[0].shape[1:] == (28, 28)
from app.generation.hands import our_digits
assert len(our_digits()) == 10
print("it works without", *missing)
"""


def run(*command: str | Path, folder: Path) -> str:
    found = subprocess.run(
        list(map(str, command)), cwd=folder, env=clean_environment(), capture_output=True, text=True
    )
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


def test_the_wheel_needs_neither_flask_nor_tensorflow(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path]
    run(*build, ".", folder=ROOT)
    [wheel] = tmp_path.glob("inkloop-*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "empty", folder=tmp_path)
    python = tmp_path / "empty" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", wheel, folder=tmp_path)
    scans.write(tmp_path / "data")
    tried = TRIED.replace("SHA256)", f"{scans.hashes()!r})", 1)
    told = run(python, "-c", tried, tmp_path / "data", folder=tmp_path)
    assert "without flask tensorflow" in told
