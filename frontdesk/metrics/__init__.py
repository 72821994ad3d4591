"""`/metrics`: the numbers of a running hub in Prometheus' words. Nothing here is on the way of a message."""
