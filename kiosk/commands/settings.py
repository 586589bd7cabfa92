"""`guichet settings check [FILE]` reads a settings file without using it; `guichet settings page` draws the docs."""

import argparse
from pathlib import Path

from kiosk.application.settings_file import data_dir, parse, read_text
from kiosk.application.settings_words import page
from kiosk.commands.start import DONE, guarded, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("act", choices=("check", "page"))
    parser.add_argument("file", type=Path, nargs="?", help="settings file; default: settings.toml in the data folder")


def run(options: argparse.Namespace) -> int:
    """Run it."""
    return guarded(lambda: _page() if options.act == "page" else _check(options.file or data_dir() / "settings.toml"))


def _page() -> int:
    print(page(), end="")
    return DONE


def _check(file: Path) -> int:
    settings = parse(read_text(file), str(file))
    mode = "in training" if settings.terminal.is_training else "for real"
    say(f"{file} is good: terminal “{settings.terminal.id}”, platform “{settings.platform.kind}”, {mode}.")
    return DONE
