"""What a model version says about itself: card.json."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.errors import ModelError
from app.ink.raster import RasterSpec

Kind = Literal["digit", "character", "word"]
KINDS: tuple[Kind, ...] = ("digit", "character", "word")
SCRIBBLE = "scribble"  # the reject that is not writing at all
MODEL_FILE = "model.tflite"
CARD_FILE = "card.json"
VERSION_PATTERN = "v[1-9][0-9]{0,5}"


class ModelCard(BaseModel):
    """The part of card.json that serving reads is typed; the rest is for people and the gate."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    version: str = Field(pattern=f"^{VERSION_PATTERN}$")
    decoder: Literal["classes", "ctc"]
    labels: list[str] = Field(min_length=2)
    rejects: list[str] = Field(
        default=[], description="Outputs after the labels: ink that is none of them."
    )
    raster: RasterSpec
    temperature: float = Field(gt=0, description="Logits are divided by it before the softmax.")
    sure_above: float = Field(ge=0, le=1, description="A reading of less confidence is not sure.")
    files: dict[str, str] = Field(description="sha256 of every other file of the version.")
    parent: str | None = Field(description="The version it was retrained from.")
    created: datetime
    command: str = Field(description="What trained it.")
    commit: str = Field(description="The git commit that command ran at.")
    data: dict[str, Any] = Field(description="What it was trained and measured on.")
    metrics: dict[str, Any] = Field(description="What it reached, on parts that did not train it.")
    refusals: dict[str, Any] = Field(
        default={}, description="How often it is rightly not sure of what is none of its labels."
    )
    attribution: list[str]

    @property
    def outputs(self) -> int:
        """Return how many outputs the model has; CTC adds its blank, the last one."""
        return len(self.labels) + len(self.rejects) + (self.decoder == "ctc")

    def can_read(self, text: str) -> bool:
        """Say whether the model could ever read a text."""
        if self.decoder == "classes":
            return text in self.labels
        return text == text.strip() != "" and set(text) <= set(self.labels)


def parse_card(content: bytes) -> ModelCard:
    """Parse the bytes of a card.json.

    Raises:
        ModelError: they are no card.
    """
    try:
        return ModelCard.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ModelError(f"{CARD_FILE} is no model card: {where}: {first['msg']}") from None
