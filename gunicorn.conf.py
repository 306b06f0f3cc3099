"""gunicorn's settings, out of Inkloop's own: `gunicorn 'app:create_app()'` finds this file."""

import ctypes
import logging
import os
import shutil
import sys
import tempfile
from typing import Any

from app.errors import SettingsError
from app.settings import load_settings

MALLOC = {  # numbers of glibc's malloc.h
    -8: 2,  # M_ARENA_MAX
    -3: 512 * 1024,  # M_MMAP_THRESHOLD: larger chunks are returned when they are freed
    -1: 1024 * 1024,  # M_TRIM_THRESHOLD
}

try:
    _settings = load_settings()
except SettingsError as error:
    sys.exit(error.code)  # gunicorn would show a traceback

logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")  # libraries: warnings
logging.getLogger("app").setLevel(_settings.log_level)
logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)  # we tell of a lost database
logging.getLogger("urllib3").setLevel(logging.ERROR)  # and of a Google that does not answer

# before any worker imports prometheus_client, which looks at it once
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="inkloop-metrics-")

bind = [f"{_settings.host}:{_settings.port}"]
if _settings.metrics_port:
    bind.append(f"{_settings.host}:{_settings.metrics_port}")
worker_class = "gthread"
workers = _settings.web_concurrency
threads = _settings.web_threads
timeout = 30
graceful_timeout = 30
keepalive = 5
control_socket_disable = True
loglevel = _settings.log_level.lower()
wsgi_app = "app:create_app()"


def on_starting(_server: Any) -> None:
    """Begin with empty metrics: files of an earlier run would be counted again."""
    folder = os.environ["PROMETHEUS_MULTIPROC_DIR"]
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder, mode=0o700)


def when_ready(_server: Any) -> None:
    """Print where the page is."""
    if not _settings.has_sheet:
        logging.getLogger("app").info(
            "there is no %s: corrections are kept in the database alone",
            _settings.google_credentials,
        )
    shown = "127.0.0.1" if _settings.host == "0.0.0.0" else _settings.host  # noqa: S104
    print(f"\n  Inkloop is at http://{shown}:{_settings.port}  (Ctrl-C ends it)\n", flush=True)


def post_worker_init(worker: Any) -> None:
    """Bound a worker's memory; let it notice new models, and tell the sheet if there is one."""
    from app.recognition import swapping

    _give_memory_back()
    swapping.start(worker.app.callable.extensions["inkloop.swapper"])
    if _settings.has_sheet:
        from app.feedback.sheet.mirror import start

        worker.mirror = start(worker.app.callable, _settings)


def worker_exit(_server: Any, worker: Any) -> None:
    """Let another worker tell the sheet at once."""
    if hasattr(worker, "mirror"):
        worker.mirror.stop()


def _give_memory_back() -> None:
    """Let glibc give the memory of large requests back when they are answered.

    Left alone it learns to keep chunks of up to 32 MB, in an arena for every thread: after hostile
    requests a worker stayed 260 MB larger.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other libraries lack it
    if mallopt:
        for option, value in MALLOC.items():
            mallopt(option, value)


def child_exit(_server: Any, worker: Any) -> None:
    """Forget the live gauges of a worker that is gone."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(_server: Any) -> None:
    """Leave no metrics behind."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
