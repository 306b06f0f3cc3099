"""Programs that tests start and that a machine may lack."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PLACES = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def program(name: str, how: str) -> str:
    """The path of a program; without it, skip, or fail where services are required."""
    found = shutil.which(name, path=PLACES)
    if found is None and os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"{name} is required here and not installed: {how}")
    if found is None:
        pytest.skip(f"{name} is not installed: {how}")
    return found


def output(*command: str, status: int = 0, **options: Any) -> str:
    """What a command prints, both ways; it must end with that status."""
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        **options,
    )
    assert done.returncode == status, done.stdout
    return done.stdout
