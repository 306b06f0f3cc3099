"""Forged and altered tokens: not one is accepted, and none breaks anything."""

import base64
import hashlib
import hmac
import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from app import create_app
from app.accounts import tokens
from app.settings import Settings

from ..people import account, bearer, by_header, sign_in

COUNT = int(os.environ.get("FORGED", "2000"))
OTHER_KEY = b"another key that is long enough to be one"
DROPPED: Any = object()


def encoded(value: object) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def signed(header: object, claims: object, key: bytes, digest: Any = hashlib.sha256) -> str:
    """A token that is signed with an HMAC, whatever its header says."""
    content = f"{encoded(header)}.{encoded(claims)}"
    return f"{content}.{encoded(hmac.digest(key, content.encode(), digest))}"


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.get_unverified_header(token), claims


def signed_by_us(token: str, key: bytes) -> Iterator[str]:
    """What only somebody with our key could make, and what must be refused all the same."""
    header, claims = parts(token)
    now = int(time.time())
    changes: list[dict[str, Any]] = [
        *({name: DROPPED} for name in claims if name in tokens.CLAIMS),
        *({name: value} for name in tokens.CLAIMS for value in (None, 7.5, [], {}, "", True)),
        *({name: "x"} for name in tokens.CLAIMS - {"jti", "csrf", "name"}),  # ours may have any
        {"exp": now - 1}, {"exp": 0}, {"exp": -1}, {"exp": "soon"}, {"exp": 1e400}, {"iat": now + 999},
        {"nbf": now + 999}, {"aud": "other"}, {"aud": ["other"]}, {"iss": "https://evil.example"},
        {"type": "refresh"}, {"type": "Access"}, {"type": "id"}, {"sid": "0" * 36}, {"sid": "' OR 1=1"},
    ]  # fmt: skip
    for change in changes:
        yield signed(header, {k: v for k, v in (claims | change).items() if v is not DROPPED}, key)
    for more in (
        {"kid": "../../../dev/null"}, {"kid": "0"}, {"jku": "https://evil.example/keys"}, {"x5u": "x"}, {"crit": ["b64"]},
        {"jwk": {"kty": "oct", "k": encoded(OTHER_KEY)}}, {"typ": "JOSE"}, {"cty": "JWT"}, {"alg": "hs256"}, {"alg": None},
        {"alg": "none"}, {"alg": "None"}, {"alg": "HS512"}, {"alg": "RS256"}, {"alg": "ES256"}, {"b64": False},
    ):  # fmt: skip
        yield signed(header | more, claims, key)
    for name, digest in (("HS384", hashlib.sha384), ("HS512", hashlib.sha512)):
        yield signed(header | {"alg": name}, claims, key, digest)


def forged(token: str, rng: random.Random) -> Iterator[str]:
    """What somebody without our key can make of a good token."""
    header, claims = parts(token)
    first, second, last = token.split(".")
    yield jwt.encode(claims, None, "none")
    for key in (OTHER_KEY, b"", b"secret", b"change-me", last.encode()):
        yield signed(header, claims, key)
    for more in (
        {"alg": "none"},
        {"alg": "NONE"},
        {"alg": "HS512"},
        {"alg": "RS256"},
        {"kid": "x"},
    ):
        for signature in ("", last):
            yield f"{encoded(header | more)}.{second}.{signature}"
    for more in (
        {"sub": "0"},
        {"role": "admin"},
        {"exp": 4_000_000_000},
        {"type": "access"},
        {"sid": "x"},
    ):
        yield f"{first}.{encoded(claims | more)}.{last}"
    yield from (
        f"{first}.{second}.",
        f"{first}.{second}",
        second,
        "..",
        ".",
        "...",
        f"{token}.{token}",
    )
    deep = encoded(b"[" * 50_000), encoded(b'{"a":' * 20_000)
    yield from (f"{part}.{second}.{last}" for part in deep)
    yield from (f"{first}.{part}.{last}" for part in deep)
    while True:
        yield mutated(token, rng)


def mutated(token: str, rng: random.Random) -> str:
    """The token with characters changed, lost, doubled or swapped; never the token itself."""
    characters = list(token)
    for _ in range(rng.choice((1, 1, 1, 2, 5, 40))):
        place = rng.randrange(len(characters))
        match rng.randrange(4):
            case 0:
                characters[place] = rng.choice("ABCdef012-_.=+/ \t\u00e9,")
            case 1:
                del characters[place]
            case 2:
                characters.insert(place, characters[place])
            case _:
                other = rng.randrange(len(characters))
                characters[place], characters[other] = characters[other], characters[place]
    changed = "".join(characters)
    return changed if changed.strip() != token else f"x{token}"


def statuses(client: FlaskClient, found: list[str]) -> Counter[tuple[str, int]]:
    """What is answered to each token, in every place where a token may stand."""
    counted: Counter[tuple[str, int]] = Counter()
    for number, token in enumerate(found):
        sent = token.encode().decode("latin-1")
        match number % 3:
            case 0:
                place, answer = (
                    "bearer",
                    client.get("/api/me", headers={"Authorization": f"Bearer {sent}"}),
                )
            case 1:
                place, answer = (
                    "x-access-token",
                    client.get("/check-token", headers={"x-access-token": sent}),
                )
            case _:
                place, answer = (
                    "cookie",
                    client.get("/api/me", headers={"Cookie": f"access={sent}"}),
                )
        counted[place, answer.status_code] += 1
    return counted


def test_forged_and_altered_tokens_are_refused(app: APIFlask) -> None:
    token = bearer()["Authorization"].removeprefix("Bearer ")
    client, rng = app.test_client(use_cookies=False), random.Random(1)
    key = app.extensions["inkloop.token_keys"][0]
    ours, makers = list(signed_by_us(token, key)), forged(token, rng)
    found = ours + [next(makers) for _ in range(COUNT - len(ours))]
    counted = statuses(client, found)
    print(f"\n{len(found):,} tokens: {dict(counted)}")
    assert {status for _, status in counted} == {401}
    assert client.get("/api/me", **by_header(token)).status_code == 200


def test_a_token_of_one_kind_is_none_of_the_other(client: FlaskClient) -> None:
    account()
    issued = sign_in(client).get_json()
    program = client.application.test_client()
    assert program.get("/api/me", **by_header(issued["refresh_token"])).status_code == 401
    assert program.post("/api/refresh", **by_header(issued["access_token"])).status_code == 401


def test_no_token_is_taken_from_the_address(client: FlaskClient) -> None:
    token = bearer()["Authorization"].removeprefix("Bearer ")
    for name in ("jwt", "token", "access_token"):
        assert client.get(f"/api/me?{name}={token}").status_code == 401


def test_while_keys_change_both_are_good(
    app: APIFlask, make_settings: Callable[..., Settings]
) -> None:
    old = bearer()
    secret = app.config["SECRET_KEY"]
    new = "another-key-0123456789-abcdefghijklmnop"
    during = create_app(make_settings(secret_key=new, secret_key_before=secret)).test_client()
    after = create_app(make_settings(secret_key=new)).test_client()
    assert during.get("/api/me", headers=old).status_code == 200
    assert after.get("/api/me", headers=old).status_code == 401


def test_a_token_lasts_a_quarter_of_an_hour(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    _, claims = parts(bearer()["Authorization"].removeprefix("Bearer "))
    assert claims["exp"] - claims["iat"] == 900
