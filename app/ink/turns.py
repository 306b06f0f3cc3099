"""Heavy work takes turns, so that a worker's memory stays bounded whatever is sent at once."""

import fcntl
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import Unavailable

AT_ONCE = 4  # may wait or work; the worker's other threads stay free for light requests
PATIENCE_S = 0.6
TRY_EVERY_S = 0.01
GATE = Path(tempfile.gettempdir()) / f"inkloop-{os.getuid()}.lock"


class Turns:
    """Lets one thread in at a time, and few wait for it."""

    def __init__(self, at_once: int = AT_ONCE, patience_s: float = PATIENCE_S) -> None:
        """Let at_once threads in or wait, none longer than patience_s."""
        self._places = threading.BoundedSemaphore(at_once)
        self._turn = threading.Lock()
        self._patience_s = patience_s
        self._holder: int | None = None

    @contextmanager
    def take(self) -> Iterator[None]:
        """Hold the turn; a thread that holds it already goes on, as a body does with its picture.

        Raises:
            Unavailable: too many wait already, or the turn did not come in time.
        """
        if self._holder == threading.get_ident():
            yield
            return
        if not self._places.acquire(blocking=False):
            raise Unavailable("Too many large requests at once. Try again in a moment.")
        try:
            self._wait()
            try:
                yield
            finally:
                self._holder = None
                self._turn.release()
        finally:
            self._places.release()

    def _wait(self) -> None:
        if not self._turn.acquire(timeout=self._patience_s):
            raise Unavailable("Too many large requests at once. Try again in a moment.")
        self._holder = threading.get_ident()


@contextmanager
def alone_on_this_machine(gate: Path = GATE, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Let one thread in, over all workers of this machine, for the heaviest work there is.

    Raises:
        Unavailable: the turn did not come in time.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(gate, flags, 0o600)
    try:
        deadline = time.monotonic() + patience_s
        while not _locks(descriptor):
            if time.monotonic() > deadline:
                raise Unavailable("Too many large requests at once. Try again in a moment.")
            time.sleep(TRY_EVERY_S)
        yield
    finally:
        os.close(descriptor)  # which unlocks


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


turns = Turns()
