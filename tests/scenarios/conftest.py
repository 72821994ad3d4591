"""A browser for the scenarios."""

from tests.peers.chromium import chromium

__all__ = ["chromium"]
