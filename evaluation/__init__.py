"""Held-out material: conversations and sites that nothing is tuned on, and what they should be read as."""
