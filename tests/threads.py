"""Several threads at the same work."""

import threading
from collections.abc import Callable


def four_times_at_once(work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
