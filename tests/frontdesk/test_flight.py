"""Edited files tried on what visitors have said: a served desk, the command, and nothing left behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from config import ConfigErrors
from core.errors import ConfigError
from core.flight import Aspect
from core.ids import ConversationId
from frontdesk.app import Running
from frontdesk.cli import main
from frontdesk.commands.flight import _where_they_part
from frontdesk.desk import read_desk
from frontdesk.flights import flight_before_apply, last_talks
from frontdesk.in_force import IN_FORCE, desk_in_force, keep_in_force
from frontdesk.mind import build_mind
from frontdesk.replay import ReplayClock
from frontdesk.talks import held
from tests.core.hub_parts import eventually
from tests.frontdesk.test_reloading import PERSONAS, folder, said, serving

__all__ = ["folder"]  # a fixture

TALK = (
    "We run four clinics and our patients ring all day",
    "What does the Grow plan cost?",
    "mara@hafenpraxis.de",
)
ELSEWHERE = "when: {email_captured: false, readiness: high}\n"


async def talked(hub: Running, name: str = "talk") -> None:
    for turn, text in enumerate(TALK, 1):
        await said(hub, name, text, turn)


async def kept(folder: Path) -> None:
    await eventually((folder / IN_FORCE).is_file, "the files in force were not kept")


def flight(*arguments: str) -> int:
    return main(["flight", *arguments])


def flown(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert flight(*arguments, "--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


async def test_that_a_talk_held_again_goes_as_it_went(folder: Path) -> None:
    async with serving(folder) as hub:
        await talked(hub)
        (talk,) = await last_talks(hub.store.store, 10)
        lines = await hub.hub.transcript(ConversationId("talk"), after=0, limit=100)
    clock = ReplayClock(seconds=0.0)
    mind = build_mind(read_desk(folder), clock=clock)
    replies = [one.reply.main_text async for _, one in held(talk, mind.engine, clock, mind.questions) if one.reply]
    assert replies == [line.text for line in lines if line.author == "bot"]


async def test_that_an_edit_shows_what_it_would_change_before_it_is_in_force(folder: Path) -> None:
    async with serving(folder) as hub:
        await talked(hub)
        await kept(folder)
        store = hub.store.store
        assert (await flight_before_apply(folder, store)).changed == ()
        (folder / "personas.yaml").write_text(PERSONAS.format(name="practices"))
        (folder / "handoff.yaml").write_text(ELSEWHERE)
        found = await flight_before_apply(folder, store)
        assert found.count((Aspect.PERSONA,)) == found.count((Aspect.LEAD,)) == found.count() == 1
        assert (found.leads_before, found.leads_after) == (1, 1)
        (changed,) = found.changed
        assert changed.conversation == "talk"
        lead = next(one for one in changed.changes if one.aspect is Aspect.LEAD)
        assert (lead.turn, lead.heard) == (3, TALK[2])
        assert (lead.before, lead.after) == ("email_captured, hot_signal", "hot_signal")
        await hub.reloader.reload()
        assert (await flight_before_apply(folder, store)).changed == (), "what is taken over is in force"
        (folder / "personas.yaml").write_text("personas: [")
        with pytest.raises(ConfigErrors):
            await flight_before_apply(folder, store)


async def test_that_who_has_not_agreed_to_be_profiled_is_left_out(folder: Path) -> None:
    settings = folder / "frontdesk.yaml"
    settings.write_text(settings.read_text() + "privacy: {consent: required}\n")
    async with serving(folder) as hub:
        await said(hub, "talk", "We run four clinics", 1)
        assert await last_talks(hub.store.store, 10) == ()
        await said(hub, "talk", "Yes", 2)
        assert len(await last_talks(hub.store.store, 10)) == 1


async def test_that_a_rule_shows_which_leads_go_another_way(folder: Path) -> None:
    routed = "teams: [{id: emea}]\nrules: [{name: german, when: {countries: [DE]}, then: {quiet: true}}]\n"
    async with serving(folder) as hub:
        await talked(hub)
        await kept(folder)
        (folder / "handoff.yaml").write_text(routed)
        found = await flight_before_apply(folder, hub.store.store)
    (route,) = (one for one in found.changed[0].changes if one.aspect is Aspect.ROUTE)
    assert (route.turn, route.before, route.after) == (3, "", "everybody by german, quietly")


async def test_that_broken_files_leave_what_is_in_force_as_it_was(folder: Path) -> None:
    async with serving(folder) as hub:
        await kept(folder)
        (folder / "personas.yaml").write_text("personas: [")
        assert (await hub.reloader.reload()).problems
        with desk_in_force(folder) as desk:
            assert [one.id for one in desk.personas] == ["clinics"]


def test_secrets_and_passages_are_found_from_the_desks_own_folder(folder: Path) -> None:
    (folder / "token").write_text("xoxb-1234567890-abcdefghij")
    (folder / "token").chmod(0o600)
    (folder / "handoff.yaml").write_text('slack: {bot_token: "${file:token}", channel: C0123ABCDEF}\n')
    passages = folder.with_suffix(".jsonl")
    (folder / "knowledge.jsonl").rename(passages)
    settings = folder / "frontdesk.yaml"
    settings.write_text(f"{settings.read_text()}knowledge:\n  file: ../{passages.name}\n")
    keep_in_force(read_desk(folder))
    with desk_in_force(folder) as desk:
        assert desk.handoff is not None
        assert desk.handoff.slack is not None
        assert desk.handoff.slack.bot_token.reveal() == "xoxb-1234567890-abcdefghij"
        assert desk.locate(desk.settings.knowledge.file).samefile(passages)
    assert b"xoxb" not in (folder / IN_FORCE).read_bytes()


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_an_archive_that_is_none_says_what_to_do(content: bytes, folder: Path) -> None:
    (folder / IN_FORCE).parent.mkdir()
    (folder / IN_FORCE).write_bytes(content)
    with pytest.raises(ConfigError, match="--against"), desk_in_force(folder):
        pass


def _edited(folder: Path) -> Path:
    """A folder of its own, in which an address alone is no reason for a lead."""
    other = folder / "edited"
    other.mkdir()
    for file in ("frontdesk.yaml", "personas.yaml", "knowledge.jsonl"):
        (other / file).write_bytes((folder / file).read_bytes())
    (other / "handoff.yaml").write_text(ELSEWHERE)
    return other


def _written(folder: Path) -> int:
    return sum(file.stat().st_size for file in (folder / "state").rglob("*.aof"))


@pytest.fixture
def served(folder: Path) -> Path:
    """A desk that was served, and is no longer."""
    import asyncio

    async def serve() -> None:
        async with serving(folder) as hub:
            await talked(hub)
            await kept(folder)

    asyncio.run(serve())
    return folder


def test_the_command_tells_each_change_with_its_turn(served: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = _written(served)
    other = _edited(served)
    found = flown(capsys, "-c", str(served), "--against", str(other))
    assert (found["conversations"], found["turns"], found["share"]) == (1, 3, 1.0)
    assert found["leads"] == {"before": 1, "after": 1}
    assert found["aspects"]["lead"] == 1
    assert found["changes"][0]["conversation"] == "talk"
    assert flight("-c", str(served), "--against", str(other)) == 0
    shown = capsys.readouterr().out
    assert "turn 3: “mara@hafenpraxis.de”" in shown
    assert "lead, or why: email_captured, hot_signal -> hot_signal" in shown
    assert _written(served) == before > 0, "a flight reads"


def test_long_replies_are_shown_from_where_they_part() -> None:
    same = "The Grow plan is for teams of up to ten, and can be left at the end of any month. "
    before, after = _where_they_part(f"{same}It costs $40.", f"{same}It costs $45.")
    assert (before, after) == ("…any month. It costs $40.", "…any month. It costs $45.")
    assert _where_they_part("", same) == ("", same)
    assert _where_they_part("Hi Ann", "Hi Bob") == ("Hi Ann", "Hi Bob")


def test_the_command_fails_above_a_share(served: Path, capsys: pytest.CaptureFixture[str]) -> None:
    against = ("-c", str(served), "--against", str(_edited(served)))
    assert flight(*against, "--most", "10%") == 1
    assert "1 of 1 conversations change in what counts: 100 %, more than 10 % (--most)" in capsys.readouterr().err
    assert flight(*against, "--most", "1") == 0
    assert flight(*against, "--most", "0", "--of", "persona") == 0


def test_without_another_folder_what_is_in_force_is_compared_with_the_files(
    served: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert flown(capsys, "-c", str(served))["changed"] == 0
    (served / "handoff.yaml").write_text(ELSEWHERE)
    assert flown(capsys, "-c", str(served))["aspects"]["lead"] == 1


def test_conversations_of_a_file_need_no_store(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    talk = {"id": "c1", "turns": [{"t": turn, "visitor": text} for turn, text in enumerate(TALK, 1)]}
    example = folder / "talks.jsonl"
    example.write_text(json.dumps(talk) + "\n")
    against = ("-c", str(folder), "--against", str(_edited(folder)))
    found = flown(capsys, *against, "--example", str(example))
    assert found["changes"][0]["conversation"] == "replay:c1"
    assert found["aspects"]["lead"] == 1
    assert flight(*against) == 78
    assert "--example" in capsys.readouterr().err
    assert not (folder / "state").exists(), "looking makes no store"
    assert flight("-c", str(folder), "--example", str(example)) == 78
    assert "frontdesk serve" in capsys.readouterr().err
    assert flight(*against, "--example", str(folder / "nothing.jsonl")) == 78


@pytest.mark.parametrize("wrong", [("--most", "12"), ("--most", "some"), ("--last", "-1"), ("--of", "mood")])
def test_what_is_no_share_and_no_number_is_usage(wrong: tuple[str, str], folder: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        flight("-c", str(folder), *wrong)
    assert ended.value.code == 64


def test_the_words_of_the_command_line_are_the_aspects() -> None:
    from frontdesk.cli import ASPECTS

    assert tuple(aspect.value for aspect in Aspect) == ASPECTS
