"""Fill the database with made-up corrections: MNIST's training digits, turned by chance.

    python -m scripts.dummy_data --count 10 --rotation 30
    python -m scripts.dummy_data --count 1000 --rotation 15 --seed 1   # the same ones again
    python -m scripts.dummy_data --smoke                               # digits of straight lines

They are marked as dummies, so that they are never exported, reviewed or trained on, and the sheet
gets them in a worksheet of their own. Every run adds more of them.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image
from tqdm import tqdm

from app import create_app
from app.corpora import mnist
from app.corpora.mnist import Digits
from app.errors import InkloopError, SheetBusy
from app.feedback import service
from app.feedback.service import NewCorrection
from app.feedback.sheet.commands import tell_all
from app.feedback.tables import Source
from app.generation import dummies
from app.generation.dummies import Dummy
from app.ink.pictures import encode_png
from app.settings import Settings, load_settings
from scripts.options import add_folders, parser_of

AT_ONCE = 100  # in a transaction
SHOWN = 20  # on the contact sheet
TIMES = 3  # larger than MNIST's 28 pixels
SMOKE = 50  # digits of straight lines
MOST = 1_000_000
MOST_SEEDS = 2**31
Number = TypeVar("Number", int, float)


def main(arguments: list[str]) -> int:
    """Parse arguments, make dummies, show some, keep them, tell the sheet."""
    options = _parser().parse_args(arguments)
    try:
        digits = _made_up() if options.smoke else mnist.load(options.data, "train")
        wanted = (digits, options.count, options.rotation, options.seed)
        _show(dummies.make(*wanted), options.contact_sheet)
        settings = load_settings()
        with create_app(settings).app_context():
            _keep(tqdm(dummies.make(*wanted), "dummies", options.count, unit=""))
            print(f"{options.count:,} dummies are kept; --seed {options.seed} makes the same.")
            print(f"Before (above) and after (below): {options.contact_sheet}")
            _tell(settings)
    except InkloopError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _keep(made: Iterable[Dummy]) -> None:
    waiting = iter(made)
    while some := list(islice(waiting, AT_ONCE)):
        service.keep_all([_correction(dummy) for dummy in some])


def _correction(dummy: Dummy) -> NewCorrection:
    return NewCorrection(
        kind="digit",
        label=dummy.label,
        ink_sha256=dummy.after.digest(),
        strokes=None,
        picture=encode_png(dummy.after),
        source=Source.DUMMY,
    )


def _tell(settings: Settings) -> None:
    if not settings.has_sheet:
        print(f"There is no {settings.google_credentials}: they stay in the database.")
        return
    try:
        tell_all(settings)
    except SheetBusy as error:
        print(f"The sheet gets them later. {error}")
    else:
        print("The spreadsheet has everything.")


def _show(made: Iterator[Dummy], path: Path) -> None:
    """Draw the first dummies: above as they were, below as they are now."""
    shown = list(islice(made, SHOWN))
    rows = [[one.before for one in shown], [one.after for one in shown]]
    paper = np.block([[1 - picture.pixels for picture in row] for row in rows])
    image = Image.fromarray(np.round(255 * paper).astype(np.uint8))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        image.resize((image.width * TIMES, image.height * TIMES)).save(path, "PNG")
    except OSError as error:
        raise InkloopError(f"{path} cannot be written: {error.strerror}.") from error


def _made_up() -> Digits:
    from app.ink.raster import RasterSpec
    from app.training import smoke

    found = smoke.scanned(SMOKE, 0, RasterSpec())["train"]
    return Digits(found.inks, np.array([int(label) for label in found.labels], np.uint8))


def _between(low: float, high: float, kind: type[Number]) -> Callable[[str], Number]:
    """Return what parses a number, and says which ones it takes."""

    def parse(text: str) -> Number:
        try:
            if low <= (number := kind(text)) <= high:
                return number
        except ValueError:
            pass
        raise argparse.ArgumentTypeError(f"it is a number from {low:,} to {high:,}")

    return parse


def _parser() -> argparse.ArgumentParser:
    any_seed = int(np.random.default_rng().integers(MOST_SEEDS))
    parser = parser_of("dummy_data", __doc__)
    parser.add_argument("--count", type=_between(1, MOST, int), default=10)
    parser.add_argument(
        "--rotation", type=_between(0, 180, float), default=30.0, help="degrees to either side"
    )
    parser.add_argument(
        "--seed",
        type=_between(0, MOST_SEEDS, int),
        default=any_seed,
        help="default: another each time",
    )
    add_folders(parser, models=False)
    parser.add_argument(
        "--contact-sheet", type=Path, default=parser.get_default("var") / "dummy.png", metavar="PNG"
    )
    parser.add_argument("--smoke", action="store_true", help="made-up digits in place of MNIST")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
