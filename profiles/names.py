"""Who is speaking and for which company, from the ways people introduce themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from core.fact import Field
from profiles.companies import CompanyReader
from profiles.context import Context
from profiles.cues import Hit
from profiles.facts import Finding
from profiles.name_file import FIRM, PARTICLE, WORD, NameFile
from profiles.quantity_grammar import either
from profiles.reading import Reading

NAME_WORDS = 3
TRIES = 12
LONGEST_INITIALS = 3
"""Introductions of one message that are looked at."""
_PERSON = re.compile(
    rf"[\s:,]*(?:(?:übrigens|einfach|trouwens|simply|just|actually|aliás)\s+)?(?:(?i:dr|prof|professor|doctor|mrs?|ms|miss|sir|herr|frau|mme|m|sra?|dra?|dhr|mevr)\.?\s+(?=[^\W\da-z]))?(?:(?:o|a|el|la|der|die|le|il|de)\s+(?=[^\W\da-z]))?({WORD}(?:\s+(?:{PARTICLE}\s+){{0,2}}{WORD}){{0,2}})"
)
_FROM_WHERE = r"(?:\s+(?:from|at|with)(?:\s+(?!your?\b)[^\s,.!?]{1,20}){1,4}?)?"
_HERE = re.compile(rf"(?:^|[\n.!,][ \t]{{0,4}})(?P<name>{WORD}(?:\s+{WORD})?){_FROM_WHERE}\s+here\b")
_OPENING = re.compile(
    rf"(?:^|(?<=[!.,\n]\s)|(?<=\n))(?P<name>{WORD}(?:\s+(?:{PARTICLE}\s+){{0,2}}{WORD}){{0,2}})"
    r"(?:\s+(?:from|at|bei|von|chez|van|da|do)\s+(?=[^\W\da-z])|\s*[,|–-]\s+(?=[^\W\d_]))"
)
_WITH_FIRM = re.compile(
    r"^\W*(?:(?i:hi|hello|hey|hiya|hallo|moin|bonjour|salut|hola|buenas|olá|oi|ciao|hoi|dag|good \w+|guten \w+)"
    rf"(?: (?:there|all|team))?\W+)?(?P<name>{WORD}\s+(?:{PARTICLE}\s+){{0,2}}{WORD}),\s+(?P<firm>{FIRM})"
    r"\s*(?=[.!\n]|$)"
)
"""Before anything else, first and last name and the company they are of, and no more in the sentence."""
_AFTER_MAIL = re.compile(rf"\s*(?:[-–—,|/(]|\n)\s*(?P<name>{WORD}(?:\s+{WORD}){{0,2}})[\s.)!]*$")
"""At the end of the message, right behind the address."""
_SIGNED = re.compile(rf"\n\s*[-–—]*\s*(?P<name>{WORD}(?:\s+{WORD}){{0,2}})\s*(?:[,|\n]|$)")
_SIGNED_OFF = re.compile(
    r"(?:^|[.!?)]\s+|\n)(?i:thanks|thank you|many thanks|cheers|best|best regards|kind regards|regards"
    r"|all the best|danke|vielen dank|viele grüße|beste grüße|gruß|lg|vg|merci|cordialement|bien à vous|gracias|saludos"
    r"|un saludo|obrigad[oa]|abraços|groeten|groetjes|bedankt)[,!.–-]\s+"
    rf"(?P<name>{WORD}\s+(?:{PARTICLE}\s+){{0,2}}{WORD})\W*$"
)
"""At the end of a line: who thanks us by our first name alone is not signing."""
_LAST_LINE = re.compile(rf"[.!?,)\n]\s*\n\s*[-–—]*\s*(?P<name>{WORD}(?:\s+(?:{PARTICLE}\s+){{0,2}}{WORD}){{0,2}})\s*$")
_ALONE = re.compile(
    rf"(?:^|[\n.!?,]\s{{1,3}})(?P<name>{WORD}(?:\s+(?:{PARTICLE}\s+){{0,2}}{WORD}){{1,2}})(?=\s*(?:[.,;\n]|$))"
)
"""First and last name with nothing around them, as people put beside their address or number."""
_GREETED = re.compile(
    r"^\W*(?:(?:hi|hello|hey|hiya|heya|howdy|good|morning|afternoon|evening|hallo|moin|bonjour|salut|hola|buenas|olá|oi|ciao|hoi"
    r"|there|all|team|guys)\W+)+(?P<name>[^\W\d_]\w{2,})\s+(?:from|here)\b"
)
_FIRST_PERSON = (
    "i'm",
    "i am",
    "my name",
    "ich ",
    "mein name",
    "je ",
    "moi",
    "me llamo",
    "soy",
    "sou",
    "me chamo",
    "ik ",
)
"""Whoever else is spoken of before: after these the name is the speaker's."""
_FIRM_GOES_ON = re.compile(r"\s*&|\s+(?:and|und) (?:sons?|daughters?|co|partners?|söhne)\b")
_BEGUN = re.compile(r"(?:^\W*|\b(?:hi|hello|hey|hiya|yo|morning|afternoon|evening|there|and|so|btw)[\s,!.]+)$")
_PARTICLES = frozenset({"van", "de", "der", "den", "la"})
_SURNAMED = frozenset({"van", "ter", "ten", "bin", "al"})
_IN_GERMAN = re.compile(
    r"\b(?:und|wir|ich|der|die|das|ist|sind|über|nicht|für|mit|von|bei|ein|eine|einen|alles|haben|kommen|läuft)\b"
)
_CONTACT = re.compile(r"@|\bat\b.{2,40}\bdot\b|\d[\d ()-]{6,}\d")
_DASHED = re.compile(rf"(?:(?<!\w)-|[–—])\s?(?P<name>{WORD}(?:\s+{WORD})?)\s*$")
_BEFORE_MAIL = re.compile(rf"(?:^|[!.,:]\s{{1,4}})(?P<name>{WORD}(?:\s+{WORD}){{0,2}})\s*[,:(<–-]*\s*$")


class NameReader:
    def __init__(self, data: NameFile) -> None:
        self._companies = CompanyReader(data)
        self._not_names = data.not_names | data.not_companies
        self._sure = frozenset(data.sure_introducers)
        self._being = data.being
        self._refused = self._not_names | data.company_suffixes
        self._surnames = data.particled_surnames
        self._nouns = frozenset(data.company_nouns)
        self._signs = re.compile(
            rf"(?:^|[\n.!,][ \t]{{0,4}})(?:{'|'.join(map(re.escape, data.signs))})[,.!]*\s*(?=\n)", re.IGNORECASE
        )
        self._goes_on = re.compile(rf",?\s+(?:{either(data.goes_on)})(?!\w)")
        self._no_name = tuple(data.no_name_endings)
        self._leads = re.compile(rf"^(?:(?:{either(data.answer_leads)})\s+)+(?=\S)", re.IGNORECASE)
        self._tails = re.compile(
            rf"\s*(?:[,(.–-]\s*|\s)(?:{either(data.answer_tails)}|[^\W\d_](?:[-. ][^\W\d_]){{2,}})\b.*$",
            re.IGNORECASE | re.DOTALL,
        )

    def read(self, reading: Reading, context: Context, addresses: list[tuple[int, int]]) -> Iterator[Finding]:
        """Findings for name and company."""
        name = self._introduced(reading, context) or self._greeted(reading) or self._placed(reading, addresses)
        if name is not None:
            yield name
        company = self._companies.read(reading, context, name)
        if company is not None:
            yield company

    def name_answer(self, reading: Reading) -> Finding | None:
        """The message as the answer to "what is your name": nothing but a name, or a name and what belongs to it."""
        text = self._leads.sub("", reading.shown.strip(" .,!\n"))
        text = self._tails.sub("", text).strip(" .,!\n")
        words = text.split()
        named = all(re.fullmatch(WORD, word) and word.lower() not in self._not_names for word in words)
        if not 1 <= len(words) <= NAME_WORDS or not named:
            return None
        start = reading.text.find(text)
        return Finding(Field.NAME, _titled(text), start, start + len(text), confidence=0.85)

    def company_answer(self, reading: Reading) -> Finding | None:
        """The whole message as the answer to "which company"."""
        return self._companies.answer(reading)

    def _introduced(self, reading: Reading, context: Context) -> Finding | None:
        for hit in reading.of("name_intro")[:TRIES]:
            match = _PERSON.match(reading.shown, hit.end)
            if hit.name == "im" and (not _BEGUN.search(reading.low, 0, hit.start) or _IN_GERMAN.search(reading.low)):
                continue  # "im" is a German word, too
            if hit.name == "it is" and not reading.of("phone_word") and hit.start > 1:
                continue  # "call me, it is Ana"; else it is anything
            foreign = context.foreign(hit.start) and not hit.name.startswith(_FIRST_PERSON)
            if match is None or context.negated(hit.start) or foreign:
                continue
            sure = hit.name in self._sure or (hit.name in self._being and self._speaks_on(reading, match))
            name = self._person(match[1], sure=sure, tools=reading.of("tool"), at=match.start(1))
            firm = _FIRM_GOES_ON.match(reading.low, match.start(1) + len(name)) is not None
            if name and not firm and not any(role.start == match.start(1) for role in reading.of("role")):
                return Finding(Field.NAME, _titled(name), match.start(1), match.start(1) + len(name), confidence=0.9)
        return None

    def _speaks_on(self, reading: Reading, match: re.Match[str]) -> bool:
        """Whether a word in small letters after "i'm" is a name: people go on with where they work or what they do."""
        first = match[1].split()[0].rstrip(".,").lower()
        if first.endswith(self._no_name) or self._goes_on.match(reading.low, match.start(1) + len(first)) is None:
            return False
        return not any(hit.start == match.start(1) for hit in (*reading.of("tool"), *reading.of("industry")))

    def _placed(self, reading: Reading, addresses: list[tuple[int, int]]) -> Finding | None:
        """A name by its place: a signature, "Ana from Acme", "Ana here", right before the address."""
        shown = reading.shown
        candidates = [_SIGNED_OFF.search(shown)]
        if "\n" in shown and (signed := self._signs.search(shown)):
            candidates.append(_SIGNED.match(shown, signed.end()))
        if "\n" in shown:
            candidates.append(_LAST_LINE.search(shown, max(0, len(shown) - 60)))
        if " here" in reading.low:
            candidates.append(_HERE.search(shown))
        if reading.of("role") or any(hit.name in {"from", "at"} for hit in reading.of("company_intro")):
            candidates += self._titled_openings(reading)
        if addresses:
            first, last = addresses[0][0], addresses[-1][1]
            candidates += (_BEFORE_MAIL.search(shown[:first]), _AFTER_MAIL.match(shown, last))
        if any(dash in shown[-40:] for dash in "-–—"):
            candidates.append(_DASHED.search(shown[-60:]) and _DASHED.search(shown, max(0, len(shown) - 60)))
        candidates.append(self._with_firm(reading))
        for match in candidates:
            if match and (found := self._whole(reading, match)):
                return found
        if addresses or (reading.digits and _CONTACT.search(reading.low)):
            return next(filter(None, (self._alone(reading, match) for match in _ALONE.finditer(shown))), None)
        return None

    def _with_firm(self, reading: Reading) -> re.Match[str] | None:
        """As in "Hello, Ana Duarte, Acme Ibérica." where a message begins."""
        opened = _WITH_FIRM.match(reading.shown)
        return opened if opened and self._companies.is_firm(reading, *opened.span("firm")) else None

    def _greeted(self, reading: Reading) -> Finding | None:
        """As in "hiya, marcus from ..."."""
        match = _GREETED.match(reading.low)
        if match is None or match["name"] in self._not_names or match["name"].endswith(self._no_name):
            return None
        start, end = match.span("name")
        if any(hit.start == start for group in ("tool", "role", "label.industry") for hit in reading.of(group)):
            return None
        return Finding(Field.NAME, _titled(reading.shown[start:end]), start, end, confidence=0.8)

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
        named = all(word[0].isupper() or re.fullmatch(PARTICLE, word) for word in words)
        if not named or any(word.lower() in self._refused or word.isupper() for word in words):
            return None
        if any(hit.start < start + len(written) and start < hit.end for hit in reading.of("tool")):
            return None
        if words[-1].lower() in self._nouns:
            return None
        beside = reading.low[max(0, start - 90) : start + len(written) + 60]
        if not _CONTACT.search(beside):
            return None
        return Finding(Field.NAME, written, start, start + len(written), confidence=0.75)

    @staticmethod
    def _titled_openings(reading: Reading) -> Iterator[re.Match[str]]:
        """Names a title or a company follows: "Ana, head of support", "Ana from Acme"."""
        for match in islice(_OPENING.finditer(reading.shown), TRIES):
            at = match.end()
            if match[0].rstrip()[-1] in ",|–-":
                titled = any(at <= head.start < at + 30 for head in reading.of("role"))
                if not titled or reading.low.startswith(("my ", "our ", "the "), at):
                    continue
            yield match

    def _particle(self, said: list[str], place: int) -> bool:
        """Whether a surname begins with the word there: "van Rijn"; what follows "de" or "da" may be a company."""
        if not re.fullmatch(PARTICLE, said[place]):
            return False
        last = next((word for word in said[place:] if word[0].isupper()), "").rstrip(".,")
        return bool(last) and (said[place] in _SURNAMED or last.lower() in self._surnames)

    def _person(self, written: str, *, sure: bool, tools: list[Hit], at: int) -> str:
        if any(hit.start == at for hit in tools):
            return ""
        words: list[str] = []
        said = written.split()
        for place, word in enumerate(said):
            bare = word.rstrip(".,")
            if len(words) == 1 and self._particle(said, place):
                words.append(bare)
                continue
            if words and words[-1] in _PARTICLES and bare in _PARTICLES:
                words.append(bare)
                continue
            if bare.lower() in self._not_names or bare.endswith(("'s", "’s")) or _shouted(bare):
                break
            if not bare[0].isupper() and not (sure and not words):
                break
            words.append(bare)
            if word != bare:
                break
        return " ".join(words)


def _shouted(word: str) -> bool:
    """Whether a word in capitals is longer than initials are."""
    return word.isupper() and len(word) > LONGEST_INITIALS


def _titled(name: str) -> str:
    return name if any(char.isupper() for char in name) else name.title()
