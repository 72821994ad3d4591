from __future__ import annotations

import pytest

from profiles.cue_syntax import parse
from profiles.cues import Lexicon, folded
from profiles.resources import load
from profiles.technologies import TechnologyFile, spellings, tools_of


def _found(cue: str, text: str) -> list[str]:
    plain = f" {folded(text.lower())} "
    hits = Lexicon({"group": {"name": [cue]}}).scan(plain, (0,), (0,)).get("group", [])
    return [plain[hit.start : hit.end] for hit in hits]


@pytest.mark.parametrize(
    ("cue", "text", "found"),
    [
        ("go live", "we go live soon", ["go live"]),
        ("go live", "forgo lives", []),
        ("ticket*", "ticketing rules", ["ticket"]),
        ("ticket* pile up", "tickets pile up", ["tickets pile up"]),
        ("(a|the|) red (car|bike)", "the red bike", ["the red bike", "red bike"]),
        ("drown* ... mails", "drowning in far too many mails", ["drowning in far too many mails"]),
        ("drown* ... mails", "drowning. mails", []),
        ("(send (me|us|) an|a) offer", "send us an offer", ["send us an offer"]),
        ("e-mail", "my e mail", ["e mail"]),
        ("can't scale", "we can’t scale", ["can't scale"]),
        ("we sell * online", "we sell kites online", ["we sell kites online"]),
        ("we sell * online", "we sell online", []),
        ("we weld *", "it is gates that we weld", []),
        ("we weld *", "we weld gates", ["we weld gates"]),
    ],
)
def test_the_cue_syntax(cue: str, text: str, found: list[str]) -> None:
    assert _found(cue, text) == found


@pytest.mark.parametrize("cue", ["(a|b", "a|b)", "((a) b"])
def test_unmatched_parentheses_are_refused(cue: str) -> None:
    with pytest.raises(ValueError, match=r"cue|choice"):
        parse(cue)


def test_a_cue_that_begins_with_any_word_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot begin"):
        parse("(* |the) gate")


def test_the_shipped_gazetteer_is_large_and_without_doubles() -> None:
    data = load("technologies.yaml", TechnologyFile)
    tools, _ = tools_of(data)
    assert len(tools) > 350
    everyday = sum(
        spelling.startswith("!")
        for entries in data.categories.values()
        for one in entries
        for spelling in spellings(one)
    )
    assert len(tools) == everyday + sum(len(entries) for entries in data.categories.values())
