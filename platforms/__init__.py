"""What several doors need of one platform: calling its API, and what its failures mean."""
