"""Every Prometheus metric, right in one process and summed over several.

With PROMETHEUS_MULTIPROC_DIR set (gunicorn.conf.py does it) each worker writes its values to files
there, and the page is made of all of them.
"""

import logging
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Summary,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
if FOLDER:  # commands such as `flask db upgrade` may come before the server made it
    Path(FOLDER).mkdir(parents=True, exist_ok=True)

CONTENT_TYPE = CONTENT_TYPE_LATEST
FAST_S = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
DAMAGE = (ValueError, LookupError, RuntimeError, OSError, struct.error)  # of a metrics file
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)

request_processing_seconds = Summary(
    "request_processing_seconds", "Time spent on a prediction request."
)
total_predictions = Counter("total_predictions", "Predictions made.")
prediction_timestamps = Counter("prediction_timestamps", "Predictions made, for rates over time.")
predicted_value = Gauge("predicted_value", "The digit read last.", multiprocess_mode="mostrecent")
last_prediction_timestamp_seconds = Gauge(
    "last_prediction_timestamp_seconds",
    "When the last prediction was made, in seconds since 1970.",
    multiprocess_mode="max",
)
http_requests_total = Counter(
    "http_requests_total", "Requests answered.", ["handler", "method", "status"]
)
inference_time_seconds = Histogram(
    "inference_time_seconds", "Time of one reading, ink to text.", ["kind"], buckets=FAST_S
)
prediction_confidence = Histogram(
    "prediction_confidence", "Confidence of readings.", ["kind"], buckets=SHARES
)
feedback_total = Counter(
    "feedback", "Corrections kept, by whether they agree with the reading.", ["kind", "agreement"]
)
model_info = Gauge(
    "model_info",
    "1 for each model version in use.",
    ["kind", "version"],
    multiprocess_mode="livemax",
)
database_up = Gauge(
    "database_up",
    "1 if the database answered when it was asked last.",
    multiprocess_mode="mostrecent",  # a worker that never asked has 0 and must not count
)
outbox_pending = Gauge(
    "outbox_pending", "What the sheet is still to be told.", multiprocess_mode="mostrecent"
)
outbox_oldest_seconds = Gauge(
    "outbox_oldest_seconds", "Since when that waits.", multiprocess_mode="mostrecent"
)
outbox_dead_total = Counter("outbox_dead", "Corrections that the sheet refused for good.")
sheet_up = Gauge(
    "sheet_up", "1 if the sheet took what it was told last.", multiprocess_mode="mostrecent"
)
sheet_rows = Gauge(
    "sheet_rows",
    "Rows in which the sheet differs from what it was told.",
    ["difference"],
    multiprocess_mode="mostrecent",
)
model_load_failures_total = Counter(
    "model_load_failures", "Model versions refused or failing to load.", ["kind"]
)

_log = logging.getLogger(__name__)


def observe_model(kind: str, version: str, before: str | None) -> None:
    """Tell that a version of a kind is in use now, in place of another."""
    if before:
        model_info.labels(kind, before).set(0)
    model_info.labels(kind, version).set(1)


@contextmanager
def answering() -> Iterator[None]:
    """Count and time a prediction request; one that is refused counts elsewhere."""
    start = time.perf_counter()
    yield
    request_processing_seconds.observe(time.perf_counter() - start)


def observe_prediction(kind: str, text: str, confidence: float, seconds: float) -> None:
    """Count one reading."""
    total_predictions.inc()
    prediction_timestamps.inc()
    last_prediction_timestamp_seconds.set(time.time())
    inference_time_seconds.labels(kind).observe(seconds)
    prediction_confidence.labels(kind).observe(confidence)
    if kind == "digit" and text:
        predicted_value.set(int(text))


def observe_feedback(kind: str, label: str, result: str | None) -> None:
    """Count one correction."""
    agreement = "unknown" if result is None else "agreed" if result == label else "corrected"
    feedback_total.labels(kind, agreement).inc()


def observe_sheet_rows(**counts: int) -> None:
    """Tell in how many rows the sheet differs from what it was told, and how."""
    for difference, count in counts.items():
        sheet_rows.labels(difference).set(count)


def page() -> bytes:
    """Return the metrics of all workers as Prometheus text."""
    if not FOLDER:
        return generate_latest(REGISTRY)
    try:
        return _merged(FOLDER)
    except DAMAGE:
        _drop_damaged(Path(FOLDER))
        return _merged(FOLDER)


def _merged(folder: str) -> bytes:
    registry = CollectorRegistry()
    MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _drop_damaged(folder: Path) -> None:
    for file in folder.glob("*.db"):
        try:
            MultiProcessCollector.merge([str(file)])  # type: ignore[no-untyped-call]
        except DAMAGE:
            _log.warning("dropping damaged metrics file %s", file.name)
            file.unlink(missing_ok=True)
