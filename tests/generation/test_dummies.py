import numpy as np

from app.corpora.mnist import Digits
from app.generation import dummies

BAR = np.zeros((28, 28), np.uint8)
BAR[4:24, 13:15] = 255
DIGITS = Digits(np.stack([BAR, BAR.T]), np.array([1, 7], np.uint8))


def test_a_seed_gives_the_same_dummies_however_many() -> None:
    some, more, others = (
        [(d.label, d.degrees, d.after.digest()) for d in dummies.make(DIGITS, count, 30, seed)]
        for count, seed in ((5, 1), (9, 1), (9, 2))
    )
    assert more[:5] == some
    assert more != others


def test_they_turn_to_both_sides_by_no_more_than_was_asked_for() -> None:
    turned = [d.degrees for d in dummies.make(DIGITS, 500, 30, 0)]
    assert -30 <= min(turned) < -29
    assert 29 < max(turned) <= 30
    assert all(d.degrees == 0 for d in dummies.make(DIGITS, 5, 0, 0))


def test_the_label_is_that_of_the_picture_before() -> None:
    for dummy in dummies.make(DIGITS, 20, 90, 0):
        image = DIGITS.images[[1, 7].index(int(dummy.label))]
        assert (dummy.before.pixels == image.astype(np.float32) / np.float32(255)).all()
