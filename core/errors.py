"""Every error Frontdesk raises on purpose.

    FrontdeskError
    ├── ConfigError          the admin's files or environment are wrong           (exit 78)
    ├── DependencyError      something Frontdesk needs is missing or unfit        (exit 69)
    │   └── StoreUnavailable the store did not answer; the effect may have happened
    ├── Fenced               this process no longer owns the shard it wrote for
    ├── Held                 a person has taken the conversation over; the bot has nothing to say
    ├── Refused              an inbound request is not acceptable; `code` is the fixed public word
    ├── DeliveryError        an outgoing effect did not go through
    │   ├── DeliveryDelayed  try again, not before `retry_after` seconds
    │   ├── DeliveryParked   will fail until somebody mends something; kept, with an alarm
    │   └── DeliveryUncertain may have arrived; look before sending again
    └── ModelError           the chat or embedding model gave nothing usable

A message says what happened, where, and what to do next. None of them carries text of a visitor.
"""

from __future__ import annotations


class FrontdeskError(Exception):
    """Root of the tree above."""


class ConfigError(FrontdeskError):
    """The admin's files or environment are wrong."""


class DependencyError(FrontdeskError):
    """Something Frontdesk needs is missing or unfit."""


class StoreUnavailable(DependencyError):
    """The store did not answer. Whether the command took effect is unknown."""


class Fenced(FrontdeskError):
    """Another process owns the shard; whatever was computed here must be thrown away."""


class Held(FrontdeskError):
    """A person has taken the conversation over, so nothing of the bot's may be committed."""


class Refused(FrontdeskError):
    """A request is not acceptable. `code` is one fixed word that may be shown to the sender."""

    def __init__(self, code: str, *, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class DeliveryError(FrontdeskError):
    """An outgoing effect did not go through."""


class DeliveryDelayed(DeliveryError):
    """A passing failure that surely had no effect; try again after `retry_after` seconds."""

    def __init__(self, reason: str, *, retry_after: float = 1.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class DeliveryParked(DeliveryError):
    """A lasting failure (revoked token, archived channel). The effect is kept and an alarm is raised."""


class DeliveryUncertain(DeliveryError):
    """The request left and no answer came: it may have taken effect."""


class ModelError(FrontdeskError):
    """A model gave nothing usable: no answer, a broken one, or one outside the budget."""
