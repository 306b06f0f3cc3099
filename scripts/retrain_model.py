"""Retrain a champion on approved corrections, and prove whether the new version is better.

    python -m scripts.retrain_model --kind digit
    python -m scripts.retrain_model --kind word --promote       # it serves if the gate passes it
    python -m scripts.retrain_model --kind digit --from sheet --worksheet Digit_dummy
    python -m scripts.retrain_model --kind word --person anna   # a model of one writer's hand
    python -m scripts.retrain_model --kind digit --smoke        # made-up ink, a minute

Exit codes: 0 the gate passed it, 1 it could not be done, 3 there are too few corrections, 4 the
gate refused it, 5 another retraining is under way. The report is a page of HTML. A run that was
cut short goes on from its last epoch when it is started again.
"""

import argparse
import fcntl
import math
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from app.accounts import people
from app.errors import InkloopError, NotFound, TooFew
from app.feedback import approved, review
from app.feedback.sheet.rows import WORKSHEETS
from app.ink.labelled import LabelledInk, Unusable
from app.recognition.card import KINDS, ModelCard
from app.recognition.lexicon import load_lexicon
from app.recognition.promotion import promote
from app.recognition.recognizer import Aids, Recognizer
from app.recognition.registry import SHIPPED, Registry
from app.settings import Settings, load_settings
from app.training.corrections import NONE
from app.training.recipes import RETRAINING, SMOKE, SMOKE_WORDS
from app.training.retraining import sources
from app.training.retraining.choosing import Chosen, Rules, of_kind
from app.training.retraining.run import Plan, chosen_from, retrain
from app.training.retraining.sources import AnyMaterial, AnyRecipe
from scripts.options import add_folders, parser_of

PASSED, FAILED, TOO_FEW, REFUSED, BUSY = 0, 1, 3, 4, 5
BY = "scripts.retrain_model"
MADE_UP = 200  # corrections of a smoke run


def main(arguments: list[str]) -> int:
    """Parse arguments, retrain, print the sentence that decided and where the report is."""
    options = _parser().parse_args(arguments)
    command = shlex.join(["python", "-m", "scripts.retrain_model", *arguments])
    try:
        with _alone(options.var / "training"):
            work = _smoke if options.smoke else _learn_hand if options.person else _retrain
            return work(options, command)
    except TooFew as error:
        print(error, file=sys.stderr)
        return TOO_FEW
    except BlockingIOError:
        print("Another retraining is under way.", file=sys.stderr)
        return BUSY
    except (InkloopError, OSError) as error:
        print(error, file=sys.stderr)
        return FAILED


def _retrain(options: argparse.Namespace, command: str) -> int:
    from app import create_app

    settings = load_settings()
    with create_app(settings).app_context():
        registry = Registry(options.models, SHIPPED)
        cards = _cards(registry)
        rows, left_out = of_kind(_rows(options, settings), options.kind, cards)
        champion = Recognizer(registry.load(options.kind, cards[options.kind].version))
        chosen = chosen_from(rows, champion, _rules(options)).with_left_out(left_out)
        if options.source == "local" and (count := review.send_back(chosen.outliers)):
            print(f"{count} corrections are to be reviewed again: see `flask feedback list`.")
    material = sources.load_material(options.kind, options.data, options.var / "prepared")
    recipe = RETRAINING[options.kind]
    return _judge(_plan(options, registry, material, recipe, command), champion, chosen, options)


def _cards(registry: Registry) -> dict[str, ModelCard]:
    """Return the card of every kind's champion."""
    return {kind: registry.load(kind, registry.champion(kind)).card for kind in KINDS}


def _learn_hand(options: argparse.Namespace, command: str) -> int:
    """Tune the champion to one person's hand."""
    from app import create_app
    from app.training.retraining.hand_run import Hand, expect_enough, learn_hand, tuner_of

    registry = Registry(options.models, SHIPPED)
    settings = load_settings()
    with create_app(settings).app_context():
        user = people.by_name(options.person)
        if user is None:
            raise NotFound(f"Nobody here is called {options.person!r}.")
        person = user.id
        rows, _ = of_kind(approved.from_database(person=person), options.kind, _cards(registry))
    champion = Recognizer(registry.load(options.kind, registry.champion(options.kind)))
    hand = Hand(person, options.kind, options.models, command)
    expect_enough(rows)
    material = sources.load_material(options.kind, options.data, options.var / "prepared")
    tuner = tuner_of(material, options.kind, champion.card.version, registry.folders)
    aids = replace(Aids.of(registry), lexicon=load_lexicon(settings.lexicon))
    trial = learn_hand(hand, rows, champion, tuner, aids)
    print(f"{options.person}, {options.kind}: {trial.sentence}")
    return PASSED if trial.is_better else REFUSED


def _rows(options: argparse.Namespace, settings: Settings) -> Iterator[LabelledInk | Unusable]:
    if options.source == "local":
        return approved.from_database(options.worksheet)
    from app.feedback.sheet.mirror import sheet_of

    return approved.from_sheet(sheet_of(settings), options.worksheet)


def _smoke(options: argparse.Namespace, command: str) -> int:
    """Go the whole way with made-up ink, in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="inkloop-smoke-"))
    options.models, options.report = folder / "models", options.report or folder / "report.html"
    options.promote = False
    material, kind = sources.smoke_material(options.kind), options.kind
    recipe = replace(RETRAINING[kind], **(SMOKE_WORDS if kind == "word" else SMOKE))
    sources.train(kind)(material, recipe, folder / "work", options.models, command, (), NONE)
    registry = Registry(options.models)
    champion = Recognizer(registry.load(kind, registry.champion(kind)))
    made_up = sources.smoke_corrections(kind, MADE_UP)
    chosen = chosen_from(made_up, champion, _rules(options))
    _judge(_plan(options, registry, material, recipe, command), champion, chosen, options)
    return PASSED


def _judge(plan: Plan, champion: Recognizer, chosen: Chosen, options: argparse.Namespace) -> int:
    """Train, judge, report; promote what passed, if that was asked for."""
    from app.training.retraining.page import write_report

    retrained = retrain(plan, champion, chosen)
    name = f"{plan.kind} {retrained.card.version}"
    path = options.report or options.var / "reports" / f"{name.replace(' ', '-')}.html"
    write_report(retrained, path)
    print(f"{name}: {retrained.proof.sentence}\nThe report is {path}.")
    if not retrained.proof.passed:
        return REFUSED
    if options.promote:
        promote(plan.registry, plan.kind, retrained.card.version, BY)
        print(f"{name} serves now.")
    else:
        print(f"It serves after: flask models promote {name}")
    return PASSED


def _plan(
    options: argparse.Namespace,
    registry: Registry,
    material: AnyMaterial,
    recipe: AnyRecipe,
    command: str,
) -> Plan:
    work = options.var / "training" / "retraining" / options.kind
    if options.smoke:
        work = options.models.parent / "retraining"
    return Plan(
        options.kind,
        registry,
        material,
        recipe,
        work,
        command,
        max_share=options.max_share,
        max_class_share=math.inf if options.no_filters else Plan.max_class_share,
        most_repeats=options.weight,
    )


def _rules(options: argparse.Namespace) -> Rules:
    return Rules(at_least=options.at_least, is_filtered=not options.no_filters)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one retraining run at a time.

    Raises:
        BlockingIOError: another one does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "retraining.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _share(text: str) -> float:
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError("it is a share as 1% or 0.01")
    return share


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("retrain_model", __doc__)
    parser.add_argument("--kind", choices=KINDS, required=True)
    parser.add_argument(
        "--from",
        dest="source",
        choices=["local", "sheet"],
        default="local",
        help="the database (default), or the spreadsheet",
    )
    parser.add_argument("--worksheet", choices=WORKSHEETS, help="of this worksheet alone")
    parser.add_argument(
        "--person", metavar="NAME", help="tune to one writer's hand, for them alone"
    )
    parser.add_argument(
        "--max-share", type=_share, default=0.01, help="of what trains, by one person (1%%)"
    )
    parser.add_argument("--promote", action="store_true", help="what passed the gate serves")
    parser.add_argument("--at-least", type=int, default=Rules.at_least, help="corrections, or stop")
    parser.add_argument(
        "--weight", type=int, default=Plan.most_repeats, help="most repeats of one in an epoch"
    )
    parser.add_argument(
        "--no-filters",
        action="store_true",
        help="near-duplicates, outliers and any share of a class",
    )
    parser.add_argument("--report", type=Path, help="default: reports/ in INKLOOP_VAR")
    add_folders(parser)
    parser.add_argument("--smoke", action="store_true", help="made-up ink, a narrow network")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
