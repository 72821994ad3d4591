"""Reads the company's own website, politely and within bounds: `crawler.crawl` is the entry."""
