"""Every hostile picture is read rightly or refused with a reason, in bounded memory and time."""

import re
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from app.errors import InkError
from app.ink.pictures import decode_picture
from app.recognition.reader import Reader
from app.recognition.registry import SHIPPED, Registry
from app.recognition.swapping import load_reader

from .pictures import Case, pictures

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
MAX_CPU_S = 1.0
MAX_MIB = 60


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(Registry(SHIPPED))


def read(reader: Reader, case: Case) -> str | None:
    """What is read, None where it is refused."""
    try:
        ink = decode_picture(case.content)
    except InkError as error:
        return None if re.search("Send|Save", str(error)) else f"refused without advice: {error}"
    return reader.read(ink, "digit").text


def test_there_are_five_hundred() -> None:
    assert len(pictures()) >= 500
    assert len({case.content for case in pictures()}) >= 490


def test_legitimate_pictures_are_read_and_others_refused(reader: Reader) -> None:
    wrong = []
    for case in pictures():
        start = time.thread_time()
        found = read(reader, case)
        seconds = time.thread_time() - start
        if seconds > MAX_CPU_S:
            wrong.append((case.name, f"{seconds:.2f} s"))
        if case.expected is not None and found != (case.expected or None):
            wrong.append((case.name, f"{case.expected!r} expected, {found!r} read"))
    assert wrong == []


def test_the_largest_take_little_memory() -> None:
    """In a process of its own: in one with a model, what others free and take counts, too."""
    with ProcessPoolExecutor(1, get_context("spawn")) as alone:
        assert alone.submit(mib_of_the_largest).result() < MAX_MIB


def mib_of_the_largest() -> float:
    """Return by how much decoding the largest pictures raises the process's memory."""
    status = Path("/proc/self/status")
    largest = [case.content for case in pictures() if case.name.startswith("8 megapixels")]
    before = int(re.findall(r"VmRSS:\s+(\d+)", status.read_text())[0])
    Path("/proc/self/clear_refs").write_text("5")
    for content in largest:
        decode_picture(content)
    peak = int(re.findall(r"VmHWM:\s+(\d+)", status.read_text())[0])
    return (peak - before) / 1024
