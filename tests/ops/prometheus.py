"""The real Prometheus in a folder of its own, configured by the project's prometheus.yml."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import yaml

from ..servers import ROOT, free_port

CONFIG = ROOT / "prometheus.yml"
PATIENCE_S = 30
OFTEN = {"scrape_interval": "1s", "scrape_timeout": "1s"}  # tests do not wait for five


@dataclass(frozen=True)
class Prometheus:
    """What answers queries at a url."""

    url: str

    def ask(self, query: str) -> list[dict[str, Any]]:
        """The series that a query finds, each with labels (metric) and [time, value]."""
        answer = requests.get(f"{self.url}/api/v1/query", params={"query": query}, timeout=10)
        assert answer.ok, answer.text
        return list(answer.json()["data"]["result"])

    def value(self, query: str) -> float:
        """The value of a query that finds one series; NaN where it finds none."""
        found = self.ask(query)
        assert len(found) <= 1, found
        return float(found[0]["value"][1]) if found else float("nan")


def wait_until(holds: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)


def configuration(target: str) -> dict[str, Any]:
    """prometheus.yml with another target, asked more often."""
    config: dict[str, Any] = yaml.safe_load(CONFIG.read_text())
    [job] = config["scrape_configs"]
    assert all(name in job for name in OFTEN)
    job |= OFTEN | {"static_configs": [{"targets": [target]}]}
    return config


@contextmanager
def scraping(program: str, target: str, folder: Path) -> Iterator[Prometheus]:
    """Start Prometheus and let it scrape a target until the block ends."""
    (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration(target)))
    address = f"127.0.0.1:{free_port()}"
    command = [
        program,
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address={address}",
    ]
    prometheus, log = Prometheus(f"http://{address}"), folder / "prometheus.log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=folder, stdout=file, stderr=file)
    try:
        wait_until(lambda: _is_ready(prometheus), process, log)
        wait_until(lambda: prometheus.value("up") == 1, process, log)
        yield prometheus
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)


def _is_ready(prometheus: Prometheus) -> bool:
    try:
        return requests.get(f"{prometheus.url}/-/ready", timeout=5).ok
    except requests.ConnectionError:
        return False
