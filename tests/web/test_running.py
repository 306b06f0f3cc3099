"""Health, readiness, version, metrics, headers, errors, limits, the API's document."""

import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from apiflask import APIFlask
from flask.testing import FlaskClient

from app import create_app
from app.settings import Settings
from app.version import VERSION

from ..inks import strokes
from ..servers import Server, free_port

PAGES = {
    "pages.draw",
    "mine.page",
    "mine.withdraw_here",
    "docs.page",
    "docs.static",
    "static",
    "openapi.spec",
    "status.page",
}
METRICS = {
    "request_processing_seconds_count",
    "request_processing_seconds_sum",
    "total_predictions_total",
    "prediction_timestamps_total",
    "predicted_value",
    "last_prediction_timestamp_seconds",
    "http_requests_total",
    "inference_time_seconds_bucket",
    "prediction_confidence_bucket",
    "feedback_total",
    "model_info",
}


def test_health_depends_on_nothing(client: FlaskClient) -> None:
    assert client.get("/health").get_json() == {"Status": "Running"}


def test_ready_once_models_are_warm_and_the_schema_is_current(client: FlaskClient) -> None:
    answer = client.get("/ready")
    assert answer.status_code == 200
    assert answer.get_json()["database"] is True
    assert set(answer.get_json()["models"]) == {"digit", "character", "word"}


def test_not_ready_before_the_database_is_migrated(make_settings: Callable[..., Settings]) -> None:
    answer = create_app(make_settings()).test_client().get("/ready")
    assert answer.status_code == 503
    assert "flask db upgrade" in answer.get_json()["detail"]


def test_version_names_app_and_models(client: FlaskClient) -> None:
    assert client.get("/version").get_json()["version"] == VERSION


@pytest.mark.parametrize("path", ["/nothing", "/api/nothing", "/static/none.js"])
def test_unknown_paths_get_the_one_error_shape(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_a_browser_gets_a_page_for_an_error(client: FlaskClient) -> None:
    answer = client.get("/nothing", headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.get("/api/predict")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/", "/health", "/nothing", "/openapi.json"])
def test_every_answer_carries_the_policy(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_metrics_are_for_loopback_and_allowed_networks(client: FlaskClient) -> None:
    def status(address: str) -> int:
        return client.get("/metrics", environ_base={"REMOTE_ADDR": address}).status_code

    assert [status(a) for a in ("127.0.0.1", "::1", "10.1.2.3", "192.168.7.7")] == [200] * 4
    assert [status(a) for a in ("8.8.8.8", "2001:db8::1")] == [404] * 2


def test_limits_answer_429_with_the_time_to_wait(make_settings: Callable[..., Settings]) -> None:
    app = create_app(make_settings(ratelimit_enabled=True, ratelimit_predict="3/minute"))
    client = app.test_client()
    answers = [client.post("/api/predict", json={"strokes": strokes("1")}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 2
    assert answers[-1].mimetype == "application/problem+json"
    assert int(answers[-1].headers["Retry-After"]) <= 60


def test_the_document_names_every_route(app: APIFlask, client: FlaskClient) -> None:
    paths = client.get("/openapi.json").get_json()["paths"]
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in PAGES]
    shown = [rule.rule for rule in rules if not rule.endpoint.startswith("forms.")]
    assert set(paths) == {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule) for rule in shown}


def value(page: str, name: str) -> float:
    """The sum of a metric's samples on a page."""
    lines = [line for line in page.splitlines() if line.split("{")[0].split(" ")[0] == name]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines)


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("two")
    server = Server(folder, {"WEB_CONCURRENCY": "2"}).migrate().start()
    yield server
    server.stop()


def test_metrics_of_two_workers_are_summed(two_workers: Server) -> None:
    for number in range(60):
        with requests.Session() as session:
            answer = session.post(
                f"{two_workers.url}/api/predict", json={"strokes": strokes("7")}, timeout=10
            )
            assert answer.json()["result"] == "7"
            if number % 6 == 0:
                body = {"strokes": strokes("7"), "label": "1", "id": answer.json()["id"]}
                session.post(f"{two_workers.url}/api/feedback", json=body, timeout=10)
    page = requests.get(f"{two_workers.url}/metrics", timeout=10).text
    assert {name for name in METRICS if f"\n{name}" in page} == METRICS
    assert value(page, "total_predictions_total") == 60
    assert value(page, "prediction_timestamps_total") == 60
    assert value(page, "request_processing_seconds_count") == 60
    assert value(page, "inference_time_seconds_count") == 60
    assert value(page, "predicted_value") == 7
    assert 'feedback_total{agreement="corrected",kind="digit"} 10.0' in page
    assert 'http_requests_total{handler="/api/predict",method="POST",status="200"} 60.0' in page
    assert time.time() - value(page, "last_prediction_timestamp_seconds") < 60
    assert len(two_workers.workers()) == 2


def test_a_damaged_metrics_file_is_dropped(two_workers: Server) -> None:
    damaged = two_workers.metrics_folder / "counter_999999.db"
    damaged.write_bytes(b"\x40\x00\x00\x00" + b"\xff" * 60)
    answer = requests.get(f"{two_workers.url}/metrics", timeout=10)
    assert answer.status_code == 200
    assert not damaged.exists()


def test_a_second_port_serves_metrics_alone(tmp_path: Path) -> None:
    port = free_port()
    server = Server(tmp_path, {"METRICS_PORT": str(port)}).migrate().start()
    try:
        assert requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10).ok
        assert requests.get(f"http://127.0.0.1:{port}/health", timeout=10).status_code == 404
        assert requests.get(f"{server.url}/health", timeout=10).ok
    finally:
        server.stop()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_cleanly(tmp_path: Path, how: signal.Signals) -> None:
    server = Server(tmp_path).migrate().start()
    assert f"Inkloop is at {server.url}" in server.log
    assert server.stop(how) == 0
    assert "Traceback" not in server.log
    assert not server.metrics_folder.exists()
