"""What was measured, as tables and pictures for people."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from tqdm import tqdm

from app.ink.views import View
from app.recognition.card import ModelCard
from app.recognition.recognizer import NO_AIDS, Aids, Recognizer
from app.training.kinds import KindFigures

CHARACTER_COLUMNS = {
    "right": "accuracy",
    "of three": "top3_accuracy",
    "ignoring case": "caseless_accuracy",
    "look-alikes as one": "look_alike_accuracy",
}
LINE_COLUMNS = {
    "CER, greedy": "greedy characters",
    "WER, greedy": "greedy words",
    "CER, no lexicon": "without_lexicon characters",
    "WER, no lexicon": "without_lexicon words",
    "CER": "characters",
    "WER": "words",
    "CER, ignoring case": "caseless_characters",
    "WER, ignoring case": "caseless_words",
    "wholly right": "exact",
    "wrong of the surest 90%": "error_of_most",
}
BEFORE = ("greedy", "without_lexicon")  # rates of a line; cards of older versions lack the second
SURE_COLUMNS = {"sure": "sure_share", "right if sure": "sure_accuracy"}
CALIBRATION_COLUMNS = {
    "calibration error": "calibration_error",
    "of characters": "character_calibration_error",
}
CAPTION = 14  # pixels
MARGIN = 4

Shown = tuple[NDArray[np.float32], str]  # a frame (height, width, channels) and its caption


def figures_table(card: ModelCard) -> str:
    """Return a card's figures as a Markdown table."""
    columns = LINE_COLUMNS if card.decoder == "ctc" else CHARACTER_COLUMNS
    rows = []
    for name, found in card.metrics.items():
        parts = {
            f"{part} {key}": rate for part in BEFORE for key, rate in found.get(part, {}).items()
        }
        flat = found | parts | found.get("rates", {})
        shares = [
            f"{flat[key]:.2%}" if key in flat else "" for key in (columns | SURE_COLUMNS).values()
        ]
        errors = [f"{flat[key]:.3f}" for key in CALIBRATION_COLUMNS.values() if key in flat]
        rows.append([name, f"{flat['samples']:,}", *shares, *errors])
    calibration = list(CALIBRATION_COLUMNS)[: 2 if card.decoder == "ctc" else 1]
    return table(["ink", "samples", *columns, *SURE_COLUMNS, *calibration], rows)


def refusals_table(card: ModelCard) -> str:
    """Return how a card's model takes what has no label, as a Markdown table."""
    rows = [
        [
            name,
            f"{found['samples']:,}",
            f"{found['unsure_share']:.2%}",
            f"{found['empty_share']:.2%}",
        ]
        for name, found in card.refusals.items()
    ]
    return table(["ink that has no label", "samples", "not sure", "empty reading"], rows)


def kinds_table(found: Mapping[str, KindFigures]) -> str:
    """Return how well inks were told apart, as a Markdown table."""
    columns = {
        "right kind": "right_kind",
        "right text": "right_text",
        "sure": "sure_share",
        "empty reading": "empty_share",
    }
    rows = [
        [name, f"{one.samples:,}", *(f"{getattr(one, key):.2%}" for key in columns.values())]
        for name, one in found.items()
    ]
    return table(["ink", "samples", *columns], rows)


def confusions_list(card: ModelCard) -> str:
    """Return the commonest confusions of every set, as a Markdown list."""
    lines = []
    for name, found in card.metrics.items():
        worst = (
            f"{_quoted(right)} as {_quoted(read)} {n}" for right, read, n in found["confusions"]
        )
        lines.append(f"- {name}: {', '.join(worst) or 'none'}")
    return "\n".join(lines)


def worst_errors(
    recognizer: Recognizer,
    views: Sequence[View],
    texts: Sequence[str],
    count: int,
    aids: Aids = NO_AIDS,
) -> list[Shown]:
    """Return the frames that were read wrongly with most confidence, and what was read."""
    wrong = []
    for seen, text in zip(tqdm(views, desc="the worst errors", unit=""), texts, strict=True):
        decoded = recognizer.read(seen, aids)
        if decoded.candidates and decoded.text != text:
            best = decoded.candidates[0]
            wrong.append((best.confidence, seen.frame, f"{text} > {best.text}"))
    wrong.sort(key=lambda one: -one[0])
    return [(frame, caption) for _, frame, caption in wrong[:count]]


def sheet(shown: Iterable[Shown], columns: int) -> Image.Image:
    """Return frames with their captions, dark on white, in columns."""
    cells = [_cell(frame, caption) for frame, caption in shown]
    width = max((cell.width for cell in cells), default=1) + MARGIN
    height = max((cell.height for cell in cells), default=1) + MARGIN
    image = Image.new("L", (width * columns, height * -(-len(cells) // columns)), "white")
    for place, cell in enumerate(cells):
        image.paste(cell, (place % columns * width, place // columns * height))
    return image


def _cell(frame: NDArray[np.float32], caption: str) -> Image.Image:
    ink = Image.fromarray(np.round(255 * (1 - frame[..., 0])).astype(np.uint8))
    length = int(ImageDraw.Draw(ink).textlength(caption))
    cell = Image.new("L", (max(ink.width, length) + MARGIN, ink.height + CAPTION), "white")
    ImageDraw.Draw(cell).text((0, 0), caption, fill="black")
    cell.paste(ink, (0, CAPTION))
    return cell


def _quoted(text: str) -> str:
    return f"`` {text} ``" if text else "nothing"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose columns are in line as plain text, too."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) + " |"
        for line in lines
    )
