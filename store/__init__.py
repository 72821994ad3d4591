"""The store: Redis or Valkey behind the ports of `core.store_ports`. Start reading at `store.open`."""
