"""Measure what a model of one's own is worth, on writers who trained nothing.

    python -m scripts.evaluate_hands word                # 20 writers, 50 words each: fifty minutes
    python -m scripts.evaluate_hands character --writers 2 --report docs/results
    python -m scripts.evaluate_hands word --smoke        # made-up ink

Some of a writer's ink is given as corrections; their other ink is read by the champion and by the
model that was tuned to their hand, both as the server reads: all looks, and the lexicon.
"""

import argparse
import shlex
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.errors import InkloopError
from app.ink.labelled import LabelledInk
from app.recognition.card import KINDS, Kind
from app.recognition.hands import hand_of
from app.recognition.recognizer import Aids, Recognizer
from app.recognition.registry import SHIPPED, Registry
from app.training.datasets import Drawn
from app.training.report import table
from app.training.retraining import sources
from app.training.retraining.hand_run import Hand, learn_hand, tuner_of
from app.training.retraining.hands import STEPS, Trial, edits
from scripts.options import add_folders, parser_of

PARTS = ("test", "contributors", "development")  # the last only where the others have too few
LEAST_INK = 200  # of a writer
SMOKE_STEPS = 1


@dataclass(frozen=True)
class Measured:
    """One writer: what trying out said, and the edits in ink that was never given."""

    writer: str
    trial: Trial
    characters: int
    before: int
    after: int

    @property
    def gain(self) -> float:
        """Return the share of the champion's errors that is gone; a refused model changes none."""
        return (self.before - self.after) / max(1, self.before)


def main(arguments: list[str]) -> int:
    """Parse arguments, tune and measure, print a table."""
    options = _parser().parse_args(arguments)
    command = shlex.join(["python", "-m", "scripts.evaluate_hands", *arguments])
    try:
        registry = Registry(options.models, SHIPPED)
        champion = Recognizer(registry.load(options.kind, registry.champion(options.kind)))
        found = _measure(options, registry, champion, command)
    except InkloopError as error:
        print(error, file=sys.stderr)
        return 1
    page = _page(found, options.corrections, champion.name, command)
    print(page)
    if options.report:
        (options.report / f"hands-{options.kind}.md").write_text(page)
    return 0


def _measure(
    options: argparse.Namespace, registry: Registry, champion: Recognizer, command: str
) -> list[Measured]:
    kind: Kind = options.kind
    if options.smoke:
        material = sources.smoke_material(kind)
    else:
        material = sources.load_material(kind, options.data, options.var / "prepared")
    steps = SMOKE_STEPS if options.smoke else STEPS
    tuner = tuner_of(material, kind, champion.card.version, registry.folders, steps)
    aids, found = Aids.of(registry), []
    with tempfile.TemporaryDirectory() as folder:
        for number, (writer, theirs) in enumerate(_writers(sources.drawn(material), options)):
            order = np.random.default_rng(number).permutation(len(theirs))
            given, unseen = order[: options.corrections], order[options.corrections :]
            rows = _rows(theirs, kind)
            hand = Hand(f"writer-{number}", kind, Path(folder), command)
            trial = learn_hand(hand, [rows[i] for i in given], champion, tuner, aids)
            asked = [rows[i] for i in unseen[: options.unseen]]
            before = after = sum(edits(champion, row, aids) for row in asked)
            if trial.is_better:
                own = hand_of(hand.models, hand.person)
                tuned = Recognizer(own.load(kind, own.champion(kind)))
                after = sum(edits(tuned, row, aids) for row in asked)
            characters = sum(len(row.label) for row in asked)
            found.append(Measured(writer, trial, characters, before, after))
            print(f"{writer[:8]}: {trial.sentence} Unseen: {before} → {after} edits.", flush=True)
    return found


def _writers(
    drawn: Mapping[str, Drawn], options: argparse.Namespace
) -> Iterator[tuple[str, Drawn]]:
    """Yield writers who trained nothing and wrote enough, with their ink."""
    if options.smoke:
        yield "made up", drawn["test"]
        return
    left = options.writers
    for part in PARTS:
        theirs = drawn[part]
        for writer, count in sorted(Counter(theirs.writers).items()):
            if count >= LEAST_INK and left:
                left -= 1
                yield writer, theirs.some(i for i, w in enumerate(theirs.writers) if w == writer)


def _rows(drawn: Drawn, kind: Kind) -> list[LabelledInk]:
    pairs = enumerate(zip(drawn.inks, drawn.labels, strict=True))
    return [LabelledInk(str(i), ink, label, kind) for i, (ink, label) in pairs]


def _page(found: list[Measured], corrections: int, champion: str, command: str) -> str:
    rows = [
        [
            one.writer[:8],
            "kept" if one.trial.is_better else "refused",
            f"{one.characters:,}",
            f"{one.before / one.characters:.2%}",
            f"{one.after / one.characters:.2%}",
            f"{one.gain:+.1%}",
        ]
        for one in found
    ]
    head = ["writer", "own model", "characters", "error rate before", "after", "errors gone"]
    kept = [one for one in found if one.trial.is_better]
    lines = [f"# Models of one's own, after {corrections} corrections", ""]
    lines += [f"    {command}", "", f"The champion was {champion}.", ""]
    lines += [table(head, rows), ""]
    worse = sum(one.gain < 0 for one in kept)
    everybody, theirs = (float(np.mean([o.gain for o in some] or [0])) for some in (found, kept))
    lines += [
        f"{len(kept)} of {len(found)} were kept; {worse} of these are worse on ink never given.",
        f"Of the champion's errors {everybody:.1%} are gone in the mean of all writers,",
        f"{theirs:.1%} in that of those whose model was kept.",
    ]
    return "\n".join(lines) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("evaluate_hands", __doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--writers", type=int, default=20)
    parser.add_argument("--corrections", type=int, default=50, help="that each one gives")
    parser.add_argument("--unseen", type=int, default=300, help="other ink to measure on, at most")
    parser.add_argument("--report", type=Path, help="a folder for the table")
    add_folders(parser)
    parser.add_argument("--smoke", action="store_true", help="made-up ink")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
