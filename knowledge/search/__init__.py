"""Finding the passages and sentences that answer."""
