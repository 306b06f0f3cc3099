"""Large files fetched over HTTP: with progress, and going on where an earlier try was cut short."""

from http import HTTPStatus
from pathlib import Path

import requests
from tqdm import tqdm

from app.errors import CorpusError

PATIENCE_S = 30.0  # without a byte
CHUNK_BYTES = 64 * 1024


def download(url: str, path: Path) -> None:
    """Fetch a file; what is there of it already, under the same name with .part, is kept.

    Raises:
        CorpusError: the server cannot be reached, refuses, or ends too early. What came stays.
    """
    part = path.with_name(path.name + ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    have = part.stat().st_size if part.is_file() else 0
    try:
        answer = _asked(url, have)
        if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:  # it was all there is
            part.unlink()
            answer, have = _asked(url, 0), 0
        answer.raise_for_status()
        _written(answer, part, have)
    except requests.RequestException as error:
        told = f"{url} could not be fetched ({type(error).__name__})."
        raise CorpusError(f"{told} Run the same again: it goes on where it was.") from error
    part.replace(path)


def _asked(url: str, have: int) -> requests.Response:
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    return requests.get(url, headers=headers, stream=True, timeout=PATIENCE_S)


def _written(answer: requests.Response, part: Path, have: int) -> None:
    """Add to what is there, or begin anew where the server knows no ranges."""
    goes_on = answer.status_code == HTTPStatus.PARTIAL_CONTENT
    have = have if goes_on else 0
    length = answer.headers.get("Content-Length", "")
    total = have + int(length) if length.isdigit() else None
    bar = tqdm(desc=part.stem, total=total, initial=have, unit="B", unit_scale=True)
    with bar, part.open("ab" if goes_on else "wb") as file:
        for chunk in answer.iter_content(CHUNK_BYTES):
            file.write(chunk)
            bar.update(len(chunk))
    if total is not None and part.stat().st_size < total:
        raise requests.ConnectionError("the answer ended too early")
