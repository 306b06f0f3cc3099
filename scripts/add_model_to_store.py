"""Add a Keras model that was trained elsewhere, with its list of classes, as a new version.

    python -m scripts.add_model_to_store digit mnist_cnn.keras --classes 0123456789
    python -m scripts.add_model_to_store character emnist.h5 --classes classes.txt --scale 255
    python -m scripts.add_model_to_store digit mnist_cnn.keras --classes 0123456789 --judge
    python -m scripts.add_model_to_store digit --smoke

A file of classes has one label a line, in the order of the model's outputs. The model takes square
pictures of one channel, light ink on black, 0 to 1, unless the options say otherwise. It is tried
on our own drawings first, and does not serve before it is promoted: --judge lets the gate compare
it with the champion, on the data in INKLOOP_DATA.
"""

import argparse
import shlex
import sys
import tempfile
from pathlib import Path

from app.errors import InkloopError, ModelError, TrainingError
from app.ink.raster import RasterSpec
from app.recognition.card import MODEL_FILE, ModelCard
from app.recognition.recognizer import NO_AIDS, Recognizer
from app.recognition.registry import SHIPPED, Registry, VerifiedModel
from app.recognition.trial import failure_of
from app.training import digits
from scripts.options import add_folders, parser_of

BOX = digits.TASK.spec.box / digits.TASK.spec.size  # of the frame, filled by the ink
PEN = digits.TASK.spec.pen / digits.TASK.spec.size


def main(arguments: list[str]) -> int:
    """Parse arguments, adopt the model, print where it is."""
    parser = _parser()
    options = parser.parse_args(arguments)
    options.command = shlex.join(["python", "-m", "scripts.add_model_to_store", *arguments])
    if options.smoke:
        _make_up(options)
    elif not (options.model and options.classes):
        parser.error("the model and its --classes are needed")
    try:
        card = _add(options)
        print(f"{card.kind} {card.version} is in {options.models}.")
        if options.judge:
            card = _judge(card, options)
            print(card.verdict and card.verdict["sentence"])
        force = "" if card.has_passed else " --force"
        print(f"It serves after: flask models promote {card.kind} {card.version}{force}")
    except InkloopError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _add(options: argparse.Namespace) -> ModelCard:
    from app.training import adopting, publishing
    from app.training.export import to_exact_tflite

    labels = _classes(options.classes)
    network = adopting.load_network(options.model)
    taken = adopting.Taken(options.scale, options.dark_on_light)
    model = adopting.adopted(network, len(labels), taken)
    content = to_exact_tflite(model)
    side = int(model.input_shape[1])
    card = publishing.draft_card(
        kind=options.kind,
        version=publishing.next_version((options.models, SHIPPED), options.kind),
        decoder="classes",
        labels=labels,
        raster=RasterSpec(size=side, box=options.box * side, pen=PEN * side),
        temperature=1.0,
        sure_above=options.sure_above,
        parent=None,
        command=options.command,
        data={"trained": "elsewhere"},
        metrics={},
        attribution=[f"{options.model.name}, trained elsewhere"],
    )
    failure = failure_of(VerifiedModel(card, content))
    if failure and not options.smoke:
        raise ModelError(
            f"{options.model} fails its trial: {failure}. See --scale, --dark-on-light."
        )
    contents = {MODEL_FILE: content, publishing.KERAS_FILE: publishing.keras_content(model)}
    folder = publishing.publish(options.models, card, contents)
    return Registry(options.models).load(options.kind, folder.name).card


def _judge(card: ModelCard, options: argparse.Namespace) -> ModelCard:
    """Let the gate compare it with the champion."""
    from app.training.publishing import write_card
    from app.training.retraining import sources
    from app.training.retraining.proof import InkSet, prove

    registry = Registry(options.models, SHIPPED)
    champion = Recognizer(registry.load(card.kind, registry.champion(card.kind)))
    challenger = Recognizer(registry.load(card.kind, card.version))
    material = sources.load_material(card.kind, options.data, options.var / "prepared")
    none = InkSet("none", card.kind, [], [])
    frozen = sources.frozen_sets(card.kind, material)
    proof = prove(champion, challenger, None, frozen, none, NO_AIDS)
    judged = card.model_copy(update={"verdict": proof.described(champion.card.version)})
    return write_card(registry.folder_of(card.kind, card.version), judged)


def _classes(given: str) -> list[str]:
    """Return the labels of a file, one a line, or the characters of a text.

    Raises:
        TrainingError: there are fewer than two, or one twice.
    """
    path = Path(given)
    try:
        text = path.read_text(encoding="utf-8-sig") if path.is_file() else "\n".join(given)
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path} cannot be read as a list of classes.") from error
    labels = [line.strip() for line in text.splitlines() if line.strip()]
    if len(labels) < 2 or len(set(labels)) < len(labels):
        raise TrainingError("The classes are two or more different labels, one a line.")
    return labels


def _make_up(options: argparse.Namespace) -> None:
    """Make a network that learned nothing, in a folder of its own."""
    import keras

    folder = Path(tempfile.mkdtemp(prefix="inkloop-smoke-"))
    options.model, options.classes, options.models = folder / "made-up.keras", "0123456789", folder
    frames = keras.Input((28, 28, 1))
    outputs = keras.layers.Dense(10, activation="softmax")(keras.layers.Flatten()(frames))
    keras.Model(frames, outputs).save(options.model)


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("add_model_to_store", __doc__)
    parser.add_argument("kind", choices=["digit", "character"])
    parser.add_argument("model", type=Path, nargs="?", help="a .keras or .h5 file")
    parser.add_argument("--classes", help="a file, one label a line; or the labels themselves")
    parser.add_argument("--scale", type=float, default=1.0, help="of full ink, 255 for bytes")
    parser.add_argument("--dark-on-light", action="store_true", help="it was trained so")
    parser.add_argument("--box", type=float, default=BOX, help="share of a side that ink fills")
    parser.add_argument("--sure-above", type=float, default=0.9, help="least sure confidence")
    parser.add_argument("--judge", action="store_true", help="let the gate compare it")
    add_folders(parser)
    parser.add_argument("--smoke", action="store_true", help="a made-up network, in seconds")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
