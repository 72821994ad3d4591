"""Who is speaking and for which company, from the ways people introduce themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.fact import Field
from profiles.context import Context
from profiles.cues import Hit
from profiles.facts import Finding
from profiles.quantity_grammar import either
from profiles.reading import Reading
from profiles.resources import Resource

NAME_WORDS = 3
COMPANY_WORDS = 4
TRIES = 12
"""Introductions of one message that are looked at."""
_WORD = r"[^\W\d_][\w'\u2019-]*\.?"
_PERSON = re.compile(rf"[\s:,]*({_WORD}(?:\s+{_WORD}){{0,2}})")
_FIRM_WORD = r"[^\W_][\w'\u2019.&-]*"
_FIRM = re.compile(rf"[\s:,\"“]*((?:(?:the|The)\s+)?{_FIRM_WORD}(?:\s+(?:&\s+|and\s+(?=[A-Z]))?{_FIRM_WORD}){{0,3}})")
_HERE = re.compile(
    rf"(?:^|[\n.!,][ \t]{{0,4}})(?P<name>{_WORD}(?:\s+{_WORD})?)(?:\s+(?:from|at|with)\s+[^,.!?\n]{{2,40}}?)?\s+here\b"
)
_OPENING = re.compile(
    rf"(?:^|[!.,]\s{{1,4}})(?P<name>{_WORD}(?:\s+{_WORD}){{0,2}})(?:\s+(?:from|at)\s+|,\s+(?=[A-Za-z]))"
)
_SIGNED = re.compile(rf"\n\s*[-–—]*\s*(?P<name>{_WORD}(?:\s+{_WORD}){{0,2}})\s*(?:[,|\n]|$)")
_PARTICLE = r"(?:van|von|de|der|den|ter|ten|da|dos|di|del|la|le|el|al|bin|du)"
_ALONE = re.compile(
    rf"(?:^|[\n.!?,]\s{{1,3}})(?P<name>{_WORD}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_WORD}){{1,2}})(?=\s*(?:[.,;\n]|$))"
)
"""First and last name with nothing around them, as people put beside their address or number."""
_FILLER = re.compile(
    r"^(?:it's|its|it is|we're|we are|that's|that would be|the name is|es ist|das ist|c'est|es|é|het is)\s+(?=\S)",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"@|\bat\b.{2,40}\bdot\b|\d[\d ()-]{6,}\d")
_BEING = frozenset({"we're", "we are", "wir sind", "nous sommes"})
_NOT_PROSPECTS = frozenset({"student", "job_seeker", "competitor"})
_DASHED = re.compile(rf"[-–—]\s?(?P<name>{_WORD}(?:\s+{_WORD})?)\s*$")
_BEFORE_MAIL = re.compile(rf"(?:^|[!.,:]\s{{1,4}})(?P<name>{_WORD}(?:\s+{_WORD}){{0,2}})\s*[,:(<–-]*\s*$")
_FIRM_BEFORE = re.compile(rf"(?:^|[\n.!?,]\s*)({_FIRM_WORD}(?:\s+(?:&\s+|and\s+(?=[A-Z]))?{_FIRM_WORD}){{0,3}})$")
_NAME_ENDS = re.compile(r"\s*(?:[.,;:!?)\n]|$)")
_EDGE = re.compile(r"^[\s,.;:!?)\"”]|^$|^\s(?:and|here|we|,)")


class NameFile(Resource):
    """`names.yaml`."""

    name_introducers: tuple[str, ...]
    sure_introducers: tuple[str, ...]
    company_introducers: tuple[str, ...]
    weak_introducers: tuple[str, ...]
    owning: tuple[str, ...]
    running: tuple[str, ...]
    kinds: tuple[str, ...]
    employment: tuple[str, ...]
    company_suffixes: frozenset[str]
    company_nouns: tuple[str, ...]
    generic_words: frozenset[str]
    not_names: frozenset[str]
    not_companies: frozenset[str]
    signs: tuple[str, ...]


class NameReader:
    def __init__(self, data: NameFile) -> None:
        self._not_names = data.not_names | data.not_companies
        self._not_companies = data.not_companies
        self._sure = frozenset(data.sure_introducers)
        self._weak = frozenset(data.weak_introducers)
        self._suffixes = data.company_suffixes
        self._nouns = frozenset(data.company_nouns)
        self._suffixed = tuple(f" {one}" for one in data.company_suffixes)
        self._signs = re.compile(
            rf"(?:^|[\n.!,][ \t]{{0,4}})(?:{'|'.join(map(re.escape, data.signs))})[,.!]?\s*(?=\n)", re.IGNORECASE
        )
        self._running = frozenset(data.running)
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

    def read(self, reading: Reading, context: Context, addresses: list[tuple[int, int]]) -> Iterator[Finding]:
        """Findings for name and company."""
        name = self._introduced(reading, context) or self._placed(reading, addresses)
        if name is not None:
            yield name
        company = (
            self._company(reading, context, name)
            or self._beside_kind(reading, context, name)
            or self._below_name(reading, name)
        )
        if company is not None:
            yield company

    def name_answer(self, reading: Reading) -> Finding | None:
        """The whole message as the answer to "what is your name"."""
        text, words = _bare(reading)
        named = all(re.fullmatch(_WORD, word) and word.lower() not in self._not_names for word in words)
        if not 1 <= len(words) <= NAME_WORDS or not named:
            return None
        start = reading.text.find(text)
        return Finding(Field.NAME, _titled(text), start, start + len(text), confidence=0.85)

    def company_answer(self, reading: Reading) -> Finding | None:
        """The whole message as the answer to "which company"."""
        text, words = _bare(reading)
        if not 1 <= len(words) <= COMPANY_WORDS or words[0].lower() in self._not_names:
            return None
        start = reading.text.find(text)
        return Finding(Field.COMPANY, text, start, start + len(text), confidence=0.85)

    def _introduced(self, reading: Reading, context: Context) -> Finding | None:
        for hit in reading.of("name_intro")[:TRIES]:
            match = _PERSON.match(reading.shown, hit.end)
            if match is None or context.negated(hit.start) or context.foreign(hit.start):
                continue
            name = self._person(match[1], sure=hit.name in self._sure, tools=reading.of("tool"), at=match.start(1))
            if name and not any(role.start == match.start(1) for role in reading.of("role")):
                return Finding(Field.NAME, _titled(name), match.start(1), match.start(1) + len(name), confidence=0.9)
        return None

    def _placed(self, reading: Reading, addresses: list[tuple[int, int]]) -> Finding | None:
        """A name by its place: a signature, "Ana from Acme", "Ana here", right before the address."""
        shown = reading.shown
        candidates = []
        if "\n" in shown and (signed := self._signs.search(shown)):
            candidates.append(_SIGNED.match(shown, signed.end()))
        if " here" in reading.low:
            candidates.append(_HERE.search(shown))
        if reading.of("role") or any(hit.name in {"from", "at"} for hit in reading.of("company_intro")):
            candidates.append(self._titled_opening(reading))
        if addresses:
            candidates.append(_BEFORE_MAIL.search(shown[: addresses[0][0]]))
        if any(dash in shown[-40:] for dash in "-–—"):
            candidates.append(_DASHED.search(shown[-60:]) and _DASHED.search(shown, max(0, len(shown) - 60)))
        for match in candidates:
            if match and (found := self._whole(reading, match)):
                return found
        if addresses or (reading.digits and _CONTACT.search(reading.low)):
            return next(filter(None, (self._alone(reading, match) for match in _ALONE.finditer(shown))), None)
        return None

    def _whole(self, reading: Reading, match: re.Match[str]) -> Finding | None:
        """The name where all of the words that stand in its place belong to it."""
        start, written = match.start("name"), match["name"].rstrip(".,")
        name = self._person(written, sure=False, tools=reading.of("tool"), at=start)
        if name != written or any(role.start == start for role in reading.of("role")):
            return None
        return Finding(Field.NAME, name, start, start + len(name), confidence=0.8)

    def _alone(self, reading: Reading, match: re.Match[str]) -> Finding | None:
        """First and last name standing alone in a message that gives an address or a number."""
        start, written = match.start("name"), match["name"].rstrip(".,")
        words = written.split()
        named = all(word[0].isupper() or re.fullmatch(_PARTICLE, word) for word in words)
        refused = self._not_names | self._not_companies | self._suffixes
        if not named or any(word.lower() in refused or word.isupper() for word in words):
            return None
        if any(hit.start < start + len(written) and start < hit.end for hit in reading.of("tool")):
            return None
        if words[-1].lower() in self._nouns:
            return None
        beside = reading.low[max(0, start - 90) : start + len(written) + 60]
        if not _CONTACT.search(beside):
            return None
        return Finding(Field.NAME, written, start, start + len(written), confidence=0.75)

    def _titled_opening(self, reading: Reading) -> re.Match[str] | None:
        match = _OPENING.search(reading.shown)
        if match is None:
            return None
        if match[0].rstrip().endswith(","):
            titled = any(match.end() <= head.start < match.end() + 30 for head in reading.of("role"))
            return match if titled and not reading.low.startswith(("my ", "our ", "the "), match.end()) else None
        return match

    def _person(self, written: str, *, sure: bool, tools: list[Hit], at: int) -> str:
        if any(hit.start == at for hit in tools):
            return ""
        words: list[str] = []
        for word in written.split():
            bare = word.rstrip(".,")
            if bare.lower() in self._not_names or bare.endswith(("'s", "’s")) or (bare.isupper() and len(bare) > 3):  # noqa: PLR2004
                break
            if not bare[0].isupper() and not (sure and not words):
                break
            words.append(bare)
            if word != bare:
                break
        return " ".join(words)

    def _company(self, reading: Reading, context: Context, name: Finding | None) -> Finding | None:
        if any(hit.name in _NOT_PROSPECTS for hit in reading.of("visitors")):
            return None
        for hit in reading.of("company_intro")[:TRIES]:
            if small := self._written_small(reading, context, hit):
                return small
            match = _FIRM.match(reading.shown, hit.end)
            if match is None or context.negated(hit.start) or context.foreign(hit.start) or context.past(hit.start):
                continue
            start = match.start(1)
            if any(tool.start == start for tool in reading.of("tool")):
                continue
            firm = self._firm(match[1])
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
            if lower in {"and", "&", "the"} and (kept or lower == "the"):
                kept.append(bare)
                continue
            named = bare[:1].isupper() or (bare[:1].isdigit() and bool(kept))
            if not named or lower in self._not_companies or (not kept and lower in self._not_names):
                break
            kept.append(bare)
            if word[-1:] in ",;:!?" or (word[-1:] == "." and lower not in self._suffixes):
                break
        while kept and kept[-1].lower() in {"and", "&", "the"}:
            kept.pop()
        return " ".join(kept)


def _bare(reading: Reading) -> tuple[str, list[str]]:
    text = _FILLER.sub("", reading.shown.strip(" .,!\n"))
    return text, text.split()


def _titled(name: str) -> str:
    return name if any(char.isupper() for char in name) else name.title()
