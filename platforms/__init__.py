"""What several doors need: reading what comes in within limits, one platform's API, and what its failures mean."""
