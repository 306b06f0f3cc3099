"""A real Prometheus scrapes the app of two workers and is asked for every metric."""

import math
import time
from collections.abc import Callable, Iterator

import pytest
import requests
from prometheus_client.metrics import MetricWrapperBase

from app import metrics
from app.recognition.registry import SHIPPED, Registry
from app.recognition.swapping import load_reader

from ..inks import strokes
from ..programs import output, program
from ..servers import Server, free_port
from ..sheets.server import Fault, Google, SheetsServer
from .prometheus import CONFIG, PATIENCE_S, Prometheus, scraping

HOW = "apt-get install prometheus"
READINGS = 12
WORKERS = 2
SUFFIXES = {
    "counter": ["_total"],
    "gauge": [""],
    "histogram": ["_bucket", "_count", "_sum"],
    "summary": ["_count", "_sum"],
}


def declared() -> list[str]:
    """The names of the series of every metric in app/metrics.py."""
    kinds = [m.describe()[0] for m in vars(metrics).values() if isinstance(m, MetricWrapperBase)]
    return sorted(kind.name + suffix for kind in kinds for suffix in SUFFIXES[kind.type])


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two workers, a port for metrics, and a champion that has to be refused."""
    folder = tmp_path_factory.mktemp("watched")
    damaged = folder / "models" / "digit"
    (damaged / "v99").mkdir(parents=True)
    (damaged / "CURRENT").write_text("v99")
    settings = {
        "WEB_CONCURRENCY": str(WORKERS),
        "METRICS_PORT": str(free_port()),
        "SHEETS_HASTE": "20",
    }
    with SheetsServer() as google:
        key = google.write_credentials(folder / "token.json")
        settings |= {
            "GOOGLE_CREDENTIALS": str(key),
            "SHEET_KEY": google.google.add().key,
            "SHEETS_BASE_URL": google.url,
        }
        server = Server(folder, settings).migrate().start()
        tell_the_sheet(server, google.google)
        yield server
        server.stop()


def tell_the_sheet(server: Server, google: Google) -> None:
    """A correction that the sheet refuses, one that is edited there, and one that has to wait."""
    (book,) = google.books.values()

    def meters() -> str:
        return requests.get(f"{server.url}/metrics", timeout=30).text

    give(server, google, Fault.REFUSED, lambda: "outbox_dead_total 1.0" in meters())
    give(server, google, None, lambda: len(book.tab("Digit").rows) == 2)
    book.tab("Digit").rows[1][4] = "edited"
    give(server, google, Fault.RESET, lambda: "outbox_pending 1.0" in meters())


def give(server: Server, google: Google, fault: Fault | None, is_told: Callable[[], bool]) -> None:
    """Send a correction while this goes wrong when it is told, and wait for what comes of it."""
    google.fault = lambda call: fault if call.name == "values.append" else None
    body = {"strokes": strokes("7"), "label": "7", "kind": "digit"}
    assert requests.post(f"{server.url}/api/feedback", json=body, timeout=30).status_code == 201
    until = time.monotonic() + PATIENCE_S
    while not is_told():
        assert time.monotonic() < until, server.log
        time.sleep(0.2)


@pytest.fixture(scope="module")
def prometheus(watched: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """Prometheus, once it has seen all of the traffic."""
    found = program("prometheus", HOW)
    traffic(watched.url)
    target = f"127.0.0.1:{watched.settings['METRICS_PORT']}"
    with scraping(found, target, tmp_path_factory.mktemp("prometheus")) as prometheus:
        until = time.monotonic() + PATIENCE_S
        while not saw_everything(prometheus):
            assert time.monotonic() < until
            time.sleep(0.1)
        yield prometheus


def saw_everything(prometheus: Prometheus) -> bool:
    """Whether the traffic was scraped, and both workers, of which one may start late."""
    readings = prometheus.value("total_predictions_total")
    return (readings, prometheus.value("model_load_failures_total")) == (READINGS, WORKERS)


def traffic(url: str) -> None:
    """Readings, corrections that agree and that do not, and a request that is refused."""
    ids = []
    for _ in range(READINGS):
        answer = requests.post(f"{url}/api/predict", json={"strokes": strokes("7")}, timeout=30)
        ids.append(answer.json()["id"])
    for receipt, label in zip(ids, ["7", "7", "1"], strict=False):
        body = {"strokes": strokes("7"), "label": label, "id": receipt}
        assert requests.post(f"{url}/api/feedback", json=body, timeout=30).status_code == 201
    assert requests.post(f"{url}/api/predict", json={}, timeout=30).status_code == 422


@pytest.mark.parametrize("name", declared())
def test_every_metric_arrives_with_a_value(prometheus: Prometheus, name: str) -> None:
    found = prometheus.ask(f'{{__name__="{name}"}}')
    assert found, f"the traffic of this test makes no {name}"
    assert {series["metric"]["job"] for series in found} == {"flask_app"}
    values = [float(series["value"][1]) for series in found]
    assert all(math.isfinite(value) for value in values)
    assert max(values) > 0


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("request_processing_seconds_count", READINGS),
        ("prediction_timestamps_total", READINGS),
        ("predicted_value", 7),
        ("database_up", 1),
        ('inference_time_seconds_count{kind="digit"}', READINGS),
        ('prediction_confidence_bucket{kind="digit",le="+Inf"}', READINGS),
        ('http_requests_total{handler="/api/predict",status="200"}', READINGS),
        ('http_requests_total{handler="/api/predict",status="422"}', 1),
        ('feedback_total{agreement="agreed"}', 2),
        ('feedback_total{agreement="corrected"}', 1),
        ("model_load_failures_total", WORKERS),
        ("count(model_info == 1)", len(load_reader(Registry(SHIPPED)).versions)),
    ],
)
def test_values_are_those_of_the_traffic(prometheus: Prometheus, query: str, value: int) -> None:
    assert prometheus.value(query) == value


def test_times_are_of_this_minute(prometheus: Prometheus) -> None:
    assert 0 <= time.time() - prometheus.value("last_prediction_timestamp_seconds") < 60
    assert 0 < prometheus.value("request_processing_seconds_sum") < READINGS


def test_a_quantile_can_be_asked_for(prometheus: Prometheus) -> None:
    query = "histogram_quantile(0.5, sum by (le) (inference_time_seconds_bucket))"
    assert 0 < prometheus.value(query) < 1


def test_the_configuration_is_valid() -> None:
    assert "SUCCESS" in output(program("promtool", HOW), "check", "config", str(CONFIG))


def test_promtool_finds_no_fault_with_the_page(watched: Server) -> None:
    promtool = program("promtool", HOW)
    traffic(watched.url)
    page = requests.get(f"{watched.url}/metrics", timeout=30).text
    assert output(promtool, "check", "metrics", input=page) == ""
