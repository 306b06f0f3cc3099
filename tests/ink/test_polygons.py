import numpy as np
import pytest
from PIL import Image, ImageDraw

from app.ink.polygons import area_of, hull_of, perspective, quadrilateral_around

SHEET = [(20.0, 10.0), (110.0, 20.0), (100.0, 90.0), (15.0, 80.0)]


def mask(shape: str, where: object) -> np.ndarray:
    image = Image.new("1", (128, 100))
    getattr(ImageDraw.Draw(image), shape)(where, fill=1)
    return np.asarray(image)


def test_four_corners_go_around_a_sheet() -> None:
    outline = hull_of(mask("polygon", SHEET))
    corners = quadrilateral_around(outline)
    assert len(corners) == 4
    away = np.abs(corners[:, None] - np.array(SHEET)).max(axis=2)
    assert away.min(axis=1).max() < 2.5
    assert area_of(outline) / area_of(corners) > 0.98


def test_a_round_thing_leaves_the_corners_around_it_empty() -> None:
    outline = hull_of(mask("ellipse", [20, 10, 110, 90]))
    assert area_of(outline) == pytest.approx(np.pi * 45.5 * 40.5, rel=0.02)
    assert area_of(outline) / area_of(quadrilateral_around(outline)) < 0.82


@pytest.mark.parametrize("where", [[5, 5, 5, 5], [0, 7, 127, 7], [9, 0, 9, 99]])
def test_the_least_outline_is_a_rectangle(where: list[int]) -> None:
    left, top, right, bottom = where
    outline = hull_of(mask("rectangle", where))
    assert len(quadrilateral_around(outline)) == 4
    assert area_of(outline) == (right - left + 1) * (bottom - top + 1)


def test_a_notch_is_part_of_the_hull() -> None:
    notched = mask("polygon", SHEET)
    whole = area_of(hull_of(notched))
    notched = notched.copy()
    notched[30:60, :70] = False
    assert area_of(hull_of(notched)) == pytest.approx(whole, rel=0.02)


def test_a_perspective_takes_corners_to_corners_and_lines_to_lines() -> None:
    square = np.array([(0.0, 0.0), (60.0, 0.0), (60.0, 40.0), (0.0, 40.0)])
    a, b, c, d, e, f, g, h = perspective(square, np.array(SHEET))

    def seen(points: np.ndarray) -> np.ndarray:
        x, y = points.T
        return np.stack([a * x + b * y + c, d * x + e * y + f], axis=1) / (
            g * x + h * y + 1
        ).reshape(-1, 1)

    np.testing.assert_allclose(seen(square), SHEET, atol=1e-9)
    (x0, y0), (x1, y1), (x2, y2) = seen(np.array([(10.0, 5.0), (20.0, 10.0), (40.0, 20.0)]))
    assert (x1 - x0) * (y2 - y0) == pytest.approx((x2 - x0) * (y1 - y0))
