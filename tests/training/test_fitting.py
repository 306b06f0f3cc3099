"""How fast a network learns, over a whole run."""

import pytest


@pytest.mark.parametrize("epochs", [1, 4])
def test_the_rate_rises_to_its_peak_and_falls_to_nothing(epochs: int) -> None:
    from app.training.fitting import rate_of

    rate = rate_of(1e-3, warmup_epochs=1.0, epochs=epochs, steps=100)
    rates = [float(rate(step)) for step in range(100 * epochs + 1)]
    peak = 100 if epochs > 1 else 50
    assert rates[0] == 0.0
    assert max(rates) == pytest.approx(1e-3)
    assert rates.index(max(rates)) == pytest.approx(peak, abs=1)
    assert rates[-1] == pytest.approx(0.0, abs=1e-9)
