"""Measure a model on ink that did not train it, print every figure and write it to its card.

python -m scripts.evaluate digit                        # the champion
python -m scripts.evaluate character
python -m scripts.evaluate digit --version v2 --models models
python -m scripts.evaluate digit --smoke --models /tmp/models
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from app.corpora import mnist
from app.errors import CorpusError, ModelError
from app.recognition.recognizer import Recognizer
from app.recognition.registry import SHIPPED, Registry
from app.settings import Settings
from app.training import characters, classifiers, digits, drawings, publishing
from app.training.evaluation import Figures, Refusals

MATERIALS = {"digit": digits, "character": characters}
PARTS = ["test", "contributors"]


def main(arguments: list[str]) -> int:
    """Parse arguments, measure, print a table."""
    options = _parser().parse_args(arguments)
    source, registry = MATERIALS[options.kind], Registry(options.models, SHIPPED)
    try:
        version = options.version or next(iter(registry.champions(options.kind)), "")
        model = registry.load(options.kind, version)
        material = source.smoke_material() if options.smoke else source.load_material(options.data)
    except (CorpusError, ModelError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.calibrate:
        model = replace(model, card=classifiers.calibrated(model, material))
    recognizer = Recognizer(model)
    found = classifiers.evaluate(recognizer, material, PARTS)
    if options.files and options.kind == "digit":
        scanned = mnist.load(options.data, "test")
        files = drawings.file_sets(material.drawn["test"], scanned, digits.TASK.spec)
        found |= classifiers.evaluate_sets(recognizer, files)
    refused = classifiers.refuse(recognizer, material, PARTS)
    print(table(found), table_of_refusals(refused), sep="\n\n")
    folder = options.models / options.kind / version
    if folder.is_dir():
        measured = {
            "metrics": classifiers.metrics_of(found),
            "refusals": classifiers.metrics_of(refused),
            "data": material.describe(),
        }
        publishing.write_card(folder, model.card.model_copy(update=measured))
    return 0


def table(found: dict[str, Figures]) -> str:
    """Return the figures as lines of text."""
    head = (
        f"{'ink':34} {'samples':>8} {'right':>8} {'of 3':>8} {'a = A':>8} {'alike':>8} "
        f"{'errors':>7} {'ECE':>6} {'sure':>7}  worst"
    )
    rows = [
        f"{name:34} {one.samples:8,} {one.accuracy:8.2%} {one.top3_accuracy:8.2%} "
        f"{one.caseless_accuracy:8.2%} {one.look_alike_accuracy:8.2%} {one.errors:7} "
        f"{one.calibration_error:6.3f} {one.sure_share:7.1%}  "
        + ", ".join(f"{truth}→{guess} {n}" for truth, guess, n in one.confusions[:5])
        for name, one in found.items()
    ]
    return "\n".join([head, *rows])


def table_of_refusals(found: dict[str, Refusals]) -> str:
    """Return how ink that has no label was taken, as lines of text."""
    head = f"{'ink that has no label':46} {'samples':>8} {'not sure':>9} {'empty':>8}"
    rows = [
        f"{name:46} {one.samples:8,} {one.unsure_share:9.2%} {one.empty_share:8.2%}"
        for name, one in found.items()
    ]
    return "\n".join([head, *rows])


def _parser() -> argparse.ArgumentParser:
    settings = Settings()
    parser = argparse.ArgumentParser(
        prog="python -m scripts.evaluate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("kind", choices=list(MATERIALS))
    parser.add_argument("--data", type=Path, default=settings.inkloop_data)
    parser.add_argument("--models", type=Path, default=settings.inkloop_models)
    parser.add_argument("--version", help="default: the champion")
    parser.add_argument("--calibrate", action="store_true", help="fit its confidence again first")
    parser.add_argument("--files", action="store_true", help="digits: as PNG files too")
    parser.add_argument("--smoke", action="store_true", help="made-up ink in place of data")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
