"""Heavy work takes turns, so that a worker's memory stays bounded whatever is sent at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import Unavailable

AT_ONCE = 4  # may wait or work; the worker's other threads stay free for light requests
PATIENCE_S = 0.6


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


turns = Turns()
