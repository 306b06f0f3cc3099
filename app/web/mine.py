"""What a person gave: to look at, to take along, to take back."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, redirect, render_template, request, send_file

from app.errors import NotFound
from app.feedback import drawings, service
from app.feedback.tables import Correction
from app.web import audit, cookies
from app.web.access import Level, may, signed_in
from app.web.people_schemas import MineOut, WithdrawnOut

mine = APIBlueprint("mine", __name__, tag="Mine")
FILES = {  # name, media type
    "csv": ("inkloop.csv", "text/csv; charset=utf-8"),
    "strokes": ("inkloop.json", "application/json"),
    "pictures": ("inkloop.zip", "application/zip"),
}
MOST_PAGES = 1_000_000


@mine.get("/api/mine")
@mine.output(MineOut)
@may(Level.USER)
def list_mine() -> dict[str, Any]:
    """List what you gave, the latest first, a page of 60 at a time."""
    found, total = drawings.of_user(signed_in().id, _page())
    return {"drawings": [_shown(drawing) for drawing in found], "total": total}


@mine.delete("/api/mine")
@mine.output(WithdrawnOut)
@may(Level.USER)
def withdraw_mine() -> dict[str, int]:
    """Withdraw all that you gave: its content is deleted and never used for training."""
    return {"withdrawn": _withdraw_all()}


@mine.get("/api/mine/<uuid:correction_id>/picture")
@may(Level.USER)
def picture(correction_id: UUID) -> Response:
    """Show one of your drawings, as a PNG."""
    found = Response(drawings.picture(str(correction_id), signed_in().id), mimetype="image/png")
    found.headers["Content-Disposition"] = f'inline; filename="{correction_id}.png"'
    found.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return found


@mine.get("/api/mine/export/<form>")
@may(Level.USER)
def export(form: str) -> Response:
    """Take along what you gave: csv, strokes (JSON), or pictures (PNG files with labels.csv)."""
    if form not in FILES:
        raise NotFound(f"There is no such export. Take one of {', '.join(FILES)}.")
    name, media_type = FILES[form]
    file = drawings.export(signed_in().id, form)
    return send_file(file, media_type, as_attachment=True, download_name=name)


@mine.get("/mine")
@mine.doc(hide=True)
@may(Level.USER)
def page() -> str:
    """Show what a person gave."""
    found, total = drawings.of_user(signed_in().id, _page())
    pages = max(1, -(-total // drawings.A_PAGE))
    shown = [_shown(drawing) for drawing in found]
    return render_template("mine.html", drawings=shown, total=total, page=_page(), pages=pages)


@mine.post("/mine/withdraw")
@mine.doc(hide=True)
@may(Level.USER)
def withdraw_here() -> Response:
    """Withdraw one drawing, or all of them, by the page's form."""
    wanted = request.form.get("drawing", "")
    back: Response = redirect("/mine", 303)  # type: ignore[assignment]
    if wanted == "all":
        _withdraw_all()
        return cookies.forget_all(back)
    service.withdraw(wanted, signed_in().id)
    return back


def _withdraw_all() -> int:
    person = signed_in()
    count = service.withdraw_all(person.id)
    audit.tell("all drawings withdrawn", name=person.name, drawings=count)
    return count


def _page() -> int:
    wanted = request.args.get("page", 1, type=int)
    return min(max(wanted, 1), MOST_PAGES)


def _shown(drawing: Correction) -> dict[str, Any]:
    return {
        "id": drawing.id,
        "created_at": drawing.created_at.isoformat(timespec="seconds"),
        "kind": drawing.kind,
        "label": drawing.label,
        "result": drawing.result,
        "status": drawing.status,
        "picture": f"/api/mine/{drawing.id}/picture",
    }
