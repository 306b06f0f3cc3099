"""What a model version says about itself: card.json."""

import hashlib
import json
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.errors import ModelError
from app.ink.raster import RasterSpec
from app.ink.trajectory import TrajectorySpec

Kind = Literal["digit", "character", "word"]
KINDS: tuple[Kind, ...] = ("digit", "character", "word")
ONE_SIGN: tuple[Kind, Kind] = ("digit", "character")
SCRIBBLE = "scribble"  # the reject that is not writing at all
MODEL_FILE = "model.tflite"
CARD_FILE = "card.json"
VERSION_PATTERN = "v[1-9][0-9]{0,5}(p[1-9][0-9]{0,3})?"  # v2p1: one person's, grown from v2


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
    trajectory: TrajectorySpec | None = Field(
        default=None, description="Where the model has a network that follows the pen, too."
    )
    picture: bool = Field(
        default=False, description="Whether the model has a network for pictures alone, too."
    )
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
    curve: list[dict[str, float]] = Field(
        default=[], description="How training went, a row an epoch."
    )
    verdict: dict[str, Any] | None = Field(
        default=None, description="What the gate said of it, against which champion, and why."
    )
    seal: str = Field(
        default="", description="sha256 of all the rest but the version; none where made by hand."
    )

    @property
    def has_passed(self) -> bool:
        """Say whether the gate let it through."""
        return bool(self.verdict and self.verdict.get("passed") is True)

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
        ModelError: they are no card, or were changed since they were written.
    """
    try:
        card = ModelCard.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ModelError(f"{CARD_FILE} is no model card: {where}: {first['msg']}") from None
    if card.seal and card.seal != _seal(json.loads(content)):
        raise ModelError(f"{CARD_FILE} was changed or damaged after it was written.")
    return card


def card_content(card: ModelCard) -> bytes:
    """Return a card as the bytes of a card.json, sealed."""
    told = card.model_dump(mode="json")
    return (json.dumps(told | {"seal": _seal(told)}, indent=1, ensure_ascii=False) + "\n").encode()


def _seal(told: dict[str, Any]) -> str:
    """Return the sha256 of what a card tells; its version is held by the folder's name."""
    rest = {name: value for name, value in told.items() if name not in ("version", "seal")}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
