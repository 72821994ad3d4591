"""The visitor's job and whether they decide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from core.fact import Field, Source
from profiles.agent_nouns import AgentNounReader
from profiles.authority import AuthorityReader
from profiles.context import Context
from profiles.cues import Hit, longest
from profiles.facts import Finding
from profiles.quantity_grammar import either
from profiles.reading import Reading
from profiles.resources import Resource

ANSWER_LIMIT = 80
"""Characters up to which a message is an answer to the question for the role, and not a story."""

AREA_LIMIT = 48
"""Characters up to which an answer may be nothing but a field of work."""

DUTIES = 12
"""Things somebody may say they do, of one message, that are looked at."""

_SMALL = frozenset({"im", "of", "for", "and", "de", "del", "the", "da", "do", "van", "für", "der", "al", "ao"})


class RoleFile(Resource):
    """`roles.yaml`."""

    heads: tuple[str, ...]
    before: tuple[str, ...]
    links: tuple[str, ...]
    after: tuple[str, ...]
    compounds: dict[str, tuple[str, ...]]
    direct: tuple[str, ...]
    after_name: frozenset[str]
    introducers: tuple[str, ...]
    articles: tuple[str, ...]
    decides: frozenset[str]
    upper: frozenset[str]
    expand: dict[str, str]
    duties: tuple[str, ...]
    fields: tuple[str, ...]
    titled: dict[str, str]
    owns: tuple[str, ...]
    manages: tuple[str, ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """The heads, and those that German writes as one word with what they are in charge of."""
        firsts, lasts = self.compounds["first"], self.compounds["last"]
        return (*self.heads, *(f"{first}{last}" for first in firsts for last in lasts))


class RoleReader:
    def __init__(self, data: RoleFile, authority: AuthorityReader, unlisted: AgentNounReader) -> None:
        self._authority = authority
        self._unlisted = unlisted
        before, links, after = either(data.before), either(data.links), either(data.after)
        heads = either(data.titles)
        self._left = re.compile(rf"(?:(?<!\w)(?:{before})[\s-]+){{1,3}}$")
        self._right = re.compile(
            rf"(?:,?\s+(?:{links})\s+(?:(?:the|our|la|le|el|los|las|der|die|het|o|a)\s+|l'|l’)?(?:(?:{after})(?!\w)[\s-]*){{1,4}})?(?:\s*(?:and|&|/|y|e|et|und)\s*(?:(?:{before})[\s-]+){{0,2}}(?:{heads})(?!\w)(?:\s+(?:{links})\s+(?:(?:{after})(?!\w)[\s-]*){{1,3}})?)?",
        )
        self._introduced = re.compile(
            rf"(?<!\w)(?:{either(data.introducers)})\s+(?:(?:{either(data.articles)})\s+|[^\W\d_]+(?:\s[^\W\d_]+)?,\s+(?:the\s+|a\s+|an\s+)?)*$"
        )
        self._signed = re.compile(r"(?:^|\n|[.!])\s{0,4}[^\W\d_][\w'-]+(?:\s+[^\W\d_][\w'-]+){0,3}\s*[,|–\n-]\s*$")
        self._placed = re.compile(r"\s+(?:here\b|at\s|@\s|bei\s|chez\s|en\s|of\s|for\s)")
        self._trim = re.compile(r"[\s,&/-]*(?:\b(?:and|y|e|et|und)\b)?[\s,&/-]*$")
        self._direct = re.compile(rf"\s+(?:(?:{after})(?!\w)[\s-]*){{1,3}}")
        self._direct_heads = frozenset(data.direct)
        self._after_name = data.after_name
        self._decides = data.decides
        self._upper = data.upper
        self._expand = data.expand
        self._field = re.compile(
            rf"\s*(?:(?:the|our|all|all of|of|de|del|da|do|du|des|um|für|la|el|o|a)\s+){{0,2}}?"
            rf"(?P<field>{either((*data.fields, *data.titled))})(?!\w)"
        )
        self._titled_fields = data.titled
        self._article = re.compile(r"^(?:the|den|die|das|le|la|les|el|los|las|o|a|as|os|de|het)\s+|^l'")
        self._possession = re.compile(
            r"\s+(?:(?:a|an|the|our|two|three|four|five|six|\d+|eine?n?|un|une|una|um|uma|een)\s+)"
        )

    def names_who_decides(self, reading: Reading) -> bool:
        """Whether the message asks for the one who decides, and says that it is the visitor."""
        return self._authority.answers_itself(reading)

    def names_one(self, reading: Reading) -> bool:
        """Whether somebody says what they are by a word that is built like a job."""
        return next(self._unlisted.titles(reading), None) is not None

    def read(
        self,
        reading: Reading,
        context: Context,
        *,
        asked: bool,
        deciding: bool = False,
        counts: bool = False,
        introduced: tuple[int, ...] = (),
    ) -> Iterator[Finding]:
        """Findings for role and decision_maker.

        `asked`: the visitor was just asked for the role; `deciding`: who decides; `counts`: the message says how many
        they are. `introduced`: where their name or
        company ends in the text.
        """
        heads = longest(reading.of("role"))
        found = (
            self._role(reading, context, start, end, asked=asked, introduced=introduced)
            for start, end in map(self._span(reading), heads)
        )
        role = next(filter(None, found), None)
        role = (
            role
            or self._built(reading, context)
            or self._duty(reading, context)
            or (self._area(reading, context) if asked else None)
        )
        decides = self._authority.read(reading, context, deciding=deciding, counts=counts)
        if role is not None:
            yield role
            titles = set(re.split(r"\s+(?:and|y|e|et|und)\s+|\s*[&/]\s*", str(role.value).lower()))
            if decides is None and titles & self._decides:
                decides = Finding(
                    Field.DECISION_MAKER, "yes", role.start, role.end, source=Source.INFERRED, confidence=0.6
                )
        if decides is not None:
            yield decides

    def _span(self, reading: Reading) -> Callable[[Hit], tuple[int, int]]:
        """Where the whole title around a head stands."""
        low = reading.low

        def span(head: Hit) -> tuple[int, int]:
            left = self._left.search(low, max(0, head.start - 48), head.start)
            start = left.start() if left else head.start
            direct = self._direct.match(low, head.end) if head.name in self._direct_heads else None
            right = direct or self._right.match(low, head.end)
            return start, start + len(self._trim.sub("", low[start : right.end() if right else head.end]))

        return span

    def _role(
        self, reading: Reading, context: Context, start: int, end: int, *, asked: bool, introduced: tuple[int, ...]
    ) -> Finding | None:
        if (
            not context.asserted(start)
            or context.foreign(start)
            or not self._is_own(reading, start, end, asked=asked, introduced=introduced)
        ):
            return None
        return Finding(Field.ROLE, self._titled(reading.low[start:end]), start, end, confidence=0.85)

    def _is_own(self, reading: Reading, start: int, end: int, *, asked: bool, introduced: tuple[int, ...]) -> bool:
        """Whether the title at `start` is said of the visitor and not merely mentioned."""
        low = reading.low
        if low.startswith(("'s ", "’s "), end):
            return False  # "a developer's nightmare"
        head = low[max(0, start - 64) : start]
        return (
            self._introduced.search(head) is not None
            or (self._signed.search(head) is not None and reading.text[start : start + 1].isupper())
            or low.startswith(" here", end)
            or (asked and len(low) <= ANSWER_LIMIT)
            or any(low[at:start].strip(" ,.|–-") in self._after_name for at in introduced if at <= start)
            or (not head.strip(" \n-–—") and self._placed.match(low, end) is not None)
        )

    def _built(self, reading: Reading, context: Context) -> Finding | None:
        """A job on no list, which is told less surely."""
        for start, end in self._unlisted.titles(reading):
            if context.asserted(start) and not context.foreign(start):
                return Finding(Field.ROLE, self._titled(reading.low[start:end]), start, end, confidence=0.7)
        return None

    def _duty(self, reading: Reading, context: Context) -> Finding | None:
        """The role told by what somebody does, owns or manages, as in "I look after support here"."""
        for hit in reading.of("duty")[:DUTIES]:
            if not context.asserted(hit.start) or context.foreign(hit.start):
                continue
            if hit.name == "duties":
                match = self._field.match(reading.low, hit.end)
                field = match["field"] if match else ""
                if match and (
                    field not in self._upper or reading.text[match.end() - len(field) : match.end()].isupper()
                ):
                    value = self._titled_fields.get(field) or self._titled(self._article.sub("", field))
                    return Finding(Field.ROLE, value, hit.start, match.end(), confidence=0.75)
            elif hit.name == "manages" or self._possession.match(reading.low, hit.end):
                value = "Manager" if hit.name == "manages" else "Owner"
                return Finding(Field.ROLE, value, hit.start, hit.end, confidence=0.7)
        return None

    def _area(self, reading: Reading, context: Context) -> Finding | None:
        """A field of work as the answer to the question for the role: "operations, mostly"."""
        match = self._field.match(reading.low, len(reading.low) - len(reading.low.lstrip()))
        if match is None or len(reading.low) > AREA_LIMIT or not context.asserted(match.start("field")):
            return None
        field = match["field"]
        value = self._titled_fields.get(field) or self._titled(self._article.sub("", field))
        return Finding(Field.ROLE, value, match.start("field"), match.end(), confidence=0.75)

    def _titled(self, written: str) -> str:
        if written.strip() in self._expand:
            return self._expand[written.strip()]
        words = re.split(r"(\s+)", re.sub(r"\s+", " ", written.strip()))
        return "".join(w.upper() if w in self._upper else w if w in _SMALL else w.capitalize() for w in words)
