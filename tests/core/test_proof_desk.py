"""Showing by a code that an address is one's own: what is said, what happens, and what a stranger gets out of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.fact import Field, Standing
from core.ids import MessageId
from core.one_time_code import ATTEMPTS, CODES_PER_HOUR, LIFE, OneTimeCodes
from core.proof_desk import CODE, OFFER, ProofDesk
from core.reply import Mode
from core.session import ConversationState
from core.turn import ProveAddress, SendCode, TurnOutcome
from frontdesk.mind import phrases_in
from profiles.wishes import shipped_wishes
from tests.core.pieces import message, session
from tests.core.talking import example_engine

CODES = OneTimeCodes(b"a key that is only for tests, 32+", "default")
ADDRESS = "mara.lind@hafen.example"


class Chat:
    """One visitor's chat with the desk."""

    def __init__(self) -> None:
        self.desk = ProofDesk(example_engine(), CODES, shipped_wishes(), phrases_in, transcript_channels=frozenset())
        self.state = ConversationState(session=session())
        self.at = 1_800_000_000.0
        self.said = 0

    async def says(self, *texts: str) -> TurnOutcome:
        burst = []
        for text in texts:
            self.at += 20
            self.said += 1
            burst.append(message(text, id=MessageId(f"m{self.said}"), at=self.at))
        outcome = await self.desk.respond(self.state, burst)
        self.state = outcome.state
        return outcome

    @property
    def code(self) -> str:
        live = self.state.session.code
        return CODES.code(live.address, self.state.session.conversation, sent_at=live.sent_at)


def text(outcome: TurnOutcome) -> str:
    return outcome.reply.main_text if outcome.reply else ""


def effects(outcome: TurnOutcome, kind: type) -> list[object]:
    return [effect for effect in outcome.effects if isinstance(effect, kind)]


async def offered(chat: Chat) -> TurnOutcome:
    return await chat.says("hi, I talked to your assistant on Telegram last week, do you remember me?")


async def sent(chat: Chat) -> TurnOutcome:
    await offered(chat)
    await chat.says("yes please")
    return await chat.says(ADDRESS)


@pytest.mark.parametrize(
    "words",
    [
        "we've talked with you guys before",
        "can we continue our earlier conversation? do you still remember me",
        "kennen Sie mich noch?",
        "on s'est déjà parlé la semaine dernière, vous vous souvenez de moi ?",
        "¿se acuerda de mí? ya hablé con ustedes",
        "já falei com vocês, lembra-se de mim?",
        "weet u nog wie ik ben? kent u mij nog",
    ],
)
async def test_who_says_that_they_are_known_is_offered_a_code(words: str) -> None:
    outcome = await Chat().says(words)
    assert outcome.state.session.pending_question == OFFER
    assert outcome.reply is not None
    assert len(outcome.reply.buttons) == 2
    assert effects(outcome, SendCode) == []


async def test_others_are_offered_none() -> None:
    chat = Chat()
    outcome = await chat.says("do you remember what customers said before?")
    assert outcome.state.session.pending_question != OFFER


async def test_the_code_goes_to_the_address_and_a_right_one_makes_the_visitor_known() -> None:
    chat = Chat()
    outcome = await sent(chat)
    live = chat.state.session.code
    assert effects(outcome, SendCode) == [
        SendCode(conversation=chat.state.session.conversation, address=ADDRESS, language="en", at=live.sent_at)
    ]
    assert ADDRESS in text(outcome)
    assert chat.code not in text(outcome)
    outcome = await chat.says(f"it's {chat.code[:3]} {chat.code[3:]}")
    assert [effect.address for effect in outcome.effects if isinstance(effect, ProveAddress)] == [ADDRESS]
    assert chat.state.session.code.address == ""
    assert chat.state.session.pending_question == ""


async def test_an_address_that_is_known_is_not_asked_for_again() -> None:
    chat = Chat()
    await chat.says(f"my mail is {ADDRESS}")
    await offered(chat)
    outcome = await chat.says("Send a code")
    assert len(effects(outcome, SendCode)) == 1


async def test_a_no_is_a_no_and_nobody_is_offered_a_code_again_and_again() -> None:
    chat = Chat()
    await offered(chat)
    outcome = await chat.says("No, thanks")
    assert effects(outcome, SendCode) == []
    assert chat.state.session.pending_question == ""
    await offered(chat)
    assert (await offered(chat)).state.session.pending_question != OFFER


async def test_a_guesser_is_told_nothing_and_stopped() -> None:
    chat = Chat()
    await sent(chat)
    right = chat.code
    for guess in range(ATTEMPTS):
        outcome = await chat.says(f"{(int(right) + 1 + guess) % 10**6:06d}")
        assert effects(outcome, ProveAddress) == []
        assert outcome.state.session.pending_question == CODE
    outcome = await chat.says(right)
    assert effects(outcome, ProveAddress) == []
    assert outcome.state.session.pending_question == OFFER


async def test_a_late_code_is_over() -> None:
    chat = Chat()
    await sent(chat)
    right = chat.code
    chat.at += LIFE
    assert effects(await chat.says(right), ProveAddress) == []


async def test_only_so_many_codes_are_sent() -> None:
    chat = Chat()
    await sent(chat)
    for _ in range(CODES_PER_HOUR + 1):
        chat.at += 61
        chat.state = replace(chat.state, session=replace(chat.state.session, pending_question=OFFER))
        outcome = await chat.says("yes")
    assert effects(outcome, SendCode) == []
    assert len(chat.state.session.code.sent) == CODES_PER_HOUR


async def test_what_else_is_said_is_answered_and_figures_that_are_no_code_are_none() -> None:
    chat = Chat()
    await sent(chat)
    outcome = await chat.says("what does the Growth plan cost?")
    assert "249" in text(outcome)
    outcome = await chat.says("what does the Growth plan cost a year?", chat.code)
    assert len(effects(outcome, ProveAddress)) == 1
    other = Chat()
    await other.says("we get 120 000 tickets a year")
    assert Field.VOLUME in {fact.field for fact in other.state.facts}


async def test_the_desk_is_silent_while_a_person_answers() -> None:
    chat = Chat()
    await sent(chat)
    right = chat.code
    chat.state = replace(chat.state, session=replace(chat.state.session, mode=Mode.HUMAN))
    outcome = await chat.says(right)
    assert outcome.reply is None
    assert effects(outcome, ProveAddress) == []


async def test_what_is_said_does_not_tell_whether_an_address_is_known() -> None:
    known, unknown = Chat(), Chat()
    await sent(known)
    await offered(unknown)
    await unknown.says("yes please")
    outcome = await unknown.says("nobody@hafen.example")
    assert text(outcome).replace("nobody@hafen.example", ADDRESS) != ""
    assert all(fact.standing is not Standing.VERIFIED for fact in unknown.state.facts)
