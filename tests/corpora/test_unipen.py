import tarfile
from pathlib import Path

import numpy as np
import pytest

from app.corpora import unipen
from app.corpora.files import Archive, Folder
from app.errors import CorpusError

POINTS = """.VERSION 1.0
.DATA_ID test
.COMMENT .PEN_DOWN in a comment's line does not count
.X_POINTS_PER_INCH 200
.Y_POINTS_PER_INCH 100
.COORD X Y T
.WRITER_ID anna
.START_BOX
.PEN_DOWN
 0 0 0
 10 -10 8
 20 -20 16
.PEN_UP
.DT 30
.PEN_DOWN
 30 0 0
 40 5 8
.PEN_UP
 41 6 16
.PEN_DOWN
 50 0 24
.WRITER_ID bert
.PEN_DOWN
 60 0 0
 61 1 8
"""
DATA = """.VERSION 1.0
.INCLUDE xyz/points.dat
.SEGMENT CHARACTER 0 ? "4"
.SEGMENT CHARACTER 0:1-1:0 OK "\\""
.SEGMENT CHARACTER 1,3 GOOD "x"
.SEGMENT CHARACTER 4 ? "b"
.SEGMENT CHARACTER 4 BAD "c"
.SEGMENT CHARACTER 4 ? "XXX"
.SEGMENT CHARACTER 4
.SEGMENT CHARACTER 9 ? "n"
.SEGMENT WORD 0-4 ? "word"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "train_r01_v07"
    for path, text in {"include/xyz/points.dat": POINTS, "data/2/xyz/a.dat": DATA}.items():
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text(text)
    return root


def labels(root: Path) -> list[str]:
    return [sample.label for sample in unipen.read_category(Folder(root), "2")]


def test_usable_segments_of_the_category_are_read(folder: Path) -> None:
    assert labels(folder) == ["4", '"', "x", "b"]


def test_y_grows_downwards_and_axes_get_one_scale(folder: Path) -> None:
    first = next(unipen.read_category(Folder(folder), "2"))
    assert [path.tolist() for path in first.strokes] == [[[0, 0], [10, 20], [20, 40]]]


def test_point_offsets_cut_components(folder: Path) -> None:
    quote = list(unipen.read_category(Folder(folder), "2"))[1]
    assert [len(path) for path in quote.strokes] == [2, 1]


def test_pen_up_sections_with_points_are_numbered_but_not_drawn(folder: Path) -> None:
    x = list(unipen.read_category(Folder(folder), "2"))[2]
    assert [path[0].tolist() for path in x.strokes] == [[30, 0], [50, 0]]


def test_the_writer_is_the_one_named_last_before_the_ink(folder: Path) -> None:
    samples = list(unipen.read_category(Folder(folder), "2"))
    assert [sample.writer for sample in samples] == ["anna", "anna", "anna", "bert"]
    assert samples[0].contributor == "xyz"


def test_an_archive_reads_as_its_folder_does(folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "some.tar.xz"
    with tarfile.open(archive, "w:xz") as file:
        file.add(folder, folder.name)
    unpacked, packed = Folder(folder), Archive(archive, ("include/", "data/2/"))
    for one, other in zip(
        unipen.read_category(unpacked, "2"), unipen.read_category(packed, "2"), strict=True
    ):
        assert (one.label, one.writer, one.source) == (other.label, other.writer, other.source)
        np.testing.assert_array_equal(one.strokes[0], other.strokes[0])


def test_related_contributors_share_a_writer_and_others_do_not(folder: Path) -> None:
    sample = next(unipen.read_category(Folder(folder), "2"))

    def pseudonym(contributor: str) -> str:
        moved = unipen.Sample(sample.label, [], sample.writer, contributor, "")
        return unipen.hashed_writer(moved)

    assert pseudonym("apa") == pseudonym("app") != pseudonym("aga")
    assert "anna" not in pseudonym("xyz")


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("data/2/xyz/a.dat", ".INCLUDE xyz/none.dat\n", "none.dat"),
        ("include/xyz/points.dat", ".COORD X Y\n.PEN_DOWN\n1 2 3\n", "columns"),
        ("include/xyz/points.dat", ".COORD X Y\n.PEN_DOWN\none two\n", "columns"),
    ],
)
def test_damage_is_named(folder: Path, path: str, text: str, reason: str) -> None:
    (folder / path).write_text(text)
    with pytest.raises(CorpusError, match=reason):
        labels(folder)


def test_a_damaged_file_is_left_out_with_a_warning(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found = labels(folder)
    (folder / "data/2/xyz/b.dat").write_text(".INCLUDE xyz/none.dat\n")
    assert labels(folder) == found
    assert "left out data/2/xyz/b.dat" in caplog.text


def test_a_missing_archive_is_named_with_its_source(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"zenodo.*INKLOOP_DATA"):
        unipen.open_files(tmp_path, "2")
