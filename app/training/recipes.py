"""How the networks are built and fitted."""

from dataclasses import dataclass

from app.recognition.card import Kind


@dataclass(frozen=True)
class Recipe:
    """How a network over single characters is built and fitted."""

    kind: Kind = "digit"
    epochs: int = 36
    width: int = 32  # filters of the first stage
    peak_rate: float = 2e-3
    weight_decay: float = 2e-2
    label_smoothing: float = 0.05
    warmup_epochs: float = 1.0
    drawn_repeats: int = 4  # of each drawn ink an epoch
    strength: float = 1.0  # of the augmentation of pictures
    parent: str | None = None  # the version whose weights to start from


RECIPES = {
    "digit": Recipe(),
    "character": Recipe("character", epochs=24, drawn_repeats=1),
}
SMOKE_EPOCHS = 2
SMOKE_WIDTH = 8
