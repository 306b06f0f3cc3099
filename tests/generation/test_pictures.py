import io
import json
import os
from pathlib import Path

import numpy as np
from PIL import Image

from app.generation import pictures

LEVELS = np.arange(256, dtype=np.uint8).reshape(8, 32)


def test_rows_of_numbers_tell_every_level() -> None:
    rows = np.array(json.loads(pictures.json_rows(LEVELS)))
    assert rows.shape == (8, 32)
    assert np.abs(rows - LEVELS / 255).max() < 1e-4
    assert rows.min() == 0
    assert rows.max() == 1


def test_a_png_has_light_ink_on_black() -> None:
    with Image.open(io.BytesIO(pictures.png(LEVELS))) as image:
        assert (np.asarray(image) == LEVELS).all()


def test_kept_files_are_named_and_the_oldest_go(tmp_path: Path) -> None:
    folder = tmp_path / "processed"
    for task in range(5):
        pictures.keep(folder, f"task{task}", "0123456789" * 3, b"png", most=3)
        os.utime(folder / f"task{task}_01234567890123456789.png", (task, task))
    assert sorted(path.name[:5] for path in folder.iterdir()) == ["task2", "task3", "task4"]
