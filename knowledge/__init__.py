"""What the company's own site says: pages to passages, passages on file, search with citations."""
