"""In which role a tool is spoken of: run today, wanted connected, left, or compared with."""

from __future__ import annotations

import re
from typing import Protocol

from core.fact import Field
from profiles.cues import Hit
from profiles.reading import Reading

ROLE_FIELDS = {
    "uses": Field.TECH_STACK,
    "wants": Field.INTEGRATIONS,
    "leaves": Field.COMPETITORS,
    "compares": Field.COMPETITORS,
}
PLANNED = "plans"
"""The role of a tool to move to some day: neither run nor to be connected, but a rival if of that kind."""
_ROLES = frozenset({*ROLE_FIELDS, PLANNED})
_BEFORE_REACH = 80
_AFTER_REACH = {"leaves_after": 64}
_NEAR_AFTER = 28
_AFTER_WORD = 24
"""Characters before a tool in which a preposition and an article may stand."""
_LISTED = 8
"""Tools of one list that are looked at."""
_PLACE = r"(?:\s+(?:inbox|inboxes|mailbox|mailboxes|account|accounts|shop|store|site|desk|seats|workspace|instance))?"
_PURPOSE = (
    r"(?:\s+(?:for|as|für|als|pour|comme|para|como|voor)"
    r"(?:\s+(?!(?:and|want|need|replace|instead|leave|und|et|y|e|en)\b)[\w'-]+){1,4})?"
)
LIST_GLUE = re.compile(
    rf"{_PLACE}{_PURPOSE}[\s,/&+]*"
    r"(?:(?:and|or|und|et|y|e|en|oder|ou|o|plus|then|as well as"
    r"|a|an|our|the|with|on|to|mit|avec|con|com|met)\b[\s,/&+]*){0,2}"
)
_SUM_GLUE = re.compile(
    rf"{_PLACE}{_PURPOSE}\s*(?:[,&+]|\b(?:and|plus|und|et|y|e|en)\b)[\s,&+]*(?:(?:and|a|an|our|the)\s+)*"
)
_RUN_ON = re.compile(
    r"(?:^|\s)(?:on|with|via|through|in|using|inside|mit|über|avec|sur|con|com|met|op"
    r"|(?:orders?|mails?|e-?mails?|messages|tickets|requests|chats) from)"
    r"\s+(?:(?:a|an|the|one|just|only|plain|shared|single|simple|good|old)\s+)*$"
)
_SAID_TO_BE = re.compile(
    r"(?:^|[\s(,.])(?:(?:the|our|my|a|unser|unsere|die|der|das|notre|la|le|les|nos|el|los|las|nuestro|nuestra|o|os"
    r"|nosso|nossa|de|het|onze)\s+(?!(?:problem|issue|alternative|competitor|rival|question|plan|goal|other|next)\b)"
    r"[\w-]+(?:\s[\w-]+)?(?:\s+(?:for|at|pour|für|para|voor)\s+[\w' -]{2,24})?"
    r"|everything(?: else)?|the rest|all of it|it|we|alles(?: andere)?|der rest|tout|le reste|todo"
    r"|el resto|tudo|o resto|[\w-]+s)"
    r"(?:'s|’s|'re|’re|\s+(?:is|are|ist|sind|est|sont|es|son|é|são|zijn))"
    r"\s+(?:(?:in|on|a|an|still|just|only|now|all|currently|auf|bei|ein|eine|sur"
    r"|dans|un|une|en|una|no|na|um|uma|op)\s+){0,3}$"
)
_AND_THIS = re.compile(
    r"^\W*(?:(?:and|ok|right|well)\W+)*(?:and|what about|how about|und|was ist mit"
    r"|et|et pour|y|y con|e|e o|e com|en|en met)\s+$"
)
_JOINED = re.compile(
    r"(?:^|[\s'’])(?:with|to|into|in|from|on|onto|through|via|mit|zu|zum|zur|in|aus|an|auf|über|bei|avec|à|au"
    r"|aux|dans|sur"
    r"|depuis|con|a|al|en|de|desde|com|ao|no|na|do|da|pelo|pela|met|aan|op|naar|uit|su|da|alla)"
    r"\s+(?:(?:a|an|the|our|your|das|dem|der|die|unser\w*|le|la|l'|notre|nos|el|los|nuestr\w+|o|os|as|noss\w+"
    r"|het|de|onze"
    r"|il|lo|nostr\w)\s+)?$"
)
"""Right before a tool: something is joined to it."""
_FRAGMENT = re.compile(
    r"\W*(?:(?:we|just|only|mostly|mainly|currently|now|today|still|a|an|the|one|two|single|plain|simple|shared|good"
    r"|old|well|um|yes|yeah|yep|ja|oui|sí|sim|it's|its)\b[\s,]*)*"
)
_BY_NOW = re.compile(
    r"(?:^|[\s,(])(?:now|today|nowadays|these days|since then|ever since|meanwhile|jetzt|inzwischen"
    r"|mittlerweile|seitdem"
    r"|seither|heute|nun|aktuell|derzeit|momentan|maintenant|désormais|depuis|actuellement|aujourd'hui|ahora|hoy"
    r"|actualmente|desde entonces|agora|hoje|atualmente|desde então|nu|inmiddels|tegenwoordig|sindsdien|adesso|ora)"
    r"\s+(?:(?:it's|it is|with|on|in|mit|auf|bei|bij|op|met|chez|sur|avec|con|com|no|na|en|a|an|the)\s+){0,2}$"
)
"""Right before a tool: it is what is run by now."""
SINCE = re.compile(
    r"\s+(?:ever since|for now|at the moment|right now|since(?: then)?|these days|nowadays|now|today"
    r"|seitdem|seither"
    r"|inzwischen|jetzt|heute|depuis|maintenant|désormais|desde entonces|ahora"
    r"|desde então|agora|sindsdien|inmiddels|nu)"
    r"\s*(?:[.,;!)\n]|$|\b(?:and|but|und|aber|y|pero|et|mais|e|mas|en|maar)\b)"
)
"""Right after a tool: the same."""
_DEALT_IN = re.compile(
    r"[\s-]+(?:merchants?|partners?|agency|agencies|consultan\w+|consulting|developers?|experts?|specialists?"
    r"|resellers?"
    r"|integrators?|implementations?|händler\w*|partner\w*|agentur\w*|berat\w+|themes?|plugins?)\b"
)
"""Right after a tool: the visitor's trade is with those who run it."""
_WEIGHED = re.compile(
    r"\b(?:why|warum|wieso|weshalb|pourquoi|por qué|por que|waarom|perché)\b[^.!?]{0,40}"
    r"\b(?:not|nicht|pas|no|não|niet|non)\b[^.!?]{0,24}$"
)
_DEALING = re.compile(
    r"\b(?:resell|resells|reselling|sell|implement|implementing|install|teach|train people on|(?:build|write"
    r"|make|develop)\w*"
    r" (?:apps?|plugins?|themes?|sites?|stores?|shops?) (?:for|on|in|with)|migrat\w+ (?:clients|customers"
    r"|people|companies)"
    r" (?:from|to|off)[^.!?]{0,32})\s+$"
)
_KEPT = re.compile(
    r"[^.!?]{0,64}?\b(?:stuck with|locked into|tied to|keeping|still on|still using|paying for|married to"
    r"|have to use|must use) (?:it|that|them)\b"
)
_SHARED = re.compile(r"\b(?:shared|single|common)\s+$")
_RUN_END = re.compile(
    rf"{_PLACE}\s*(?:[.,;!)\n]|$"
    r"|(?:for|at|here|today|now|right now|at the moment|so far|in|with|mostly|on|and|für|pour|para|voor)\b)"
)
_ALONE_END = re.compile(rf"{_PLACE}(?:{_PURPOSE}|\s+at\s+\w+)\s*(?:[.,;!)\n]|$|\band\b)")
_ASKING_HEAD = re.compile(
    r"\b(?:you|your|yours|any|what|how|which|why|like|want|need|wish|love|should|must|would|could"
    r"|talks? of|rumou?rs? of|thoughts? of|idea of|mention of|dream of"
    r"|found|find|saw|seen|read|heard|came|come|searched|talked|spoke|meeting)\b"
    r"|^\W*(?:and |so |but )?(?:do|does|can|will|is|are|did|has|have)\b"
)
"""Before a tool: the sentence asks, wishes or tells of something else than what is run today."""
_BARE_START = re.compile(
    r"\W*(?:(?:and|we|we're|also|still|all|currently)\s+)*(?:on|using|in|run|use)\s+(?:a\s+|the\s+)?"
)


_IS_OURS = re.compile(
    r"(?:\s+(?:is|ist|est|es|é)|['’]s)\s+(?:still\s+|now\s+|just\s+)?"
    r"(?:our|my|unser\w*|mein\w*|notre|mon|nuestr\w+|mi|noss\w+|onze|mijn"
    r"|what (?:we|i|everyone|everybody)|where (?:we|our))\b"
)
"""Right after a tool: it is said to be theirs, as in "close is our crm"."""
_FLOWS = re.compile(
    r"(?:they|these|those|it all|sie|die|ils|elles|ellos|eles|ze)\s+(?:all\s+|mostly\s+|mainly\s+|usually\s+|alle\s+)?"
    r"(?:come|land|arrive|go|sit|live|get|are|flow|end up|kommen|landen|liegen|arrivent|passent"
    r"|entran|llegan|chegam|komen)\b"
    r"[^.!?]{0,40}$"
)
"""Before a tool: "they" are the messages of the visitor's own, not other people."""


class RoleKnown(Protocol):
    """A mention in front of the one looked at."""

    @property
    def end(self) -> int: ...
    @property
    def role(self) -> str: ...
    @property
    def owned(self) -> bool: ...


def role_of(reading: Reading, hit: Hit, last: RoleKnown | None) -> str:
    """The role of the tool at `hit`, "" where nothing tells; `last` is the mention in front of it."""
    listed = last and (last.role or last.owned) and LIST_GLUE.fullmatch(reading.low, last.end, hit.start)
    if last and listed and not (last.role == PLANNED and is_by_now(reading, hit)):
        return last.role or "uses"
    if is_dealt_in(reading, hit):
        return ""
    if is_ours(reading, hit):
        return "uses"
    return _by_cue(reading, hit) or ("uses" if _BARE_START.fullmatch(reading.low, 0, hit.start) else "")


def is_dealt_in(reading: Reading, hit: Hit) -> bool:
    """Whether the visitor's trade is with a tool: "a Shopify agency", "we build apps for Wix"."""
    near = max(reading.sentence(hit.start)[0], hit.start - _BEFORE_REACH)
    return (
        _DEALT_IN.match(reading.low, hit.end) is not None or _DEALING.search(reading.low, near, hit.start) is not None
    )


def is_by_now(reading: Reading, hit: Hit) -> bool:
    """Whether a tool is what is run today, whatever the sentence told of the past."""
    near = max(reading.sentence(hit.start)[0], hit.start - _BEFORE_REACH)
    return SINCE.match(reading.low, hit.end) is not None or _BY_NOW.search(reading.low, near, hit.start) is not None


def is_weighed(reading: Reading, hit: Hit) -> bool:
    """Whether the "not" before a tool weighs it against another, as in "why this one and not Sage"."""
    return _WEIGHED.search(reading.low, reading.sentence(hit.start)[0], hit.start) is not None


def is_kept(reading: Reading, hit: Hit) -> bool:
    """Whether a tool is run whatever is thought of it, as in "not fond of Sage, but we're stuck with it"."""
    return _KEPT.match(reading.low, hit.end) is not None


def also_run(reading: Reading, hit: Hit) -> bool:
    """Whether a tool that is to be connected or left is said to be run, as in "we're keeping that"."""
    start, stop = reading.sentence(hit.start)
    cues = reading.of("tools")
    return any(cue.name == "keeps_after" and hit.end <= cue.start < stop for cue in cues) or any(
        cue.name == "uses" and start <= cue.start and 0 <= hit.start - cue.end < _NEAR_AFTER for cue in cues
    )


def is_ours(reading: Reading, hit: Hit) -> bool:
    """Whether a tool is the subject of a sentence that says whose it is: "linear is what we use"."""
    return _IS_OURS.match(reading.low, hit.end) is not None


def holds_messages(reading: Reading, hit: Hit) -> bool:
    """Whether "they" before a tool are what comes in there, as in "They come in through Gmail"."""
    return _FLOWS.search(reading.low, reading.sentence(hit.start)[0], hit.start) is not None


def is_owned(reading: Reading, hit: Hit) -> bool:
    """Whether it is said to be theirs, as in "our Zendesk"."""
    return any(cue.name == "owns" and cue.end <= hit.start <= cue.end + 2 for cue in reading.of("tools"))


def is_run(reading: Reading, hits: list[Hit], index: int) -> bool:
    """Whether a tool without a telling word is run all the same, as in "12 agents on Zendesk", "Gmail plus Shopify"."""
    low, hit = reading.low, hits[index]
    start, stop = reading.sentence(hit.start)
    near = max(start, hit.start - _BEFORE_REACH)
    first = reading.clause(hit.start)[0]
    if _ASKING_HEAD.search(low, max(near, first), hit.start):
        return False
    asks = "?" in low[stop - 3 : stop]
    if not asks and (is_by_now(reading, hit) or is_kept(reading, hit)):
        return True
    here = "?" in low[hit.end : reading.clause(hit.start)[1]]
    if (not here and _RUN_ON.search(low, near, hit.start)) or (not asks and _SAID_TO_BE.search(low, near, hit.start)):
        return True
    if first < near or asks or not _FRAGMENT.fullmatch(low, first, hit.start):
        return False
    last = index
    while last + 1 < min(len(hits), index + _LISTED) and _SUM_GLUE.fullmatch(low, hits[last].end, hits[last + 1].start):
        last += 1
    if last > index or _SHARED.search(low, near, hit.start) is not None:
        return _RUN_END.match(low, hits[last].end) is not None
    return _ALONE_END.match(low, hit.end) is not None


def is_told(reading: Reading, hit: Hit) -> bool:
    """Whether it is named in a statement that neither asks nor wishes: then it is most likely theirs."""
    start, stop = reading.sentence(hit.start)
    asks = "?" in reading.low[hit.end : stop] or _ASKING_HEAD.search(reading.low, start, hit.start) is not None
    return not asks and not _wished(reading, start, hit.start)


def is_asked_about(reading: Reading, hit: Hit) -> bool:
    """Whether it is asked, as in "And Sage?" or "Would it run in Slack?", or wished that something joins the tool."""
    start, stop = reading.sentence(hit.start)
    asks = "?" in reading.low[hit.end : stop]
    if asks and _AND_THIS.match(reading.low[start : hit.start]):
        return True
    first, last = reading.clause(hit.start)
    if _JOINED.search(reading.low, max(first, hit.start - _AFTER_WORD), hit.start) is None:
        return False
    return _wished(reading, first, hit.start) or (
        "?" in reading.low[hit.end : last] and not _own(reading, first, hit.start)
    )


def _wished(reading: Reading, start: int, stop: int) -> bool:
    return any(start <= cue.start < stop for cue in reading.of("tools") if cue.name == "wishing")


def _own(reading: Reading, start: int, stop: int) -> bool:
    return any(start <= cue.start < stop for cue in reading.of("context") if cue.name == "own")


def _by_cue(reading: Reading, hit: Hit) -> str:
    cues = reading.of("tools")
    if not cues:
        return ""
    start, stop = reading.sentence(hit.start)
    after = _nearest_after(cues, hit, stop, reading)
    before = _nearest_before(cues, hit, max(start, hit.start - _BEFORE_REACH))
    if after and after.name == "uses_after" and before and before.name != PLANNED:
        after = None
    if after and (before is None or after.start - hit.end < 3 or after.name == "leaves_after"):  # noqa: PLR2004
        asks = after.name == "uses_after" and "?" in reading.low[stop - 3 : stop]
        return "" if asks else after.name.removesuffix("_after")
    return before.name if before else ""


def _nearest_before(cues: list[Hit], hit: Hit, floor: int) -> Hit | None:
    before = [cue for cue in cues if floor <= cue.start and cue.end <= hit.start and cue.name in _ROLES]
    return max(before, key=lambda cue: (cue.end, cue.end - cue.start), default=None)


def _nearest_after(cues: list[Hit], hit: Hit, stop: int, reading: Reading) -> Hit | None:
    after = [
        cue
        for cue in cues
        if cue.name.endswith("_after")
        and cue.name.removesuffix("_after") in _ROLES
        and hit.end <= cue.start < min(stop, hit.end + _AFTER_REACH.get(cue.name, _NEAR_AFTER))
        and (cue.name == "leaves_after" or "," not in reading.low[hit.end : cue.start])
        and not any(hit.end <= other.start < cue.start for other in reading.of("tool"))
        and (cue.name != "uses_after" or cue.start - hit.end <= 1)
    ]
    return min(after, key=lambda cue: cue.start, default=None)
