"""What happened to a lead since a sink last heard of it.

A posting's `reference` keeps what the sink was told: the lead's status and owner, so that the next revision is compared
with what arrived and not with what was sent.
"""

from __future__ import annotations

from collections.abc import Collection

from core.lead import Lead, LeadStatus, Posting, PostingState

CREATED, UPDATED, CLAIMED, WON, LOST = "lead.created", "lead.updated", "lead.claimed", "lead.won", "lead.lost"
ENDS = {LeadStatus.CONVERTED: WON, LeadStatus.LOST: LOST}
_SEPARATOR = " "


def events(lead: Lead, posting: Posting | None, wanted: Collection[str]) -> tuple[str, ...]:
    """The events of this revision a receiver asked for, in order; at least one exists for each revision."""
    status, owner = _told(posting)
    found = [] if status else [CREATED]
    if lead.owner and lead.owner.id != owner:
        found.append(CLAIMED)
    if lead.status in ENDS and lead.status.value != status:
        found.append(ENDS[lead.status])
    return tuple(one for one in found or [UPDATED] if one in wanted)


def heard(lead: Lead, *, reason: str = "") -> Posting:
    """The posting of a sink that knows this revision."""
    reference = f"{lead.status.value}{_SEPARATOR}{lead.owner.id if lead.owner else ''}"
    return Posting(state=PostingState.POSTED, revision=lead.revision, reference=reference, reason=reason)


def knows(posting: Posting | None, lead: Lead) -> bool:
    """Whether the sink has this revision or a newer one."""
    return posting is not None and posting.state is PostingState.POSTED and posting.revision >= lead.revision


def delivery_id(lead: Lead, event: str) -> str:
    """The same for every attempt at an event of a revision, in every process."""
    return f"{lead.id}.{lead.revision}.{event}"


def _told(posting: Posting | None) -> tuple[str, str]:
    if posting is None or not posting.reference:
        return "", ""
    status, _, owner = posting.reference.partition(_SEPARATOR)
    return status, owner
