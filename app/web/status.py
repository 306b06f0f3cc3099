"""How Inkloop is, for people: what reads, what is kept, and how the spreadsheet is."""

from apiflask import APIBlueprint
from flask import current_app, render_template

from app.accounts.tables import Role
from app.errors import NotSignedIn, Unavailable
from app.extensions import current_settings
from app.feedback import service
from app.feedback.sheet import health, outbox
from app.schema import SchemaWatch
from app.version import VERSION
from app.web.access import Level, may, person
from app.web.inks import reader

status = APIBlueprint("status", __name__, enable_openapi=False)
SHOWN = 20  # refused rows


@status.get("/status")
@may(Level.PUBLIC)
def page() -> str:
    """Show how everything is; what concerns the spreadsheet's owner, to administrators alone."""
    schema: SchemaWatch = current_app.extensions["inkloop.schema"]
    schema.look()
    told = _kept() if schema.answers else {}
    return render_template(
        "status.html",
        version=VERSION,
        models=reader().versions,
        has_sheet=current_settings().has_sheet,
        is_admin=_is_admin(),
        **told,
    )


def _kept() -> dict[str, object]:
    """Return what the database says; nothing where it has gone away meanwhile."""
    try:
        return {
            "corrections": service.count(),
            "queue": outbox.queue(),
            "sheet": health.last(),
            "refused": outbox.dead_letters(SHOWN),
        }
    except Unavailable:
        return {}


def _is_admin() -> bool:
    try:
        who = person()
    except (NotSignedIn, Unavailable):
        return False
    return who is not None and who.role.reaches(Role.ADMIN)
