"""What people gave is reviewed before it counts, and the sheet is told what came of it."""

from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.accounts import people
from app.accounts.people import Changes
from app.errors import NotFound
from app.extensions import db
from app.feedback import review
from app.feedback.sheet import health, outbox
from app.feedback.sheet.health import Counts
from app.feedback.sheet.rows import COLUMNS, seal
from app.feedback.sheet.writer import Writer
from app.feedback.tables import Correction, Source, Status
from app.ink.pictures import decode_picture
from app.recognition.lexicon import load_lexicon

from ..databases import BOTH_DATABASES
from ..inks import strokes
from ..people import bearer
from ..sheets.server import Book, Fault, SheetsServer
from .telling import give, ids, look, work

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("no_open_transaction")]


def kept(found: str) -> Correction:
    correction = db.session.get(Correction, found, populate_existing=True)
    assert correction
    return correction


def told(app: APIFlask, *words: str, status: int = 0) -> str:
    result = app.test_cli_runner().invoke(args=["feedback", *words])
    assert result.exit_code == status, result.output
    return result.output


def row(book: Book, tab: str, found: str) -> dict[str, str]:
    (cells,) = [row for row in book.tab(tab).rows if row[0] == found]
    assert cells[-1] == seal(cells[:-1])
    return dict(zip(COLUMNS, cells, strict=True))


def test_the_least_certain_come_first(app: APIFlask, client: FlaskClient) -> None:
    read = [client.post("/api/predict", json={"strokes": strokes(d), "kind": "digit"}).get_json() for d in "71"]  # fmt: skip
    sure = [give(client, d, id=r["id"], strokes=strokes(d)) for d, r in zip("71", read, strict=True)]  # fmt: skip
    for found, confidence in zip(sure, (0.9, 0.6), strict=True):
        db.session.execute(
            update(Correction).where(Correction.id == found).values(confidence=confidence)
        )
    db.session.commit()
    unread, dummy = give(client, "5"), give(client, "4")
    db.session.execute(update(Correction).where(Correction.id == dummy).values(source=Source.DUMMY))
    db.session.commit()
    lines = told(app, "list").splitlines()
    assert [line.split("\t")[0] for line in lines] == [i[:8] for i in (unread, sure[1], sure[0])]
    assert "1 (read as 1, 60%)" in lines[1]
    assert len(told(app, "list", "--limit", "1").splitlines()) == 1
    assert told(app, "list", "--status", "approved") == told(app, "list", "--kind", "word") == ""


def test_words_of_what_was_approved_are_a_list_that_readings_are_weighed_against(
    app: APIFlask, client: FlaskClient, tmp_path: Path
) -> None:
    labels = ["Zbigniew,", "by Zbigniew", "O'Hara's", "7th", "x", "2026", "not reviewed"]
    found = [give(client, label) for label in labels]
    told(app, "approve", *found[:-1], "--by", "ada")
    printed = told(app, "words")
    assert printed.splitlines() == ["Zbigniew 2", "7th 1", "O'Hara's 1", "by 1"]
    (tmp_path / "names.txt").write_text(printed)
    lexicon = load_lexicon(f"fi,{tmp_path / 'names.txt'}")
    assert lexicon
    assert lexicon.log_share("zbigniew")
    assert lexicon.spellings("o'hara's") == {"O'Hara's"}


def test_reviewing_is_kept_with_who_and_when(app: APIFlask, client: FlaskClient) -> None:
    yes, no, other = (give(client, label) for label in "789")
    assert "1 approved" in told(app, "approve", yes[:10], "--by", "ada")
    told(app, "reject", no, "--by", "bob")
    told(app, "relabel", other, "a", "--by", "ada")
    assert [(kept(i).status, kept(i).reviewer) for i in (yes, no, other)] == [
        ("approved", "ada"), ("rejected", "bob"), ("approved", "ada"),
    ]  # fmt: skip
    assert (kept(other).label, kept(other).kind, kept(other).given_label) == ("a", "character", "9")
    told(app, "relabel", other, "b", "--by", "ada")
    assert (kept(other).label, kept(other).given_label) == ("b", "9")
    assert kept(yes).reviewed_at
    shown = told(app, "show", other[:10])
    assert "label: b\ngiven_label: 9" in shown
    assert told(app, "list") == ""


def test_who_has_no_login_name_reviews_as_a_number(
    app: APIFlask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 54_321)  # as the image's user: not in passwd
    found = give(client, "7")
    told(app, "approve", found)
    assert kept(found).reviewer == "user 54321"


def test_show_writes_the_picture(app: APIFlask, client: FlaskClient, tmp_path: Path) -> None:
    file = tmp_path / "seven.png"
    told(app, "show", give(client, "7"), "--picture", str(file))
    assert not decode_picture(file.read_bytes()).is_blank()


def test_what_is_not_there_is_told_and_nothing_is_changed(
    app: APIFlask, client: FlaskClient
) -> None:
    found, gone = give(client, "7"), give(client, "8")
    client.delete(f"/api/feedback/{gone}")
    for wanted in (gone, "nobody", "", "%", "_"):
        told(app, "approve", found, wanted, status=1)
    assert kept(found).status == Status.PENDING
    assert "printable" in told(app, "relabel", found, "\x07", status=1)
    assert "No model" in told(app, "relabel", found, "日", status=1)
    db.session.add(Correction(id=f"{found[:8]}-like", kind="digit", label="7"))
    db.session.commit()
    with pytest.raises(NotFound, match="more than one"):
        review.one(found[:8])
    assert review.one(found[:20]).id == found


def test_what_trusted_people_give_counts_at_once(client: FlaskClient) -> None:
    headers = bearer("ada")
    assert kept(give(client, "7", headers)).status == Status.PENDING
    user = people.by_name("ada")
    assert user
    people.change(user.id, Changes(trusted=True))
    body = {"strokes": strokes("7"), "label": "8", "kind": "digit"}
    key = {"Idempotency-Key": "once"}
    for _ in range(2):
        answer = client.post("/api/feedback", json=body, headers=headers | key).get_json()
        assert answer["status"] == "approved"
    assert kept(answer["id"]).status == Status.APPROVED


def test_the_sheet_shows_what_came_of_it(client: FlaskClient, writer: Writer, book: Book) -> None:
    found, other, moved = (give(client, label) for label in "789")
    work(writer)
    review.approve([found], "ada")
    review.relabel(moved, "a", "character", "ada")
    look(writer)
    work(writer)
    look(writer)
    assert row(book, "Digit", found)["Status"] == "approved"
    assert row(book, "Digit", other)["Status"] == "pending"
    assert row(book, "Character", moved)["User_Corrected_Label"] == "a"
    assert ids(book, "Digit") == [found, other]
    state = health.last()
    assert state
    assert Counts(state.missing, state.doubled, state.edited, state.unknown) == Counts()
    client.delete(f"/api/feedback/{moved}")
    review.relabel(found, "b", "character", "ada")
    review.relabel(found, "5", "digit", "ada")
    work(writer)
    look(writer)
    assert (ids(book, "Digit"), ids(book, "Character")) == ([other, found], [])
    assert row(book, "Digit", found)["User_Corrected_Label"] == "5"
    assert outbox.queue().pending == 0


@pytest.mark.parametrize("fault", [Fault.LATE, Fault.RESET_AFTER, Fault.BUSY, Fault.ERROR])
def test_whatever_goes_wrong_the_sheet_shows_it_in_the_end(
    client: FlaskClient, writer: Writer, google: SheetsServer, book: Book, fault: Fault
) -> None:
    given = [give(client, str(number)) for number in range(4)]
    work(writer)
    faults = iter([fault])
    google.google.fault = lambda call: (
        next(faults, None) if call.name == "values.batchUpdate" else None
    )
    review.reject(given[1:3], "ada")
    client.delete(f"/api/feedback/{given[0]}")
    work(writer)
    assert [row(book, "Digit", i)["Status"] for i in given[1:]] == [
        "rejected",
        "rejected",
        "pending",
    ]
    assert ids(book, "Digit") == given[1:]
