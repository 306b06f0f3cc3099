"""What trials of the scripts share: they run as a person would run them, on made-up ink."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.recognition.recognizer import Recognizer
from app.recognition.registry import Registry

from ..servers import ROOT, clean_environment

FILES = {"card.json", "MODEL_CARD.md", "model.keras", "model.tflite", "writers.json"}


def script(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    environment = clean_environment(TF_CPP_MIN_LOG_LEVEL="3", **settings)
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def train(folder: Path, kinds: Sequence[str]) -> Path:
    """Train a model of each kind and see that it serves; return the folder of models."""

    def run(kind: str) -> subprocess.CompletedProcess[str]:
        return script("scripts.train", kind, "--smoke", "--models", str(folder))

    with ThreadPoolExecutor(2) as pool:  # so short a training keeps one processor busy
        runs = list(pool.map(run, kinds))
    for kind, done in zip(kinds, runs, strict=True):
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip().endswith(f"{kind}/v1")
        Recognizer(Registry(folder).load(kind, Registry(folder).champion(kind)))  # type: ignore[arg-type]
        assert {path.name for path in (folder / kind / "v1").iterdir()} == FILES
    return folder
