"""Single characters cut out of words and lines, where the pen was lifted on both sides.

People write a letter in a word as they do alone, or nearly, and many who wrote words wrote no
single characters: these double the ink that the character model learns from, and widen its hands.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from app.recognition.recognizer import Recognizer
from app.training import datasets, words
from app.training.datasets import Drawn
from app.training.parting import parted
from app.training.prepared import kept
from app.training.recutting import cut_up

MOST = 1_500  # of one label, or the letters of English would outweigh all others


def load_cut(data: Path, folder: Path, recognizer: Recognizer) -> Drawn:
    """Return the characters that a model of words cuts out of UNIPEN's ink that trains.

    folder keeps them: it takes half an hour. Shows its progress.

    Raises:
        CorpusError: the data are missing or damaged.
    """

    def make() -> dict[str, Drawn]:
        written, pieces, uncut = words.lines_to_train(data, folder)
        return {"train": cut_out([written, pieces, parted(uncut, recognizer)], recognizer)}

    name = f"cut-by-{recognizer.card.version}.npz"
    return kept(folder / datasets.SPLIT / name, make)["train"]


def cut_out(lines: Iterable[Drawn], recognizer: Recognizer) -> Drawn:
    """Return the characters that stand alone in lines, at most MOST of each; shows its progress.

    The recognizer says where letters are; what it finds unlikely is left out.
    """
    found = Drawn([], [], [])
    for drawn in lines:
        for writer, fragments in cut_up(drawn, recognizer).items():
            for fragment in fragments:
                if len(fragment.text) == 1:
                    found.inks.append(fragment.ink)
                    found.labels.append(fragment.text)
                    found.writers.append(writer)
    return _some_of_each(found)


def _some_of_each(drawn: Drawn) -> Drawn:
    """Return at most MOST of each label: by chance, but the same ones in whatever order."""
    chosen, taken = [], Counter[str]()
    for i in sorted(range(len(drawn)), key=lambda i: drawn.inks[i].digest()):
        taken[drawn.labels[i]] += 1
        if taken[drawn.labels[i]] <= MOST:
            chosen.append(i)
    return drawn.some(chosen)
