"""Pictures of numbers as they are handed out: PNG files and lists of numbers."""

import io
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.files import write_whole
from app.generation.distortions import Pixels

NAMED_DIGITS = 20  # of a number, in its file's name


def png(pixels: Pixels) -> bytes:
    """Return a PNG file of light ink on black."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def json_rows(pixels: Pixels) -> str:
    """Return the JSON of a list of rows of numbers, 0 paper to 1 ink, to four decimals.

    A hundred times as quick as lists of floats, and in a tenth of their memory.
    """
    rows = (",".join(row) for row in _texts()[pixels].tolist())
    return f"[{','.join(f'[{row}]' for row in rows)}]"


def keep(folder: Path, task: str, number: str, content: bytes, most: int) -> None:
    """Write {task}_{number}.png into a folder; of more files than most, the oldest go.

    Raises:
        OSError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{task}_{number[:NAMED_DIGITS]}.png", content)
    kept = []
    for path in folder.glob("*_*.png"):
        with suppress(FileNotFoundError):  # other workers tidy up, too
            kept.append((path.stat().st_mtime_ns, path))
    for _, path in sorted(kept)[: max(0, len(kept) - most)]:
        path.unlink(missing_ok=True)


@cache
def _texts() -> NDArray[np.object_]:
    return np.array([f"{level / 255:.4g}" for level in range(256)], object)
