"""Notes in a lead's thread: what the visitor said, what goes to them, and what stays in the team, never mixed up."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from core.ids import LeadId
from core.rep import NoteKind, Rep, RepId, TeamNote
from handoff.note import ATTENTION, FROM_VISITOR, INTERNAL, TO_VISITOR, Note, render_note
from handoff.view import TeamView
from handoff.words import team_languages, team_words
from tests.handoff.anything import MARKUP, NOTES, VIEWS
from tests.handoff.block_kit import assert_message, texts

LEAD = LeadId("lead.web-7f3a")
INES = Rep(id=RepId("U0INES"), name="Ines Vega")
MARKS = {
    FROM_VISITOR: {NoteKind.VISITOR_SAID, NoteKind.VISITOR_EDITED, NoteKind.VISITOR_FILE},
    TO_VISITOR: {NoteKind.REP_SAID, NoteKind.ABOUT_TO_SAY},
    ATTENTION: {NoteKind.ESCALATED, NoteKind.HUMAN_WANTED},
}


def shown(note: Note) -> list[str]:
    return list(texts(list(note.blocks)))


def english(note: TeamNote) -> list[str]:
    return shown(render_note(note, LEAD))


@pytest.mark.parametrize("language", team_languages())
@pytest.mark.parametrize("kind", NoteKind)
def test_that_each_note_says_by_its_first_character_who_reads_it(kind: NoteKind, language: str) -> None:
    note = TeamNote(kind=kind, rep=INES, text="reply", items=("U0BOSS",), until=1_790_060_400.0, message="m1")
    rendered = render_note(note, LEAD, TeamView(words=team_words(language)))
    mark = next((mark for mark, kinds in MARKS.items() if kind in kinds), INTERNAL)
    assert shown(rendered)[0].startswith(f"{mark} ")
    assert rendered.text.startswith(f"{mark} ")
    assert "{" not in "".join(MARKUP.sub("", text) for text in shown(rendered))


def test_that_the_visitors_words_keep_their_lines_and_lose_their_powers() -> None:
    note = TeamNote(kind=NoteKind.VISITOR_SAID, text="<!channel> *now*\n\nhttps://evil.example & more")
    assert english(note) == ["💬 *Visitor*", "&lt;!channel&gt; *now*\n\nhttps://evil.example &amp; more"]
    assert render_note(note, LEAD).blocks[1]["text"]["type"] == "plain_text"


def test_that_an_edit_and_a_deletion_are_told_apart() -> None:
    assert english(TeamNote(kind=NoteKind.VISITOR_EDITED, text="30, not 13")) == [
        "💬 *Visitor* · changed an earlier line",
        "30, not 13",
    ]
    assert english(TeamNote(kind=NoteKind.VISITOR_EDITED)) == ["💬 *Visitor* · took an earlier line back"]


def test_that_a_file_that_is_only_named_says_why() -> None:
    named = TeamNote(kind=NoteKind.VISITOR_FILE, text="<!here>.pdf", items=("too_large",))
    assert english(named) == ["💬 *A file of the visitor's* · it is too large", "&lt;!here&gt;.pdf"]
    assert render_note(replace(named, items=()), LEAD).text == "💬 A file of the visitor's: &lt;!here&gt;.pdf"


def test_that_what_is_about_to_go_out_can_be_undone() -> None:
    note = TeamNote(kind=NoteKind.ABOUT_TO_SAY, text="We can.", until=1_790_060_400.0, message="m:9", only_for=INES.id)
    rendered = render_note(note, LEAD)
    assert shown(rendered)[:2] == ["➡️ *To the visitor* · goes out in five seconds unless you undo it", "We can."]
    button = rendered.blocks[-1]["elements"][0]
    assert (button["action_id"], json.loads(button["value"])) == ("lead:undo", {"lead": LEAD, "message": "m:9"})


@pytest.mark.parametrize(
    ("note", "lines"),
    [
        (
            TeamNote(kind=NoteKind.CLAIMED, rep=INES),
            ["🔒 Ines Vega has claimed this lead. The bot is silent now; Ines answers the visitor."],
        ),
        (
            TeamNote(kind=NoteKind.NOT_POSSIBLE, text="bridge_on"),
            ["🔒 “Bridge on” does not fit this lead as it stands now. Nothing was changed."],
        ),
        (
            TeamNote(kind=NoteKind.LOST, rep=INES, text="price: twice ours"),
            ["🔒 Ines Vega has lost this lead", "Price: twice ours"],
        ),
        (
            TeamNote(kind=NoteKind.ASSIGNED, rep=INES, text="Noor"),
            ["🔒 Ines Vega has this lead now, assigned by Noor."],
        ),
        (
            TeamNote(kind=NoteKind.CHANGED, items=("Budget: $500 a month", "level.high")),
            ["🔒 *New on this lead*\n• Budget: $500 a month\n• readiness is high now"],
        ),
        (
            TeamNote(kind=NoteKind.RETURNED, rep=INES, items=("Timeline: now",)),
            ["🔒 Ines Vega has handed the visitor back to the bot.", "🔒 *Learned since the claim*\n• Timeline: now"],
        ),
        (
            TeamNote(kind=NoteKind.ESCALATED, items=("U0BOSS", "not an id")),
            ["🔔 *Nobody has claimed this lead yet.* <@U0BOSS> not an id"],
        ),
        (
            TeamNote(kind=NoteKind.HUMAN_WANTED, text="a person please"),
            ["🔔 *The visitor asks for a person.*", "💬 *Visitor*", "a person please"],
        ),
    ],
)
def test_that_a_note_reads_as_a_sentence(note: TeamNote, lines: list[str]) -> None:
    assert english(note) == lines


def test_that_a_notification_tells_a_time_without_markup() -> None:
    rendered = render_note(TeamNote(kind=NoteKind.SNOOZED, rep=INES, until=1_790_060_400.0), LEAD)
    assert rendered.text == "🔒 Ines Vega has put this lead off until 2026-09-22 07:00 UTC."


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(note=NOTES, view=VIEWS)
def test_that_every_note_is_within_slacks_limits_and_holds_no_markup_of_others(note: TeamNote, view: TeamView) -> None:
    rendered = render_note(note, LEAD, view)
    assert_message(rendered.blocks, rendered.text)
    everything = MARKUP.sub("", rendered.text + "".join(shown(rendered)))
    assert not set("<>\u202e\ud800") & set(everything)
    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(one) for one in everything.replace("\n", "")}
