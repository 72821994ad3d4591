"""Bringing a lead's card into the sales channel: one card a lead, updated in place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from core.errors import DeliveryDelayed, DeliveryParked
from core.lead import Lead, Posting, PostingState
from handoff.card import Card, render
from handoff.pace import ChannelPace
from handoff.slack_api import Placed, SlackApi
from platforms.slack.failure import SlackRefused

SEARCH_MARGIN = 86_400.0
"""Seconds before the lead began from which its card is searched; covers a clock set to the wrong time zone."""


class SlackLeadSink:
    """`LeadSink` over one channel, with an optional channel to fall back to.

    Exactly one card a lead, as long as every delivery after the first is given a posting:
    - A posting without a reference (started, parked) makes it search both channels before it posts.
    - A card deleted in Slack (`message_not_found`) is searched, then posted anew: a visitor who says more is news to
      sales, and at most one card stands at any time.
    - The fallback channel is tried once, when the channel itself is unusable and surely holds no card. A channel that
      cannot be searched after an unclear post may hold one; then the lead is parked rather than posted twice.
    - A card that stands is updated where it stands, whatever channel is set now.
    """

    def __init__(self, *, api: SlackApi, channel: str, pace: ChannelPace, fallback_channel: str = "") -> None:
        """Channels are Slack's ids (C..., G...), not names: history cannot be read by name."""
        self._api = api
        self._channel = channel
        self._fallback = "" if fallback_channel == channel else fallback_channel
        self._pace = pace

    async def deliver(self, lead: Lead, posting: Posting | None) -> Posting:
        """See `LeadSink`. A posting that shows this revision or a newer one is returned as it is, without a call."""
        if posting and posting.state is PostingState.POSTED and posting.revision >= lead.revision:
            return posting
        card = render(lead)
        if posting is None:
            return await self._post(card)
        if posting.reference:
            return await self._update(lead, card, posting)
        return await self._search_first(lead, card, ())

    async def _update(self, lead: Lead, card: Card, posting: Posting) -> Posting:
        where = posting.channel or self._channel
        try:
            placed = await self._paced(where, lambda: self._api.update(where, posting.reference, card))
        except SlackRefused as error:
            if error.scope != "card":
                raise
            return await self._search_first(lead, card, (where,))
        return self._posted(placed)

    async def _search_first(self, lead: Lead, card: Card, also: tuple[str, ...]) -> Posting:
        found = await self._found(lead, also)
        if found is None:
            return await self._post(card)
        if found.revision >= lead.revision:
            return self._posted(found)
        return self._posted(
            await self._paced(found.channel, lambda: self._api.update(found.channel, found.reference, card))
        )

    async def _found(self, lead: Lead, also: tuple[str, ...]) -> Placed | None:
        """The lead's card wherever it may stand. Raises when it may stand in a channel that could not be searched."""
        unsearchable: SlackRefused | None = None
        for channel in dict.fromkeys(name for name in (*also, self._channel, self._fallback) if name):
            try:
                if found := await self._api.find(channel, lead.id, since=lead.created_at - SEARCH_MARGIN):
                    return found
            except SlackRefused as error:
                # a fallback nobody has set up must not keep leads out of a channel that works
                unusable_fallback = channel == self._fallback and error.scope == "channel"
                unsearchable = unsearchable or (None if unusable_fallback else error)
        if unsearchable:
            raise unsearchable
        return None

    async def _post(self, card: Card) -> Posting:
        try:
            return self._posted(await self._paced(self._channel, lambda: self._api.post(self._channel, card)))
        except SlackRefused as error:
            if error.scope != "channel" or not self._fallback:
                raise
            return await self._post_to_fallback(card, error)

    async def _post_to_fallback(self, card: Card, refusal: SlackRefused) -> Posting:
        try:
            placed = await self._paced(self._fallback, lambda: self._api.post(self._fallback, card))
        except SlackRefused as error:
            raise DeliveryParked(f"{refusal} The fallback channel {self._fallback} failed too. {error}") from None
        return self._posted(
            placed, reason=f"In the fallback channel {self._fallback}, because {self._channel} is unusable. {refusal}"
        )

    async def _paced(self, channel: str, call: Callable[[], Awaitable[Placed]]) -> Placed:
        await self._pace.turn(channel)
        try:
            return await call()
        except DeliveryDelayed as error:
            self._pace.rest(channel, error.retry_after)
            raise

    def _posted(self, placed: Placed, *, reason: str = "") -> Posting:
        elsewhere = "" if placed.channel == self._channel else f"The card stands in {placed.channel}."
        return Posting(
            state=PostingState.POSTED,
            revision=placed.revision,
            channel=placed.channel,
            reference=placed.reference,
            reason=reason or elsewhere,
        )
