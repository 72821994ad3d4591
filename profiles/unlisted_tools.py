"""Tools that no list knows, by what the message says of them: "Ostwerk, our ticketing tool", "a crm called Pello"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from core.fact import Field, Operation
from profiles.context import Context
from profiles.cues import Hit
from profiles.facts import Finding
from profiles.reading import Reading
from profiles.tool_references import referred_to

_NAME = r"(?P<name>[A-ZÀ-Ý][\w&+-]{2,23}(?:\.\w{2,5})?(?:\s[A-Z][\w-]{2,20})?)"
_KIND = (
    r"(?:(?:ticket\w*|help ?desk|shop|store|booking|practice|order|phone|chat|inventory|reservation|billing|accounting"
    r"|support|customer|stock|warehouse|planning|scheduling|payroll|hr|in-?house|homegrown|home-?made|legacy|custom)\s+)?"
    r"(?:ticketing|crm|erp|wms|tms|ehr|emr|pms|lms|help ?desk|hr|pos|cms|pim|oms"
    r"|tool\w*|system\w*|software|program\w*|platform\w*|plattform|app|application|database|datenbank|backend"
    r"|ticketsystem|warenwirtschaft|praxissoftware|kassensystem|shopsystem|thing|beast|product|solution"
    r"|outil|logiciel|système|application|herramienta|sistema|programa|ferramenta|plataforma|systeem|pakket|gestionale)"
)
_MINE = r"(?:our|my|unser\w*|mein\w*|notre|mon|nuestr\w+|mi|noss\w+|meu|onze|mijn|nostr\w)"
_SOME = r"(?:our|my|an?|unser\w*|mein\w*|eine?|notre|une?|nuestr\w+|una|noss\w+|uma?|onze|een)"
_CALLED = (
    r"(?:called|named|by the name of|namens|heißt|nennt sich|(?:qui\s+)?s'appelle|appelée?|nommée?|(?:que se )?llama\w*"
    r"|(?:que se )?chama\w*|genaamd|heet)"
)
_HAVING = (
    r"(?:we've got|we have|we've|we got|i've got|i have|we run|we use|we're on|using|running|wir haben|wir nutzen"
    r"|haben wir|on a|nous avons|on utilise|j'ai|tenemos|usamos|tengo|temos|usamos|tenho|we hebben|we gebruiken)"
)
_JOB = (
    r"(?:bookings?|reservations?|tickets?|ticketing|orders?|invoices?|invoicing|billing|accounts|accounting"
    r"|bookkeeping|the books|payroll|stock|inventory|scheduling|schedules?|rotas?|appointments?|calendars?|crm"
    r"|leads|e-?mails?|chats?|phones?|telephony|docs|documents|storage|payments?|memberships?|shipping"
    r"|dispatch|planning|projects?|records|timesheets?|returns|buchungen|rechnungen|lager|termine|buchhaltung"
    r"|bestellungen|versand|kasse|terminplanung|réservations?|commandes|factures|facturation|compta\w*|stocks?"
    r"|rendez-vous|reservas|pedidos|facturas|facturación|citas|contabilidad|faturas|estoque|boekingen"
    r"|bestellingen|facturen|boekhouding|voorraad|afspraken)"
)
_THE = (
    r"(?:(?:the|our|all the|all our|die|das|den|unsere?n?|les?|la|l'|nos|los?|las|el|nuestr\w+|as?|os?"
    r"|noss\w+|de|het|onze)\s+)?"
)
_LIVES = r"(?:lives?|sits?|are|is|runs?|go|goes|are kept|laufen|liegen|sont|están|estão|staan)\s+(?:all\s+)?"
_THERE = r"(?:in|on|through|via|with|über|auf|dans|sur|en|no|na|em)"
_ENDS = r"(?=\s*(?:[.,;!)]|$)|\s+(?i:and|today|now|which|but)\b)"
_GAP = r"(?:\s+[\w'-]+){0,2}?"
_OPEN, _CLOSE = "[\"'“„«]?", "[\"'”“»]?"
_PATTERNS = tuple(
    re.compile(one)
    for one in (
        rf"\b(?i:{_KIND}{_GAP}\s+{_CALLED})\s+{_OPEN}{_NAME}",
        rf"\b{_NAME}{_CLOSE}\s*,\s*(?i:(?:which is\s+|das ist\s+|c'est\s+)?{_MINE}{_GAP}\s+{_KIND})\b",
        rf"\b{_NAME}{_CLOSE}\s*\((?i:(?:it's\s+|its\s+)?(?:{_SOME}\s+)?(?:[\w-]+\s+){{0,2}}?{_KIND})\b",
        rf"\b(?i:(?:our|my|notre|nuestr\w+|noss\w+|onze)\s+{_KIND})\s*(?i:,|is|est|es|é|runs on)\s+{_NAME}",
    )
)
_BY_PURPOSE = tuple(
    re.compile(one)
    for one in (
        rf"\b(?i:{_HAVING})\s+{_NAME}\s+(?i:for|für|pour|para|voor)\s+(?i:{_THE}{_JOB})(?!\w)",
        rf"\b(?i:{_JOB}\s+{_LIVES}{_THERE})\s+{_NAME}{_ENDS}",
    )
)
_LED_TO = re.compile(
    r"(?:\b(?:in|on|through|via|with|über|auf|dans|sur|en|no|na|em)|ve|got|run|use|using|running|haben|nutzen|wir|a|avons|utilise"
    r"|ai|mos|go|ho|hebben|gebruiken)\s[A-ZÀ-Ý]"
)
"""A capital where those may find a name: without one they are spared the text."""
_MOST = 3
_NO_NAMES = re.compile(
    r"(?:The|This|That|Our|My|It|We|And|But|For|With|Yes|No|Hello|Thanks|English|German|French|Spanish|Portuguese|Dutch|Italian"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|API|AI|IT|HR|CRM|ERP|FAQ|EU|UK|US|USA)\b"
)


def unlisted_tools(reading: Reading, context: Context, known: Collection[str]) -> Iterator[Finding]:
    """Findings for the stack, and for integrations where the tool is to be joined; `known`: names found already."""
    shown = reading.shown
    named: list[_Named] = []
    patterns = (*_PATTERNS, *(_BY_PURPOSE if _LED_TO.search(shown) else ()))
    for pattern in patterns:
        for match in pattern.finditer(shown):
            start, end = match.span("name")
            if _NO_NAMES.match(match["name"]) or _is_known(reading, start, end):
                continue
            if not context.asserted(start) or match["name"] in known or any(one.name == match["name"] for one in named):
                continue
            named.append(_Named(match["name"], start, end))
    for one in named[:_MOST]:
        yield Finding(Field.TECH_STACK, one.name, one.start, one.end, Operation.ADD, confidence=0.75)
    for one in referred_to(reading, named):
        yield Finding(Field.INTEGRATIONS, one.name, one.start, one.end, Operation.ADD, confidence=0.7)


def _is_known(reading: Reading, start: int, end: int) -> bool:
    """Whether a listed tool, a person or a firm stands there."""
    taken: list[Hit] = [*reading.of("tool"), *reading.of("person"), *reading.of("label.security")]
    asks = "?" in reading.low[end : reading.sentence(start)[1]] and not _own(reading, start)
    return asks or any(hit.start < end and start < hit.end for hit in taken)


def _own(reading: Reading, at: int) -> bool:
    first = reading.sentence(at)[0]
    return (
        re.search(r"\b(?:we|our|i|my|us|wir|unser\w*|nous|notre|on|nuestr\w+|noss\w+|we|onze)\b", reading.low[first:at])
        is not None
    )


class _Named:
    __slots__ = ("end", "name", "role", "start")

    def __init__(self, name: str, start: int, end: int) -> None:
        self.name, self.start, self.end, self.role = name, start, end, "uses"
