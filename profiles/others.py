"""Who else a message speaks of, and whether that is somebody of the visitor's own organisation."""

from __future__ import annotations

import re
from typing import NamedTuple

from profiles.cues import Hit, longest
from profiles.reading import Reading

_HEAD = 44
"""Characters in front of a person that may hold who they belong to."""

_MINE = (
    r"my|our|mein\w{0,2}|unser\w{0,2}|mon|ma|mes|notre|nos|mi|mis|nuestr\w{1,2}|meus?|minhas?|noss\w{1,2}|mijn"
    r"|onze|ons"
)
_ANY = (
    rf"{_MINE}|an?|the|this|that|these|those|some|one|another|other|every|each|his|her|their|two|three|several"
    rf"|many|most"
    r"|ein\w{0,2}|der|die|das|den|dem|des|dies\w{1,2}|une?|des|les?|la|l'|ce|cette|ses|un|una|unos|el|los|las"
    r"|su|um|uma|os?|as?"
    r"|seu|een|de|het|deze|zijn|haar"
)
_BETWEEN = (
    r"(?:(?!(?:of|for|to|and|or|with|in|on|at|by|we|i|our|my|is|are|was|have|has|von|für|und|mit|de|pour|et"
    r"|avec|para|y|con|e|com"
    r"|en|met|voor|van|number|company|firm|business|size|service|desk)\b)[\w'’-]+\s+){0,2}"
)
_OF_ANYBODY = re.compile(rf"(?:^|[^\w'’-])(?:{_ANY})\s*{_BETWEEN}$")
_OF_MINE = re.compile(rf"(?:^|[^\w'’-])(?:{_MINE})\s+{_BETWEEN}$")
_IS_MYSELF = re.compile(
    r"(?:\bi'm|\bi am|\bim|\bwe're|\bwe are|\bas|\bmyself|\bbin|\bsind|\bals|\bsuis|\bsommes|\bsoy|\bsomos"
    r"|\bsou|\bben|\bzijn wij)"
    r"\s+(?:\w+\s+)?$"
)
_COMPOUND = re.compile(
    r"[\s-](?:contact|service|support|care|success|experience|kit|programs?|programmes?|relations|requests?"
    r"|e?-?mails?|messages?"
    r"|data|portal|onboarding|side|facing|base|lists?|inquir\w+|enquir\w+|questions?|complaints?|tickets?"
    r"|calls?|queries|chats?"
    r"|days?|events?|conferences?|summits?|fairs?|weeks?|evenings?|meetings?|weekends?|season"
    r"|communications?|satisfaction|journey|engagement|feedback|accounts?)\b"
)
"""What makes a person spoken of a thing: "the customer service team", "the partner kit"."""
_OWNING = re.compile(
    r"(?:\s+[\w'’-]+){0,2}?\s+(?:has|have|had|runs?|use[sd]?|employ\w*|is|are|was|were|with|got|whose|works?|pays?)\b"
)
"""What makes customers a company of their own: otherwise they are merely those who write in."""
_THAT_RUN = re.compile(
    r",?\s+(?:who|that|which|whose|die|welche|qui|que|dont|cuyos?|wie)\s+(?:\w+\s+){0,2}?"
    r"(?:use|uses|run|runs|have|has|work|are on|is on|nutz\w+|verwend\w+|haben|arbeiten|laufen|utilis\w+|ont"
    r"|sont sur|tournent"
    r"|usan|utilizan|tienen|trabajan|usam|utilizam|têm|trabalham|gebruik\w*|hebben|werken|draaien)\b"
)
"""What tells of several companies at once: "clients who run SAP"."""
_ONE_OF = re.compile(r"\b(?:one|two|some) of (?:our|my|their|your)(?: other| bigger| biggest| largest| smaller)?\s+$")
"""What makes it one among the customers, of whom figures of its own are told."""
_BELONGING = re.compile(
    r"(?:['’]s?)?(?:\s+(?:of (?:mine|ours)|von (?:mir|uns)|à (?:moi|nous)|mí[ao]|míos|nuestr[ao]s?|meus?"
    r"|noss[ao]s?|van (?:mij|ons)))?"
    r"(?:,?\s+(?:who |that |which |whom )?(?:we|i)(?:'ve| have| had| know| knew| work(?:ed)? (?:with|for)"
    r"| serve| talk to"
    r"| spoke to| met| sell to| look after)\b(?! \d)"
    r"|,? (?:who|that|which)(?: (?!we\b|i\b)[\w'’-]+){1,3} (?:our|us|my|me)\b"
    r"(?: (?!has\b|have\b|is\b|uses?\b)[\w'’-]+){0,2})?"
)
_SOURCE = re.compile(
    r"\s+(?:has |have |had |just |already |also |hat |haben |a |ont |m'a |m'ont |nous a |me |nos |heeft |hebben )*"
    r"(?:recommend\w*|suggest\w*|told (?:me|us)|pointed|sent (?:me|us)|referred|mentioned (?:you|this)"
    r"|asked (?:me|us)|wants? (?:me|us) to"
    r"|showed (?:me|us)|said (?:you|i|we)|uses? you\b|(?:mir |uns )?(?:euch |sie )?empfohlen|recommandée?|parlé"
    r"|conseillé|recomend\w+"
    r"|habló|dijo|indicou|falou|disse|aangeraden|getipt)"
)
"""Somebody who only sent the visitor here."""


_ARE = re.compile(r"\s+(?:\d|unos|unas|como|casi|más|menos|ya|los|las|sólo|solo)")
"""After the Spanish "son", which is no child."""
_ALL_OF = re.compile(
    r"\b(?:all|across|alle|tous les|toutes les|todos los|todas las|todos os|todas as)\s+(?:(?:our|my|the|unsere)\s+)?$"
)
_TOGETHER = re.compile(
    r"\s*,?\s*(?:together|combined|taken together|in total|zusammen|ensemble|juntos|juntas|samen|bij elkaar)\b"
)
"""Around those an agency answers for: what they make together is its own load."""
_DECIDING_BODY = re.compile(
    r"\b(?:trustees|committee|board|council|governors|management|finance|it|hr|legal|directors|procurement|purchasing"
    r"|vorstand|gremium|geschäftsführung|direction|comité|conseil|directiva|junta|diretoria|bestuur|directie)\b"
)
"""Whom "they" then means: those of the visitor's own house who decide."""


_WRITING_IN = re.compile(
    r"\b(?:people|folks|everyone|everybody|customers|clients|guests|patients|parents|members|tenants|students|visitors|they|users)\s+"
    r"(?:\w+\s+)?(?:asks?|wants?|writes?|calls?|rings?|messages?|emails?|mails?|needs?|wonders?|complains?|texts?|forgets?|lose|loses)\b"
)

_YOURS = re.compile(
    r"\b(?:your|other|eure|euren|vos|vuestros|jullie)\s+(?:other |existing |current |biggest |andere |autres )?$"
)
"""Before customers: those of the company that is talked to, or anybody's."""
_SUPPLIER = re.compile(r"\b(?:vendor|supplier|provider|fournisseur|prestataire|proveedor|fornecedor|leverancier)\b")
_HAD = re.compile(
    r"\s+(?:that |which |que |qu')?(?:(?:we|i)(?:'ve| have| use| run| pay|'re with| are with| work with)\b"
    r"(?! (?:to|talked|asked))|nous avons\b|on a\b|on utilise\b|tenemos\b|usamos\b|temos\b)"
)


class Other(NamedTuple):
    """Somebody spoken of at `text[start:end]`; `inside` for somebody of the visitor's own organisation."""

    start: int
    end: int
    inside: bool


def _is_in_use(reading: Reading, hit: Hit) -> bool:
    """Whether it is a supplier whose tool the visitor has: "the vendor we have now is ..."."""
    return _SUPPLIER.search(reading.low, hit.start, hit.end) is not None and bool(_HAD.match(reading.low, hit.end))


def others(reading: Reading) -> list[Other]:
    """Everybody but the visitor whom the message speaks of, in order."""
    found: list[Other] = []
    low = reading.low
    for hit in longest(reading.of("person")):
        if _is_in_use(reading, hit) or _is_nobody(reading, hit):
            continue
        if hit.name == "they" and not found and _is_who_writes(reading, hit):
            continue
        if hit.name == "they":
            ours = _DECIDING_BODY.search(low, reading.sentence(hit.start)[0], hit.start) is not None
            found.append(Other(hit.start, hit.end, inside=found[-1].inside if found else ours))
            continue
        head = low[max(0, hit.start - _HEAD) : hit.start]
        if hit.name in {"party", "audience"} and _THAT_RUN.match(low, hit.end):
            found.append(Other(hit.start, hit.end, inside=False))
            continue
        if hit.name == "audience" and _YOURS.search(head):
            found.append(Other(hit.start, hit.end, inside=False))
            continue
        owner = (_OF_MINE if hit.name == "colleague" else _OF_ANYBODY).search(head)
        if owner is None or _IS_MYSELF.search(head[: owner.start() + 1]):
            continue
        if hit.name == "audience" and not (_ONE_OF.search(head) or _OWNING.match(low, hit.end)):
            continue
        belonging = _BELONGING.match(low, hit.end)
        end = belonging.end() if belonging else hit.end
        found.append(Other(hit.start, end, inside=hit.name == "colleague"))
    return found


def _is_nobody(reading: Reading, hit: Hit) -> bool:
    """Whether the words mean nobody of whom anything is told."""
    low = reading.low
    if _SOURCE.match(low, hit.end) or (hit.name != "they" and _COMPOUND.match(low, hit.end)):
        return True
    if low[hit.start : hit.end] == "son" and _ARE.match(low, hit.end):
        return True
    return _ALL_OF.search(low, 0, hit.start) is not None and _TOGETHER.match(low, hit.end) is not None


def _is_who_writes(reading: Reading, hit: Hit) -> bool:
    """As in "people ask where their parcel is": "they" are those who ask the visitor's company."""
    return _WRITING_IN.search(reading.low, reading.sentence(hit.start)[0], hit.start) is not None
