"""Heavy work takes turns, so that memory stays bounded whatever is sent at once."""

import ctypes
import fcntl
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import Unavailable

AT_ONCE = 2  # of a worker may wait or work; its other threads stay free for light requests
PATIENCE_S = 0.6
TRY_EVERY_S = 0.005
_malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
TOO_MANY = "Too many large requests at once. Try again in a moment."
GATE = Path(tempfile.gettempdir()) / f"inkloop-{os.getuid()}.lock"


class Turns:
    """Lets one thread in at a time, over all workers of this machine, and few wait for it."""

    def __init__(
        self, gate: Path = GATE, at_once: int = AT_ONCE, patience_s: float = PATIENCE_S
    ) -> None:
        """Let at_once threads of this worker in or wait, none longer than patience_s.

        gate is a file that all workers lock; one that was killed leaves it unlocked.
        """
        self._gate = gate
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
            raise Unavailable(TOO_MANY)
        try:
            with self._in_this_worker(), self._on_this_machine():
                yield
        finally:
            self._places.release()
            _give_memory_back()

    @contextmanager
    def _in_this_worker(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=self._patience_s):
            raise Unavailable(TOO_MANY)
        self._holder = threading.get_ident()
        try:
            yield
        finally:
            self._holder = None
            self._turn.release()

    @contextmanager
    def _on_this_machine(self) -> Iterator[None]:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(self._gate, flags, 0o600)
        try:
            deadline = time.monotonic() + self._patience_s
            while not _locks(descriptor):
                if time.monotonic() > deadline:
                    raise Unavailable(TOO_MANY)
                time.sleep(TRY_EVERY_S)
            yield
        finally:
            os.close(descriptor)  # which unlocks


def _give_memory_back() -> None:
    if _malloc_trim:  # glibc's; it keeps what is free between two pieces that are in use
        _malloc_trim(0)


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


turns = Turns()
