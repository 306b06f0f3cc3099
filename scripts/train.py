"""Train a model and publish it as a new version.

    python -m scripts.train digit                         # 36 epochs; hours on two cores
    python -m scripts.train digit --epochs 8 --width 16   # a quick one
    python -m scripts.train digit --smoke --models /tmp/models   # made-up ink, seconds

A run that was cut short goes on from its last epoch when it is started again.
"""

import argparse
import json
import shlex
import sys
import tempfile
from pathlib import Path

from app.errors import CorpusError
from app.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Parse arguments, train, publish, print where the version is."""
    options = _parser().parse_args(arguments)
    # Keras takes seconds to import: only once it is known that there is something to train
    from app.training import datasets, digits
    from app.training.export import to_tflite
    from app.training.feeding import Mixture
    from app.training.fitting import Recipe, fit_digit
    from app.training.publishing import draft_card, next_version, publish

    try:
        material = digits.smoke_material() if options.smoke else digits.load_material(options.data)
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 1
    recipe = Recipe(epochs=options.epochs, width=options.width)
    mixture = Mixture(material.drawn["train"], material.scanned["train"], digits.SPEC)
    folder = Path(tempfile.mkdtemp()) if options.smoke else options.work
    development = {
        name: (frames, datasets.classes(labels))
        for name, (frames, labels) in material.held_out("development").items()
    }
    model = fit_digit(mixture, development, recipe, folder)
    content = to_tflite(model, digits.examples(material))
    card = draft_card(
        kind="digit",
        version=next_version(options.models, "digit"),
        decoder="classes",
        labels=list(datasets.DIGITS),
        raster=digits.SPEC,
        temperature=1.0,
        sure_above=0.5,
        parent=None,
        command=shlex.join(["python", "-m", "scripts.train", *(arguments or sys.argv[1:])]),
        data=material.describe(),
        metrics={},
        attribution=digits.ATTRIBUTION,
    )
    card = digits.calibrated(card, content, material)
    writers = json.dumps(datasets.manifest(material.drawn), indent=0).encode()
    model.save(folder / "model.keras")
    contents = {
        "model.tflite": content,
        "model.keras": (folder / "model.keras").read_bytes(),
        digits.WRITERS_FILE: writers,
    }
    print(publish(options.models, card, contents))
    return 0


def _parser() -> argparse.ArgumentParser:
    settings = Settings()
    parser = argparse.ArgumentParser(
        prog="python -m scripts.train",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("kind", choices=["digit"])
    parser.add_argument("--data", type=Path, default=settings.inkloop_data)
    parser.add_argument("--models", type=Path, default=settings.inkloop_models)
    parser.add_argument("--work", type=Path, default=Path("var/training/digit"))
    parser.add_argument("--epochs", type=int, default=36)
    parser.add_argument("--width", type=int, default=32, help="filters of the first stage")
    parser.add_argument("--smoke", action="store_true", help="made-up ink, 2 epochs, narrow")
    return parser


if __name__ == "__main__":
    sys.exit(main())
