"""Ink → text: model versions on disk, one warm interpreter a model, decoding, reading."""
