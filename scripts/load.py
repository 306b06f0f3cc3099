"""Clients that keep a server busy and cost little themselves, since they share its cores.

One loop drives prepared requests over raw sockets that are kept alive: clients in threads of their
own, behind an HTTP library, would take as much time as the server that they measure.
"""

import re
import selectors
import socket
import time
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

TIMEOUT_S = 10.0
CHUNK = 65_536  # bytes
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CLOSING = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What clients saw in some seconds: the milliseconds of every answer, and how many failed."""

    seconds: float
    milliseconds: list[float]
    failed: int  # another status than 2xx, or no answer

    @property
    def per_second(self) -> float:
        """Return the good answers a second."""
        return (len(self.milliseconds) - self.failed) / self.seconds

    def percentile(self, percent: float) -> float:
        """Return the milliseconds that so many percent of the answers took at most."""
        return float(np.percentile(self.milliseconds, percent))


class _Client:
    """One connection: it sends, gathers the answer, sends again."""

    def __init__(self, port: int, request: bytes) -> None:
        self._port, self._request = port, request
        self.connect()

    def connect(self) -> None:
        self.connection = socket.create_connection(("127.0.0.1", self._port), TIMEOUT_S)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> None:
        self._received = b""
        self.sent = time.perf_counter()
        with suppress(ConnectionError):  # answer() will find it closed
            self.connection.sendall(self._request)

    def answer(self) -> bytes | None:
        """Return the whole answer, None while it is not whole, b"" where there is none."""
        try:
            chunk = self.connection.recv(CHUNK)
        except ConnectionError:
            return b""
        self._received += chunk
        head, _, body = self._received.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if chunk and (length is None or len(body) < int(length.group(1))):
            return None
        return self._received if chunk else b""


def post(path: str, body: bytes, content_type: str) -> bytes:
    """Return the bytes of a request that keeps its connection alive."""
    head = (
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join([*head, "", ""]).encode() + body


def press(port: int, request: bytes, clients: int, seconds: float) -> Load:
    """Send a request from so many clients, each again as soon as its last one was answered.

    Raises:
        TimeoutError: nothing was answered for ten seconds.
    """
    milliseconds: list[float] = []
    failed = 0
    with selectors.DefaultSelector() as selector:
        for _ in range(clients):
            _begin(selector, _Client(port, request))
        start = time.perf_counter()
        while selector.get_map():
            for client in _answering(selector):
                answer = client.answer()
                if answer is None:
                    continue
                now = time.perf_counter()
                milliseconds.append((now - client.sent) * 1e3)
                failed += not answer.startswith(b"HTTP/1.1 2")
                _go_on(selector, client, answer, more=now < start + seconds)
    return Load(time.perf_counter() - start, milliseconds, failed)


def _begin(selector: selectors.BaseSelector, client: _Client) -> None:
    selector.register(client.connection, selectors.EVENT_READ, client)
    client.send()


def _answering(selector: selectors.BaseSelector) -> list[_Client]:
    ready = selector.select(TIMEOUT_S)
    if not ready:
        raise TimeoutError(f"The server answered nothing for {TIMEOUT_S:.0f} s.")
    return [key.data for key, _ in ready]


def _go_on(selector: selectors.BaseSelector, client: _Client, answer: bytes, *, more: bool) -> None:
    """Send again, over a new connection where the server gave the old one up."""
    if more and answer and not CLOSING.search(answer):
        client.send()
        return
    selector.unregister(client.connection)
    client.connection.close()
    if more:
        client.connect()
        _begin(selector, client)
