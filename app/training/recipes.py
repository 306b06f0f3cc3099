"""How the networks are built and fitted."""

from dataclasses import dataclass
from typing import Any, Literal

from app.errors import TrainingError
from app.recognition.card import Kind

Network = Literal["frames", "trajectory", "picture"]
NETWORKS: dict[Kind, tuple[Network, ...]] = {
    "digit": ("frames",),
    "character": ("frames", "trajectory"),
    "word": ("frames", "trajectory", "picture"),
}


@dataclass(frozen=True)
class Recipe:
    """How a network over single characters is built and fitted."""

    kind: Kind = "digit"
    epochs: int = 36
    width: int = 32  # filters of the first stage
    dropout: float = 0.4
    network: Network = "frames"  # or the one that follows the pen, beside the parent's
    peak_rate: float = 2e-3
    weight_decay: float = 2e-2
    label_smoothing: float = 0.05
    warmup_epochs: float = 1.0
    drawn_repeats: int = 4  # of each drawn ink an epoch
    strength: float = 1.0  # of the augmentation of pictures
    parent: str | None = None  # the version whose weights to start from


@dataclass(frozen=True)
class WordRecipe:
    """How the network over words is built and fitted."""

    epochs: int = 20
    width: int = 64  # filters at half the height
    units: int = 192  # of an LSTM in each direction
    dropout: float = 0.2
    peak_rate: float = 2e-3
    weight_decay: float = 5e-3
    warmup_epochs: float = 1.0
    network: Network = "frames"  # or one of those beside the parent's: along the pen, for pictures
    shortcut_weight: float = 0.1  # of the second output's loss
    clip_norm: float = 5.0
    steps: int = 1_000  # batches of 7,168 columns in an epoch
    doubtful: float = 0.0  # share of the lines that the parent doubts most, and that are left out
    parted: bool = False  # learn from lines, too, that only a network can part; the parent does
    joined: bool = False  # learn from words joined of others' fragments, too; the parent cuts them
    soup: bool = False  # the mean of what was fitted and its parent is what is published
    parent: str | None = None  # the version whose weights to start from


# each network over words as it is fitted where nothing is said
WORD_RECIPES: dict[Network, WordRecipe] = {
    "frames": WordRecipe(),
    "trajectory": WordRecipe(network="trajectory"),
    "picture": WordRecipe(network="picture", width=48, units=160),
}

RECIPES = {
    "digit": Recipe(),
    "character": Recipe("character", epochs=24, drawn_repeats=1),
}

# of a champion that learns from corrections: few and small steps, so that it forgets little
RETRAINING: dict[Kind, Recipe | WordRecipe] = {
    "digit": Recipe("digit", epochs=2, peak_rate=3e-4, warmup_epochs=0.2),
    "character": Recipe("character", epochs=2, peak_rate=3e-4, warmup_epochs=0.2, drawn_repeats=1),
    "word": WordRecipe(epochs=2, peak_rate=2e-4, warmup_epochs=0.2, steps=400),
}

SMOKE: dict[str, Any] = {"epochs": 2, "width": 8}
SMOKE_WORDS: dict[str, Any] = {"epochs": 2, "width": 8, "units": 8, "steps": 1}


def expect_network(kind: Kind, network: Network) -> None:
    """Refuse a network that models of a kind do not have.

    Raises:
        TrainingError: so it is.
    """
    if network not in NETWORKS[kind]:
        known = " or ".join(NETWORKS[kind])
        raise TrainingError(f"A model of a {kind} has no network {network}: choose {known}.")
