"""A rep's file on its way to the visitor, in Telegram and in Slack: at most once, and never in the place of another."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from core.attachment import TEAM, Attachment, FetchedFile
from core.errors import DeliveryDelayed, DeliveryParked, DeliveryUncertain
from core.ids import ConversationId
from core.reply import Mode, Reply
from core.store_ports import Store
from frontdesk.demo.slack_faults import rate_limited, refusing, resetting
from tests.adapters.slack.workspace import DIRECT
from tests.adapters.slack.workspace import Around as Workspace
from tests.adapters.slack.workspace import around as around_workspace
from tests.adapters.telegram.bots import Around as Bot
from tests.adapters.telegram.bots import around as around_bot
from tests.peers.telegram_api import Fault

PDF = b"%PDF-1.7 our offer"
OFFER = Attachment(
    id="m.file0", channel=TEAM, reference="F0OFFER", name="Angebot für Jo.pdf", media_type="application/pdf"
)
REPLY = Reply(main_text=OFFER.line, mode=Mode.HUMAN, file=OFFER)
CHAT, TALK = ConversationId("telegram:bot:501"), ConversationId(f"slack:shared:{DIRECT}")


class TeamFiles:
    """Where files of reps lie."""

    def __init__(self) -> None:
        self.answer = FetchedFile(content=PDF)

    async def fetch(self, file: Attachment) -> FetchedFile:
        assert file == OFFER
        return self.answer


@pytest.fixture
def team() -> TeamFiles:
    return TeamFiles()


@pytest.fixture
async def bot(embedded_store: Store, team: TeamFiles) -> AsyncIterator[Bot]:
    async with around_bot(embedded_store.notes, team_files=team) as found:
        yield found


@pytest.fixture
async def workspace(embedded_store: Store, team: TeamFiles) -> AsyncIterator[Workspace]:
    async with around_workspace(embedded_store.notes, team_files=team) as found:
        yield found


def shared(workspace: Workspace) -> list[tuple[str, bytes | None]]:
    return [(one.name, one.content) for one in workspace.slack.files.values() if one.shared]


async def test_that_it_is_a_document_in_telegram(bot: Bot) -> None:
    await bot.channel.send(CHAT, REPLY, effect="1-1", again=False)
    assert bot.api.documents[501] == [(OFFER.name, PDF)]
    assert bot.api.messages[501] == []


async def test_that_it_is_a_file_in_slack(workspace: Workspace) -> None:
    await workspace.channel.send(TALK, REPLY, effect="1-1", again=False)
    assert shared(workspace) == [(OFFER.name, PDF)]
    (message,) = workspace.slack.messages(DIRECT)
    assert [one["title"] for one in message["files"]] == [OFFER.name]


async def test_that_what_may_have_arrived_is_not_sent_again(bot: Bot, workspace: Workspace) -> None:
    bot.api.order("sendDocument", Fault(applied=True))
    workspace.slack.order("files.completeUploadExternal", resetting(applied=True))
    for again in (False, True):
        with pytest.raises(DeliveryUncertain):
            await bot.channel.send(CHAT, REPLY, effect="1-1", again=again)
        with pytest.raises(DeliveryUncertain):
            await workspace.channel.send(TALK, REPLY, effect="1-1", again=again)
    assert bot.api.documents[501] == [(OFFER.name, PDF)]
    assert shared(workspace) == [(OFFER.name, PDF)]


async def test_that_a_limit_delays_it(bot: Bot, workspace: Workspace) -> None:
    bot.api.order("sendDocument", Fault(status=429, description="Too Many Requests", parameters={"retry_after": 7}))
    workspace.slack.order("files.getUploadURLExternal", rate_limited("9"))
    with pytest.raises(DeliveryDelayed) as limited:
        await bot.channel.send(CHAT, REPLY, effect="1-1", again=False)
    with pytest.raises(DeliveryDelayed) as rested:
        await workspace.channel.send(TALK, REPLY, effect="1-1", again=False)
    assert (limited.value.retry_after, rested.value.retry_after) == (7.0, 9.0)
    assert bot.api.documents[501] == []
    assert shared(workspace) == []


async def test_that_a_refusal_is_for_somebody_to_mend(bot: Bot, workspace: Workspace) -> None:
    bot.api.order("sendDocument", Fault(status=400, description="Bad Request: wrong file"))
    workspace.slack.order("files.getUploadURLExternal", refusing("missing_scope"))
    with pytest.raises(DeliveryParked):
        await bot.channel.send(CHAT, REPLY, effect="1-1", again=False)
    with pytest.raises(DeliveryParked):
        await workspace.channel.send(TALK, REPLY, effect="1-1", again=False)


@pytest.mark.parametrize("trouble", ["gone", "too_large", "wrong_type"])
async def test_that_a_file_that_is_gone_is_listed(
    trouble: str, team: TeamFiles, bot: Bot, workspace: Workspace
) -> None:
    team.answer = FetchedFile(trouble=trouble)
    with pytest.raises(DeliveryUncertain, match=trouble):
        await bot.channel.send(CHAT, REPLY, effect="1-1", again=False)
    with pytest.raises(DeliveryUncertain, match=trouble):
        await workspace.channel.send(TALK, REPLY, effect="1-1", again=False)
    assert bot.api.documents[501] == []
    assert workspace.slack.messages(DIRECT) == ()


async def test_that_a_hub_without_a_team_has_no_such_files(embedded_store: Store) -> None:
    async with around_bot(embedded_store.notes) as bot:
        with pytest.raises(DeliveryUncertain, match="gone"):
            await bot.channel.send(CHAT, REPLY, effect="1-1", again=False)
