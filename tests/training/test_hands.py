"""A champion is tuned to one person's hand, and serves it only where it reads that hand better."""

import re
from pathlib import Path

import numpy as np
import pytest

from app.errors import TooFew
from app.ink.labelled import LabelledInk
from app.ink.raster import render
from app.ink.strokes import Strokes, parse_strokes
from app.recognition.hands import hand_of
from app.recognition.recognizer import NO_AIDS, Recognizer
from app.recognition.registry import SHIPPED, Registry
from app.training import characters, digits

from ..inks import strokes, written

pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation:DeprecationWarning"
)  # of Keras

REGISTRY = Registry(SHIPPED)
COMMAND = "python -m scripts.retrain_model --kind digit --person anna"


def champion(kind: str) -> Recognizer:
    return Recognizer(REGISTRY.load(kind, REGISTRY.champion(kind)))


def lying(number: int) -> LabelledInk:
    """A digit of somebody who lies on one side, another one for every number."""
    rng, label = np.random.default_rng(number), str(number % 10)
    paths = parse_strokes(strokes(label)).paths
    bent = (path + 8 * np.sin(path / 40 + rng.uniform(0, 6, 2)) for path in paths)
    return LabelledInk(
        str(number), Strokes(tuple(path[:, ::-1] * (1, -1) for path in bent)), label, "digit"
    )


def upright(number: int) -> LabelledInk:
    label = str(number % 10)
    return LabelledInk(
        str(number), parse_strokes(strokes(label, scale=200 + number)), label, "digit"
    )


def test_a_strange_hand_is_learned_and_an_ordinary_one_stays_with_the_champion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.training.retraining import hands
    from app.training.retraining.hand_run import Hand, learn_hand, tuner_of

    monkeypatch.setattr(hands, "FOLDS", 2)
    reader = champion("digit")
    tuner = tuner_of(digits.smoke_material(), "digit", reader.card.version, [SHIPPED], steps=40)
    anna = Hand("anna", "digit", tmp_path, COMMAND)
    trial = learn_hand(anna, [lying(n) for n in range(40)], reader, tuner, NO_AIDS)
    assert trial.sentence.startswith("Kept: ")
    assert trial.after < 0.7 * trial.before
    registry = hand_of(tmp_path, "anna")
    card = registry.load("digit", registry.champion("digit")).card
    assert card.version == f"{reader.card.version}p1"
    assert card.parent == reader.card.version
    assert len(card.data["corrections"]["trained"]) == 40
    bert = Hand("bert", "digit", tmp_path, COMMAND)
    trial = learn_hand(bert, [upright(n) for n in range(40)], reader, tuner, NO_AIDS)
    assert trial.sentence.startswith("Refused: ")
    assert not hand_of(tmp_path, "bert").versions("digit")
    with pytest.raises(TooFew, match="20 are needed"):
        learn_hand(bert, [upright(1)], reader, tuner, NO_AIDS)


def test_both_networks_of_characters_are_tuned_and_pictures_teach_no_pen() -> None:
    from app.training.retraining.hand_run import tuner_of

    version = REGISTRY.champion("character")
    tuner = tuner_of(characters.smoke_material(), "character", version, [SHIPPED], steps=1)
    before = {name: model.get_weights()[0] for name, model in tuner.tuned.items()}
    drawn = [LabelledInk(str(n), written("7"), "7", "character") for n in range(3)]
    scanned = [LabelledInk("seen", render(drawn[0].ink, 60), "7", "character")]

    def moved(rows: list[LabelledInk]) -> set[str]:
        tuner.tune(rows, "trial")
        return {n for n, m in tuner.tuned.items() if (m.get_weights()[0] != before[n]).any()}

    assert moved(drawn + scanned) == {"frames", "trajectory"}
    assert moved(scanned) == {"frames"}


@pytest.mark.slow
def test_what_a_hand_of_ones_own_is_worth_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.training.retraining import hands
    from scripts import evaluate_hands

    monkeypatch.setattr(hands, "FOLDS", 2)
    assert not evaluate_hands.main(
        ["word", "--smoke", "--corrections", "21", "--report", str(tmp_path)]
    )
    told = capsys.readouterr()
    assert "made up: " in told.out
    assert {"part 1, frames", "part 1, trajectory"} < set(re.findall(r"part \d, \w+", told.err))
    assert "of the champion's errors" in (tmp_path / "hands-word.md").read_text().lower()
