"""What the routes that make numbers take and give, as pydantic models."""

from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    PlainValidator,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from app.generation.distortions import ALL, NONE, USUAL, Chances
from app.generation.numbers import HEIGHT
from app.generation.sequences import MAX_DIGITS, MAX_SPACING, MAX_WIDTH
from app.web.schemas import Body, Point, StrokeLists

MAX_COMPOSED = 20  # digits
MAX_OWN_POINTS = 1_000  # of a digit: what is composed of them can still be read
MAX_SEED = 2**53 - 1  # whole numbers that a browser knows exactly
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
Spacing = Annotated[int, Field(ge=0, le=MAX_SPACING)]
_TEXT = {"type": "string", "minLength": 1, "pattern": "^[0-9]+$"}


def _number(number: object) -> object:
    is_whole = isinstance(number, int) and not isinstance(number, bool) and number >= 0
    if is_whole or (isinstance(number, str) and _is_number(number, MAX_DIGITS)):
        return number
    raise ValueError(f"it must be a whole number from 0, or a text of 1 to {MAX_DIGITS:,} digits")


def _composed_number(number: str) -> str:
    if not _is_number(number, MAX_COMPOSED):
        raise ValueError(f"it must be a text of 1 to {MAX_COMPOSED} digits")
    return number


def _is_number(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= most


def _flag(flag: object) -> object:
    if flag in ("true", "false") or (isinstance(flag, int) and flag in (0, 1)):
        return flag
    raise ValueError('it must be "true" or "false", true or false, 1 or 0')


Number = Annotated[
    int | str,
    PlainValidator(_number),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 0}, {**_TEXT, "maxLength": MAX_DIGITS}]}
    ),
]
Flag = Annotated[
    str | bool | int,
    PlainValidator(_flag),
    WithJsonSchema({"enum": ["true", "false", True, False, 0, 1]}),
]


def _short(strokes: list[list[Point]]) -> list[list[Point]]:
    if sum(map(len, strokes)) > MAX_OWN_POINTS:
        raise ValueError(f"a digit has at most {MAX_OWN_POINTS:,} points")
    return strokes


Own = Annotated[StrokeLists, AfterValidator(_short)]


class GenerateIn(Body):
    """A number to make a picture of."""

    number: Number = Field(description="Text keeps leading zeros, and may be longer.")
    augment: Flag = Field("true", description="Change shapes and surfaces by chance.")
    distortions: list[str] | None = Field(
        None,
        description="Apply each of these for certain, in place of all by chance.",
        json_schema_extra={"items": {"type": "string", "enum": list(ALL)}},
    )
    spacing_min: Spacing = Field(description="Least gap between two digits, in pixels.")
    spacing_max: Spacing = Field(description="Greatest gap.")
    image_width: int = Field(ge=1, le=MAX_WIDTH, description="Pixels; the height is 28.")
    format: Literal["array", "png"] = Field("array", description="png: a data URL.")
    seed: Seed | None = Field(None, description="Gives the same picture again.")

    @field_validator("distortions")
    @classmethod
    def _known(cls, names: list[str] | None) -> list[str] | None:
        if not set(names or ()) <= set(ALL):
            raise ValueError(f"there are {', '.join(ALL)}")
        return names

    @model_validator(mode="after")
    def _least_first(self) -> Self:
        if self.spacing_min > self.spacing_max:
            raise ValueError("spacing_min is greater than spacing_max")
        return self

    @property
    def digits(self) -> str:
        """The number's digits."""
        return str(self.number)

    @property
    def most_bytes(self) -> int:
        """Return about how many bytes the picture may take on its way."""
        return HEIGHT * (len(self.digits) * (HEIGHT + self.spacing_max) + self.image_width)

    @property
    def chances(self) -> Chances:
        """Say what changes, how likely."""
        if self.augment not in ("true", 1):
            return NONE
        return USUAL if self.distortions is None else Chances.these(self.distortions)


class GeneratedOut(BaseModel):
    """The request, and the picture."""

    number: int | str
    augment: str | bool | int
    spacing_min: int
    spacing_max: int
    image_width: int
    generatedImage: str | list[list[float]] = Field(  # noqa: N815  as older clients know it
        description="28 rows of image_width numbers, 0 paper to 1 ink; or a PNG's data URL."
    )
    taskId: str  # noqa: N815


class ComposeIn(Body):
    """A number to compose of pen strokes."""

    number: Annotated[
        str,
        AfterValidator(_composed_number),
        WithJsonSchema({**_TEXT, "maxLength": MAX_COMPOSED}),
    ]
    digits: dict[Annotated[str, Field(pattern="^[0-9]$")], Own] = Field(
        default_factory=dict, description="Your own strokes of some digits; others are ours."
    )
    gap: float = Field(0.3, ge=0, le=3, description="Usual room between digits, in x-heights.")
    seed: Seed | None = Field(None, description="Gives the same strokes again.")


class ComposedOut(BaseModel):
    """A number's strokes."""

    number: str
    strokes: list[list[list[float]]] = Field(description="As /api/predict takes them.")
    seed: int
