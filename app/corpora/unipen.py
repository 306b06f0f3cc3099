"""Read UNIPEN's own file format: pen strokes with labels and writers.

The format is described in I. Guyon et al., "UNIPEN project of on-line data exchange and
recognizer benchmarks", ICPR 1994, doi 10.1109/ICPR.1994.576870. A data file pulls in its pen
points with ``.INCLUDE`` and names runs of *components* (pen sections that hold points, numbered
from 0) with ``.SEGMENT``:

    .INCLUDE apa/data/apa19/app1989.dat
    .SEGMENT CHARACTER 5-6 ? "5"

Sections are numbered whether the pen was down or up; an empty section is not a component.
"""

import hashlib
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.corpora.files import Archive, FileTree, Folder
from app.errors import CorpusError

CATEGORIES = {"2": "CHARACTER", "7": "WORD", "8": "TEXT"}
UNUSABLE_LABELS = {"", "XXX"}
ARCHIVE = Path("unipen/train_r01_v07.tar.xz")
RELATED = {"apa": "ap", "apb": "ap", "apc": "ap", "apd": "ap", "ape": "ap", "app": "ap"}
RELATED |= {"cea": "ce", "ceb": "ce", "cec": "ce", "ced": "ce", "cee": "ce"}
RELATED |= {"hpb": "hp", "hpp": "hp"}  # contributors who share writers

_log = logging.getLogger(__name__)

_STATEMENT = re.compile(r"^\.([A-Z_]+)", re.MULTILINE)
_SEGMENT = re.compile(r'(\S+)\s+(\S+)(?:\s+(\S+))?(?:\s+"(.*)")?', re.DOTALL)
_SPAN = re.compile(r"(\d+)(?::(\d+))?(?:-(\d+)(?::(\d+))?)?$")


@dataclass(frozen=True)
class Sample:
    """One labelled piece of ink. Strokes are (n, 2) float arrays, y downwards, isotropic units."""

    label: str
    strokes: list[NDArray[np.float32]]
    writer: str
    contributor: str
    source: str


@dataclass(frozen=True)
class Component:
    """One pen section with at least one point."""

    points: NDArray[np.float32]
    pen_down: bool
    writer: str


@dataclass
class Recording:
    """What the files read so far have said: the state that later statements refer to."""

    columns: list[str] = field(default_factory=lambda: ["X", "Y"])
    units_per_inch: dict[str, float] = field(default_factory=dict)
    writer: str = ""
    components: list[Component] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)


def open_files(data: Path, category: str) -> FileTree:
    """Open UNIPEN in a data folder: an unpacked folder if there is one, else the archive.

    Raises:
        CorpusError: neither is there.
    """
    archive = data / ARCHIVE
    folder = archive.with_name("train_r01_v07")
    if folder.is_dir():
        return Folder(folder)
    if not archive.is_file():
        raise CorpusError(
            f"{archive} is missing. Download UNIPEN train_r01_v07 "
            "(https://doi.org/10.5281/zenodo.1195803) or set INKLOOP_DATA."
        )
    return Archive(archive, ("include/", f"data/{category}/"))


def read_category(files: FileTree, category: str) -> Iterator[Sample]:
    """Yield every usable sample of a category ("2" characters, "7" words, "8" text lines).

    Segments of quality BAD, without a label or labelled XXX are left out. So are data files that
    are damaged or name files that are not there, as the distribution has a few: with a warning.

    Raises:
        CorpusError: every data file is damaged.
    """
    level = CATEGORIES[category]
    damage: CorpusError | None = None
    is_any_whole = False
    for path in files.under(f"data/{category}/"):
        contributor = path.split("/")[2]
        recording = Recording()
        try:
            _read_file(files, path, recording)
        except CorpusError as error:
            _log.warning("left out %s: %s", path, error)
            damage = error
            continue
        is_any_whole = True
        for number, segment in enumerate(recording.segments):
            sample = _sample(segment, level, recording, contributor, f"{path}#{number}")
            if sample is not None:
                yield sample
    if damage and not is_any_whole:
        raise damage


def hashed_writer(sample: Sample) -> str:
    """Return the pseudonym under which a writer appears in manifests: 16 hex digits.

    A writer of related contributors has one pseudonym, so that a split keeps them together.
    """
    group = RELATED.get(sample.contributor, sample.contributor)
    return hashlib.sha256(f"{group}/{sample.writer}".encode()).hexdigest()[:16]


def _read_file(files: FileTree, path: str, recording: Recording) -> None:
    text = files.text(path)
    statements = list(_STATEMENT.finditer(text))
    ends = [statement.start() for statement in statements[1:]] + [len(text)]
    for statement, end in zip(statements, ends, strict=True):
        keyword, argument = statement.group(1), text[statement.end() : end].strip()
        if keyword == "INCLUDE":
            _read_file(files, f"include/{argument}", recording)
        elif keyword in ("PEN_DOWN", "PEN_UP"):
            _add_component(recording, keyword == "PEN_DOWN", argument, path)
        elif keyword == "SEGMENT":
            recording.segments.append(argument)
        elif keyword == "COORD":
            recording.columns = argument.split()
        elif keyword == "WRITER_ID":
            recording.writer = argument.split("\n")[0].strip()
        elif match := re.fullmatch(r"([XY])_POINTS_PER_(INCH|MM)", keyword):
            per_inch = 1.0 if match.group(2) == "INCH" else 25.4
            recording.units_per_inch[match.group(1)] = float(argument.split()[0]) * per_inch


def _add_component(recording: Recording, pen_down: bool, argument: str, path: str) -> None:
    if not argument:
        return
    try:
        table = np.array(argument.split(), dtype=np.float32).reshape(-1, len(recording.columns))
    except ValueError as error:
        raise CorpusError(f"{path}: points that are not columns of {recording.columns}") from error
    x, y = (table[:, recording.columns.index(axis)] for axis in "XY")
    points = np.stack([x, -y / _aspect(recording.units_per_inch)], axis=1)
    recording.components.append(Component(points, pen_down, recording.writer))


def _aspect(units_per_inch: Mapping[str, float]) -> float:
    """Return how many y units are as long as one x unit."""
    x, y = units_per_inch.get("X", 0.0), units_per_inch.get("Y", 0.0)
    return y / x if x > 0 and y > 0 else 1.0


def _sample(
    segment: str, level: str, recording: Recording, contributor: str, source: str
) -> Sample | None:
    match = _SEGMENT.match(segment)
    if match is None or match.group(1) != level or match.group(3) == "BAD":
        return None
    label = re.sub(r"\\(.)", r"\1", match.group(4) or "")
    pieces = _pieces(match.group(2), recording.components)
    strokes = [piece.points for piece in pieces if piece.pen_down]
    if label in UNUSABLE_LABELS or not strokes:
        return None
    writer = pieces[0].writer or Path(source.split("#", maxsplit=1)[0]).stem
    return Sample(label, strokes, writer, contributor, source)


def _pieces(spans: str, components: list[Component]) -> list[Component]:
    """Cut the components that a delineation such as "3-5,7" or "12:40-14:3" names."""
    pieces: list[Component] = []
    for span in spans.split(","):
        match = _SPAN.match(span)
        if match is None:
            return []
        first, first_point, last, last_point = match.groups()
        start, stop = int(first), int(last or first)
        if stop >= len(components):
            return []
        for number in range(start, stop + 1):
            low = int(first_point or 0) if number == start else 0
            high = int(last_point) + 1 if last_point and number == stop else None
            component = components[number]
            if len(component.points[low:high]):
                pieces.append(
                    Component(component.points[low:high], component.pen_down, component.writer)
                )
    return pieces
