"""Train a model and publish it as a new version.

    python -m scripts.train digit                         # 36 epochs; hours on two cores
    python -m scripts.train digit --epochs 8 --width 16   # a quick one
    python -m scripts.train digit --smoke --models /tmp/models   # made-up ink, seconds

A run that was cut short goes on from its last epoch when it is started again.
"""

import argparse
import shlex
import sys
import tempfile
from pathlib import Path

from app.errors import CorpusError, TrainingError
from app.settings import Settings


def main(arguments: list[str]) -> int:
    """Parse arguments, train, print where the new version is."""
    options = _parser().parse_args(arguments)
    from app.training import digits, runs  # Keras takes seconds: not for --help
    from app.training.fitting import Recipe

    command = shlex.join(["python", "-m", "scripts.train", *arguments])
    try:
        if options.smoke:
            recipe, material = runs.SMOKE_RECIPE, digits.smoke_material()
            options.work = Path(tempfile.mkdtemp())
        else:
            recipe = Recipe(epochs=options.epochs, width=options.width)
            material = digits.load_material(options.data)
        print(runs.train_digit(material, recipe, options.work, options.models, command))
    except (CorpusError, TrainingError) as error:
        print(error, file=sys.stderr)
        return 1
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
    parser.add_argument("--work", type=Path, default=settings.inkloop_var / "training" / "digit")
    parser.add_argument("--epochs", type=int, default=36)
    parser.add_argument("--width", type=int, default=32, help="filters of the first stage")
    parser.add_argument("--smoke", action="store_true", help="made-up ink, 2 epochs, narrow")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
