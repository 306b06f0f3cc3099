"""Hostile requests to every route, by everybody. HOSTILE sets how many; `make hostile` sends 10,000."""

import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from apiflask import APIFlask

from app.accounts.tables import Role

from ..inks import strokes
from ..people import account, bearer
from ..web.bodies import HOSTILE

REQUESTS = int(os.environ.get("HOSTILE", "2500"))
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
TEXTS = [
    "", " ", "0", "-1", "7", "admin", "null", "true", "\u0000", "\u202e", "é", "😀", "a\u0301" * 40, "x" * 300, "x" * 9_000,
    "' OR '1'='1", "'; DROP TABLE users;--", '" UNION SELECT password_hash FROM users--', "${7*7}", "{{7*7}}", "{{config}}",
    "<script>alert(1)</script>", "../../../etc/passwd", "..%2f..%2f", "%00", "%", "\\", "//evil.example", "file:///etc/passwd",
    "=1+1", "\r\nSet-Cookie: a=b", "9" * 400, "1e309", "NaN", "__proto__", "__class__", "00000000-0000-4000-8000-000000000000",
]  # fmt: skip
VALUES: list[Any] = [
    *TEXTS,
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**18,
    [],
    [[]],
    {},
    {"$ne": 1},
    ["admin"],
    {"role": "admin"},
]
FIELDS = ("username", "password", "new_password", "role", "trusted", "disabled", "id", "label", "kind", "strokes", "image", "next",
          "csrf_token", "drawing", "page", "imageData", "name_key", "password_hash", "user_id", "status")  # fmt: skip
HEADERS = ("Authorization", "x-access-token", "X-CSRF-TOKEN", "Cookie", "Origin", "Sec-Fetch-Site", "Accept", "Host",
           "X-Forwarded-For", "X-HTTP-Method-Override", "Idempotency-Key", "Referer", "Range", "If-None-Match", "Content-Encoding")  # fmt: skip


def paths(app: APIFlask, luck: random.Random, ids: list[str]) -> Iterator[tuple[str, str]]:
    """Methods and addresses of every route in turn: right ones, and ones with something foreign."""
    rules = [rule for rule in app.url_map.iter_rules() if "assets" not in rule.rule]
    while True:
        for rule in rules:
            path = rule.rule
            for name in rule.arguments:
                start = path.index("<")
                value = (
                    luck.choice([*ids, luck.choice(TEXTS)])
                    if "id" in name
                    else luck.choice(["csv", "pictures", *TEXTS])
                )
                path = path[:start] + value.replace("\r\n", "%0d%0a") + path[path.index(">") + 1 :]
            query = f"?{luck.choice(FIELDS)}={luck.choice(TEXTS)}" if luck.random() < 0.4 else ""
            own = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            yield luck.choice(own if luck.random() < 0.9 else METHODS), path + query


def bodies(luck: random.Random) -> Iterator[dict[str, Any]]:
    """What test clients call a body: JSON, right and wrong, or a form."""
    hostile = list(HOSTILE.values())
    good = {
        "username": "ada",
        "password": "paper lantern ninety",
        "strokes": strokes("7"),
        "label": "7",
    }
    while True:
        some = {luck.choice(FIELDS): luck.choice(VALUES) for _ in range(luck.randrange(4))}
        match luck.randrange(5):
            case 0:
                yield {"data": luck.choice(hostile), "content_type": "application/json"}
            case 1:
                yield {"data": json.dumps(good | some), "content_type": "application/json"}
            case 2:
                yield {"data": json.dumps(some), "content_type": "application/json"}
            case 3:
                yield {"data": {name: str(value) for name, value in some.items()}}
            case _:
                yield {
                    "data": luck.choice(TEXTS).encode() * 3,
                    "content_type": luck.choice(["text/html", "multipart/form-data", ""]),
                }


def test_nothing_that_is_sent_to_any_route_is_an_error_of_ours(app: APIFlask) -> None:
    luck, counted = random.Random(6), Counter[int]()
    addresses, contents = paths(app, luck, [account("victim")]), bodies(luck)
    errors = []
    for number in range(REQUESTS):
        if number % 50 == 0:  # some sign themselves out
            everybody = [{}, *(bearer(f"a {role}", role) for role in list(Role)[1:])]
        headers = dict(luck.choice(everybody))
        if luck.random() < 0.3:
            text = luck.choice(TEXTS).replace("\r\n", " ").replace("\u0000", "")
            headers[luck.choice(HEADERS)] = text.encode().decode("latin-1")
        (method, address), content = next(addresses), next(contents)
        try:
            with app.test_client().open(
                address, method=method, headers=headers, **content
            ) as answer:
                counted[answer.status_code] += 1
                if answer.status_code >= 500:
                    errors.append(
                        (method, address, headers, content, answer.get_data(as_text=True))
                    )
        except UnicodeError:  # what the test's own client cannot send
            continue
    print(f"\n{counted.total():,} requests: {dict(sorted(counted.items()))}")
    assert not errors, errors[:3]
    assert counted.total() > REQUESTS * 0.9
    assert {200, 401, 403, 404, 422} <= set(counted)
