from app.training import words


def test_what_is_held_out_has_numbers_of_scanned_digits_too() -> None:
    material = words.smoke_material()
    for part in ("development", "test"):
        held_out = material.held_out(part)
        for name in ("numbers", "augmented numbers"):
            views, texts = held_out[f"MNIST {part}, {name}"]
            assert not any(seen.strokes for seen in views)
            frames = [seen.frame for seen in views]
            assert len(frames) == len(texts) == words.SMOKE_SAMPLES
            assert all(len(text) == words.NUMBER_DIGITS and text.isdigit() for text in texts)
            assert {frame.shape[0] for frame in frames} == {words.SPEC.size}
            assert min(float(frame[..., 0].max()) for frame in frames) > 0.5
            assert not any(frame[..., 1:].any() for frame in frames)
    assert not any(name.startswith("MNIST") for name in material.held_out("contributors"))
    assert set(material.describe()["MNIST"]) == {"train", "development", "test"}
