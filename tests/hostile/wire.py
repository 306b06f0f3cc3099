"""Requests written byte by byte, so that they may be as wrong as one likes."""

import socket
import time
from dataclasses import dataclass, field

PATIENCE_S = 20
BOUNDARY = "inkloop-7d4f9c1e3b1a"  # a short one would occur in a picture
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Request:
    """One request; what is not given is made right. head replaces everything before the body."""

    name: str
    body: bytes = b""
    path: str = "/api/predict"
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=lambda: dict(JSON))
    head: bytes | None = None
    is_heavy: bool = False  # takes its turn in the server

    def wire(self) -> bytes:
        if self.head is not None:
            return self.head + self.body
        framed = {"Host": "localhost", "Connection": "close"}
        if self.body and "Transfer-Encoding" not in self.headers:
            framed["Content-Length"] = str(len(self.body))
        lines = [f"{name}: {value}" for name, value in (framed | self.headers).items()]
        start = f"{self.method} {self.path} HTTP/1.1"
        return "\r\n".join([start, *lines, "", ""]).encode("latin-1", "replace") + self.body


@dataclass(frozen=True)
class Answer:
    """status 0: the connection was closed without an answer."""

    status: int
    seconds: float
    text: str


def send(port: int, request: Request) -> Answer:
    start = time.perf_counter()
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as line:
        try:
            line.sendall(request.wire())
            line.shutdown(socket.SHUT_WR)  # a body that was cut ends here
        except OSError:
            pass  # refused before all was sent; the answer may be there
        try:
            while part := line.recv(65_536):
                received += part
        except ConnectionResetError:
            pass
    status = int(received[9:12]) if received.startswith(b"HTTP/1.") else 0
    return Answer(status, time.perf_counter() - start, received.decode("latin-1"))


def chunked(content: bytes, size: int = 4_096) -> bytes:
    parts = [content[at : at + size] for at in range(0, len(content), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def form(
    file: bytes, name: str = "file", boundary: str = BOUNDARY, fields: bytes = b""
) -> tuple[dict[str, str], bytes]:
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="x.png"\r\n\r\n'
    )
    body = fields + head.encode() + file + f"\r\n--{boundary}--\r\n".encode()
    return {"Content-Type": f"multipart/form-data; boundary={boundary}"}, body
