"""Downloads against a real HTTP server that cuts, refuses and lies."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.corpora import mnist
from app.corpora.download import download
from app.errors import CorpusError
from scripts import prepare

from .. import scans

CONTENT = bytes(range(256)) * 2_000


@dataclass
class Source:
    """What a server has, how it misbehaves, and what it was asked for."""

    content: bytes = CONTENT
    cut_after: int | None = None
    knows_ranges: bool = True
    status: int = 200
    asked: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def source() -> Iterator[Source]:
    here = Source()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            here.asked.append(wanted)
            start = int(wanted[6:-1]) if wanted and here.knows_ranges else 0
            status = here.status if here.status != 200 or not start else 206
            if start >= len(here.content):
                status = 416
            body = here.content[start:] if status in (200, 206) else b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: here.cut_after])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    here.url = f"http://127.0.0.1:{server.server_port}/mnist.npz"
    yield here
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_file_comes_whole(source: Source, tmp_path: Path) -> None:
    download(source.url, tmp_path / "new" / "file")
    assert (tmp_path / "new" / "file").read_bytes() == CONTENT
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["file"]


@pytest.mark.parametrize("knows_ranges", [True, False])
def test_what_was_cut_short_goes_on(source: Source, tmp_path: Path, knows_ranges: bool) -> None:
    source.cut_after, source.knows_ranges = 100_000, knows_ranges
    with pytest.raises(CorpusError, match="Run the same again"):
        download(source.url, tmp_path / "file")
    assert not (tmp_path / "file").exists()
    came = (tmp_path / "file.part").read_bytes()
    assert 0 < len(came) <= 100_000
    assert CONTENT.startswith(came)
    source.cut_after = None
    download(source.url, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT
    assert source.asked == ["", f"bytes={len(came)}-"]


def test_a_part_that_is_all_there_was_is_fetched_anew(source: Source, tmp_path: Path) -> None:
    (tmp_path / "file.part").write_bytes(CONTENT + b"more")
    download(source.url, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_refusal_is_told(source: Source, tmp_path: Path) -> None:
    source.status = 404
    with pytest.raises(CorpusError, match="could not be fetched"):
        download(source.url, tmp_path / "file")


def test_nobody_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="ConnectionError"):
        download("http://127.0.0.1:1/mnist.npz", tmp_path / "file")


def run(source: Source, data: Path) -> int:
    return prepare.main(["mnist", "--data", str(data), "--url", source.url])


def test_mnist_is_fetched_once_and_checked(
    source: Source, tmp_path: Path, scanned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source.content = (scanned / mnist.FILE).read_bytes()
    data = tmp_path / "elsewhere"
    for _ in range(2):
        assert run(source, data) == 0
        assert "is complete" in capsys.readouterr().out
    assert len(source.asked) == 1
    assert len(mnist.load(data, "test").labels) == scans.COUNTS["test"]


@pytest.mark.parametrize("damage", ["cut", "flipped", "other", "empty"])
def test_a_damaged_file_is_fetched_again(
    source: Source, scanned: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = scanned / mnist.FILE
    whole = source.content = file.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
    damaged = {"cut": whole[:middle], "flipped": flipped, "other": b"<html>", "empty": b""}
    file.write_bytes(damaged[damage])
    with pytest.raises(CorpusError, match=r"python -m scripts\.prepare mnist"):
        mnist.load(scanned, "train")
    assert run(source, scanned) == 0
    assert file.read_bytes() == whole


def test_what_comes_and_is_not_mnist_is_refused(
    source: Source, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(source, tmp_path) == 1
    assert "cut or damaged" in capsys.readouterr().err
