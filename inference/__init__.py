"""Chat models: OpenAI-compatible and scripted, with what keeps them from costing a visitor a reply."""
