"""The prospects' door: one folder a channel, and the few pieces that all channels share."""
