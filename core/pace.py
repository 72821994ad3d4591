"""The hub's timing, in seconds, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    quiet: float = 0.7  # silence that ends a burst of fragments; 0 answers each message by itself
    patience: float = 4.0  # longest wait for a burst to end
    typing: float = 3.0  # how long a "typing" notice keeps a burst open
    lease: float = 6.0  # ownership of a shard lapses after this without renewal
    tend: float = 1.0  # between renewals; also the resolution of timers
    accept: float = 2.5  # an acceptance that is not recorded by then is refused
    drain: float = 15.0  # graceful stop: turns in hand get this long
    uncertain: float = 3.0  # before looking for a post that may have arrived; it can become visible late
    park: float = 60.0  # between attempts at an effect that waits for a person
    retry_cap: float = 60.0  # longest wait between attempts at a passing failure
    rewrite: float = 10.0  # after somebody was erased: others who go meanwhile share one rewriting of the files


COMPLETE_SHARE = 0.25
"""A message that reads as finished waits this share of `quiet`: people send finished sentences in bursts, too."""
