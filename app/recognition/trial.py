"""A version never seen here is tried in a process of its own before it serves.

Bytes that are what their card says can still end the process that runs them. So a child reads
drawings of our own with them first; its verdict is kept by sha256, for all workers and for later.
"""

import fcntl
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from app.errors import ModelError
from app.files import write_whole
from app.ink.strokes import parse_strokes
from app.recognition.card import card_content, parse_card
from app.recognition.decoding import decode
from app.recognition.recognizer import Recognizer
from app.recognition.registry import VerifiedModel, sha256

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("golden.json")  # drawings that every model of ours reads
RIGHT = 0.6  # of the drawings that a model could read; another hand's model reads ours worse
PATIENCE_S = 60
TRIALS = ".trials"
MODULE = "app.recognition.trial"  # of the child


def expect_to_work(model: VerifiedModel, models: Path) -> None:
    """Try a version that was not tried before; models is the folder that keeps verdicts.

    What ships was tried before it shipped.

    Raises:
        ModelError: it fails, or failed before.
    """
    if model.is_ours:
        return
    told = card_content(model.card)
    path = models / TRIALS / f"{sha256(told + model.content)}.json"
    with _alone(path.parent):
        failure = _kept(path)
        if failure is None:
            failure = _try(model, told)
            _keep(path, failure)
    if failure:
        raise ModelError(f"{model.name} fails its trial: {failure}")


def _try(model: VerifiedModel, told: bytes) -> str:
    """Return how a version fails in a child; nothing where it does not."""
    command = [sys.executable, "-m", MODULE]
    question = b"%d\n" % len(told) + told + model.content
    try:
        child = subprocess.run(  # noqa: S603  # ourselves
            command, cwd=ROOT, input=question, capture_output=True, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise ModelError(f"{model.name} took more than {PATIENCE_S} s at its trial.") from None
    if child.returncode < 0:
        return f"it ended the process that ran it (signal {-child.returncode})"
    return child.stdout.decode(errors="replace").strip() if child.returncode else ""


def failure_of(model: VerifiedModel) -> str:
    """Read golden drawings with a version; return how it fails, nothing where it does not.

    Raises:
        ModelError: the bytes are no model of the shape that the card names.
    """
    recognizer = Recognizer(model)
    golden = json.loads(GOLDEN.read_text())[model.card.kind]
    known = [one for one in golden if model.card.can_read(one["text"])]
    right = 0
    for one in known or golden:
        scores = recognizer.scores_of(recognizer.view(parse_strokes(one["strokes"])))
        if not np.isfinite(scores).all():
            return "its scores are no numbers"
        right += decode(scores, model.card).text == one["text"]
    if right < RIGHT * len(known):
        return f"it reads {right} of {len(known)} clear drawings"
    return ""


def _kept(path: Path) -> str | None:
    """Return the failure that is kept, an empty one where it passed, None where nothing is."""
    try:
        return str(json.loads(path.read_bytes())["failure"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _keep(path: Path, failure: str) -> None:
    with suppress(OSError):  # it is tried again next time
        write_whole(path, json.dumps({"failure": failure}).encode())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time try; where the folder cannot be written, each tries for itself."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError:
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _main() -> int:
    """Be the child: read card and model from stdin, say how it fails."""
    length = int(sys.stdin.buffer.readline())
    told = sys.stdin.buffer.read(length)
    try:
        failure = failure_of(VerifiedModel(parse_card(told), sys.stdin.buffer.read()))
    except ModelError as error:
        failure = str(error)
    sys.stdout.write(failure)
    return bool(failure)


if __name__ == "__main__":
    sys.exit(_main())
