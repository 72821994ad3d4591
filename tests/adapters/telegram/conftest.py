from __future__ import annotations

from tests.contracts.stores import embedded_server, embedded_store

__all__ = ["embedded_server", "embedded_store"]
