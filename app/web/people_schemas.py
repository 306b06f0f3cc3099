"""What comes in and goes out where people and their drawings are concerned."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.recognition.card import Kind
from app.web.schemas import Body

Username = Annotated[
    str, Field(min_length=1, max_length=256, description="Case does not count.", examples=["ada"])
]
AnyPassword = Annotated[str, Field(max_length=1024, examples=["paper lantern ninety"])]


class SignInIn(Body):
    """A name and its password."""

    username: Username
    password: AnyPassword


class AccountIn(SignInIn):
    """A name of 1 to 64 printable characters, and a password of 12 to 128."""


class PasswordIn(Body):
    """The password of who is signed in."""

    password: AnyPassword


class ChangePasswordIn(PasswordIn):
    """The password, and the one to come."""

    new_password: AnyPassword


class ChangeUserIn(Body):
    """What is to be changed of an account."""

    role: Literal["user", "reviewer", "admin"] | None = None
    trusted: bool | None = None
    disabled: bool | None = None


class TokenOut(BaseModel):
    """The answer that older clients expect."""

    token: str
    username: str


class CheckTokenOut(BaseModel):
    """The answer that older clients expect."""

    data: str = Field(examples=["Token is valid"])


class PersonOut(BaseModel):
    """An account."""

    id: str
    username: str
    role: Literal["user", "reviewer", "admin"]
    trusted: bool
    disabled: bool


class PeopleOut(BaseModel):
    """All accounts, by name."""

    users: list[PersonOut]


class TokensOut(BaseModel):
    """Tokens: one for requests, and one for new tokens, which is taken once."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"]
    expires_in: int = Field(description="Seconds that the access token is good for.")
    username: str
    role: Literal["user", "reviewer", "admin"]


class SignedOutOut(BaseModel):
    """The session has ended."""

    status: Literal["signed out"]


class DrawingOut(BaseModel):
    """A drawing that somebody gave, and what became of it."""

    id: str
    created_at: str = Field(description="UTC, ISO 8601.")
    kind: Kind
    label: str
    result: str | None = Field(description="What had been read, where a receipt proved it.")
    status: str
    picture: str = Field(description="Where its PNG is.")


class MineOut(BaseModel):
    """A page of drawings, and how many there are in all."""

    drawings: list[DrawingOut]
    total: int


class WithdrawnOut(BaseModel):
    """So many drawings were withdrawn."""

    withdrawn: int


class DeletedOut(BaseModel):
    """The account is gone, and the content of so many drawings."""

    status: Literal["deleted"]
    drawings: int
