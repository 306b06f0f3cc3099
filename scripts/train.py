"""Train a model and publish it as a new version.

    python -m scripts.train digit                         # 36 epochs of 3 minutes on two cores
    python -m scripts.train digit --parent v2 --epochs 10 --peak-rate 6e-4   # on from v2
    python -m scripts.train digit --smoke --models /tmp/models   # made-up ink, seconds

A run that was cut short goes on from its last epoch when it is started again.
"""

import argparse
import shlex
import sys
import tempfile
from dataclasses import fields
from pathlib import Path

from app.errors import CorpusError, TrainingError
from app.recognition.registry import SHIPPED
from app.settings import Settings


def main(arguments: list[str]) -> int:
    """Parse arguments, train, print where the new version is."""
    options = _parser().parse_args(arguments)
    from app.training import digits, runs  # Keras takes seconds: not for --help
    from app.training.fitting import Recipe

    command = shlex.join(["python", "-m", "scripts.train", *arguments])
    beside: tuple[Path, ...] = ()
    try:
        if options.smoke:
            recipe, material = runs.SMOKE_RECIPE, digits.smoke_material()
            options.work = Path(tempfile.mkdtemp())
        else:
            names = [field.name for field in fields(Recipe) if hasattr(options, field.name)]
            recipe = Recipe(**{name: getattr(options, name) for name in names})
            material, beside = digits.load_material(options.data), (SHIPPED,)
        work, models = options.work, options.models
        print(runs.train_digit(material, recipe, work, models, command, beside))
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
    parser.add_argument("--peak-rate", type=float, default=2e-3, help="of learning")
    parser.add_argument("--drawn-repeats", type=int, default=4, help="of each drawn digit an epoch")
    parser.add_argument("--strength", type=float, default=1.0, help="of changes to scanned digits")
    parser.add_argument("--parent", help="version whose weights to start from")
    parser.add_argument("--smoke", action="store_true", help="made-up ink, 2 epochs, narrow")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
