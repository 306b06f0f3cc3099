"""What the models learn from and are judged on, split by writer."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from app.corpora import mnist, unipen
from app.ink.paper import separate_ink
from app.ink.pictures import Picture
from app.ink.raster import CHANNELS, Ink, RasterSpec, rasterise
from app.ink.strokes import Strokes
from app.ink.trajectory import TrajectorySpec, follow
from app.ink.views import View, view
from app.recognition.card import SCRIBBLE

DIGITS = "0123456789"
CHARACTERS = "".join(map(chr, range(0x21, 0x7F)))  # all that ASCII prints, without the space
OTHER = "other"  # writing that is none of a model's labels
REJECTS = (OTHER, SCRIBBLE)  # the outputs after the labels
DIGIT_LOOK_ALIKES = frozenset("OoIl|i!/\\'`,.()ZzSsqgbB")  # alone, nobody can tell them from digits
PARTS = ("train", "development", "test", "contributors")
UNSEEN_CONTRIBUTORS = frozenset({"art", "gmd", "int"})
DEVELOPERS = 3  # one of so many of the writers of a tenth develops, the others train
SPLIT = f"without-{'-'.join(sorted(UNSEEN_CONTRIBUTORS))}-{DEVELOPERS}"  # names what is kept of it
MNIST_DEVELOPMENT = 2_000  # the last of MNIST's training part


Labelled = tuple[list[View], list[str]]  # what a model sees of inks, and their labels


@dataclass(frozen=True)
class Drawn:
    """Strokes with labels and the pseudonyms of their writers."""

    inks: list[Strokes]
    labels: list[str]
    writers: list[str]

    def __len__(self) -> int:
        """Return the number of inks."""
        return len(self.labels)

    def where(self, keep: Callable[[str], bool]) -> "Drawn":
        """Return the ink whose label is to be kept."""
        return self.some([i for i, label in enumerate(self.labels) if keep(label)])

    def some(self, indices: Iterable[int]) -> "Drawn":
        """Return the ink at these places, in their order."""
        chosen = list(indices)
        return Drawn(
            [self.inks[i] for i in chosen],
            [self.labels[i] for i in chosen],
            [self.writers[i] for i in chosen],
        )

    def joined(self, other: "Drawn") -> "Drawn":
        """Return this ink and the other."""
        return Drawn(
            self.inks + other.inks, self.labels + other.labels, self.writers + other.writers
        )

    def digest(self) -> str:
        """Return the sha256 of all ink and labels, whatever file they came from."""
        content = hashlib.sha256()
        for ink, label in zip(self.inks, self.labels, strict=True):
            content.update(f"{ink.digest()} {label}\n".encode())
        return content.hexdigest()


NO_INK = Drawn([], [], [])


@dataclass(frozen=True)
class Scanned:
    """Ink of pictures, (n, size, size) uint8 0..255 as rasterised, with labels."""

    inks: NDArray[np.uint8]
    labels: list[str]

    def joined(self, other: "Scanned") -> "Scanned":
        """Return this ink and the other."""
        return Scanned(np.concatenate([self.inks, other.inks]), self.labels + other.labels)

    def digest(self) -> str:
        """Return the sha256 of all ink and labels."""
        content = hashlib.sha256(self.inks.tobytes())
        content.update("".join(self.labels).encode())
        return content.hexdigest()


def part_of(sample: unipen.Sample) -> str:
    """Return the part a sample belongs to: its contributor's or writer's, never its own.

    One writer of ten tests, one of thirty develops, the others train; some contributors are kept
    out whole.
    """
    if sample.contributor in UNSEEN_CONTRIBUTORS:
        return "contributors"
    rest, tenth = divmod(int(unipen.hashed_writer(sample), 16), 10)
    if tenth == 1 and rest % DEVELOPERS == 0:
        return "development"
    return "test" if tenth == 0 else "train"


def drawn(data: Path, category: str) -> dict[str, Drawn]:
    """Return UNIPEN's ink of a category by part: "2" characters, "7" words, "8" lines of text.

    Shows its progress.

    Raises:
        CorpusError: the data are missing or damaged.
    """
    files = unipen.open_files(data, category)
    name = f"UNIPEN {unipen.CATEGORIES[category].lower()}s"
    return split(tqdm(unipen.read_category(files, category), desc=name, unit=""))


def split(samples: Iterable[unipen.Sample]) -> dict[str, Drawn]:
    """Sort samples into parts."""
    parts = {part: Drawn([], [], []) for part in PARTS}
    for sample in samples:
        drawn = parts[part_of(sample)]
        drawn.inks.append(Strokes(tuple(path.astype(np.float64) for path in sample.strokes)))
        drawn.labels.append(sample.label)
        drawn.writers.append(unipen.hashed_writer(sample))
    return parts


def scanned_digits(data: Path, spec: RasterSpec) -> dict[str, Scanned]:
    """Return MNIST by part, through the very path that uploaded pictures take."""
    return {part: _scan(found, spec) for part, found in mnist_parts(data).items()}


def mnist_parts(data: Path) -> dict[str, mnist.Digits]:
    """Return MNIST's images by part.

    Raises:
        CorpusError: the data are missing or damaged.
    """
    learned = mnist.load(data, "train")
    cut = len(learned.labels) - MNIST_DEVELOPMENT
    return {
        "train": mnist.Digits(learned.images[:cut], learned.labels[:cut]),
        "development": mnist.Digits(learned.images[cut:], learned.labels[cut:]),
        "test": mnist.load(data, "test"),
    }


def drawn_views(inks: Iterable[Strokes], spec: RasterSpec) -> list[View]:
    """Return strokes as serving sees them."""
    return [view(ink, spec) for ink in inks]


def as_picture(seen: View) -> View:
    """Return what is left of strokes without the pen's direction and order."""
    frame = seen.frame.copy()
    frame[..., 1:] = 0.0
    return View(frame)


def picture_views(inks: Iterable[NDArray[np.uint8]]) -> list[View]:
    """Return pictures' inks (height, width), 0..255 as rasterised, as serving sees them."""
    return [View(picture_frames(ink)) for ink in inks]


def picture_frames(inks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Widen (…, size, size) of ink to (…, size, size, channels) of frames."""
    widened = np.zeros((*inks.shape, len(CHANNELS)), np.float32)
    widened[..., 0] = inks.astype(np.float32) / 255
    return widened


def inputs_of(
    views: Sequence[View], spec: RasterSpec, way: TrajectorySpec | None
) -> list[NDArray[np.float32]]:
    """Return inks as a network takes them: frames, or where it follows the pen, their ways.

    Of ink without a pen there are none.
    """
    if way is None:
        return [seen.frame for seen in views]
    strokes = [seen.strokes for seen in views if seen.strokes]
    return [follow(ink, spec, way) for ink in strokes] if len(strokes) == len(views) else []


def no_pictures(spec: RasterSpec) -> Scanned:
    """Return scanned ink of which there is none."""
    return Scanned(np.zeros((0, spec.size, spec.size), np.uint8), [])


def classes(labels: Iterable[str], outputs: Sequence[str]) -> NDArray[np.int64]:
    """Return the index of the output for each label."""
    known = {label: index for index, label in enumerate(outputs)}
    return np.array([known[label] for label in labels])


def some(drawn: Drawn, count: int) -> Drawn:
    """Return count inks at random, always the same ones; all of fewer."""
    if count >= len(drawn):
        return drawn
    return drawn.some(np.random.default_rng(0).permutation(len(drawn))[:count])


def describe(parts: dict[str, Drawn]) -> dict[str, dict[str, Any]]:
    """Return counts and sha256 of every part, for a card."""
    return {
        part: {"samples": len(found), "writers": len(set(found.writers)), "sha256": found.digest()}
        for part, found in parts.items()
    }


def manifest(parts: dict[str, Drawn]) -> dict[str, dict[str, int]]:
    """Count the samples of every writer's pseudonym, by part."""
    return {part: dict(sorted(Counter(drawn.writers).items())) for part, drawn in parts.items()}


def scan(ink: Ink, spec: RasterSpec) -> NDArray[np.uint8]:
    """Return an ink's picture as a model sees it, (height, width) 0..255."""
    return np.round(rasterise(ink, spec)[..., 0] * 255).astype(np.uint8)


def _scan(digits: mnist.Digits, spec: RasterSpec) -> Scanned:
    images = tqdm(digits.images, desc="MNIST", unit="")
    ink = [scan(Picture(separate_ink(image)), spec) for image in images]
    return Scanned(np.stack(ink), [str(label) for label in digits.labels])
