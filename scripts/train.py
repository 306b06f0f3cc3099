"""Train a model and publish it as a new version.

    python -m scripts.train digit                         # 36 epochs of 3 minutes on two cores
    python -m scripts.train character                     # 24 epochs of 3 minutes
    python -m scripts.train digit --parent v2 --epochs 10 --peak-rate 6e-4   # on from v2
    python -m scripts.train digit --smoke --models /tmp/models   # made-up ink, seconds

A run that was cut short goes on from its last epoch when it is started again.
"""

import argparse
import shlex
import sys
import tempfile
from dataclasses import fields, replace
from pathlib import Path

from app.errors import CorpusError, TrainingError
from app.recognition.registry import SHIPPED
from app.settings import Settings
from app.training import characters, digits
from app.training.recipes import RECIPES, SMOKE_EPOCHS, SMOKE_WIDTH, Recipe

MATERIALS = {"digit": digits, "character": characters}


def main(arguments: list[str]) -> int:
    """Parse arguments, train, print where the new version is."""
    options = _parser().parse_args(arguments)
    from app.training.runs import train_classifier  # Keras takes seconds: not for --help

    command = shlex.join(["python", "-m", "scripts.train", *arguments])
    beside: tuple[Path, ...] = ()
    try:
        recipe = _recipe(options)
        if options.smoke:
            material, work = MATERIALS[options.kind].smoke_material(), Path(tempfile.mkdtemp())
        else:
            material, beside = MATERIALS[options.kind].load_material(options.data), (SHIPPED,)
            work = options.work or options.var / "training" / options.kind
        print(train_classifier(material, recipe, work, options.models, command, beside))
    except (CorpusError, TrainingError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _recipe(options: argparse.Namespace) -> Recipe:
    """Return the kind's recipe with what the options change of it."""
    recipe = RECIPES[options.kind]
    if options.smoke:
        return replace(recipe, epochs=SMOKE_EPOCHS, width=SMOKE_WIDTH)
    names = (field.name for field in fields(recipe))
    return replace(recipe, **{name: vars(options)[name] for name in names if name in options})


def _parser() -> argparse.ArgumentParser:
    settings = Settings()
    parser = argparse.ArgumentParser(
        prog="python -m scripts.train",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(var=settings.inkloop_var)
    parser.add_argument("kind", choices=list(RECIPES))
    parser.add_argument("--data", type=Path, default=settings.inkloop_data)
    parser.add_argument("--models", type=Path, default=settings.inkloop_models)
    parser.add_argument("--work", type=Path, help="default: training/<kind> in INKLOOP_VAR")
    recipe = parser.add_argument_group("the recipe; what is not said stays as the kind has it")
    recipe.argument_default = argparse.SUPPRESS
    recipe.add_argument("--epochs", type=int)
    recipe.add_argument("--width", type=int, help="filters of the first stage")
    recipe.add_argument("--peak-rate", type=float, help="of learning")
    recipe.add_argument("--drawn-repeats", type=int, help="of each drawn ink an epoch")
    recipe.add_argument("--strength", type=float, help="of changes to pictures")
    recipe.add_argument("--parent", help="version whose weights to start from")
    parser.add_argument("--smoke", action="store_true", help="made-up ink, 2 epochs, narrow")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
