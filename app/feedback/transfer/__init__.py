"""Corrections carried out of here as files, and back in from files and spreadsheets."""
