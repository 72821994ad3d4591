"""The vocabulary of Frontdesk, its ports, and the conversation engine. Standard library and pydantic only."""
