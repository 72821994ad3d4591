"""Options that several commands share, and what may stand behind an option.

What reads a value raises `ArgumentTypeError` with what to write instead.
"""

from __future__ import annotations

import argparse
from pathlib import Path

MAX_PAGES = 5_000
MAX_PROFILES = 10_000_000


def desk(command: argparse.ArgumentParser) -> None:
    """`-c DIR`."""
    command.add_argument("-c", "--config", type=Path, required=True, metavar="DIR", help="folder of the admin's files")


def no_model(command: argparse.ArgumentParser) -> None:
    """`--no-model`."""
    command.add_argument(
        "--no-model", action="store_true", help="compile the personas without the chat model of frontdesk.yaml"
    )


def private_hosts(command: argparse.ArgumentParser) -> None:
    """`--allow-private-hosts`."""
    command.add_argument(
        "--allow-private-hosts", action="store_true", help="also read from this machine and private networks"
    )


def conversations(text: str) -> int:
    """0 or more."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of conversations; use 0 or more")
    return int(text)


def share(text: str) -> float:
    """From 0 to 1; "10%" is 0.1."""
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no share; write it like 0.1 or 10%")
    return share


def pages(text: str) -> int:
    """1 to `MAX_PAGES`."""
    if not text.isdecimal() or not 0 < int(text) <= MAX_PAGES:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of pages; use 1 to {MAX_PAGES}")
    return int(text)


def count(text: str) -> int:
    """1 to `MAX_PROFILES`."""
    if not text.isdecimal() or not 0 < int(text) <= MAX_PROFILES:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of profiles; use 1 to {MAX_PROFILES}")
    return int(text)


def port(text: str) -> int:
    """0 (any free one) to 65535."""
    if not text.isdecimal() or int(text) > 65_535:  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; use 0 to 65535")
    return int(text)
