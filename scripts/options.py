"""What the command lines of several scripts have in common."""

import argparse
from pathlib import Path

from app.settings import Settings


def parser_of(script: str, told: str | None) -> argparse.ArgumentParser:
    """Return a parser for a script whose docstring is its help; `var` is where it may write."""
    parser = argparse.ArgumentParser(
        prog=f"python -m scripts.{script}",
        description=told,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(var=Settings().inkloop_var)
    return parser


def add_folders(parser: argparse.ArgumentParser, *, models: bool = True) -> None:
    """Let data, and models, lie elsewhere than the settings say."""
    settings = Settings()
    parser.add_argument("--data", type=Path, default=settings.inkloop_data)
    if models:
        parser.add_argument("--models", type=Path, default=settings.inkloop_models)
