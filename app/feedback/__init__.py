"""Corrections: the labels that people gave for their ink."""
