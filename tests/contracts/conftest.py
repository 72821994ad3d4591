from __future__ import annotations

from tests.contracts.stores import cluster_server, embedded_server, opened, store, store_url

__all__ = ["cluster_server", "embedded_server", "opened", "store", "store_url"]
