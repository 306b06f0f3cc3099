"""Accounts of others, for administrators."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from app.accounts import people
from app.accounts.people import Changes
from app.accounts.tables import Role
from app.errors import NotAllowed
from app.web import audit
from app.web.access import Level, may, signed_in
from app.web.accounts import shown
from app.web.bodies import json_body
from app.web.people_schemas import ChangeUserIn, PeopleOut, PersonOut

users = APIBlueprint("users", __name__, url_prefix="/api/users", tag="Accounts")


@users.get("")
@users.output(PeopleOut)
@may(Level.ADMIN)
def list_users() -> dict[str, Any]:
    """List all accounts."""
    return {"users": [shown(user) for user in people.everybody()]}


@users.patch("/<uuid:user_id>")
@users.output(PersonOut)
@may(Level.ADMIN)
def change_user(user_id: UUID) -> dict[str, Any]:
    """Change what an account may do; it counts from the next request on.

    Nobody changes their own account: the last administrator would be lost by a slip.
    """
    body = json_body(ChangeUserIn)
    if str(user_id) == signed_in().id:
        raise NotAllowed("Another administrator must change your account.")
    role = Role(body.role) if body.role else None
    user = people.change(str(user_id), Changes(role, body.trusted, body.disabled))
    changed = body.model_dump(exclude_none=True)
    audit.tell("account changed", by=signed_in().name, name=user.name, **changed)
    return shown(user)
