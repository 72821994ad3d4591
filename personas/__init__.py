"""Which kind of customer is talking: the live guess over the company's own personas."""
