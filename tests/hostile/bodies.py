"""A corpus of hostile requests. Every one is answered with a 4xx, or rightly."""

import gzip
import json
import random
from collections.abc import Iterator
from typing import Any

from ..inks import data_url, picture, png, strokes
from ..web.bodies import HOSTILE
from .wire import BOUNDARY, JSON, Request, chunked, form

MIB = 1024 * 1024
START = b"--" + BOUNDARY.encode()
ROOM = 8 * MIB - 100  # of a body
GOOD: dict[str, Any] = {"strokes": strokes("7"), "kind": "digit"}
LABELLED = GOOD | {"label": "7"}
PNG = png(picture("7"))
WRONG = [
    None,
    True,
    0,
    -1,
    1.5,
    10**20,
    "",
    "x",
    "\u0000",
    "x" * 10_000,
    [],
    [[]],
    [[[]]],
    {},
    {"a": 1},
]
NUMBERS = ["-0", "1e999", "-1e999", "1e-999", "5e-324", "1.7976931348623157e308", "1e6", "1e7",
           "0." + "1" * 1_000_000, "9" * 1_000_000, "1" * 4_301, "1e" + "9" * 1_000_000, "0x10",
           "01", "+1", ".5", "1.", "1_000", "١", "NaN", "Infinity", "-Infinity", "1e", "--1"]  # fmt: skip
LARGE = {
    "a million points": b'{"strokes": [[' + b"[1,2]," * 1_000_000 + b"[1,2]]]}",
    "a million strokes": b'{"strokes": [' + b"[[1,2]]," * 1_000_000 + b"[]]}",
    "a million empty strokes": b'{"strokes": [' + b"[]," * 2_700_000 + b"[]]}",
    "20,000 points": json.dumps({"strokes": [[[i * 0.1, i % 97, i] for i in range(20_000)]]}).encode(),
    "20,000 wild points": json.dumps({"strokes": [[[i * 7919 % 9973, i * 104729 % 9949] for i in range(20_000)]]}).encode(),
    "1,000 strokes": json.dumps({"strokes": [[[i % 31, i], [i, i % 37]] for i in range(1_000)]}).encode(),
    "quotes that never close": b'{"label": "' + b'\\"' * (ROOM // 2),
    "few quotes that never close": b'{"label": "' + b'\\"' * 990 + b"a" * (ROOM - 2_000),
    "backslashes": b'{"label": "' + b"\\" * ROOM,
    "escapes": b'{"label": "' + b"\\n" * (ROOM // 2) + b'"}',
    "surrogate escapes": b'{"label": "' + b"\\ud83d\\ude00" * (ROOM // 12) + b'"}',
    "wide text": '{"label": "😀'.encode() + b"a" * ROOM + b'"}',
    "accents": b'{"label": "' + b"\\u0323\\u0301" * 4_000 + b'", "strokes": [[[1, 2], [3, 4]]]}',
    "accents to be sorted": ('{"label": "a' + "\u0323\u0301" * 15_000 + '"}').encode(),
    "a long label": b'{"label": "' + b"a" * ROOM + b'"}',
    "a long key": b'{"' + b"a" * ROOM + b'": 1}',
    "a long id": b'{"strokes": [[[1, 2], [3, 4]]], "label": "7", "id": "' + b"a" * ROOM + b'"}',
    "a long kind": b'{"strokes": [], "kind": "' + b"a" * ROOM + b'"}',
    "many keys": b"{" + b",".join(b'"%x":1' % i for i in range(700_000)) + b"}",
    "many strings": b'{"a": [' + b'"",' * 2_700_000 + b'""]}',
    "many numbers": b'{"a": [' + b"1," * (ROOM // 2 - 10) + b"1]}",
    "many booleans": b'{"a": [' + b"true," * (ROOM // 5 - 10) + b"1]}",
    "numbers of 64 characters": b'{"a": [' + (b"1" * 64 + b" ") * (ROOM // 65 - 10) + b"]}",
    "white space": b" " * ROOM + b"{}",
    "deep": b"[" * ROOM,
    "deep and closed": b"[" * (ROOM // 2) + b"]" * (ROOM // 2),
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "brackets that do not match": b"[}" * (ROOM // 2),
    "a picture of nothing": b'{"image": "data:image/png;base64,' + b"A" * (ROOM - 200) + b'"}',
    "a picture of slashes": b'{"image": "data:image\\/png;base64,' + b"\\/" * (ROOM // 2 - 100) + b'"}',
    "a picture of padding": b'{"image": "data:image/png;base64,' + b"=" * (ROOM - 200) + b'"}',
    "NUL": b"\x00" * ROOM,
    "over the limit": b'{"a": "' + b"a" * 9 * MIB + b'"}',
}  # fmt: skip


def corpus() -> list[Request]:
    return [*_jsons(), *_numbers(), *_fields(), *_kinds(), *_large(), *_types(), *_framing(), *_forms(), *_targets()]  # fmt: skip


def mutated(requests: list[Request], luck: random.Random) -> Iterator[Request]:
    """Endless small changes of small requests."""
    small = [request for request in requests if len(request.body) < 20_000 and request.head is None]
    while True:
        base = luck.choice(small)
        body = bytearray(base.body)
        for _ in range(luck.choice((1, 1, 2, 8))):
            at = luck.randrange(len(body) + 1)
            some = luck.choice((b"", luck.randbytes(luck.choice((1, 4, 40))), body[at : at + 30] * 3, b'"', b"]", b"\\u", b"--b", b"1e9"))  # fmt: skip
            body[at : at + luck.choice((0, 1, 5))] = some
        yield Request(f"mutated {base.name}", bytes(body), base.path, base.method, base.headers)


def _jsons() -> Iterator[Request]:
    for name, body in HOSTILE.items():
        for path in ("/api/predict", "/api/feedback", "/helpdata"):
            yield Request(f"{name} to {path}", body, path)
    text = json.dumps(LABELLED)
    for name, body in {
        "BOM": b"\xef\xbb\xbf" + text.encode(), "UTF-16": text.encode("utf-16"), "UTF-32": text.encode("utf-32"),
        "UTF-7": b"+AHs-", "overlong": b'{"label": "\xc0\xaf"}', "surrogates in UTF-8": b'{"label": "\xed\xa0\x80"}',
        "NUL in text": b'{"label": "\\u0000"}', "raw NUL": b'{"label": "\x00"}', "two values": text.encode() * 2,
        "a comment": b'{/* */}', "single quotes": b"{'a': 1}", "a trailing comma": b'{"a": 1,}',
        "a key of __proto__": b'{"__proto__": {"role": "admin"}}', "keys alike by case": b'{"label": "7", "Label": "8"}',
        "a key twice by escape": b'{"label": "7", "l\\u0061bel": "8"}',
    }.items():  # fmt: skip
        yield Request(name, body, "/api/feedback")


def _numbers() -> Iterator[Request]:
    for number in NUMBERS:
        body = '{"strokes": [[[' + number + ', 1], [2, 2]]], "label": "7"}'
        for path in ("/api/predict", "/api/feedback"):
            yield Request(f"the number {number[:20]}", body.encode(), path)


def _fields() -> Iterator[Request]:
    for field in ("strokes", "image", "kind", "top", "seen", "label", "id"):
        for number, value in enumerate(WRONG):
            body = json.dumps(LABELLED | {field: value}).encode()
            for path in ("/api/predict", "/api/feedback", "/helpdata"):
                yield Request(f"{field} is wrong {number}", body, path)


def _kinds() -> Iterator[Request]:
    """Ink of extreme shapes, as every kind."""
    luck = random.Random(0)
    for name, ink in {
        "a dash": [[[0, 0], [1e6, 1]]], "a pole": [[[0, 0], [1e-3, 1e6]]], "a hair": [[[0, 0], [1e6, 0]]],
        "two far dots": [[[0, 0]], [[1e6, 1e6]]], "a thousand dots": [[[i, i % 7]] for i in range(1_000)],
        "a wild scribble": [[[luck.random() * 900, luck.random() * 30] for _ in range(6_000)]],
    }.items():  # fmt: skip
        for kind in ("digit", "character", "word", "auto"):
            yield Request(f"{name} as {kind}", json.dumps({"strokes": ink, "kind": kind}).encode())


def _large() -> Iterator[Request]:
    for name, body in LARGE.items():
        yield Request(name, body, "/api/feedback" if b'"label"' in body[:80] else "/api/predict")


def _types() -> Iterator[Request]:
    good = json.dumps(GOOD).encode()
    for kind in ("", "text/plain", "application/xml", "application/json; charset=utf-16", "application/jsonp",
                 "application/json, text/html", "application/x-www-form-urlencoded", "a" * 5_000, "multipart/form-data",
                 "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "b" * 300, "*/*", "é/ü"):  # fmt: skip
        yield Request(f"type {kind[:30]}", good, headers={"Content-Type": kind})
    for coding in ("gzip", "deflate", "br", "identity", "x"):
        body = gzip.compress(b" " * 10 * MIB + good)
        yield Request(f"coded {coding}", body, headers=JSON | {"Content-Encoding": coding})
    for key in (
        "",
        " ",
        "k" * 129,
        "k" * 7_000,
        "é",
        "a\tb",
        "'; DROP TABLE corrections;--",
        "../..",
        "%00",
    ):
        body = json.dumps(LABELLED).encode()
        yield Request(
            f"key {key[:9]}", body, "/api/feedback", headers=JSON | {"Idempotency-Key": key}
        )
    for accept in ("text/html", "*/*;q=x", "text/html;q=1e999", "," * 4_000, "application/" * 500):
        yield Request(f"accept {accept[:9]}", b"{}", headers=JSON | {"Accept": accept})
    yield Request("a giant header", b"{}", headers=JSON | {"X": "x" * 100_000})
    yield Request("many headers", b"{}", headers=JSON | {f"X-{n}": "x" for n in range(500)})


def _framing() -> Iterator[Request]:
    good = json.dumps(GOOD).encode()
    start = b"POST /api/predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
    lengths = (
        b"0",
        b"1",
        b"-1",
        b"9999",
        b"99999999999999999999",
        b"1e3",
        b"0x10",
        b"+5",
        b"",
        b"5, 5",
    )
    for length in lengths:
        yield Request(
            f"length {length!r}", good, head=start + b"Content-Length: " + length + b"\r\n\r\n"
        )
    two = b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n"
    yield Request("two lengths", good, head=start + two)
    both = b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    yield Request("length and chunks", chunked(good), head=start + both)
    yield Request("no length", good, head=start + b"\r\n")
    coded = JSON | {"Transfer-Encoding": "chunked"}
    yield Request("chunks", chunked(good), headers=coded)
    yield Request("chunks over the limit", chunked(b" " * 9 * MIB, MIB), headers=coded)
    yield Request("tiny chunks", chunked(b" " * 50_000, 1), headers=coded)
    for name, body in {"no chunks": b"", "bad size": b"zz\r\n", "endless size": b"f" * 500 + b"\r\n",
                       "negative": b"-5\r\nabc", "cut": b"ff\r\nabc", "trailers": b"0\r\nX: y\r\n\r\n"}.items():  # fmt: skip
        head = start + b"Transfer-Encoding: chunked\r\n\r\n"
        yield Request(f"chunks: {name}", body, head=head)
    for coding in ("gzip, chunked", "chunked, chunked", "xchunked", "identity"):
        yield Request(
            f"transfer {coding}", chunked(good), headers=JSON | {"Transfer-Encoding": coding}
        )
    for head in (b"\r\n\r\n", b"GET\r\n\r\n", b"\x00" * 50, b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00", b"A" * 9_000,
                 b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n"):  # fmt: skip
        yield Request(f"head {head[:12]!r}", head=head)


def _forms() -> Iterator[Request]:
    headers, whole = form(PNG)
    yield Request("form: cut", whole[:-300], headers=headers)
    yield Request("form: no end", whole[:-9], headers=headers)
    yield Request("form: no boundary", whole, headers={"Content-Type": "multipart/form-data"})
    yield Request(
        "form: another boundary", whole, headers={"Content-Type": "multipart/form-data; boundary=c"}
    )
    many = b"".join(
        START + b'\r\nContent-Disposition: form-data; name="a%d"\r\n\r\nx\r\n' % n
        for n in range(5_000)
    )
    yield Request("form: thousands of parts", *_swap(form(PNG, fields=many)))
    long = START + b'\r\nContent-Disposition: form-data; name="' + b"n" * MIB + b'"\r\n\r\nx\r\n'
    yield Request("form: a huge name", *_swap(form(PNG, fields=long)))
    heads = START + b"\r\n" + b"X: y\r\n" * 100_000 + b"\r\nx\r\n"
    yield Request("form: many part headers", *_swap(form(PNG, fields=heads)))
    value = (
        START
        + b'\r\nContent-Disposition: form-data; name="kind"\r\n\r\n'
        + b"d" * 5 * MIB
        + b"\r\n"
    )
    yield Request("form: a huge field", *_swap(form(PNG, fields=value)))
    nested = form(whole, boundary="o")
    yield Request("form: nested", *_swap(nested))
    for name, file in {"empty": b"", "NUL": b"\x00" * ROOM, "line ends": b"\r\n" * (ROOM // 2 - 200), "carriage returns": b"\r" * (ROOM - 300),
                       "nearly boundaries": b"\r\n--inkloop-" * (ROOM // 12 - 100), "text": b"hello"}.items():  # fmt: skip
        yield Request(f"form: a file of {name}", *_swap(form(file)))
    for name in ("", "other", "file[]", "f" * 5_000):
        yield Request(f"form: named {name[:9]}", *_swap(form(PNG, name)))
    for field, value in (
        ("top", b"x"),
        ("top", b"99999999999999999999"),
        ("kind", b"\xff"),
        ("seen", b"maybe"),
        ("role", b"admin"),
    ):
        part = START + b'\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (
            field.encode(),
            value,
        )
        yield Request(f"form: {field}", *_swap(form(PNG, fields=part)))


def _swap(made: tuple[dict[str, str], bytes]) -> tuple[bytes, str, str, dict[str, str]]:
    headers, body = made
    return body, "/api/predict", "POST", headers


def _targets() -> Iterator[Request]:
    for path in ("/api/feedback/x", "/api/feedback/" + "a" * 4_000, "/api/feedback/%00", "/api/feedback/..%2f..%2fpredict", "/api/feedback/7d4f9c1e-3b1a-4d57-8a55-0c9d0f6c2e31",
                 "/api/feedback/{7d4f9c1e-3b1a-4d57-8a55-0c9d0f6c2e31}", "/api/feedback/' OR 1=1--"):  # fmt: skip
        yield Request(f"DELETE {path[:40]}", path=path, method="DELETE", headers={})
    for path in ("/../../etc/passwd", "/static/../app/__init__.py", "/static/%2e%2e/app/__init__.py", "/static/..%2f..%2fetc/passwd",
                 "/static//etc/passwd", "/docs/assets/../../../../etc/passwd", "/docs/assets/%2e%2e%2fflask_swagger_ui.py", "/static/\\..\\x", "/static/%00", "//evil.example/",
                 "/" + "a" * 4_000, "/" + "a/" * 2_000, "/%ff%fe", "/?" + "a=b&" * 1_000, "/#", "*", "http://evil.example/", "/.git/config", "/.env", "/console"):  # fmt: skip
        yield Request(f"GET {path[:40]}", path=path, method="GET", headers={})
    for method in (
        "GET",
        "HEAD",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "TRACE",
        "CONNECT",
        "PROPFIND",
        "post",
        "X" * 50,
        "A\x01",
    ):
        for path in ("/api/predict", "/health", "/docs"):
            yield Request(f"{method[:9]} {path}", path=path, method=method, headers={})
    override = JSON | {"X-HTTP-Method-Override": "DELETE"}
    yield Request("method override", json.dumps(GOOD).encode(), headers=override)
    yield Request(
        "a picture as JSON",
        json.dumps({"image": data_url(PNG), "label": "7"}).encode(),
        "/helpdata",
    )
