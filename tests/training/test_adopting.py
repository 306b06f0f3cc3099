"""Networks that were trained elsewhere are added with their classes, or refused with the reason."""

from pathlib import Path

import numpy as np
import pytest

from app.ink.raster import RasterSpec
from app.ink.strokes import parse_strokes
from app.recognition.decoding import decode
from app.recognition.recognizer import Recognizer
from app.recognition.registry import Registry
from app.training.augmentation import Strength, augment_strokes
from scripts import add_model_to_store

from ..inks import strokes

TIMES = 40
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation:DeprecationWarning"
)  # of Keras
SLIGHT = Strength(as_picture=1.0)


@pytest.fixture(scope="module")
def learned() -> tuple[np.ndarray, np.ndarray]:
    rng, labels = np.random.default_rng(0), np.repeat(np.arange(10), TIMES)
    inks = [parse_strokes(strokes(str(label))) for label in labels]
    frames = [augment_strokes(ink, RasterSpec(), rng, SLIGHT)[..., 0] for ink in inks]
    return np.stack(frames), labels


def network(
    path: Path,
    learned: tuple[np.ndarray, np.ndarray],
    shape: tuple[int, ...],
    scale: float = 1.0,
    last: str | None = "softmax",
) -> Path:
    """A network as somebody else would have trained it."""
    import keras  # takes seconds: not when tests are collected

    keras.utils.set_random_seed(0)
    x = inputs = keras.Input(shape)
    x = keras.layers.Rescaling(1 / scale)(x)
    x = keras.layers.Dense(64, activation="relu")(keras.layers.Flatten()(x))
    model = keras.Model(inputs, keras.layers.Dense(10, activation=last)(x))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=last is None)
    model.compile("adam", loss)
    frames, labels = learned
    model.fit(frames.reshape(-1, *shape) * scale, labels, epochs=12, verbose=0)
    model.save(path)
    return path


def add(tmp_path: Path, *arguments: str) -> int:
    return add_model_to_store.main(["digit", *arguments, "--models", str(tmp_path / "models")])


@pytest.mark.parametrize(
    ("shape", "scale", "last"),
    [((28, 28, 1), 1.0, "softmax"), ((28, 28), 255.0, None), ((784,), 1.0, None)],
)
def test_a_network_of_any_usual_shape_reads(
    tmp_path: Path,
    learned: tuple[np.ndarray, np.ndarray],
    shape: tuple[int, ...],
    scale: float,
    last: str | None,
    capfd: pytest.CaptureFixture[str],
) -> None:
    path = network(tmp_path / "other.keras", learned, shape, scale, last)
    assert add(tmp_path, str(path), "--classes", "0123456789", "--scale", str(scale)) == 0
    found = capfd.readouterr().out
    assert "flask models promote digit v" in found
    assert "--force" in found
    registry = Registry(tmp_path / "models")
    recognizer = Recognizer(registry.load("digit", registry.versions("digit")[-1]))
    ink = parse_strokes(strokes("4"))
    decoded = decode(recognizer.scores(recognizer.frame(ink)), recognizer.card)
    assert decoded.text == "4"
    assert sum(one.confidence for one in decoded.candidates) == pytest.approx(1)
    assert registry.champions("digit") == []


def test_what_cannot_be_used_is_told_in_a_line(
    tmp_path: Path, learned: tuple[np.ndarray, np.ndarray], capsys: pytest.CaptureFixture[str]
) -> None:
    import keras

    path = network(tmp_path / "other.keras", learned, (28, 28, 1))
    wide = keras.Sequential(
        [keras.Input((28, 14, 3)), keras.layers.Flatten(), keras.layers.Dense(10)]
    )
    wide.save(tmp_path / "wide.keras")
    (tmp_path / "cut.keras").write_bytes(path.read_bytes()[:500])
    (tmp_path / "twice.txt").write_text("a\na\n")
    for arguments, reason in (
        ((path, "--classes", "012345678"), "10,) outputs, and there are 9 classes"),
        ((tmp_path / "wide.keras", "--classes", "0123456789"), "a square picture of one channel"),
        ((tmp_path / "cut.keras", "--classes", "0123456789"), "cannot be loaded as a Keras model"),
        ((tmp_path / "none.keras", "--classes", "0123456789"), "cannot be loaded as a Keras model"),
        ((path, "--classes", tmp_path / "twice.txt"), "two or more different labels"),
        ((path, "--classes", "9876543210"), "fails its trial"),
    ):
        assert add(tmp_path, *map(str, arguments)) == 1
        error = capsys.readouterr().err.strip()
        assert reason in error
        assert "\n" not in error
    assert not (tmp_path / "models" / "digit").exists()
