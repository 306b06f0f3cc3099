"""Google's Sheets, Drive and tokens on this machine, as far as gspread asks for them.

It keeps its spreadsheets, holds callers to quotas, permissions and limits, and does, when told to,
what the real one does on bad days. Shapes and messages are those that were recorded of the real one.
"""

import json
import socket
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from .book import Book, Refusal, invalid

EMAIL = "inkloop@inkloop-tests.iam.gserviceaccount.com"
AUDIENCE = "https://oauth2.googleapis.com/token"  # whatever token_uri says
SHEETS_SCOPE = "https://www.googleapis.com/auth/spreadsheets"
DRIVE_SCOPE = "https://www.googleapis.com/auth/drive"
JSON = "application/json; charset=UTF-8"
HTML = "<!DOCTYPE html><title>Error 502 (Server Error)!!1</title><p>The server encountered a temporary error."


class Fault(Enum):
    """What goes wrong with a call, and whether the call is carried out all the same."""

    BUSY = "429"
    REFUSED = "400"
    ERROR = "500"
    UNAVAILABLE = "503"
    HTML = "502 as a page"
    ERROR_AFTER = "500, but carried out"
    SILENT = "no answer"
    SILENT_AFTER = "no answer, but carried out"
    LATE = "no answer, and carried out later"
    RESET = "the connection is reset"
    RESET_AFTER = "the same, but carried out"
    CUT = "half an answer, carried out"
    NONSENSE = "an answer that is no JSON, carried out"
    SLOW = "a slow answer, carried out"

    @property
    def is_carried_out(self) -> bool:
        return self in (Fault.ERROR_AFTER, Fault.SILENT_AFTER, Fault.RESET_AFTER, Fault.CUT, Fault.NONSENSE, Fault.SLOW)  # fmt: skip


@dataclass(frozen=True)
class Call:
    """One call: what it does, and whether it writes."""

    name: str
    is_write: bool


@dataclass
class Google:
    """The spreadsheets, who may use them, and how well things go today."""

    books: dict[str, Book] = field(default_factory=dict)
    shared: bool = True  # the spreadsheets with the service account
    key_is_valid: bool = True
    lasts_s: int = 3599  # of an access token
    quota: int | None = None  # calls of each sort a minute
    minute_s: float = 60.0
    fault: Callable[[Call], Fault | None] = lambda _call: None
    silence_s: float = 3.0
    late_s: Callable[[], float] = lambda: 0.5
    slow_s: float = 0.2
    calls: Counter[str] = field(default_factory=Counter)
    counted: dict[bool, deque[float]] = field(
        default_factory=lambda: {True: deque(), False: deque()}
    )
    tokens: dict[str, tuple[str, float]] = field(default_factory=dict)  # scopes, end
    lock: threading.RLock = field(default_factory=threading.RLock)

    def add(self, title: str = "Handwriting-recognition", **properties: Any) -> Book:
        book = Book(uuid4().hex, title, **properties)
        self.books[book.key] = book
        return book

    def check_quota(self, call: Call) -> None:
        made, now = self.counted[call.is_write], time.monotonic()
        while made and now - made[0] > self.minute_s:
            made.popleft()
        if self.quota is not None and len(made) >= self.quota:
            raise too_many(call)
        made.append(now)


def too_many(call: Call) -> Refusal:
    kind = "Write" if call.is_write else "Read"
    return Refusal(429, "RESOURCE_EXHAUSTED", f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per minute per user' of service 'sheets.googleapis.com' for consumer 'project_number:1'.")  # fmt: skip


class Hangup(Exception):
    """No answer is given."""


class Handler(BaseHTTPRequestHandler):
    """Routes of the three services. The server's google is what they stand for."""

    protocol_version = "HTTP/1.1"
    server: "SheetsServer"

    def log_message(self, *_words: object) -> None:
        pass

    def do_GET(self) -> None:
        self.handle_call()

    def do_POST(self) -> None:
        self.handle_call()

    def do_PUT(self) -> None:
        self.handle_call()

    def handle_call(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            status, answer = self.answer(body)
        except Refusal as refusal:
            status, answer = refusal.code, refusal.body()
        except Hangup:
            self.close_connection = True
            return
        try:
            self.send(status, answer if isinstance(answer, bytes) else json.dumps(answer).encode())
        except OSError:
            self.close_connection = True  # who asked has gone

    def answer(self, body: bytes) -> tuple[int, Any]:
        url = urlsplit(self.path)
        if url.path == "/token":
            return self.server.give_token(body)
        call = self.call_of(url.path)
        google = self.server.google
        with google.lock:
            google.calls[call.name] += 1
            fault = google.fault(call)
        self.go_wrong_before(fault, call)
        if fault is Fault.LATE:
            later = threading.Timer(google.late_s(), self.carry_out_quietly, (call, url, body))
            later.daemon = True
            later.start()
            raise self.hang_up(google.silence_s)
        with google.lock:
            self.check_token(call)
            google.check_quota(call)
            done = self.carry_out(call, url, body)
        return self.go_wrong_after(fault, done)

    def go_wrong_before(self, fault: Fault | None, call: Call) -> None:
        if fault is Fault.BUSY:
            raise too_many(call)
        if fault is Fault.REFUSED:
            raise invalid("Invalid value.")
        if fault is Fault.ERROR:
            raise Refusal(500, "INTERNAL", "Internal error encountered.")
        if fault is Fault.UNAVAILABLE:
            raise Refusal(503, "UNAVAILABLE", "The service is currently unavailable.")
        if fault is Fault.HTML:
            raise self.page()
        if fault is Fault.SILENT:
            raise self.hang_up(self.server.google.silence_s)
        if fault is Fault.RESET:
            raise self.reset()

    def go_wrong_after(self, fault: Fault | None, done: dict[str, Any]) -> tuple[int, Any]:
        if fault is Fault.ERROR_AFTER:
            raise Refusal(500, "INTERNAL", "Internal error encountered.")
        if fault is Fault.SILENT_AFTER:
            raise self.hang_up(self.server.google.silence_s)
        if fault is Fault.RESET_AFTER:
            raise self.reset()
        if fault is Fault.CUT:
            whole = json.dumps(done).encode()
            self.send(200, whole, only=len(whole) // 2)
            raise Hangup
        if fault is Fault.NONSENSE:
            return 200, b"<html>" + json.dumps(done).encode()
        if fault is Fault.SLOW:
            time.sleep(self.server.google.slow_s)
        return 200, done

    def call_of(self, path: str) -> Call:
        """Name a call, as the metrics of Google's console do."""
        if path.startswith("/drive/"):
            return Call("drive.list", is_write=False)
        last = path.rsplit(":", 1)[1] if ":" in path.rsplit("/", 1)[1] else ""
        if last in ("append", "clear", "batchUpdate"):
            return Call(f"values.{last}" if "/values" in path else last, is_write=True)
        if "/values/" in path:
            return Call("values.update" if self.command == "PUT" else "values.get", self.command == "PUT")  # fmt: skip
        return Call("get", is_write=False)

    def check_token(self, call: Call) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        scopes, end = self.server.google.tokens.get(token, ("", 0.0))
        if time.time() > end:
            raise Refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        if (DRIVE_SCOPE if call.name == "drive.list" else SHEETS_SCOPE) not in scopes:
            raise Refusal(403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.")  # fmt: skip

    def carry_out_quietly(self, call: Call, url: Any, body: bytes) -> None:
        with self.server.google.lock, suppress(Refusal):  # nobody listens any more
            self.carry_out(call, url, body)

    def carry_out(self, call: Call, url: Any, body: bytes) -> dict[str, Any]:
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if call.name == "drive.list":
            return self.list_files(query)
        found = url.path.removeprefix("/v4/spreadsheets/")
        book = self.book(found.partition("/")[0].partition(":")[0])
        if call.name == "get":
            return book.metadata()
        sent = json.loads(body) if body else {}
        if call.name == "batchUpdate":
            replies = [book.change(request) for request in sent["requests"]]
            return {"spreadsheetId": book.key, "replies": replies}
        if call.name == "values.batchUpdate":
            return self.put_many(book, sent)
        where = unquote(found.partition("/values/")[2])
        return self.change_values(call, book, where.removesuffix(f":{call.name[7:]}"), sent, query)

    def change_values(
        self, call: Call, book: Book, where: str, sent: dict[str, Any], query: dict[str, str]
    ) -> dict[str, Any]:
        tab, area = book.locate(where)
        if call.name == "values.get":
            values = tab.read(area)
            told = {"range": where, "majorDimension": "ROWS"}
            return told | {"values": values} if values else told
        if call.name == "values.clear":
            tab.rows = []
            return {"spreadsheetId": book.key, "clearedRange": where}
        values = entered(sent["values"], query["valueInputOption"])
        return (
            book.append(tab, values)
            if call.name == "values.append"
            else book.put(tab, area, values)
        )

    def put_many(self, book: Book, sent: dict[str, Any]) -> dict[str, Any]:
        made = []
        for part in sent["data"]:
            tab, area = book.locate(part["range"])
            made.append(book.put(tab, area, entered(part["values"], sent["valueInputOption"])))
        return {"spreadsheetId": book.key, "responses": made}

    def list_files(self, query: dict[str, str]) -> dict[str, Any]:
        _, _, wanted = query["q"].partition('name = "')
        files = [
            {"id": book.key, "name": book.title, "createdTime": "", "modifiedTime": ""}
            for book in self.server.google.books.values()
            if book.title == wanted[:-1] and self.server.google.shared
        ]
        return {"kind": "drive#fileList", "files": files}

    def book(self, key: str) -> Book:
        book = self.server.google.books.get(key)
        if book is None:
            raise Refusal(404, "NOT_FOUND", "Requested entity was not found.")
        if not self.server.google.shared:
            raise Refusal(403, "PERMISSION_DENIED", "The caller does not have permission")
        return book

    def page(self) -> Exception:
        self.send(502, HTML.encode(), "text/html; charset=UTF-8")
        return Hangup()

    def hang_up(self, after_s: float) -> Exception:
        time.sleep(after_s)
        return Hangup()

    def reset(self) -> Exception:
        """Close at once, with what TCP calls a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        return Hangup()

    def send(self, status: int, body: bytes, kind: str = JSON, only: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:only])
        self.wfile.flush()


def entered(values: list[list[Any]], how: str) -> list[list[Any]]:
    """What a person's typing would make of values; RAW leaves them as they are."""
    if how == "RAW":
        return values
    return [[f"#EVALUATED {v}" if str(v).startswith("=") else v for v in row] for row in values]


@cache
def private_key() -> rsa.RSAPrivateKey:
    """Make the service account's key: it takes a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class SheetsServer(ThreadingHTTPServer):
    """The server, on a free port; a context manager."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.google = Google()
        self.private_key = private_key()
        self.thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> "SheetsServer":
        self.thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # clients that give up are part of the game

    def write_credentials(self, path: Path) -> Path:
        """Write a service account's key, as Google's console gives it for download."""
        pem = self.private_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        content = {
            "type": "service_account",
            "project_id": "inkloop-tests",
            "private_key_id": "1",
            "private_key": pem.decode(),
            "client_email": EMAIL,
            "client_id": "1",
            "token_uri": f"{self.url}/token",
        }
        path.write_text(json.dumps(content))
        path.chmod(0o400)
        return path

    def give_token(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """Give an access token for a signed request, as RFC 7523 has it."""
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        try:
            claims = jwt.decode(
                sent["assertion"], self.private_key.public_key(), ["RS256"], audience=AUDIENCE
            )  # fmt: skip
        except jwt.PyJWTError as error:
            return 400, {"error": "invalid_grant", "error_description": f"Invalid JWT: {error}"}
        if not self.google.key_is_valid or claims["iss"] != EMAIL:
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
        token = f"ya29.{uuid4().hex}"
        with self.google.lock:
            end = time.time() + self.google.lasts_s
            self.google.tokens[token] = (claims["scope"], end)
        return 200, {"access_token": token, "expires_in": self.google.lasts_s, "token_type": "Bearer"}  # fmt: skip


__all__ = ["EMAIL", "Book", "Call", "Fault", "Google", "SheetsServer", "invalid"]
