"""Prepare what models learn from and numbers are made of.

    python -m scripts.prepare mnist                     # 11 MB from the internet, checked
    python -m scripts.prepare unipen                    # a quarter of an hour on two cores
    python -m scripts.prepare unipen --sheet sheet.png  # and a picture of ink that trains
    python -m scripts.prepare unipen --smoke            # made-up ink, seconds

MNIST goes into the data folder. UNIPEN is parsed, its lines are cut and some of it photographed;
that is kept in INKLOOP_VAR/prepared. Whatever was cut short goes on where it was when it is started
again; training prepares UNIPEN by itself where it was not done before.
"""

import argparse
import sys
from itertools import islice
from pathlib import Path

from app.corpora import mnist
from app.errors import CorpusError
from scripts.options import add_folders, parser_of

SHOWN = 120  # lines on a sheet
COLUMNS = 6


def main(arguments: list[str]) -> int:
    """Parse arguments, prepare, print what there is."""
    options = _parser().parse_args(arguments)
    try:
        if options.corpus == "mnist":
            print(f"{mnist.fetch(options.data, options.url)} is complete.")
        else:
            _prepare_unipen(options)
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _prepare_unipen(options: argparse.Namespace) -> None:
    from app.training import datasets, report, words  # serving installs do without
    from app.training.word_feeding import WordMixture

    if options.smoke:
        material = words.smoke_material()
    else:
        material = words.load_material(options.data, options.prepared, words.PHOTOGRAPHS)
    for name, parts in material.by_name().items():
        for part, found in datasets.describe(parts).items():
            print(f"{name:10} {part:13} {found['samples']:8,} by {found['writers']:4} writers")
    print(f"{'photographs':24} {len(material.photographs.labels):8,}")
    if options.sheet:
        mixture = WordMixture.of(material)
        shown = (one for batch in mixture.batches(0) for one in mixture.shown(batch)[:COLUMNS])
        report.sheet(islice(shown, SHOWN), COLUMNS).save(options.sheet)


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("prepare", __doc__)
    parser.add_argument("corpus", choices=["mnist", "unipen"])
    add_folders(parser, models=False)
    parser.add_argument("--url", default=mnist.URL, help="mnist: where it is fetched")
    parser.add_argument("--prepared", type=Path, default=parser.get_default("var") / "prepared")
    parser.add_argument("--sheet", type=Path, help="unipen: a PNG file of ink as training sees it")
    parser.add_argument("--smoke", action="store_true", help="unipen: made-up ink, no data")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
