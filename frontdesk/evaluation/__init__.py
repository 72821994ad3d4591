"""Measuring what Frontdesk understands on labelled conversations, beside policies that understand nothing."""
