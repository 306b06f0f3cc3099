"""MNIST: 70,000 scanned digits of 28 × 28 pixels (LeCun, Cortes, Burges; CC BY-SA 3.0)."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from app.errors import CorpusError

FILE = Path("mnist/mnist.npz")
COMMAND = "python -m scripts.prepare mnist"
URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"

# sha256 of each array's bytes: the pixels are what counts, however the file was packed
SHA256 = {
    "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
}


@dataclass(frozen=True)
class Digits:
    """Images (n, 28, 28) uint8, light ink on black, and labels (n,) uint8."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def describe(self) -> dict[str, int | str]:
        """Return count and sha256, for a card."""
        content = hashlib.sha256(self.images.tobytes() + self.labels.tobytes())
        return {"samples": len(self.labels), "sha256": content.hexdigest()}


def fetch(data: Path, url: str = URL) -> Path:
    """Download MNIST into a data folder, unless it is there, and check it; return the file.

    Raises:
        CorpusError: it cannot be fetched, or what came is not MNIST.
    """
    from app.corpora.download import download  # noqa: PLC0415  reading needs no HTTP client

    path = data / FILE
    try:
        _check(path)
    except CorpusError:
        download(url, path)
        _check(path)
    return path


def _check(path: Path) -> None:
    """Read everything there is."""
    for part in ("train", "test"):
        load(path.parents[1], part)


def load(data: Path, part: str) -> Digits:
    """Load the part "train" (60,000) or "test" (10,000) from a data folder.

    Raises:
        CorpusError: the file is missing, cut or damaged.
    """
    path = data / FILE
    if not path.is_file():
        raise CorpusError(f"{path} is missing. Fetch it with `{COMMAND}`, or set INKLOOP_DATA.")
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            images, labels = arrays[f"x_{part}"], arrays[f"y_{part}"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise CorpusError(f"{path} is cut or damaged. Fetch it again: `{COMMAND}`.") from error
    for name, array in ((f"x_{part}", images), (f"y_{part}", labels)):
        if hashlib.sha256(array.tobytes()).hexdigest() != SHA256[name]:
            raise CorpusError(
                f"{path} holds other digits than MNIST's ({name}). Fetch it again: `{COMMAND}`."
            )
    return Digits(images, labels)
