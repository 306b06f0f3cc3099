"""Measure a model on ink that did not train it, print every figure and write it to its card.

python -m scripts.evaluate digit                        # the champion
python -m scripts.evaluate character --report docs/results
python -m scripts.evaluate word --version v2 --models models
python -m scripts.evaluate auto                         # which of the three an ink is
python -m scripts.evaluate word --part development      # what choices are made on; prints alone
python -m scripts.evaluate digit --smoke --models /tmp/models

A report is a page of all figures with the commonest confusions, and a sheet of the worst errors.
"""

import argparse
import shlex
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from app.corpora import mnist
from app.errors import CorpusError, ModelError
from app.recognition.card import KINDS, ModelCard
from app.recognition.lexicon import load_lexicon
from app.recognition.reader import Reader
from app.recognition.recognizer import NO_AIDS, Aids, Recognizer
from app.recognition.registry import SHIPPED, Registry, VerifiedModel
from app.training import (
    characters,
    classifiers,
    datasets,
    digits,
    drawings,
    kinds,
    publishing,
    report,
    transcription,
    words,
)
from app.training.datasets import Labelled
from scripts.options import add_folders, parser_of

PARTS = ("test", "contributors")
CLASSIFIERS = {"digit": digits, "character": characters}
SHOWN = 60  # errors on a sheet
COLUMNS = 6


@dataclass(frozen=True)
class Measured:
    """A card with its figures, and the ink that they were measured on."""

    card: ModelCard
    recognizer: Recognizer
    held_out: Mapping[str, Labelled]
    aids: Aids = NO_AIDS


def main(arguments: list[str]) -> int:
    """Parse arguments, measure, print tables."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.part and options.report:
        parser.error("A report is of all parts: leave --part or --report out.")
    registry = Registry(options.models, SHIPPED)
    if options.kind == "auto":
        return _evaluate_auto(registry, options, _command(arguments))
    measure = _measure_words if options.kind == "word" else _measure_classifier
    try:
        version = options.version or registry.champion(options.kind)
        measured = measure(registry.load(options.kind, version), options)
    except (CorpusError, ModelError) as error:
        print(error, file=sys.stderr)
        return 1
    print(report.figures_table(measured.card), report.confusions_list(measured.card), sep="\n\n")
    if measured.card.refusals:
        print("", report.refusals_table(measured.card), sep="\n")
    folder = options.models / options.kind / version
    if folder.is_dir() and not options.part:
        publishing.write_card(folder, measured.card)
    if options.report:
        write_report(options.report, measured, _command(arguments))
    return 0


def write_report(folder: Path, measured: Measured, command: str) -> None:
    """Write a page of all figures and a sheet of the worst errors."""
    card = measured.card
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"# {card.kind.capitalize()} {card.version}", "", f"    {command}", ""]
    lines += [report.figures_table(card), ""]
    if card.refusals:
        lines += [report.refusals_table(card), ""]
    lines += ["What was misread most often:", "", report.confusions_list(card), ""]
    for name, (views, texts) in measured.held_out.items():
        if name == f"UNIPEN {PARTS[0]}, strokes":
            worst = report.worst_errors(measured.recognizer, views, texts, SHOWN, measured.aids)
            if not worst:  # the smoke run's model may make none
                continue
            report.sheet(worst, COLUMNS).save(folder / f"{card.kind}-errors.png")
            lines += [f"The errors of which it was most certain, of {name} (right > read):", ""]
            lines += [f"![the worst errors]({card.kind}-errors.png)", ""]
    (folder / f"{card.kind}.md").write_text("\n".join(lines))


def _evaluate_auto(registry: Registry, options: argparse.Namespace, command: str) -> int:
    """Measure how the champions together find out what an ink is."""
    try:
        champions = [registry.load(kind, registry.champion(kind)) for kind in KINDS]
        reader = Reader(map(Recognizer, champions), load_lexicon())
        samples = words.SMOKE_SAMPLES if options.smoke else kinds.SAMPLES
        found = kinds.evaluate_kinds(reader, _lines(options), _parts(options), samples)
    except (CorpusError, ModelError) as error:
        print(error, file=sys.stderr)
        return 1
    table = report.kinds_table(found)
    print(table)
    if options.report:
        named = ", ".join(f"{kind} {version}" for kind, version in reader.versions.items())
        page = f"# What an ink is, where nobody said: {named}\n\n    {command}\n\n{table}\n"
        options.report.mkdir(parents=True, exist_ok=True)
        (options.report / "auto.md").write_text(page)
    return 0


def _command(arguments: list[str]) -> str:
    return shlex.join(["python", "-m", "scripts.evaluate", *arguments])


def _parts(options: argparse.Namespace) -> tuple[str, ...]:
    return (options.part,) if options.part else PARTS


def _held_out(
    material: classifiers.Material | words.Material, options: argparse.Namespace
) -> dict[str, Labelled]:
    """Return all there is to read of the parts that are measured on."""
    return {name: one for part in _parts(options) for name, one in material.held_out(part).items()}


def _lines(options: argparse.Namespace) -> words.Material:
    if options.smoke:
        return words.smoke_material()
    return words.load_material(options.data, options.var / "prepared")


def _measure_classifier(model: VerifiedModel, options: argparse.Namespace) -> Measured:
    source = CLASSIFIERS[options.kind]
    material = source.smoke_material() if options.smoke else source.load_material(options.data)
    if options.calibrate:
        development = material.held_out("development")
        model = replace(model, card=classifiers.calibrated(model, development, material.task))
    recognizer = Recognizer(model)
    held_out = _held_out(material, options)
    if options.files and options.kind == "digit":
        scanned = mnist.load(options.data, "test")
        held_out |= drawings.file_sets(material.drawn["test"], scanned, digits.TASK.spec)
    if options.rotation and options.kind == "digit":
        name = f"MNIST test, turned by up to {options.rotation:g}°"
        scanned = mnist.load(options.data, "test")
        held_out[name] = drawings.turned_set(scanned, options.rotation, digits.TASK.spec)
    update = {
        "metrics": _plain(classifiers.evaluate(recognizer, held_out)),
        "refusals": _plain(classifiers.refuse(recognizer, material, list(_parts(options)))),
        "data": described(model.card, material.describe()),
    }
    return Measured(model.card.model_copy(update=update), recognizer, held_out)


def _measure_words(model: VerifiedModel, options: argparse.Namespace) -> Measured:
    material = _lines(options)
    aids = Aids.of(Registry(options.models, SHIPPED))
    if options.calibrate:
        development = material.held_out("development")
        model = replace(model, card=words.calibrated(model, development, aids))
    recognizer = Recognizer(model)
    held_out = _held_out(material, options)
    found = transcription.evaluate(recognizer, held_out, material.words["train"].labels, aids)
    update = {"metrics": _plain(found), "data": described(model.card, material.describe())}
    return Measured(model.card.model_copy(update=update), recognizer, held_out, aids)


def described(card: ModelCard, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a card's data with what was measured on; what trained a model stays as it was."""
    known = card.data
    for name, parts in found.items():
        trained = {part: of for part, of in known.get(name, {}).items() if part not in PARTS}
        known = known | {name: parts | trained}
    return known


def _plain(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return figures as a card keeps them."""
    return {name: asdict(one) for name, one in found.items()}


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("evaluate", __doc__)
    parser.add_argument("kind", choices=[*CLASSIFIERS, "word", "auto"])
    add_folders(parser)
    parser.add_argument("--version", help="default: the champion")
    parser.add_argument(
        "--part", choices=datasets.PARTS[1:], help="this one alone; no card is written"
    )
    parser.add_argument("--calibrate", action="store_true", help="fit its confidence again first")
    parser.add_argument("--files", action="store_true", help="digits: as PNG files too")
    parser.add_argument("--rotation", type=float, help="digits: MNIST's turned by chance, too")
    parser.add_argument("--report", type=Path, help="folder for a page and a sheet of errors")
    parser.add_argument("--smoke", action="store_true", help="made-up ink in place of data")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
