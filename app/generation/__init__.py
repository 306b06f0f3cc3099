"""Ink that nobody wrote in one go: sequences composed of written characters."""
