"""A visitor whose lead somebody has claimed deletes everything: the rep reads along, and the card goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.ids import ConversationId
from tests.handoff.team import ANN, SALES, selling, until


async def test_that_a_claimed_visitor_is_answered_about_their_data_and_can_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with selling(tmp_path, monkeypatch) as team:
        card = await team.new_lead("talk")
        await team.clicks(ANN, card, "claim")
        await until(lambda: any("claimed" in note.lower() for note in team.thread(card)), "the claim is told")
        before = len(await team.lines("talk", "bot"))
        await team.says("talk", "Do you integrate with Shopify?")
        await team.says("talk", "Please delete my data")

        async def asked() -> bool:
            return len(await team.lines("talk", "bot")) > before

        await until(asked, "the bot asks back")
        assert len(await team.lines("talk", "bot")) == before + 1  # the question is the rep's to answer
        assert "cannot be undone" in (await team.lines("talk", "bot"))[-1]
        await until(lambda: any("delete my data" in note for note in team.thread(card)), "the rep reads along")

        await team.says("talk", "Yes, delete")

        async def gone() -> bool:
            return await team.lead("talk") is None and not await team.lines("talk")

        await until(gone, "everything is gone")
        await until(lambda: not team.slack.messages(SALES), "the card and its thread are gone")
        assert await team.hub.store.store.conversations.load(ConversationId("talk")) is None
