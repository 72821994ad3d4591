"""Tools by name: the list of them, and what is told of those a message speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from core.fact import Field, Operation
from profiles.context import Context
from profiles.cues import Hit, longest
from profiles.facts import Finding
from profiles.misspelling import Misspellings
from profiles.reading import Reading
from profiles.resources import Resource
from profiles.tool_references import referred_to
from profiles.tool_roles import (
    LIST_GLUE,
    PLANNED,
    ROLE_FIELDS,
    also_run,
    holds_messages,
    is_asked_about,
    is_by_now,
    is_dealt_in,
    is_kept,
    is_ours,
    is_owned,
    is_run,
    is_told,
    is_weighed,
    role_of,
)
from profiles.unlisted_tools import unlisted_tools

MOST = 40
"""Tools of one message that are looked at; nobody runs more."""
_HAVING = ("have", "has", "'ve", "get")
_NOT_RUN_KINDS = frozenset({"channel", "ai"})
"""What people merely write on or hear of; only plain words make these a part of somebody's stack."""
_NOUN_NEXT = re.compile(
    r"\s*(?:$|[.,;:!?)\n]|(?:and|or|for|with|to|as|in|on|at|plus|integration|is|but|right|now|today|too|und|y|et|e|en)\b)"
)
_BESIDE_ANOTHER = re.compile(
    r"\b(?:we|i|wir|ich|nous|on|wij|ik) (?:use|run|nutzen|nutze|verwenden|utilisons|utilise|gebruiken|gebruik)"
    r"\s+[\w-]{3,20}\s+(?:and|und|et|en|plus|\+|&)\s+$"
)
"""In front of a tool named after one that nobody has listed: "we use planfold and outlook"."""
_OUR_OWN = re.compile(
    r"\b(?:nutzt|verwendet|benutzt|nutzen|verwenden|benutzen) (?:ihr|sie)\b"
    r"|\b(?:utilisez|employez|tournez)[- ]vous\b|\b(?:usáis|utilizáis|usan ustedes|utilizan ustedes|usa usted)\b"
    r"|\bvocês (?:usam|utilizam)\b|\b(?:gebruiken|gebruikt) (?:jullie|u)\b"
    r"|\b(?:do|are|is|does) (?:you|u|it|this|your \w+) (?:use|using|built on|based on|run on|running on)\b"
)
"""Before a tool in its clause: it is asked what we run, as in "nutzt ihr ChatGPT?"."""


class TechnologyFile(Resource):
    """`technologies.yaml`."""

    technical: tuple[str, ...]
    rivals: tuple[str, ...]
    everyday: tuple[str, ...]
    categories: dict[str, tuple[str, ...]]


class Tool(NamedTuple):
    name: str
    category: str
    ambiguous: bool  # an everyday word, too


def tools_of(data: TechnologyFile) -> tuple[dict[str, Tool], dict[str, list[str]]]:
    """The tools by name, and their spellings as cues; spellings of ambiguous names carry over their mark."""
    tools: dict[str, Tool] = {}
    cues: dict[str, list[str]] = {}
    for category, entries in data.categories.items():
        for entry in entries:
            name, *others = spellings(entry)
            everyday = [one for one in others if one.startswith("!")]
            tools[name] = Tool(name, category, entry.startswith("!"))
            cues[name] = [name, *(one for one in others if one not in everyday)]
            for spelling in (one.removeprefix("!") for one in everyday):
                tools[spelling] = Tool(name, category, True)
                cues[spelling] = [spelling]
    return tools, cues


def spellings(entry: str) -> list[str]:
    """The name of an entry and its other spellings."""
    return [part.strip() for part in entry.removeprefix("!").split("|")]


def with_own(data: TechnologyFile, own: Mapping[str, tuple[str, ...]]) -> TechnologyFile:
    """The list with a company's own tools, which go before shipped ones of the same name."""
    taken = {spellings(entry)[0].casefold() for entries in own.values() for entry in entries}
    kinds = {
        kind: tuple(one for one in entries if spellings(one)[0].casefold() not in taken)
        for kind, entries in data.categories.items()
    }
    for kind, entries in own.items():
        kinds[kind] = (*kinds.get(kind, ()), *entries)
    return data.model_copy(update={"categories": kinds})


class Mention(NamedTuple):
    tool: Tool
    start: int
    end: int
    role: str  # uses | wants | leaves | compares | plans | ""
    owned: bool  # "our Zendesk"
    run: bool = False  # to be connected or left, and said to be run


class TechnologyReader:
    """`rivals` are the categories and tools that can be competitors of the company Frontdesk speaks for."""

    def __init__(
        self, data: TechnologyFile, *, rivals: tuple[str, ...] = (), own: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        self.tools, self.cues = tools_of(with_own(data, own or {}))
        self._names = {cue.casefold(): self.tools[name].name for name, cues in self.cues.items() for cue in cues}
        self._technical = frozenset(data.technical)
        self._rivals = frozenset(self._names.get(one.casefold(), one) for one in rivals or data.rivals)
        plain = [name for name, tool in self.tools.items() if not tool.ambiguous]
        self._misspellings = Misspellings({cue: name for name in plain for cue in self.cues[name]}, words=data.everyday)

    def mentions(self, reading: Reading, *, asked: bool) -> list[Mention]:
        """Every tool spoken of, with its role; `asked`: the visitor was just asked for tools."""
        telling = asked or reading.of("tools") or reading.of("tool")
        if not telling:
            return []
        slips = list(self._misspelled(reading))
        hits = longest([*reading.of("tool"), *slips])[:MOST]
        found: list[Mention] = []
        for index, hit in enumerate(hits):
            tool = self.tools[hit.name]
            role = role_of(reading, hit, found[-1] if found else None)
            slip = hit in slips and reading.text[hit.start].islower()
            if slip and not role and not is_run(reading, hits, index):
                continue  # a word of its own that only looks like the name
            if not role and not (tool.ambiguous and reading.text[hit.start].islower()):
                role = self._plain_role(reading, hits, index, tool)
            if tool.ambiguous and not self._stands_as_tool(reading, hit, role, found, asked=asked):
                continue
            if _OUR_OWN.search(reading.low, reading.clause(hit.start)[0], hit.start):
                continue
            run = role in {"wants", "leaves"} and also_run(reading, hit)
            found.append(Mention(tool, hit.start, hit.end, role, is_owned(reading, hit), run))
        return found

    def canonical(self, name: str) -> str:
        """The listed name of a tool by any of its spellings, the same text for one that is not listed."""
        return self._names.get(name.casefold(), name)

    def category(self, name: str) -> str:
        """The category of a tool, "" for an unknown name."""
        tool = self.tools.get(name)
        return tool.category if tool else ""

    def read(
        self, reading: Reading, context: Context, mentions: list[Mention], *, asked: Field | None
    ) -> Iterator[Finding]:
        """Findings for tech_stack, integrations and competitors; `asked`: the field the visitor was asked for."""
        denied = {one.tool.name for one in mentions if context.negated(one.start) and one.role in {"", "uses"}}
        held = [
            one
            for one in mentions
            if self._holds(reading, context, one) and not (one.tool.name in denied and self._denied_too(reading, one))
        ]
        for mention in held:
            yield from self._findings(mention, asked=asked)
        for mention in referred_to(reading, held):
            yield self._found(Field.INTEGRATIONS, mention, 0.75)
        yield from unlisted_tools(reading, context, self._names)
        yield from _custom_api(reading, context)

    def technical(self, mentions: list[Mention]) -> list[Mention]:
        """Those mentions that show a technical visitor."""
        return [mention for mention in mentions if mention.tool.category in self._technical]

    @staticmethod
    def _holds(reading: Reading, context: Context, mention: Mention) -> bool:
        """Whether it is told of the visitor's own organisation as it is today, or of what it compares."""
        hit = Hit(mention.start, mention.end, mention.tool.name)
        if context.past(mention.start) and not (mention.role in {"", "uses"} and is_by_now(reading, hit)):
            return False
        weighed = mention.role == "compares" and is_weighed(reading, hit)
        denied = context.negated(mention.start) and not (is_kept(reading, hit) or weighed)
        if denied or context.hypothetical(mention.start):
            return False
        theirs = context.elsewhere(mention.start) and not holds_messages(reading, hit)
        return mention.role == "compares" or not theirs

    @staticmethod
    def _denied_too(reading: Reading, mention: Mention) -> bool:
        """Whether nothing but its name speaks for a tool that the message denies elsewhere: "no Sage, not Sage"."""
        hit = Hit(mention.start, mention.end, mention.tool.name)
        return mention.role in {"", "uses"} and not (is_kept(reading, hit) or is_by_now(reading, hit))

    def _misspelled(self, reading: Reading) -> Iterator[Hit]:
        known = {hit.start for group in ("tool", "tools", "context") for hit in reading.of(group)}
        return (Hit(*one) for one in self._misspellings.find(reading.shown) if one[0] not in known)

    def _plain_role(self, reading: Reading, hits: list[Hit], index: int, tool: Tool) -> str:
        if is_asked_about(reading, hits[index]):
            return "wants"
        if tool.category in _NOT_RUN_KINDS or is_dealt_in(reading, hits[index]):
            return ""
        named = not tool.ambiguous and not self._is_rival(tool) and is_told(reading, hits[index])
        return "uses" if named or is_run(reading, hits, index) else ""

    def _is_rival(self, tool: Tool) -> bool:
        return tool.category in self._rivals or tool.name in self._rivals

    def _findings(self, mention: Mention, *, asked: Field | None) -> Iterator[Finding]:
        tool, role = mention.tool, mention.role
        if not role and not asked and not mention.owned:
            if tool.category in self._technical:
                yield self._found(Field.TECH_STACK, mention, 0.55)
            return
        if role == PLANNED and not self._is_rival(tool):
            return
        field = Field.COMPETITORS if role == PLANNED else ROLE_FIELDS.get(role, asked or Field.TECH_STACK)
        if field is Field.COMPETITORS and not self._is_rival(tool):
            if not mention.owned and not mention.run:
                return
            field = Field.TECH_STACK
        yield self._found(field, mention, 0.85)
        if asked is Field.INTEGRATIONS and role == "uses":
            yield self._found(asked, mention, 0.75)
        if field is not Field.TECH_STACK and (mention.run or (mention.owned and field is Field.INTEGRATIONS)):
            yield self._found(Field.TECH_STACK, mention, 0.7)

    @staticmethod
    def _found(field: Field, mention: Mention, confidence: float) -> Finding:
        return Finding(field, mention.tool.name, mention.start, mention.end, Operation.ADD, confidence=confidence)

    def _stands_as_tool(self, reading: Reading, hit: Hit, role: str, earlier: list[Mention], *, asked: bool) -> bool:
        written = reading.text[hit.start : hit.end]
        name = hit.name
        if written == name or written.lower() != name.lower():
            opens = reading.sentence(hit.start)[0] == hit.start and len(reading.text) > hit.end
            return asked or bool(role) or bool(earlier) or (not opens and bool(reading.of("tool")[1:]))
        if written[:1].isupper():
            return False
        glued = (
            any(
                hit.start - cue.end <= 1
                and cue.end <= hit.start
                and not reading.low.endswith(_HAVING, cue.start, cue.end)
                for cue in reading.of("tools")
                if cue.name in ROLE_FIELDS
            )
            or _BESIDE_ANOTHER.search(reading.low, reading.clause(hit.start)[0], hit.start) is not None
            or is_by_now(reading, hit)
            or is_ours(reading, hit)
            or (bool(earlier) and bool(LIST_GLUE.fullmatch(reading.low, earlier[-1].end, hit.start)))
        )
        return glued and bool(_NOUN_NEXT.match(reading.low, hit.end))


def _custom_api(reading: Reading, context: Context) -> Iterator[Finding]:
    for hit in reading.of("custom_api"):
        if context.asserted(hit.start):
            yield Finding(Field.INTEGRATIONS, "Custom API", hit.start, hit.end, confidence=0.8)
            return
