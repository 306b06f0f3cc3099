"""Every hostile picture is read rightly or refused with a reason, in bounded memory and time."""

import re
import time
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
    status = Path("/proc/self/status")
    before = int(re.findall(r"VmRSS:\s+(\d+)", status.read_text())[0])
    Path("/proc/self/clear_refs").write_text("5")
    for case in pictures():
        if case.name.startswith("8 megapixels"):
            decode_picture(case.content)
    peak = int(re.findall(r"VmHWM:\s+(\d+)", status.read_text())[0])
    assert (peak - before) / 1024 < 60
