"""Make pictures of numbers from MNIST's digits.

    python -m scripts.digits_generator -n 42 -a 1 -smin 5 -smax 10 -w 56
    python -m scripts.digits_generator -n 0042 --count 100 --out numbers --seed 1
    python -m scripts.digits_generator --count 1000 --digits 4     # random numbers of four digits
    python -m scripts.digits_generator -n 42 --url http://127.0.0.1:5000   # by a running service
    python -m scripts.digits_generator --sheet distortions.png     # what each distortion does

The folder gets PNG files, light ink on black, and labels.csv with a line for each. Pictures that
are there already stay, and a run goes on counting. The same --seed makes the same pictures again.
"""

import argparse
import csv
import random
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from app.errors import CorpusError
from app.generation import pictures
from app.generation.distortions import NONE, USUAL
from app.generation.sequences import MAX_WIDTH, picture_of
from app.generation.sheet import distortion_sheet
from scripts.options import add_folders, parser_of

LABELS = "labels.csv"
SPACING = (5, 10)
TRIES = 5  # of a service that says "later"
PATIENCE_S = 30.0


class ServiceError(Exception):
    """The service cannot be reached or refuses; the text says which."""


@dataclass(frozen=True)
class Wanted:
    """One picture."""

    number: str
    augment: bool
    spacing: tuple[int, int]
    width: int
    seed: int


Maker = Callable[[Wanted], bytes]


def main(arguments: list[str]) -> int:
    """Parse arguments, make pictures, say where they are."""
    options = _parser().parse_args(arguments)
    if options.sheet:
        distortion_sheet().save(options.sheet)
        return 0
    try:
        make = _by_service(options.url) if options.url else _here(options.data)
        _write_all(options.out, make, _wanted(options), options.count)
    except (CorpusError, ServiceError, TypeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.count:,} more in {options.out}, and what they say in {options.out / LABELS}")
    return 0


def _wanted(options: argparse.Namespace) -> Iterator[Wanted]:
    """Yield what is to be made; a seed gives the same numbers and pictures again."""
    chance = random.Random(options.seed)  # noqa: S311  numbers, no secrets
    for _ in range(options.count):
        number = options.number
        if number is None:
            number = "".join(chance.choices("0123456789", k=options.digits))
        width = options.image_width
        if width is None:
            width = min(28 * len(number), MAX_WIDTH)
        spacing = (options.spacing_min, options.spacing_max)
        yield Wanted(number, bool(options.augment), spacing, width, chance.getrandbits(53))


def _write_all(folder: Path, make: Maker, wanted: Iterator[Wanted], count: int) -> None:
    """Write pictures, and a line for each as soon as it is there: what was cut short can go on."""
    folder.mkdir(parents=True, exist_ok=True)
    labels = folder / LABELS
    known = labels.read_text().count("\n") - 1 if labels.exists() else -1
    with labels.open("a", newline="") as file:
        rows = csv.writer(file)
        if known < 0:
            rows.writerow(["file", "label"])
        for place, one in enumerate(tqdm(wanted, "numbers", count, unit=""), max(0, known) + 1):
            content = make(one)
            name = f"{place:06}_{one.number[: pictures.NAMED_DIGITS]}.png"
            (folder / name).write_bytes(content)
            rows.writerow([name, one.number])
            file.flush()


def _here(data: Path) -> Maker:
    def make(one: Wanted) -> bytes:
        chances = USUAL if one.augment else NONE
        return pictures.png(picture_of(data, one.number, one.spacing, one.width, chances, one.seed))

    return make


def _by_service(url: str) -> Maker:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3 import Retry

    session = requests.Session()
    patient = Retry(TRIES, status_forcelist=[429], allowed_methods=None, raise_on_status=False)
    session.mount("http", HTTPAdapter(max_retries=patient))

    def make(one: Wanted) -> bytes:
        body = {"number": one.number, "augment": one.augment, "image_width": one.width}
        body |= {"spacing_min": one.spacing[0], "spacing_max": one.spacing[1]}
        body |= {"seed": one.seed, "format": "png"}
        try:
            answer = session.post(f"{url.rstrip('/')}/generate", json=body, timeout=PATIENCE_S)
            told = answer.json()
        except requests.RequestException as error:
            raise ServiceError(
                f"{url} does not answer as Inkloop ({type(error).__name__})."
            ) from error
        if not answer.ok or "generatedImage" not in told:
            raise ServiceError(f"{url} answers: {told.get('detail', answer.reason)}")
        return b64decode(told["generatedImage"].partition(",")[2])

    return make


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("digits_generator", __doc__)
    parser.add_argument("-n", "--number", help="the digits; default: other ones each time")
    parser.add_argument("--digits", type=_at_least_one, default=4, help="of such numbers")
    parser.add_argument("-a", "--augment", type=int, choices=[0, 1], default=1)
    parser.add_argument("-smin", "--spacing_min", type=int, default=SPACING[0], help="pixels")
    parser.add_argument("-smax", "--spacing_max", type=int, default=SPACING[1], help="pixels")
    parser.add_argument("-w", "--image_width", type=int, help="pixels; default: 28 for each digit")
    parser.add_argument("--count", type=_at_least_one, default=1, help="of pictures")
    parser.add_argument("--out", type=Path, default=parser.get_default("var") / "generated")
    parser.add_argument("--seed", type=int, help="the same pictures again")
    parser.add_argument("--url", help="of a running service, in place of MNIST here")
    parser.add_argument("--sheet", type=Path, help="a PNG file of every distortion, and no more")
    add_folders(parser, models=False)
    return parser


def _at_least_one(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
