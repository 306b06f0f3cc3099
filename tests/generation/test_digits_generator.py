"""scripts.digits_generator, here and through a running service."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from scripts import digits_generator


def run(folder: Path, *arguments: str) -> int:
    return digits_generator.main(["--out", str(folder), *arguments])


@pytest.fixture
def data(scanned: Path) -> list[str]:
    return ["--data", str(scanned)]


def labels(folder: Path) -> list[tuple[str, str]]:
    with (folder / "labels.csv").open(newline="") as file:
        return [(row["file"], row["label"]) for row in csv.DictReader(file)]


def pixels(folder: Path) -> list[np.ndarray]:
    return [np.asarray(Image.open(folder / name)) for name, _ in labels(folder)]


def test_the_old_command_line_makes_a_picture(tmp_path: Path, data: list[str]) -> None:
    assert (
        run(tmp_path, *["-n", "42", "-a", "1", "-smin", "5", "-smax", "10", "-w", "56"], *data) == 0
    )
    assert labels(tmp_path) == [("000001_42.png", "42")]
    assert pixels(tmp_path)[0].shape == (28, 56)


def test_many_are_labelled_and_a_seed_makes_the_same(tmp_path: Path, data: list[str]) -> None:
    for name in ("one", "other"):
        assert run(tmp_path / name, "--count", "12", "--digits", "3", "--seed", "1", *data) == 0
    found = labels(tmp_path / "one")
    assert found == labels(tmp_path / "other")
    assert len({label for _, label in found}) > 8
    assert all(len(label) == 3 for _, label in found)
    assert {path.name for path in (tmp_path / "one").iterdir()} == {"labels.csv", *dict(found)}
    for one, other in zip(pixels(tmp_path / "one"), pixels(tmp_path / "other"), strict=True):
        assert one.shape == (28, 84)
        assert (one == other).all()


def test_a_further_run_goes_on_counting(tmp_path: Path, data: list[str]) -> None:
    for _ in range(2):
        run(tmp_path, "-n", "0042", "-a", "0", "--count", "2", *data)
    assert labels(tmp_path) == [(f"{i:06}_0042.png", "0042") for i in (1, 2, 3, 4)]


def test_a_long_number_has_a_short_name(tmp_path: Path, data: list[str]) -> None:
    run(tmp_path, "-n", "1" * 1_000, *data)
    assert labels(tmp_path) == [(f"000001_{'1' * 20}.png", "1" * 1_000)]


@pytest.mark.parametrize(("arguments", "told"), [
    (["-n", "4x"], "digits"), (["-n", ""], "digits"), (["-n=-4"], "digits"), (["-n", "1" * 1_001], "digits"),
    (["-smin", "9", "-smax", "3"], "spacing_range"), (["-smin=-1"], "spacing_range"), (["-smax", "1001"], "spacing_range"),
    (["-w", "0"], "image_width"), (["-w=-5"], "image_width"), (["-w", "30001"], "image_width"),
], ids=lambda value: str(value)[:24])  # fmt: skip
def test_what_is_wrong_is_told(
    tmp_path: Path, data: list[str], arguments: list[str], told: str, capsys: Any
) -> None:
    assert run(tmp_path, *arguments, *data) == 1
    assert told in capsys.readouterr().err.splitlines()[-1]
    assert labels(tmp_path) == []


@pytest.mark.parametrize(
    "arguments",
    [["-a", "2"], ["-n"], ["-w", "x"], ["--count", "0"], ["--digits", "0"], ["-smin", "1.5"]],
)
def test_no_options_are_refused(tmp_path: Path, arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        run(tmp_path, *arguments)


def test_without_mnist_the_command_is_named(tmp_path: Path, capsys: Any) -> None:
    assert run(tmp_path, "--data", str(tmp_path)) == 1
    assert "python -m scripts.prepare mnist" in capsys.readouterr().err


def test_a_running_service_makes_the_same(
    tmp_path: Path, data: list[str], live_server: Any
) -> None:
    options = ["-n", "2026", "--seed", "3", "--count", "3"]
    assert run(tmp_path / "here", *options, *data) == 0
    assert run(tmp_path / "there", *options, "--url", live_server.url) == 0
    assert labels(tmp_path / "here") == labels(tmp_path / "there")
    for here, there in zip(pixels(tmp_path / "here"), pixels(tmp_path / "there"), strict=True):
        assert (here == there).all()


def test_what_the_service_refuses_is_told(tmp_path: Path, live_server: Any, capsys: Any) -> None:
    assert run(tmp_path, "-n", "4x", "--url", live_server.url) == 1
    assert "number" in capsys.readouterr().err
    assert run(tmp_path, "-n", "4", "--url", "http://127.0.0.1:1") == 1
    assert "does not answer" in capsys.readouterr().err
    assert run(tmp_path, "-n", "4", "--url", f"{live_server.url}/docs") == 1
    assert "answers" in capsys.readouterr().err.splitlines()[-1]
