"""Measure how fast Inkloop reads, serves and starts, and what memory it takes, on this machine.

python -m scripts.bench                            # everything; a minute
python -m scripts.bench --workers 1 --clients 32   # another server under another load
python -m scripts.bench --smoke                    # seconds; without TensorFlow; proves nothing
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from tqdm import tqdm

from app.ink.pictures import decode_picture, encode_png
from app.ink.raster import rasterise, render
from app.ink.strokes import parse_strokes
from app.recognition.card import Kind
from app.recognition.lexicon import load_lexicon
from app.recognition.reader import Reader
from app.recognition.recognizer import Array, Recognizer
from app.recognition.registry import SHIPPED, Registry, VerifiedModel
from app.recognition.swapping import load_reader
from app.settings import Settings
from scripts.load import Load, post, press
from scripts.served import Served, migrate

Rows = dict[str, list[float]]  # milliseconds by what was measured
StrokeLists = list[list[list[float]]]
Loads = dict[str, tuple[Load, float]]  # by request, with the seconds of CPU that it took

FLOOR = "LiteRT's bare invoke: the floor"
KERAS = "Keras model.predict"
CORES = len(os.sched_getaffinity(0))
THREADS = Settings.model_fields["web_threads"].default
WARM_UP = 20  # calls
WARM_UP_S = 1.0
SIDE = 280  # pixels of the picture
# a 3 as a mouse leaves it: 60 points
INK = [[[150 - 60 * np.cos(t) * (t < 9), 60 + 9 * t] for t in np.linspace(0, 12, 60)]]
# hello, letter by letter, as straight lines between points (x to the right, y down)
LETTERS: dict[str, list[list[float]]] = {
    "h": [[0, 0], [0, 60], [0, 44], [6, 34], [14, 31], [20, 36], [21, 46], [21, 60]],
    "e": [[1, 46], [20, 45], [18, 35], [10, 30], [2, 36], [0, 47], [4, 57], [12, 61], [20, 57]],
    "l": [[0, 0], [0, 60]],
    "o": [[10, 30], [2, 36], [0, 46], [4, 57], [11, 60], [18, 55], [21, 45], [17, 34], [10, 30]],
}
PLACES = {0: "h", 30: "e", 62: "l", 76: "l", 90: "o"}
WORD = [[[x + place, y] for x, y in LETTERS[letter]] for place, letter in PLACES.items()]
OTHERS: dict[Kind, StrokeLists] = {"character": INK, "word": WORD}
PNG = encode_png(render(parse_strokes(INK), SIDE))


def _strokes_request(kind: Kind, strokes: StrokeLists) -> bytes:
    body = json.dumps({"strokes": strokes, "kind": kind}).encode()
    return post("/api/predict", body, "application/json")


REQUESTS = {
    "strokes": _strokes_request("digit", INK),
    "PNG": post(
        "/api/predict",
        b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\ndigit\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="3.png"\r\n'
        b"Content-Type: image/png\r\n\r\n" + PNG + b"\r\n--b--\r\n",
        "multipart/form-data; boundary=b",
    ),
}


@dataclass(frozen=True)
class ServerFigures:
    """Seconds of every start, memory of a worker, loads of one client and of many."""

    starts: list[float]
    megabytes: float
    alone: Loads
    loads: Loads


def main(arguments: list[str]) -> int:
    """Parse arguments, measure, print tables."""
    options = _parser().parse_args(arguments)
    if options.smoke:
        options.rounds, options.seconds, options.starts, options.no_keras = 5, 0.2, 1, True
    registry = Registry(SHIPPED)
    model = registry.load("digit", registry.champion("digit"))
    rows = in_process(model, options.rounds)
    requests = dict(REQUESTS)
    for kind, ink in OTHERS.items():
        if registry.champions(kind):
            rows |= of_kind(registry, kind, ink, options.rounds)
            requests[kind] = _strokes_request(kind, ink)
    if not options.no_keras:
        rows[KERAS] = timed(_keras(model), max(options.rounds // 10, WARM_UP))
    with tempfile.TemporaryDirectory() as folder:
        served = through_server(Path(folder), requests, options)
    for name, (load, _) in served.alone.items():
        rows[f"POST /api/predict, {name}, 1 client"] = load.milliseconds
    print_latencies(rows)
    print_loads(served.loads, options)
    print(
        f"\nstart to /ready: {statistics.median(served.starts):.2f} s, median of {options.starts}"
    )
    print(f"resident memory of a worker: {served.megabytes:.0f} MB")
    return 0


def in_process(model: VerifiedModel, rounds: int) -> Rows:
    """Return the milliseconds of reading in this process, each layer with those below it."""
    recognizer = Recognizer(model)
    reader = Reader([recognizer])
    frame = recognizer.frame(parse_strokes(INK))
    calls: dict[str, Callable[[], object]] = {
        FLOOR: _bare(model, frame),
        "the model through Recognizer": lambda: recognizer.scores(frame),
        "strokes to reading": lambda: reader.read(parse_strokes(INK)),
        "PNG to reading": lambda: reader.read(decode_picture(PNG)),
    }
    return {name: timed(call, rounds) for name, call in calls.items()}


def of_kind(registry: Registry, kind: Kind, ink: StrokeLists, rounds: int) -> Rows:
    """Return the milliseconds of another kind: its model alone, and strokes to reading."""
    model = registry.load(kind, registry.champion(kind))
    bare = _bare(model, Recognizer(model).frame(parse_strokes(ink)))
    reader = load_reader(registry, load_lexicon())
    return {
        f"{kind}: LiteRT's bare invoke": timed(bare, rounds),
        f"{kind}: strokes to reading": timed(
            lambda: reader.read(parse_strokes(ink), kind=kind), rounds
        ),
    }


def through_server(
    folder: Path, requests: dict[str, bytes], options: argparse.Namespace
) -> ServerFigures:
    """Start the server several times and press the last one."""
    migrate(folder)
    starts = []
    for _ in tqdm(range(options.starts - 1), desc="starts", unit="", leave=False):
        with Served(folder, options.workers, options.threads) as served:
            starts.append(served.seconds)
    with Served(folder, options.workers, options.threads) as served:
        pressed = partial(_press, served, options.seconds)
        alone = {name: pressed(request, 1) for name, request in requests.items()}
        loads = {name: pressed(request, options.clients) for name, request in requests.items()}
        return ServerFigures([*starts, served.seconds], served.worker_megabytes(), alone, loads)


def timed(call: Callable[[], object], rounds: int) -> list[float]:
    """Return the milliseconds of each of so many calls, after some that do not count."""
    for _ in range(WARM_UP):
        call()
    milliseconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        milliseconds.append((time.perf_counter() - start) * 1e3)
    return milliseconds


def print_latencies(rows: Rows) -> None:
    """Print percentiles, and how often the floor goes into each median."""
    floor = np.median(rows[FLOOR])
    print(f"{'milliseconds, one at a time':36}{'p50':>9}{'p95':>9}{'p99':>9}{'× floor':>9}")
    for name, milliseconds in rows.items():
        p50, p95, p99 = np.percentile(milliseconds, [50, 95, 99])
        print(f"{name:36}{p50:9.3f}{p95:9.3f}{p99:9.3f}{p50 / floor:9.1f}")
    if KERAS in rows:
        ratio = np.median(rows[KERAS]) / np.median(rows["strokes to reading"])
        print(f"strokes to reading is {ratio:.0f} times faster than model.predict")


def print_loads(loads: Loads, options: argparse.Namespace) -> None:
    """Print what clients saw of the whole server."""
    print(
        f"\nPOST /api/predict: {options.workers} workers of {options.threads} threads, "
        f"{options.clients} clients with keep-alive, {options.seconds:g} s\n"
        f"{'':10}{'a second':>10}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}"
        f"{'failed':>8}{'CPU ms a request':>18}"
    )
    for name, (load, cpu_seconds) in loads.items():
        p50, p95, p99 = (load.percentile(percent) for percent in (50, 95, 99))
        print(
            f"{name:10}{load.per_second:10.0f}{p50:9.2f}{p95:9.2f}{p99:9.2f}"
            f"{load.failed:8}{1e3 * cpu_seconds / len(load.milliseconds):18.2f}"
        )


def _press(served: Served, seconds: float, request: bytes, clients: int) -> tuple[Load, float]:
    """Return what clients saw, and the processor time that the workers took for it."""
    press(served.port, request, clients, min(WARM_UP_S, seconds))
    before = served.cpu_seconds()
    load = press(served.port, request, clients, seconds)
    return load, served.cpu_seconds() - before


def _bare(model: VerifiedModel, frame: Array) -> Callable[[], object]:
    """Return what no reading can beat: the interpreter alone, without lock or checks."""
    interpreter = Interpreter(model_content=model.content, num_threads=1)
    taken = interpreter.get_input_details()[0]["index"]
    frames = frame[np.newaxis]
    interpreter.resize_tensor_input(taken, frames.shape)
    interpreter.allocate_tensors()
    given = interpreter.get_output_details()[0]["index"]

    def call() -> object:
        interpreter.set_tensor(taken, frames)
        interpreter.invoke()
        return interpreter.get_tensor(given)

    return call


def _keras(model: VerifiedModel) -> Callable[[], object]:
    import keras

    network = keras.saving.load_model(SHIPPED / "digit" / model.card.version / "model.keras")
    frames = rasterise(parse_strokes(INK), model.card.raster)[np.newaxis]
    return lambda: network.predict(frames, verbose=0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=500, help="calls of each kind")
    parser.add_argument("--no-keras", action="store_true", help="leave model.predict out")
    parser.add_argument("--starts", type=int, default=5, help="starts of the server")
    parser.add_argument("--workers", type=int, default=CORES, help="of the server")
    parser.add_argument("--threads", type=int, default=THREADS, help="of a worker")
    parser.add_argument("--clients", type=int, default=8, help="that send at the same time")
    parser.add_argument("--seconds", type=float, default=8.0, help="of every load")
    parser.add_argument("--smoke", action="store_true", help="only see that it runs")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
