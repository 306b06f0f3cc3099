"""Train a model and publish it as a new version.

    python -m scripts.train digit         # 36 epochs of 3 minutes on two cores
    python -m scripts.train character     # 24 epochs of 3 minutes
    python -m scripts.train word          # 20 epochs of 7 minutes
    python -m scripts.train digit --parent v2 --epochs 10 --peak-rate 6e-4   # on from v2
    python -m scripts.train word --parent v1 --peak-rate 1e-3 --doubtful 0.02
    python -m scripts.train word --parent v2 --network trajectory   # 20 epochs of 4 minutes
    python -m scripts.train character --parent v2 --network trajectory --epochs 14   # of a minute
    python -m scripts.train character --parent v5 --cut v11 --network trajectory   # of three
    python -m scripts.train digit --smoke --models /tmp/models   # made-up ink, seconds

A run that was cut short goes on from its last epoch when it is started again.
"""

import argparse
import shlex
import sys
import tempfile
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar, get_args

from app.errors import CorpusError, ModelError, TrainingError
from app.recognition.recognizer import Recognizer
from app.recognition.registry import SHIPPED, Registry
from app.training import characters, digits, words
from app.training.cutting import load_cut
from app.training.recipes import (
    RECIPES,
    SMOKE,
    SMOKE_WORDS,
    WORD_RECIPES,
    Network,
    Recipe,
    WordRecipe,
    expect_network,
)
from scripts.options import add_folders, parser_of

CLASSIFIERS = {"digit": digits, "character": characters}
AnyRecipe = TypeVar("AnyRecipe", Recipe, WordRecipe)


def main(arguments: list[str]) -> int:
    """Parse arguments, train, print where the new version is."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.cut and (options.kind != "character" or options.smoke):
        parser.error("--cut is for characters, and not for made-up ink.")
    options.command = shlex.join(["python", "-m", "scripts.train", *arguments])
    options.beside = () if options.smoke else (SHIPPED,)
    what: Network = getattr(options, "network", "frames")
    folder = options.kind if what == "frames" else f"{options.kind}-{what}"
    options.work = options.work or options.var / "training" / folder
    if options.smoke:
        options.work = Path(tempfile.mkdtemp())
    try:
        expect_network(options.kind, what)
        print(_train_words(options) if options.kind == "word" else _train_classifier(options))
    except (CorpusError, ModelError, TrainingError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _train_classifier(options: argparse.Namespace) -> Path:
    source = CLASSIFIERS[options.kind]
    material = (
        source.smoke_material()
        if options.smoke
        else source.load_material(options.data, options.var / "prepared")
    )
    if options.cut:
        judge = Recognizer(Registry(options.models, SHIPPED).load("word", options.cut))
        cut = load_cut(options.data, options.var / "prepared", judge)
        material = replace(material, cut=cut)
    recipe = _changed(SMOKE if options.smoke else {}, RECIPES[options.kind], options)
    from app.training.runs import train_classifier  # Keras takes seconds: not before it is needed

    return train_classifier(
        material, recipe, options.work, options.models, options.command, options.beside
    )


def _train_words(options: argparse.Namespace) -> Path:
    if options.smoke:
        material = words.smoke_material()
    else:
        prepared = options.var / "prepared"
        material = words.load_material(options.data, prepared, words.PHOTOGRAPHS)
    base = WORD_RECIPES[getattr(options, "network", "frames")]
    recipe = _changed(SMOKE_WORDS if options.smoke else {}, base, options)
    from app.training.word_runs import train_words

    return train_words(
        material, recipe, options.work, options.models, options.command, options.beside
    )


def _changed(smoke: dict[str, Any], recipe: AnyRecipe, options: argparse.Namespace) -> AnyRecipe:
    """Return a recipe with what the options change of it, or else a smoke run."""
    names = (field.name for field in fields(recipe))
    return replace(recipe, **smoke | {n: vars(options)[n] for n in names if n in options})


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("train", __doc__)
    parser.add_argument("kind", choices=[*CLASSIFIERS, "word"])
    add_folders(parser)
    parser.add_argument(
        "--cut", metavar="VERSION", help="characters: of lines, too, cut by this model of words"
    )
    parser.add_argument("--work", type=Path, help="default: in INKLOOP_VAR/training")
    recipe = parser.add_argument_group("the recipe; what is not said stays as the kind has it")
    recipe.argument_default = argparse.SUPPRESS
    recipe.add_argument("--epochs", type=int)
    recipe.add_argument("--width", type=int, help="filters of the first stage")
    recipe.add_argument("--peak-rate", type=float, help="of learning")
    recipe.add_argument(
        "--network",
        choices=get_args(Network),
        help="over frames, along the pen's way, or words: of pictures alone",
    )
    recipe.add_argument("--units", type=int, help="words: of an LSTM in each direction")
    recipe.add_argument("--dropout", type=float, help="words")
    recipe.add_argument("--steps", type=int, help="words: batches in an epoch")
    recipe.add_argument("--doubtful", type=float, help="words: share that the parent doubts most")
    recipe.add_argument(
        "--parted", action="store_true", help="words: of more lines, parted by the parent"
    )
    recipe.add_argument(
        "--joined", action="store_true", help="words: of fragments, cut by the parent"
    )
    recipe.add_argument(
        "--soup", action="store_true", help="words: publish the mean of parent and child"
    )
    recipe.add_argument("--drawn-repeats", type=int, help="of each drawn ink an epoch")
    recipe.add_argument("--strength", type=float, help="of changes to pictures")
    recipe.add_argument("--parent", help="version whose weights to start from")
    parser.add_argument("--smoke", action="store_true", help="made-up ink, and a recipe of seconds")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
