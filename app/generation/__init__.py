"""Numbers that nobody wrote in one go: pictures of scanned digits, strokes of written ones.

>>> from app.generation import generate_numbers_sequence, get_mnist_data
>>> picture = generate_numbers_sequence([4, 2], (5, 10), 56)  # (28, 56), 0 paper to 1 ink
"""

from app.generation.sequences import generate_numbers_sequence, get_mnist_data

__all__ = ["generate_numbers_sequence", "get_mnist_data"]
