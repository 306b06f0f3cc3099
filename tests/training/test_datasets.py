import json
from pathlib import Path

import numpy as np

from app.corpora.unipen import Sample
from app.recognition.registry import SHIPPED, Registry
from app.training import smoke
from app.training.datasets import PARTS, UNSEEN_CONTRIBUTORS, part_of, split


def sample(writer: str, contributor: str = "abc") -> Sample:
    return Sample("7", [np.zeros((2, 2), np.float32)], writer, contributor, "")


def test_a_writer_is_in_one_part_and_most_train() -> None:
    parts = [part_of(sample(str(number))) for number in range(1_000)]
    assert parts == [part_of(sample(str(number))) for number in range(1_000)]
    assert 0.84 < parts.count("train") / 1_000 < 0.9
    assert 0.07 < parts.count("test") / 1_000 < 0.13
    assert set(parts) == set(PARTS) - {"contributors"}


def test_related_contributors_stand_on_one_side() -> None:
    for number in range(50):
        assert part_of(sample(str(number), "apa")) == part_of(sample(str(number), "app"))


def test_whole_contributors_are_kept_out() -> None:
    parts = split(sample("w", contributor) for contributor in UNSEEN_CONTRIBUTORS)
    assert len(parts["contributors"].labels) == len(UNSEEN_CONTRIBUTORS)


def test_no_writer_of_the_shipped_model_is_in_two_parts() -> None:
    version = Registry(SHIPPED).champions("digit")[0]
    manifest = json.loads(Path(SHIPPED / "digit" / version / "writers.json").read_text())
    writers = [writer for part in PARTS for writer in manifest[part]]
    assert len(writers) == len(set(writers)) > 100
    assert all(manifest[part] for part in PARTS)


def test_made_up_ink_has_every_digit_in_every_part() -> None:
    for drawn in smoke.drawn(40, seed=1).values():
        assert set(drawn.labels) == set("0123456789")
