"""Wrong tries slow an account down, over all workers, and never lock its owner out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import update

from app import create_app
from app.accounts import slowing
from app.accounts.tables import Tries
from app.errors import TooSoon
from app.extensions import db
from app.settings import Settings

from ..databases import BOTH_DATABASES
from ..people import OTHER_PASSWORD, PASSWORD, account, sign_in

pytestmark = BOTH_DATABASES


def let_time_pass(seconds: float) -> None:
    by = timedelta(seconds=seconds)
    for row in db.session.query(Tries).all():
        values = {"next_at": row.next_at - by, "last_at": row.last_at - by}
        db.session.execute(update(Tries).where(Tries.key == row.key).values(**values))
    db.session.commit()
    db.session.expire_all()


@pytest.mark.parametrize(
    ("tries", "seconds"),
    [(1, 0), (4, 0), (5, 1), (6, 2), (8, 8), (14, 512), (15, 900), (10_000, 900)],
)
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(
    tries: int, seconds: int, database_url: str
) -> None:
    assert slowing.delay_s(tries) == seconds


def test_after_five_wrong_tries_there_is_a_wait_and_after_it_the_owner_gets_in(
    client: FlaskClient, make_settings: Callable[..., Settings]
) -> None:
    account()
    other_worker = create_app(make_settings()).test_client()
    assert [sign_in(client, password="wrong").status_code for _ in range(5)] == [401] * 5
    early = sign_in(other_worker)
    assert (early.status_code, early.headers["Retry-After"]) == (429, "1")
    assert "1 s" in early.get_json()["detail"]
    let_time_pass(1)
    assert sign_in(other_worker).status_code == 200
    assert sign_in(other_worker, password="wrong").status_code == 401  # all is forgotten


def test_who_signed_in_here_before_is_not_held_up_by_strangers(client: FlaskClient) -> None:
    account()
    assert sign_in(client).status_code == 200
    stranger = client.application.test_client()
    for _ in range(6):
        sign_in(stranger, password="wrong")
    assert sign_in(stranger).status_code == 429
    assert sign_in(client).status_code == 200


def test_the_mark_of_a_device_is_good_for_its_owner_alone(client: FlaskClient) -> None:
    account("ada")
    account("bob")
    sign_in(client, "bob")  # a stranger with an account
    for _ in range(5):
        sign_in(client, "ada", "wrong")
    assert sign_in(client, "ada", "wrong").status_code == 429


def test_names_that_nobody_has_are_slowed_alike(client: FlaskClient) -> None:
    assert [sign_in(client, "nobody", "wrong").status_code for _ in range(6)] == [401] * 5 + [429]


def test_of_many_tries_at_once_no_more_than_five_are_looked_at(app: APIFlask) -> None:
    account()

    def attempt(_: int) -> int:
        return sign_in(app.test_client(), password=OTHER_PASSWORD).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(24)))
    assert set(answers) == {401, 429}
    assert answers.count(401) <= 5


def test_an_hour_after_the_last_try_all_is_forgotten(client: FlaskClient) -> None:
    for _ in range(9):
        sign_in(client, "ada", "wrong")
        let_time_pass(2)
    let_time_pass(3_601)
    assert [sign_in(client, "ada", "wrong").status_code for _ in range(6)] == [401] * 5 + [429]


def test_in_an_hour_an_attacker_has_few_tries(app: APIFlask) -> None:
    made, passed_s = 0, 0.0
    while passed_s < 3_600:
        try:
            slowing.count("key")
            made += 1
        except TooSoon as soon:
            let_time_pass(soon.retry_after_s)
            passed_s += soon.retry_after_s
    assert made <= 20


def test_old_tries_are_cleared_away(client: FlaskClient) -> None:
    sign_in(client, "ada", "wrong")
    let_time_pass(90_000)
    sign_in(client, "bob", "wrong")
    assert db.session.query(Tries).count() == 1


def test_the_wrong_password_for_a_deletion_slows_down_too(client: FlaskClient) -> None:
    account()
    token = sign_in(client).get_json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    answers = [
        client.delete("/api/me", json={"password": "wrong"}, headers=headers) for _ in range(6)
    ]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    let_time_pass(2)
    assert client.delete("/api/me", json={"password": PASSWORD}, headers=headers).status_code == 200
