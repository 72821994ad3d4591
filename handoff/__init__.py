"""The sales team's door: the lead card and how it reaches the sales channel."""
