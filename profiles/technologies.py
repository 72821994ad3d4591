"""Tools by name, and the role each is spoken of in: run today, wanted connected, left or compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from core.fact import Field, Operation
from profiles.context import Context
from profiles.cues import Hit
from profiles.facts import Finding
from profiles.reading import Reading
from profiles.resources import Resource

_ROLE_FIELDS = {
    "uses": Field.TECH_STACK,
    "wants": Field.INTEGRATIONS,
    "leaves": Field.COMPETITORS,
    "compares": Field.COMPETITORS,
}
_HAVING = ("have", "has", "'ve", "get")
_BEFORE_REACH = 80
_AFTER_REACH = 28
_LIST_GLUE = re.compile(r"[\s,/&+]*(?:and|or|und|et|y|e|en|oder|plus|as well as|a|our|the|with|on|to)?[\s,/&+]*")
_BARE_START = re.compile(
    r"\W*(?:(?:and|we|we're|also|still|all|currently)\s+)*(?:on|using|in|run|use)\s+(?:a\s+|the\s+)?"
)
_NOUN_NEXT = re.compile(
    r"\s*(?:$|[.,;:!?)\n]|(?:and|or|for|with|to|as|in|on|at|plus|integration|is|but|right|now|today|too|und|y|et|e|en)\b)"
)


class TechnologyFile(Resource):
    """`technologies.yaml`."""

    technical: tuple[str, ...]
    rivals: tuple[str, ...]
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
            ambiguous = entry.startswith("!")
            name, *others = (part.strip() for part in entry.removeprefix("!").split("|"))
            tools[name] = Tool(name, category, ambiguous)
            cues[name] = [name, *others]
    return tools, cues


class Mention(NamedTuple):
    tool: Tool
    start: int
    end: int
    role: str  # uses | wants | leaves | compares | ""
    owned: bool  # "our Zendesk"


class TechnologyReader:
    """`rivals` are the categories whose tools can be competitors of the company Frontdesk speaks for."""

    def __init__(self, data: TechnologyFile, *, rivals: tuple[str, ...] = ()) -> None:
        self.tools, self.cues = tools_of(data)
        self._technical = frozenset(data.technical)
        self._rivals = frozenset(rivals or data.rivals)

    def mentions(self, reading: Reading, *, asked: bool) -> list[Mention]:
        """Every tool spoken of, with its role; `asked`: the visitor was just asked for tools."""
        hits = _longest(reading.of("tool"))
        found: list[Mention] = []
        for hit in hits:
            tool = self.tools[hit.name]
            role = self._role(reading, hit, found)
            if tool.ambiguous and not self._stands_as_tool(reading, hit, role, found, asked=asked):
                continue
            found.append(Mention(tool, hit.start, hit.end, role, _is_owned(reading, hit)))
        return found

    def category(self, name: str) -> str:
        """The category of a tool, "" for an unknown name."""
        tool = self.tools.get(name)
        return tool.category if tool else ""

    def read(
        self, reading: Reading, context: Context, mentions: list[Mention], *, asked: Field | None
    ) -> Iterator[Finding]:
        """Findings for tech_stack, integrations and competitors; `asked`: the field the visitor was asked for."""
        for mention in mentions:
            if context.past(mention.start) or context.hypothetical(mention.start) or context.negated(mention.start):
                continue
            if context.foreign(mention.start) and mention.role != "compares":
                continue
            yield from self._findings(mention, asked=asked)
        yield from _custom_api(reading, context)

    def technical(self, mentions: list[Mention]) -> list[Mention]:
        """Those mentions that show a technical visitor."""
        return [mention for mention in mentions if mention.tool.category in self._technical]

    def _findings(self, mention: Mention, *, asked: Field | None) -> Iterator[Finding]:
        tool, role = mention.tool, mention.role
        rival = tool.category in self._rivals
        if not role and not asked and not mention.owned:
            if tool.category in self._technical:
                yield self._found(Field.TECH_STACK, mention, 0.55)
            return
        field = _ROLE_FIELDS.get(role, asked or Field.TECH_STACK)
        if field is Field.COMPETITORS and not rival:
            if role == "leaves":
                return
            field = Field.TECH_STACK if mention.owned else field
            if field is Field.COMPETITORS:
                return
        yield self._found(field, mention, 0.85)
        if mention.owned and field is Field.INTEGRATIONS:
            yield self._found(Field.TECH_STACK, mention, 0.7)

    @staticmethod
    def _found(field: Field, mention: Mention, confidence: float) -> Finding:
        return Finding(field, mention.tool.name, mention.start, mention.end, Operation.ADD, confidence=confidence)

    def _role(self, reading: Reading, hit: Hit, earlier: list[Mention]) -> str:
        cues = reading.of("tools")
        if earlier and earlier[-1].role and _LIST_GLUE.fullmatch(reading.low, earlier[-1].end, hit.start):
            return earlier[-1].role
        if _BARE_START.fullmatch(reading.low, 0, hit.start):
            return "uses"
        if not cues:
            return ""
        start, stop = reading.sentence(hit.start)
        after = _nearest_after(cues, hit, min(stop, hit.end + _AFTER_REACH), reading)
        before = _nearest_before(cues, hit, max(start, hit.start - _BEFORE_REACH))
        if after and (before is None or after.start - hit.end < 3 or after.name == "leaves_after"):  # noqa: PLR2004
            return after.name.removesuffix("_after")
        return before.name if before else after.name.removesuffix("_after") if after else ""

    def _stands_as_tool(self, reading: Reading, hit: Hit, role: str, earlier: list[Mention], *, asked: bool) -> bool:
        written = reading.text[hit.start : hit.end]
        name = self.tools[hit.name].name
        exact = written == name or (written.lower() != name.lower()) or (written[:1].isupper() and written == name)
        if exact:
            opens = reading.sentence(hit.start)[0] == hit.start and len(reading.text) > hit.end
            return asked or bool(role) or bool(earlier) or (not opens and bool(reading.of("tool")[1:]))
        if written[:1].isupper():
            return False
        glued = any(
            hit.start - cue.end <= 1 and cue.end <= hit.start and not reading.low.endswith(_HAVING, cue.start, cue.end)
            for cue in reading.of("tools")
            if cue.name in _ROLE_FIELDS
        ) or (bool(earlier) and bool(_LIST_GLUE.fullmatch(reading.low, earlier[-1].end, hit.start)))
        return glued and bool(_NOUN_NEXT.match(reading.low, hit.end))


def _longest(hits: list[Hit]) -> list[Hit]:
    if len(hits) < 2:  # noqa: PLR2004
        return hits
    ordered = sorted(hits, key=lambda hit: (hit.start, -hit.end))
    kept: list[Hit] = []
    for hit in ordered:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _is_owned(reading: Reading, hit: Hit) -> bool:
    return any(cue.name == "owns" and cue.end <= hit.start <= cue.end + 2 for cue in reading.of("tools"))


def _nearest_before(cues: list[Hit], hit: Hit, floor: int) -> Hit | None:
    before = [cue for cue in cues if floor <= cue.start and cue.end <= hit.start and cue.name in _ROLE_FIELDS]
    return max(before, key=lambda cue: (cue.end, cue.start - cue.end), default=None)


def _nearest_after(cues: list[Hit], hit: Hit, ceiling: int, reading: Reading) -> Hit | None:
    after = [
        cue
        for cue in cues
        if cue.name.endswith("_after")
        and hit.end <= cue.start < ceiling
        and "," not in reading.low[hit.end : cue.start]
    ]
    return min(after, key=lambda cue: cue.start, default=None)


def _custom_api(reading: Reading, context: Context) -> Iterator[Finding]:
    for hit in reading.of("custom_api"):
        if context.asserted(hit.start):
            yield Finding(Field.INTEGRATIONS, "Custom API", hit.start, hit.end, confidence=0.8)
            return
