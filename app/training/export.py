"""A fitted Keras network → the .tflite bytes that are served."""

import tempfile
from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


def to_tflite(model: keras.Model, examples: NDArray[np.float32] | None) -> bytes:
    """Convert a network with static input to .tflite, batch 1.

    With examples (n, size, size, channels) weights and activations become int8, their ranges
    taken from the examples; input and output stay float32.
    """
    network = keras.Model(model.inputs, model.outputs)
    with tempfile.TemporaryDirectory() as folder:
        network.export(folder, format="tf_saved_model", verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        if examples is not None:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = lambda: _one_by_one(examples)
        content: bytes = converter.convert()
    return content


def to_tflite_of_any_width(*models: keras.Model) -> bytes:
    """Convert networks over lines to one .tflite: batch 1, any width, first outputs alone.

    Each is a signature by the name of its input; a first one over frames is what runs where none is
    named. Weights become int8; activations stay float32, or LSTMs would lose too much.
    """
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
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        content: bytes = converter.convert()
    return content


def _one_by_one(examples: NDArray[np.float32]) -> Iterator[list[NDArray[np.float32]]]:
    for example in examples:
        yield [example[np.newaxis]]
