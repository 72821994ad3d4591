"""One page: bytes to blocks, blocks to passages."""
