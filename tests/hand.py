"""Digits as a person writes them: strokes in a square of side 1, y downwards."""

Point = tuple[float, float]
Stroke = list[Point]

CORNERS: dict[str, list[Stroke]] = {
    "0": [[(0.55, 0.08), (0.3, 0.16), (0.16, 0.42), (0.2, 0.72), (0.42, 0.92), (0.68, 0.84), (0.82, 0.55), (0.76, 0.24), (0.54, 0.08)]],
    "1": [[(0.36, 0.26), (0.56, 0.08), (0.55, 0.4), (0.54, 0.92)]],
    "2": [[(0.22, 0.28), (0.34, 0.1), (0.6, 0.08), (0.74, 0.26), (0.66, 0.46), (0.42, 0.68), (0.2, 0.9), (0.5, 0.88), (0.82, 0.9)]],
    "3": [[(0.24, 0.16), (0.48, 0.07), (0.7, 0.2), (0.62, 0.4), (0.42, 0.47), (0.68, 0.54), (0.74, 0.74), (0.52, 0.92), (0.24, 0.84)]],
    "4": [[(0.46, 0.08), (0.34, 0.32), (0.2, 0.58), (0.48, 0.6), (0.82, 0.58)], [(0.64, 0.32), (0.62, 0.64), (0.6, 0.94)]],
    "5": [[(0.34, 0.12), (0.3, 0.3), (0.28, 0.46), (0.52, 0.42), (0.72, 0.58), (0.68, 0.82), (0.44, 0.93), (0.22, 0.84)], [(0.34, 0.12), (0.56, 0.12), (0.76, 0.1)]],
    "6": [[(0.64, 0.08), (0.4, 0.26), (0.26, 0.54), (0.3, 0.82), (0.52, 0.93), (0.7, 0.8), (0.66, 0.6), (0.46, 0.55), (0.3, 0.68)]],
    "7": [[(0.2, 0.14), (0.46, 0.12), (0.78, 0.12), (0.66, 0.36), (0.52, 0.62), (0.44, 0.92)]],
    "8": [[(0.66, 0.18), (0.46, 0.08), (0.3, 0.2), (0.4, 0.4), (0.62, 0.56), (0.7, 0.78), (0.5, 0.93), (0.3, 0.8), (0.4, 0.58), (0.62, 0.4), (0.68, 0.2)]],
    "9": [[(0.7, 0.24), (0.5, 0.1), (0.3, 0.24), (0.36, 0.46), (0.56, 0.46), (0.7, 0.26), (0.68, 0.54), (0.6, 0.92)]],
}  # fmt: skip
STEPS_PER_CORNER = 5


def bend(before: float, start: float, end: float, after: float, t: float) -> float:
    """Interpolate between start and end (Catmull-Rom)."""
    return 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )


def smooth(corners: Stroke) -> Stroke:
    """Round a line of corners into what a moving hand leaves."""
    padded = [corners[0], *corners, corners[-1]]
    points = [
        (bend(a[0], b[0], c[0], d[0], t), bend(a[1], b[1], c[1], d[1], t))
        for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
        for t in (step / STEPS_PER_CORNER for step in range(STEPS_PER_CORNER))
    ]
    return [*points, corners[-1]]


def strokes_of(digit: str) -> list[Stroke]:
    return [smooth(stroke) for stroke in CORNERS[digit]]
