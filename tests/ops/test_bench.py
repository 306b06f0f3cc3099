"""The clients that measure, against the real server; the bench runs."""

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from scripts.bench import REQUESTS
from scripts.load import post, press

from ..programs import output
from ..servers import ROOT, Server

CLIENTS = 8
SECONDS = 0.3


@pytest.mark.parametrize("name", REQUESTS)
def test_every_request_of_the_bench_is_read(live_server: Server, name: str) -> None:
    load = press(live_server.port, REQUESTS[name], CLIENTS, SECONDS)
    assert load.failed == 0
    assert len(load.milliseconds) >= CLIENTS
    assert 0 < load.percentile(50) <= load.percentile(99) < 1e3 * load.seconds
    assert load.per_second == pytest.approx(len(load.milliseconds) / load.seconds)


def test_refusals_are_counted_and_are_no_throughput(live_server: Server) -> None:
    load = press(live_server.port, post("/api/predict", b"{}", "application/json"), 2, SECONDS)
    assert load.failed == len(load.milliseconds) > 0
    assert load.per_second == 0


class HangsUp(BaseHTTPRequestHandler):
    """Closes every connection, each second one without an answer."""

    protocol_version = "HTTP/1.1"
    asked = 0

    def do_POST(self) -> None:
        HangsUp.asked += 1
        self.close_connection = True
        if HangsUp.asked % 2:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.send_header("Connection", "close")
            self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_clients_come_back_when_the_server_hangs_up() -> None:
    server = HTTPServer(("127.0.0.1", 0), HangsUp)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        load = press(server.server_port, post("/", b"", "text/plain"), 1, SECONDS)
    finally:
        server.shutdown()
        server.server_close()
    assert len(load.milliseconds) > 10
    assert 0.3 < load.failed / len(load.milliseconds) < 0.7


def test_the_bench_runs() -> None:
    printed = output(sys.executable, "-m", "scripts.bench", "--smoke", cwd=ROOT)
    for row in ("LiteRT's bare invoke", "PNG to reading", "CPU ms a request", "resident memory"):
        assert row in printed
