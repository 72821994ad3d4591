"""The company's own labels by cue phrase: use cases, pains, security needs, features, industry."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from core.fact import Field, Source
from profiles.context import Context
from profiles.cues import Hit
from profiles.facts import Finding
from profiles.qualification_file import Label, LabelSets
from profiles.reading import Reading

LIST_LABELS = (Field.USE_CASE, Field.PAINS, Field.SECURITY, Field.FEATURES)
_OF_THE_VENDOR = re.compile(
    r"\W*(?:(?:and|but|so|also|ok|und|et|y|e|en)\W+)?(?:how (?:many|much|fast|long|well) )?"
    r"(?:(?:do|does|can|could|will|would|are|is|did|have|has) (?:you|your|it|this|that|the (?:bot|assistant))\b"
    r"|(?:haben|können|machen|sind|arbeiten|antworten) (?:sie|ihr)\b|est-ce que (?:vous|ça|votre)\b"
    r"|(?:avez|pouvez|êtes|travaillez|répondez)[- ]vous\b|¿?(?:ustedes|tienen|pueden|trabajan|responden)\b"
    r"|vocês\b|(?:hebben|kunnen|werken|doen) (?:jullie|u)\b|(?:avete|potete|lavorate)\b)"
)
"""How a clause begins that asks about the vendor: it tells nothing of the visitor's own troubles."""
_FOR_OTHERS = re.compile(
    r"(?<!work )(?<!working )(?<!looking )(?<!options )"
    r"(?<!something )(?<!solution )(?<!quote )(?<!offer )\b(?:for|para|für|pour|voor)\s+(?!an?\s)"
    r"(?:(?!our\b|my\b|we\b|nos\b|unser|at\b|with\b|in\b|bei\b|chez\b|em\b|bij\b|for\b|für\b|para\b)[\w'-]+\s+){0,5}$"
    r"|\b(?:brands|marcas|marken|marques|merken)\s+(?:of|de|d'|von|van)\s+(?:\w+\s+){0,3}$|\b(?:that|which)\s+$"
    r"|\b(?:to|an|à|aux|a|aan)\s+(?:(?:about|over|some|around|rund|über|environ|unos|cerca de|zo'n)\s+)?\d[\d.,']*\s+$"
)
"""Before a trade: it is that of their customers, as in "invoices for photographers"."""
_ARTICLE = re.compile(
    r"(?:^|[^\w])(?:an?|our|my|two|three|four|five|six|\d+|eine?r?|unsere?|une?|notre|una?|nuestr\w+|uma?"
    r"|noss\w+|een|onze|il|lo)\s+(?:[\w-]+\s)?$"
)
AMONG_STAFF = re.compile(
    r"\b(?:(?:works?|staff|employees'?) councils?|work(?:ing|s)? students?|students? on (?:work )?placement"
    r"|student (?:helpers?|assistants?)|betriebsr[aä]t\w*|personalrat|werkstudent\w*|comité d'entreprise"
    r"|comité de empresa|ondernemingsraad)\b"
)
"""Bodies and people that any company may have inside: they tell no trade."""
_REACH = 60
VOICED = (Field.OBJECTIONS, Field.SIGNALS, Field.SCALING)
"""Fields whose labels come with Frontdesk: doubts, conversion signals, growth."""


NOT_NEEDED = re.compile(
    r"\s*(?:(?:itself|as such|reports?|login|stuff|part)\s+)?(?:(?:is|are|was)(?:n't|nt| not)|ain't"
    r"|(?:ist|sind|is|zijn)(?=\s+(?:\w+\s+)?(?:nicht|niet)\b)|n'est|ne sont|no es|não é)\s+"
    r"(?:really\s+|strictly\s+|even\s+|nicht\s+|pas\s+|niet\s+)*(?:needed|required|necessary|important|relevant|a must"
    r"|my problem|our problem|an issue|a topic|wichtig|nötig|notwendig|erforderlich|unser thema|nécessaire|obligatoire"
    r"|necesario|obligatorio|necessário|obrigatório|nodig|verplicht)\b"
    r"|\s*(?:brauchen|brauche) (?:wir|ich) nicht\b|\s*(?:hebben|heb) (?:we|ik) niet nodig\b"
    r"|\s*(?:can|could) wait\b|\s*(?:we|i) (?:can|could) (?:do|live) without\b|\s*no (?:hace falta|lo necesitamos)\b"
)
"""Right after a label: it is none they want, as in "SAML isn't needed"."""
_MUST_NOT = re.compile(
    r"\b(?:(?:must|may|should|can|could|shall)(?: ?not|n't| never)"
    r"|(?:is|are)(?:n't| not) (?:allowed|permitted|supposed)|(?:no ?one|nobody|nothing) (?:may|must|should|can|else)"
    r"|without (?:any|a|the) (?:line|link|connection|internet|cloud)"
    r"|never (?:leave|be|go|touch)|(?:darf|dürfen|kann) (?:[\w-]+ ){0,4}(?:nicht|nie|kein\w*)"
    r"|(?:nicht|nie) (?:[\w-]+ ){0,3}(?:dürfen|darf)|ne (?:doit|doivent|peut|peuvent) (?:pas|jamais|en aucun)"
    r"|no (?:debe|deben|puede|pueden)|não (?:pode|podem|deve|devem)"
    r"|(?:mag|mogen|moet) (?:[\w-]+ ){0,4}(?:niet|nooit|geen))\b"
)
"""What is forbidden is asked for: "data must not leave the country", "nobody may train on it"."""
_WELL_REACH = 12
"""Characters between a trouble and the words that say it is none."""
_THEIRS_REACH = 40
"""Characters between a word for what is the vendor's and the trouble it makes theirs."""


def named_labels(labels: LabelSets) -> dict[Field, dict[str, Label]]:
    """The label sets by the field they belong to."""
    return {
        Field.USE_CASE: labels.use_case,
        Field.PAINS: labels.pains,
        Field.SECURITY: labels.security,
        Field.FEATURES: labels.features,
        Field.INDUSTRY: labels.industry,
    }


def label_cues(labels: LabelSets) -> dict[str, dict[str, tuple[str, ...]]]:
    """The cues of every label set as groups of a lexicon."""
    sets = named_labels(labels)
    return {f"label.{field}": {name: label.cues for name, label in named.items()} for field, named in sets.items()}


def read_labels(reading: Reading, context: Context) -> Iterator[Finding]:
    """Each label once a message, at its first cue that is meant; none of somebody who says that they do not buy."""
    kinds = {hit.name for hit in reading.of("visitors")}
    if kinds and "buyer" not in kinds:
        return
    for field in LIST_LABELS:
        seen: set[str] = set()
        for hit in reading.of(f"label.{field}"):
            if hit.name not in seen and _is_said(reading, context, field, hit):
                seen.add(hit.name)
                yield Finding(field, hit.name, hit.start, hit.end, confidence=0.7)
    industry = _industry(reading, context)
    if industry is not None:
        yield industry


def _is_said(reading: Reading, context: Context, field: Field, hit: Hit) -> bool:
    """Whether a cue says what it says of the visitor, as things are, and is not taken back."""
    denied = context.negated(hit.start) and not (field is Field.SECURITY and forbids(reading, hit.start))
    if denied or context.past(hit.start) or context.withdrawn(hit.start):
        return False
    if (context.hypothetical(hit.start) and field is not Field.SECURITY) or _is_well(reading, hit.end):
        return False
    if field is not Field.PAINS:
        if NOT_NEEDED.match(reading.low, hit.end):
            return False
        return not is_unwanted(reading, context, hit.start, hit.end)
    asks = _OF_THE_VENDOR.match(reading.low, reading.clause(hit.start)[0]) is not None
    return not (asks or _is_theirs(reading, hit.start))


def forbids(reading: Reading, at: int) -> bool:
    """Whether the clause around `at` forbids something, which is how a demand for security is often put."""
    return _MUST_NOT.search(reading.low, *reading.clause(at)) is not None


def is_unwanted(reading: Reading, context: Context, start: int, end: int) -> bool:
    """Whether what stands there is disliked, or only says how the visitor wants to be reached: "no calls, please"."""
    if context.disliked(start):
        return True
    return any(wish.start < end and start < wish.end for wish in reading.of("contact_preference"))


def _is_well(reading: Reading, end: int) -> bool:
    return any(end - _WELL_REACH <= fine.start <= end + _WELL_REACH and fine.end > end for fine in reading.of("well"))


def _is_theirs(reading: Reading, start: int) -> bool:
    first = max(reading.clause(start)[0], start - _THEIRS_REACH)
    return any(
        first <= word.start < word.end < start and not any(mark in reading.low[word.end : start] for mark in ",;")
        for word in reading.of("vendor")
    )


def read_voiced(reading: Reading, context: Context) -> Iterator[Finding]:
    """Objections, conversion signals and growth; inferred, because nobody says "I object"."""
    for field in VOICED:
        seen: set[str] = set()
        for hit in reading.of(field):
            denied = field is Field.SIGNALS and context.negated(hit.start)
            if hit.name not in seen and not denied and not context.past(hit.start):
                seen.add(hit.name)
                yield Finding(field, hit.name, hit.start, hit.end, source=Source.INFERRED, confidence=0.7)


def _industry(reading: Reading, context: Context) -> Finding | None:
    titles = {role.end + 1 for role in reading.of("role")}  # "head of marketing" is no agency
    staff = [match.span() for match in AMONG_STAFF.finditer(reading.low)]
    hits = [
        hit
        for hit in reading.of(f"label.{Field.INDUSTRY}")
        if hit.start not in titles and context.asserted(hit.start) and not _of_customers(reading, hit.start)
        if not any(start <= hit.start < end for start, end in staff)
    ]
    if not hits:
        return None
    hits = [hit for hit in hits if not any(_heads(other, hit) for other in hits)]
    votes = Counter(hit.name for hit in hits)
    best = max(hits, key=lambda hit: (votes[hit.name], _is_a_thing(reading, hit), hit.end - hit.start, -hit.start))
    return Finding(Field.INDUSTRY, best.name, best.start, best.end, confidence=0.75)


def _heads(other: Hit, hit: Hit) -> bool:
    """Whether `other` is the noun that `hit` only describes: a "tool shop" is a shop."""
    return other.name != hit.name and hit.start <= other.start <= hit.end + 1 and other.end > hit.end


def _is_a_thing(reading: Reading, hit: Hit) -> bool:
    """Whether an article or a number stands before it: "a clinic", "seven clinics", but not "in insurance matters"."""
    return _ARTICLE.search(reading.low, max(0, hit.start - _WELL_REACH - 8), hit.start) is not None


def _of_customers(reading: Reading, start: int) -> bool:
    first = max(reading.sentence(start)[0], start - _REACH)
    return _FOR_OTHERS.search(reading.low, first, start) is not None
