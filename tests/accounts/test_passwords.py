"""Passwords: what is taken, how it is kept, and that unknown names take as long."""

import contextlib
import os
import statistics
import time
from pathlib import Path

import pytest
from apiflask import APIFlask
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import passwords
from app.accounts.tables import User
from app.errors import AccountError
from app.extensions import db

from ..people import OTHER_PASSWORD, PASSWORD, account, sign_in

TRIES = int(os.environ.get("TIMED", "60"))  # of each sort


@pytest.mark.parametrize(
    "password",
    ["password1234", "123456789012", "qwertyuiop12", "iloveyou1234", "aaaaaaaaaaaa", "abcabcabcabc",
     "letmeinplease", "adalovelace1", "inkloopinkloop", "11111111111111111111", "Passw0rd1234"],
)  # fmt: skip
def test_what_anybody_would_guess_is_refused(password: str) -> None:
    with pytest.raises(AccountError, match="easy to guess"):
        passwords.refuse_weak(password, "adalovelace")


@pytest.mark.parametrize(
    "password",
    [PASSWORD, OTHER_PASSWORD, "süßer Brei 2026!", "文" * 3 + " lantern moon", "x7#kQ92!vLp0"],
)
def test_what_nobody_guesses_is_taken(password: str) -> None:
    passwords.refuse_weak(password, "ada")


@pytest.mark.parametrize(
    "password", ["4@8({[<369!1|0$5+7%2" * 6, "aA1!" * 32, "qwerty" * 21, "\u0301" * 128]
)
def test_no_password_takes_long_to_judge(password: str) -> None:
    start = time.perf_counter()
    with contextlib.suppress(AccountError):
        passwords.refuse_weak(password[:128], "ada")
    assert time.perf_counter() - start < 2


def test_a_password_is_the_same_however_its_letters_are_put_together() -> None:
    kept = passwords.hash_password("caf\u00e9 in the rain")
    assert passwords.is_right("cafe\u0301 in the rain", kept)
    assert not passwords.is_right("cafe in the rain", kept)


@pytest.mark.parametrize("kept", ["", "plain", "$argon2id$broken", "$2b$12$abcdefghijklmnopqrstuv"])
def test_what_is_no_hash_is_nobodys_password(kept: str) -> None:
    assert not passwords.is_right(PASSWORD, kept)


def test_a_password_kept_with_less_work_is_kept_anew_at_the_next_sign_in(
    client: FlaskClient,
) -> None:
    account()
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    (user,) = db.session.scalars(select(User))
    user.password_hash = weak
    db.session.commit()
    assert sign_in(client).status_code == 200
    (kept,) = db.session.scalars(select(User.password_hash))
    assert not passwords.is_outdated(kept)
    assert sign_in(client).status_code == 200


def auc(first: list[float], second: list[float]) -> float:
    """How often a time of the first sort is longer than one of the second."""
    wins = sum((a > b) + (a == b) / 2 for a in first for b in second)
    return wins / (len(first) * len(second))


def test_an_unknown_name_takes_as_long_as_a_wrong_password(app: APIFlask) -> None:
    """TIMED=1000 measures as many tries of each sort; docs/security.md has the figures."""
    hashed = passwords.hash_password(PASSWORD)
    names = [f"somebody {number}" for number in range(TRIES)]
    db.session.add_all(User(name=name, name_key=name, password_hash=hashed) for name in names)
    db.session.commit()
    client = app.test_client(use_cookies=False)

    def timed(name: str) -> float:
        start = time.perf_counter()
        assert sign_in(client, name, "a wrong password").status_code == 401
        return time.perf_counter() - start

    for number in range(3):
        timed(f"nobody at all {number}")
    pairs = [(timed(name), timed(name.replace("some", "no"))) for name in names]
    known, unknown = (list(times) for times in zip(*pairs, strict=True))
    told = auc(known, unknown)
    apart_ms = 1e3 * abs(statistics.median(known) - statistics.median(unknown))
    print(f"\n{TRIES} + {TRIES} tries: AUC {told:.3f}, medians {apart_ms:.2f} ms apart")
    assert 0.35 < told < 0.65 if TRIES < 1000 else 0.45 < told < 0.55


def test_the_list_of_common_passwords_loads_with_the_first_that_is_judged() -> None:
    import subprocess
    import sys

    code = "import app; app.create_app(); import sys; print('zxcvbn' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert run.stdout.strip() == "False"
