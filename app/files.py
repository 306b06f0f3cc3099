"""Files that are on disk whole, or not at all."""

import os
from pathlib import Path

PEOPLE = "people"  # the folder, among the new models, of models that are one person's


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place of another, in one step, once all of it is on disk."""
    partial = path.with_name(f".{path.name}.partial")
    write_through(partial, content)
    os.replace(partial, path)
    sync(path.parent)


def write_through(path: Path, content: bytes, mode: str = "wb") -> None:
    """Write a file, or more of it, and return when it is on disk."""
    with path.open(mode) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Let the names in a folder reach the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
