"""Bringing a lead's card into the sales channel: one card a lead, updated in place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from core.errors import DeliveryDelayed, DeliveryParked
from core.ids import LeadId
from core.lead import Lead, Posting, PostingState
from handoff.card import Card, render
from handoff.pace import ChannelPace
from handoff.slack_api import Placed, SlackApi
from handoff.view import TeamView
from platforms.slack.failure import SlackRefused

SEARCH_MARGIN = 86_400.0
"""Seconds before the lead began from which its card is searched; covers a clock set to the wrong time zone."""


Stands = Callable[[Lead, Posting], Awaitable[None]]


async def _nothing_more(_lead: Lead, _posting: Posting) -> None:
    return


class SlackLeadSink:
    """`LeadSink` over one channel, with an optional channel to fall back to.

    Exactly one card a lead, as long as every delivery after the first is given a posting:
    - A posting without a reference (started, parked) makes it search both channels before it posts.
    - A card deleted in Slack (`message_not_found`) is searched, then posted anew: a visitor who says more is news to
      sales, and at most one card stands at any time.
    - The fallback channel is tried once, when the channel itself is unusable and surely holds no card. A channel that
      cannot be searched after an unclear post may hold one; then the lead is parked rather than posted twice.
    - A card that stands is updated where it stands, whatever channel is set now. A new one goes where the lead is
      routed to. A quiet lead has no card.
    """

    def __init__(
        self,
        *,
        api: SlackApi,
        channel: str,
        pace: ChannelPace,
        fallback_channel: str = "",
        view: TeamView | None = None,
        stands: Stands = _nothing_more,
    ) -> None:
        """Channels are Slack's ids (C..., G...), not names: history cannot be read by name.

        `stands` is told where a card stands, each time and before that is recorded.
        """
        self._api = api
        self._channel = channel
        self._fallback = "" if fallback_channel == channel else fallback_channel
        self._pace = pace
        self._view = view or TeamView()
        self._stands = stands

    async def deliver(self, lead: Lead, posting: Posting | None) -> Posting:
        """See `LeadSink`. A posting that shows this revision or a newer one is returned as it is, without a call."""
        if posting and posting.state is PostingState.POSTED and posting.revision >= lead.revision:
            return posting
        standing = await self._bring(lead, posting)
        await self._stands(lead, standing)
        return standing

    async def _bring(self, lead: Lead, posting: Posting | None) -> Posting:
        if lead.route is not None and lead.route.quiet and not (posting and posting.reference):
            return Posting(state=PostingState.POSTED, revision=lead.revision)
        card = render(lead, self._view)
        if posting is None:
            return await self._post(lead, card)
        if posting.reference:
            return await self._update(lead, card, posting)
        return await self._search_first(lead, card, ())

    async def withdraw(self, lead: LeadId, *, since: float, channel: str, reference: str) -> None:
        """See `LeadWithdrawal`. What we wrote in the thread goes first: without its card it could not be found."""
        if reference:
            await self._delete(channel or self._channel, reference)
            return
        for where in filter(None, (self._channel, self._fallback)):
            while placed := await self._api.find(where, lead, since=since - SEARCH_MARGIN):
                await self._delete(placed.channel, placed.reference)

    async def _delete(self, channel: str, reference: str) -> None:
        for reply in await self._api.replies(channel, reference):
            for file in reply.files:
                await self._api.delete_file(file)
            await self._api.delete(channel, reply.reference)
        await self._api.delete(channel, reference)

    async def _update(self, lead: Lead, card: Card, posting: Posting) -> Posting:
        where = posting.channel or self._channel_of(lead)
        try:
            placed = await self._paced(where, lambda: self._api.update(where, posting.reference, card))
        except SlackRefused as error:
            if error.scope != "card":
                raise
            return await self._search_first(lead, card, (where,))
        return self._posted(lead, placed)

    async def _search_first(self, lead: Lead, card: Card, also: tuple[str, ...]) -> Posting:
        found = await self._found(lead, also)
        if found is None:
            return await self._post(lead, card)
        if found.revision >= lead.revision:
            return self._posted(lead, found)
        placed = await self._paced(found.channel, lambda: self._api.update(found.channel, found.reference, card))
        return self._posted(lead, placed)

    async def _found(self, lead: Lead, also: tuple[str, ...]) -> Placed | None:
        """The lead's card wherever it may stand. Raises when it may stand in a channel that could not be searched."""
        unsearchable: SlackRefused | None = None
        for channel in dict.fromkeys(name for name in (*also, self._channel_of(lead), self._fallback) if name):
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

    def _channel_of(self, lead: Lead) -> str:
        return (lead.route.channel if lead.route else "") or self._channel

    async def _post(self, lead: Lead, card: Card) -> Posting:
        channel = self._channel_of(lead)
        try:
            return self._posted(lead, await self._paced(channel, lambda: self._api.post(channel, card)))
        except SlackRefused as error:
            if error.scope != "channel" or self._fallback in {"", channel}:
                raise
            return await self._post_to_fallback(lead, card, error)

    async def _post_to_fallback(self, lead: Lead, card: Card, refusal: SlackRefused) -> Posting:
        try:
            placed = await self._paced(self._fallback, lambda: self._api.post(self._fallback, card))
        except SlackRefused as error:
            raise DeliveryParked(f"{refusal} The fallback channel {self._fallback} failed too. {error}") from None
        channel = self._channel_of(lead)
        return self._posted(
            lead, placed, reason=f"In the fallback channel {self._fallback}, because {channel} is unusable. {refusal}"
        )

    async def _paced(self, channel: str, call: Callable[[], Awaitable[Placed]]) -> Placed:
        await self._pace.turn(channel)
        try:
            return await call()
        except DeliveryDelayed as error:
            self._pace.rest(channel, error.retry_after)
            raise

    def _posted(self, lead: Lead, placed: Placed, *, reason: str = "") -> Posting:
        elsewhere = "" if placed.channel == self._channel_of(lead) else f"The card stands in {placed.channel}."
        return Posting(
            state=PostingState.POSTED,
            revision=placed.revision,
            channel=placed.channel,
            reference=placed.reference,
            reason=reason or elsewhere,
        )
