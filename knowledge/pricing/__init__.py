"""Prices as they are published: amounts with plan, period and unit."""
