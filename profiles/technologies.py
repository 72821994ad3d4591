"""Tools by name, and the role each is spoken of in: run today, wanted connected, left or compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from core.fact import Field, Operation
from profiles.context import Context
from profiles.cues import Hit, longest
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
_LISTED = 8
"""Tools of one list that are looked at."""
_PLACE = r"(?:\s+(?:inbox|inboxes|mailbox|mailboxes|account|accounts|shop|store|site|desk|seats|workspace|instance))?"
_LIST_GLUE = re.compile(
    rf"{_PLACE}[\s,/&+]*(?:(?:and|or|und|et|y|e|en|oder|plus|as well as|a|an|our|the|with|on|to)\b[\s,/&+]*){{0,2}}"
)
_SUM_GLUE = re.compile(rf"{_PLACE}\s*(?:[,&+]|\b(?:and|plus|und|et|y|e|en)\b)[\s,&+]*(?:(?:and|a|an|our|the)\s+)*")
_RUN_ON = re.compile(
    r"(?:^|\s)(?:on|with|via|through|in|using|inside|mit|über|avec|sur|con|com|met|op"
    r"|(?:orders?|mails?|e-?mails?|messages|tickets|requests|chats) from)"
    r"\s+(?:(?:a|an|the|one|just|only|plain|shared|single|simple|good|old)\s+)*$"
)
_FRAGMENT = re.compile(
    r"\W*(?:(?:we|just|only|mostly|mainly|currently|now|today|still|a|an|the|one|two|single|plain|simple|shared|good|old)\s+)*"
)
_SHARED = re.compile(r"\b(?:shared|single|common)\s+$")
_RUN_END = re.compile(rf"{_PLACE}\s*(?:[.,;!)\n]|$|(?:for|here|today|right now|at the moment|so far)\b)")
_ASKING_HEAD = re.compile(
    r"\b(?:you|your|yours|any|what|how|which|why|like|want|need|wish|love|should|must|would|could"
    r"|found|find|saw|seen|read|heard|came|come|searched|talked|spoke|meeting)\b"
    r"|^\W*(?:and |so |but )?(?:do|does|can|will|is|are|did|has|have)\b"
)
"""Before a tool: the sentence asks, wishes or tells of something else than what is run today."""
_NOT_RUN_KINDS = frozenset({"channel", "ai"})
"""What people merely write on or hear of; only plain words make these a part of somebody's stack."""
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
        hits = longest(reading.of("tool"))
        found: list[Mention] = []
        for index, hit in enumerate(hits):
            tool = self.tools[hit.name]
            role = self._role(reading, hit, found)
            if not role and not tool.ambiguous and tool.category not in _NOT_RUN_KINDS:
                role = "uses" if _is_run(reading, hits, index) else ""
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
        last = earlier[-1] if earlier and (earlier[-1].role or earlier[-1].owned) else None
        if last and _LIST_GLUE.fullmatch(reading.low, last.end, hit.start):
            return last.role or "uses"
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


def _is_run(reading: Reading, hits: list[Hit], index: int) -> bool:
    """Whether a tool without a telling word is run all the same, as in "12 agents on Zendesk", "Gmail plus Shopify"."""
    low, hit = reading.low, hits[index]
    start, stop = reading.sentence(hit.start)
    near = max(start, hit.start - _BEFORE_REACH)
    if _ASKING_HEAD.search(low, near, hit.start):
        return False
    if _RUN_ON.search(low, near, hit.start):
        return True
    first = reading.clause(hit.start)[0]
    if first < near or not _FRAGMENT.fullmatch(low, first, hit.start) or "?" in low[stop - 3 : stop]:
        return False
    last = index
    while last + 1 < min(len(hits), index + _LISTED) and _SUM_GLUE.fullmatch(low, hits[last].end, hits[last + 1].start):
        last += 1
    several = last > index or _SHARED.search(low, near, hit.start) is not None
    return several and _RUN_END.match(low, hits[last].end) is not None


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
