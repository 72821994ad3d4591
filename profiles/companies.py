"""For which company somebody speaks, from the ways people name theirs."""

from __future__ import annotations

import re

from core.fact import Field
from profiles.context import Context
from profiles.cues import Hit
from profiles.facts import Finding
from profiles.name_file import FIRM, FIRM_LINK, FIRM_WORD, NameFile
from profiles.quantity_grammar import either
from profiles.reading import Reading

COMPANY_WORDS = 4
TRIES = 12
"""Introductions of one message that are looked at."""
_FIRM = re.compile(rf"[\s:,\"“]*((?:(?:the|The)\s+)?{FIRM})")
_BEING = frozenset({"we're", "we are", "wir sind", "nous sommes"})
_NOT_PROSPECTS = frozenset({"student", "job_seeker", "competitor"})
_FIRM_BEFORE = re.compile(rf"(?:^|[\n.!?,]\s*)({FIRM_WORD}(?:\s+(?:&\s+|and\s+(?=[A-Z]))?{FIRM_WORD}){{0,3}})$")
_PLACED = frozenset({"en", "en la", "na", "no", "w", "i", "of", "for", "der"})
TITLE_REACH = 60
"""Characters between a person's name and their title."""
_NAME_ENDS = re.compile(r"\s*(?:[.,;:!?)\n]|$)")
_EDGE = re.compile(r"^[\s,.;:!?)\"”]|^$|^\s(?:and|here|we|,)")
_PUBLIC_KIND = re.compile(
    r"(?:\s(?:city|district|borough|county|town|parish|community|regional|general|children's|state|public|housing))?"
    r"\s(?:council|university|college|hospital|school|library|museum|trust|association|authority|airport|zoo|theatre|church)\b"
)
"""What public bodies are called in small letters behind their name: "Northmere district council"."""
_LINK = re.compile(FIRM_LINK.split("(?=")[0] + ")")
OPENING = 16
"""Characters of a greeting before the name somebody opens with."""
_COMMA_FIRM = re.compile(rf",\s+({FIRM})\s*(?=[.!\n]|$)")
_TITLE_THEN = re.compile(
    r"[^\S\n]*(?:here\b)?\s*[,|\n·–—-]\s*(?P<title>[^,|\n.·!?]{2,60}?)\s*(?:[,|\n·]|\s[–—-]\s)\s*(?=\S)"
)
"""After a name: the title set off on both sides, and then the company."""


class CompanyReader:
    def __init__(self, data: NameFile) -> None:
        self._not_names = data.not_names | data.not_companies
        self._not_companies = data.not_companies
        self._weak = frozenset(data.weak_introducers)
        self._beside = re.compile(rf"(?:\s+here)?,?\s+(?:{either(data.beside_name)})\s+(?=\S)|\s*@\s*", re.IGNORECASE)
        self._title_link = re.compile(
            rf"(?:\s+(?:[^\W\dA-Z_][\w'-]*|[A-Z]{{2,3}})){{0,5}}?\s+(?P<link>{either(data.title_links)})\s+(?=[^\W\da-z_])"
        )
        self._suffixes = data.company_suffixes
        self._suffixed = tuple(f" {one}" for one in data.company_suffixes)
        self._running = frozenset(data.running)
        self._leads = re.compile(rf"^(?:{either(data.answer_leads)})\s+(?=\S)", re.IGNORECASE)
        self._small = re.compile(
            rf"[\s:,]*((?!(?:{either(tuple(data.generic_words))})\b)[^\W\d_][\w'&-]*(?:\s+[\w'&-]+){{0,2}}?"
            rf"\s+(?:{either((*data.company_nouns, *data.company_suffixes))}))"
            r"(?=\s*(?:[.,;:!?)\n]|$|(?:and|we|in|with)\b))"
        )
        kinds = either(data.kinds)
        # What it is comes first, with or without its town: then a comma or a colon, then the name.
        self._kind_then = re.compile(
            rf"\b(?:{kinds})s?(?:\s+(?:in|for|from|near|of)\s+[^,.;:!?\n]{{2,30}})?\s*[,:(–—-]\s*(?=\S)"
        )
        # "Name, a small bike shop"; a shop owner is no shop
        self._then_kind = re.compile(
            rf"(?:,|\s[–—-])\s+(?P<article>(?:a|an|the|our|we're a|eine?|un|une|una|um|uma|een)\s+)?"
            rf"(?:[\w-]+\s+){{0,3}}(?:{kinds})\b(?!\s+(?:own|manag|assist|direct|lead|found|keep|clerk))"
        )
        self._employed = re.compile(rf"\b(?:{'|'.join(map(re.escape, data.employment))})\b[^.!?\n]{{0,40}}$")

    def read(self, reading: Reading, context: Context, name: Finding | None) -> Finding | None:
        """At most one finding; `name` is how they called themselves."""
        if any(hit.name in _NOT_PROSPECTS for hit in reading.of("visitors")):
            return None
        return (
            self._company(reading, context, name)
            or self._after_name(reading, name)
            or self._beside_kind(reading, context, name)
            or self._below_name(reading, name)
        )

    def answer(self, reading: Reading) -> Finding | None:
        """The whole message as the answer to "which company", or what it begins with up to the first comma."""
        text = reading.shown.strip(" .,!\n")
        text = self._leads.sub("", text).strip(' .,!\n"“”')
        first = text.partition(",")[0].strip()
        if "," in text and re.search(r"[^\W\da-z_]", first):
            text = first
        words = text.split()
        if not 1 <= len(words) <= COMPANY_WORDS or words[0].lower() in self._not_names - {"the"}:
            return None
        start = reading.text.find(text)
        return Finding(Field.COMPANY, text, start, start + len(text), confidence=0.85)

    def _after_name(self, reading: Reading, name: Finding | None) -> Finding | None:
        """As in "Ana van Acme", "Ana, IT manager, Acme", "Ana | IT manager | Acme"."""
        if name is None:
            return None
        beside = self._beside.match(reading.shown, name.end)
        at = beside.end() if beside else self._after_title(reading, name.end)
        if at < 0:
            return self._titled_at(reading, name) or self._by_comma(reading, name)
        match = _FIRM.match(reading.shown, at) if at >= 0 else None
        firm = self._firm(match[1]) if match else ""
        if not match or not firm or any(tool.start == match.start(1) for tool in reading.of("tool")):
            return None
        end = match.start(1) + len(firm)
        if not beside and not _NAME_ENDS.match(reading.low, end):
            return None
        return Finding(Field.COMPANY, firm, match.start(1), end, confidence=0.8)

    def is_firm(self, reading: Reading, start: int, end: int) -> bool:
        """Whether all that stands there may be a company's name: no place, no tool, no title."""
        written = reading.shown[start:end].rstrip(".")
        taken = (*reading.of("tool"), *reading.of("role"))
        return self._firm(written) == written and not any(hit.start < end and start < hit.end for hit in taken)

    def _by_comma(self, reading: Reading, name: Finding) -> Finding | None:
        """As in "Ana Duarte, Acme Ibérica." where a message begins."""
        then = _COMMA_FIRM.match(reading.shown, name.end)
        if (
            " " not in str(name.value)
            or name.start > OPENING
            or then is None
            or not self.is_firm(reading, *then.span(1))
        ):
            return None
        firm = then[1].rstrip(".")
        return Finding(Field.COMPANY, firm, then.start(1), then.start(1) + len(firm), confidence=0.75)

    def _titled_at(self, reading: Reading, name: Finding) -> Finding | None:
        """As in "Ana, jefa de ventas en Acme Ibérica": "in" leads to a place as well, so one word is not enough."""
        for head in reading.of("role"):
            then = self._title_link.match(reading.shown, head.end) if 0 < head.start - name.end < TITLE_REACH else None
            match = _FIRM.match(reading.shown, then.end()) if then else None
            firm = self._firm(match[1]) if match else ""
            if then and match and firm and (" " in firm or then["link"].lower() not in _PLACED):
                return Finding(Field.COMPANY, firm, match.start(1), match.start(1) + len(firm), confidence=0.75)
        return None

    def _after_title(self, reading: Reading, end: int) -> int:
        """Where the text goes on after a title that follows the name and ends in a comma or a line; -1 without."""
        then = _TITLE_THEN.match(reading.shown, end)
        titled = then and any(then.start("title") <= head.start < then.end("title") for head in reading.of("role"))
        return then.end() if then and titled else -1

    def _company(self, reading: Reading, context: Context, name: Finding | None) -> Finding | None:
        for hit in reading.of("company_intro")[:TRIES]:
            if name is not None and name.start < hit.start < name.end:
                continue  # "Piet van Loon" introduces no Loon
            if small := self._written_small(reading, context, hit):
                return small
            match = _FIRM.match(reading.shown, hit.end)
            if match is None or context.negated(hit.start) or context.foreign(hit.start) or context.past(hit.start):
                continue
            start = match.start(1)
            if any(tool.start == start for tool in reading.of("tool")):
                continue
            firm = self._firm(match[1])
            if firm and (kind := _PUBLIC_KIND.match(reading.shown, start + len(firm))):
                firm = f"{firm}{kind[0]}"
            here = reading.low.startswith(" here", start + len(firm))
            if hit.name in self._weak and not here and not self._vouched(reading, hit, name):
                continue
            if hit.name in self._running and not self._run_by(reading.low, firm, start + len(firm)):
                continue
            if firm and (
                hit.name not in _BEING
                or (
                    _EDGE.match(reading.text[start + len(firm) :])
                    and ((hit.name[0] == "w" and hit.name[1] == "e") or " " in firm)
                )
            ):
                return Finding(Field.COMPANY, firm, start, start + len(firm), confidence=0.85)
        return None

    def _below_name(self, reading: Reading, name: Finding | None) -> Finding | None:
        """The company of a signature: a name with its legal form in the lines under the person's."""
        if name is None or "\n" not in reading.text[name.end : name.end + 2]:
            return None
        for match in re.finditer(
            r"(?:^|[,|])[ \t]*([^\n,|]{2,60}?)[ \t]*(?=[,|\n]|$)", reading.shown[name.end :], re.MULTILINE
        ):
            if match[1].lower().endswith(self._suffixed):
                return Finding(
                    Field.COMPANY, match[1], name.end + match.start(1), name.end + match.end(1), confidence=0.8
                )
        return None

    def _written_small(self, reading: Reading, context: Context, hit: Hit) -> Finding | None:
        """As in "i run brightside dental", "from acme gmbh": small letters, but an end that only names have."""
        match = self._small.match(reading.shown, hit.end)
        if match is None or hit.name in _BEING or not context.asserted(hit.start):
            return None
        suffixed = match[1].lower().endswith(self._suffixed)
        if (
            not suffixed
            and hit.name in self._weak
            and not self._employed.search(reading.low[max(0, hit.start - 60) : hit.start])
        ):
            return None
        if any(tool.start == match.start(1) for tool in reading.of("tool")):
            return None
        return Finding(Field.COMPANY, match[1], match.start(1), match.end(1), confidence=0.75)

    def _beside_kind(self, reading: Reading, context: Context, name: Finding | None) -> Finding | None:
        """As in "a bike shop, Two Wheels Ltd" and "Two Wheels Ltd, a bike shop"."""
        low = reading.low
        for match in self._then_kind.finditer(low):
            before = _FIRM_BEFORE.search(reading.shown, reading.sentence(match.start())[0], match.start())
            sure = match["article"] or (before and " " in before[1] and _NAME_ENDS.match(low, match.end()))
            if before and sure and (found := self._named_at(reading, context, before.start(1), match.start(), name)):
                return found
        for match in self._kind_then.finditer(low):
            after = _FIRM.match(reading.shown, match.end())
            firm = self._firm(after[1]) if after else ""
            if after and " " in firm and _NAME_ENDS.match(low, after.start(1) + len(firm)):
                end = after.start(1) + len(firm)
                if found := self._named_at(reading, context, after.start(1), end, name):
                    return found
        return None

    def _named_at(
        self, reading: Reading, context: Context, start: int, end: int, name: Finding | None
    ) -> Finding | None:
        """The company whose whole name stands there; None for a tool, a person, a place, another's company."""
        written = reading.shown[start:end]
        if self._firm(written) != written or written.lower() in self._not_companies:
            return None
        if any(tool.start < end and start < tool.end for tool in reading.of("tool")):
            return None
        if name is not None and name.start < end and start < name.end:
            return None
        if context.negated(start) or context.foreign(start) or context.past(start):
            return None
        return Finding(Field.COMPANY, written, start, end, confidence=0.8)

    def _run_by(self, low: str, firm: str, end: int) -> bool:
        """Whether what "we run" names is a company: said to be one, or a whole name of several words."""
        named = " " in firm and " and " not in firm
        return self._then_kind.match(low, end) is not None or (named and _NAME_ENDS.match(low, end) is not None)

    def _vouched(self, reading: Reading, hit: Hit, name: Finding | None) -> bool:
        """Whether what stands before "from" or "at" speaks of a person's place of work."""
        if name is not None and 0 <= hit.start - name.end <= 2:  # noqa: PLR2004
            return True
        if hit.name in _BEING:
            return True
        if reading.text[hit.end :].split(",")[0].split("\n")[0].rstrip(". ").lower().endswith(self._suffixed):
            return True
        return bool(self._employed.search(reading.low[max(0, hit.start - 60) : hit.start]))

    def _firm(self, written: str) -> str:
        kept: list[str] = []
        for word in written.split():
            bare = word.strip('"“”,;:!?').rstrip(".") if word.lower() not in self._suffixes else word
            lower = bare.lower()
            if (kept and _LINK.fullmatch(lower)) or lower == "the":
                kept.append(bare)
                continue
            named = bare[:1].isupper() or (bare[:1].isdigit() and bool(kept))
            if not named or lower in self._not_companies or (not kept and lower in self._not_names):
                break
            kept.append(bare)
            if word[-1:] in ",;:!?" or (word[-1:] == "." and lower not in self._suffixes):
                break
        while kept and _LINK.fullmatch(kept[-1].lower()):
            kept.pop()
        return " ".join(kept)
