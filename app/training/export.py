"""Fitted Keras networks → the .tflite bytes that are served."""

import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

DEPRECATED = r"\s*Warning: tf\.lite\.Interpreter is deprecated"
Examples = Mapping[str, NDArray[np.float32]]  # by the name of the input they are for


def to_tflite(*models: keras.Model, examples: Examples | None = None) -> bytes:
    """Convert networks to one .tflite, batch 1, of their first outputs alone.

    Each is a signature by the name of its input; what runs where none is named is the first. Sides
    that a network leaves open stay so. Weights become int8. So do activations where there are
    examples (n, …) of what each network takes, from which their ranges come; LSTMs would lose too
    much. Input and output stay float32.
    """
    return _converted(models, examples, tf.lite.Optimize.DEFAULT)


def to_exact_tflite(model: keras.Model) -> bytes:
    """Convert a network to a .tflite that computes in float32 as it does."""
    return _converted([model], None)


def _converted(
    models: Sequence[keras.Model], examples: Examples | None, *optimizations: tf.lite.Optimize
) -> bytes:
    archive = keras.export.ExportArchive()
    names = [model.inputs[0].name for model in models]
    for name, model in zip(names, models, strict=True):
        network = keras.Model(model.inputs, model.outputs[0])
        archive.track(network)
        taken = tf.TensorSpec((1, *model.inputs[0].shape[1:]), tf.float32, name=name)
        archive.add_endpoint(name, network.__call__, input_signature=[taken])
    with tempfile.TemporaryDirectory() as folder:
        archive.write_out(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder, signature_keys=names)
        converter.optimizations = list(optimizations)
        if examples is not None:
            shown = {name: examples[name] for name in names}
            converter.representative_dataset = lambda: _one_by_one(shown)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", DEPRECATED)  # TensorFlow's own use of it
            content: bytes = converter.convert()
    return content


def _one_by_one(examples: Examples) -> Iterator[tuple[str, dict[str, NDArray[np.float32]]]]:
    for name, inputs in examples.items():
        for one in inputs:
            yield name, {name: one[np.newaxis]}
