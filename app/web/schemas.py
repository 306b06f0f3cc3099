"""What comes in and what goes out, as pydantic models: the API's documentation too."""

from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    model_validator,
)

from app.ink.strokes import MAX_COORDINATE, MAX_POINTS, MAX_STROKES
from app.printable import MAX_LABEL, clean_label
from app.recognition.card import Kind
from app.web.examples import IMAGE

MAX_PICTURE_CHARACTERS = 8 * 1024 * 1024
MAX_WORDS = 200


def _number_as_text(label: object) -> object:
    if isinstance(label, int) and not isinstance(label, bool) and abs(label) < 10**MAX_LABEL:
        return str(label)
    return label


AnyKind = Literal["digit", "character", "word", "auto"]
Label = Annotated[
    str,
    AfterValidator(clean_label),
    Field(
        description="What the ink says, as the kind's model can read it.",
        examples=["7"],
        json_schema_extra={"minLength": 1, "maxLength": MAX_LABEL},
    ),
]
_COORDINATE = {"type": "number", "minimum": -MAX_COORDINATE, "maximum": MAX_COORDINATE}
Point = Annotated[
    list[FiniteFloat],
    Field(
        min_length=2,
        max_length=3,
        json_schema_extra={"prefixItems": [_COORDINATE, _COORDINATE, {"type": "number"}]},
    ),
]
StrokeLists = Annotated[
    list[list[Point]],
    Field(
        description=(
            "Pen-down point lists of [x, y] or [x, y, t]; y downwards, any unit. "
            f"At most {MAX_STROKES:,} strokes and {MAX_POINTS:,} points."
        ),
        json_schema_extra={"maxItems": MAX_STROKES},
        examples=[[[[10, 12, 0], [60, 12, 90], [30, 90, 210]]]],
    ),
]
DataUrl = Annotated[
    str,
    Field(
        max_length=MAX_PICTURE_CHARACTERS,
        description="A PNG or JPEG picture as a data URL.",
        examples=[IMAGE],
        json_schema_extra={"pattern": "^data:image/(png|jpeg|jpg);base64,"},
    ),
]


class Body(BaseModel):
    """What comes in: of the very types that are asked for, and nothing besides."""

    model_config = ConfigDict(strict=True, extra="forbid")


class InkIn(Body):
    """Strokes or a picture, one of the two."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["strokes"], "properties": {"strokes": {"type": "array"}}},
                {"required": ["image"], "properties": {"image": {"type": "string"}}},
            ]
        }
    )

    strokes: StrokeLists | None = None
    image: DataUrl | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.strokes is None) == (self.image is None):
            raise ValueError("send either strokes or image")
        return self


class ReadingOptions(Body):
    """How an ink is to be read."""

    kind: AnyKind = Field("auto", description="What the ink is; auto decides by itself.")
    top: int = Field(3, ge=1, le=10, description="How many alternatives to return.")
    seen: bool = Field(False, description="Also return the picture that the model saw.")
    words: list[Annotated[str, Field(min_length=1, max_length=MAX_LABEL)]] = Field(
        default=[],
        max_length=MAX_WORDS,
        description="Words that may well be written, such as names, which no list has.",
        examples=[["Inkloop"]],
    )


class PredictIn(InkIn, ReadingOptions):
    """An ink to read."""


class FeedbackIn(InkIn):
    """The right label for an ink, and the receipt of its reading where there was one."""

    label: Label
    id: str | None = Field(
        None, min_length=1, max_length=1024, description="The id that /api/predict gave."
    )
    kind: AnyKind = Field("auto", description="Which model the label is for.")


class HelpDataIn(Body):
    """A labelled picture, as older clients send it."""

    image: DataUrl
    label: Annotated[Label, BeforeValidator(_number_as_text)]


class ImageDataIn(Body):
    """A picture of a word, as older clients send it."""

    image_data: DataUrl = Field(alias="imageData")


class CandidateOut(BaseModel):
    """A text and its calibrated probability."""

    text: str = Field(examples=["7"])
    confidence: float = Field(ge=0, le=1, examples=[0.9931])


class CharacterOut(CandidateOut):
    """A character of the result, where it stands, and what else it might be."""

    start: float = Field(ge=0, le=1, description="Where it begins, in shares of the ink's width.")
    end: float = Field(ge=0, le=1)
    alternatives: list[CandidateOut]


class ExtentOut(BaseModel):
    """Where a picture's ink lies, in shares of the picture's width and height."""

    left: float = Field(ge=0, le=1)
    top: float = Field(ge=0, le=1)
    right: float = Field(ge=0, le=1)
    bottom: float = Field(ge=0, le=1)


class ModelOut(BaseModel):
    """The model version that answered."""

    name: Kind
    version: str = Field(examples=["v1"])


class ReadingOut(BaseModel):
    """What was read. An empty result means that there was nothing to read."""

    id: str = Field(description="The signed receipt of this reading; nothing was stored.")
    result: str = Field(examples=["7"])
    kind: Kind
    confidence: float = Field(ge=0, le=1)
    sure: bool
    alternatives: list[CandidateOut]
    characters: list[CharacterOut]
    without_lexicon: CandidateOut | None = Field(
        None, description="Words: what the ink says by itself, without the list of words."
    )
    extent: ExtentOut | None = Field(None, description="Pictures: where in it the ink lies.")
    model: ModelOut
    milliseconds: float
    seen: str | None = Field(None, description="A PNG data URL, only where it was asked for.")


class FeedbackOut(BaseModel):
    """A correction's id, by which it can be withdrawn, and what became of it."""

    id: str
    status: Literal["pending", "approved", "withdrawn"]


class HelpDataOut(BaseModel):
    """The answer that older clients expect."""

    message: str = Field(examples=["Data saved successfully"])
    id: str


class PredictedTextOut(BaseModel):
    """The answer that older clients expect to a form."""

    predicted_text: str = Field(examples=["seven"])


class HealthOut(BaseModel):
    """The process answers."""

    Status: Literal["Running"]


class ReadyOut(BaseModel):
    """Requests can be served; database says whether it answered just now."""

    status: Literal["ready"]
    database: bool
    models: dict[str, str]


class VersionOut(BaseModel):
    """The version of the app, and of the model of each kind."""

    version: str
    models: dict[str, str]


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = Field(examples=["about:blank"])
    title: str
    status: int
    detail: str
