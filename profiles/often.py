"""Questions that come again and again, by how often they are said to come: "where is it, three quarters of the day"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from profiles.reading import Reading

_SHARE = (
    r"(?:\d{2,3}\s?(?:%|percent|per cent|prozent|pour ?cent|por ciento|por cento|procent)"
    r"|(?:more than |over |about |roughly |nearly |almost |easily )?(?:half|most|(?:two|three|four) (?:thirds"
    r"|quarters|fifths)"
    r"|(?:seven|eight|nine|7|8|9) (?:in|of|out of) (?:every )?(?:ten|10)|almost all|nearly all|nine tenths)"
    r"|die hälfte|drei viertel|zwei drittel|fast alle[sn]?|das meiste|la moitié|les trois quarts|la plupart"
    r"|presque tout"
    r"|la mitad|casi todo[s]?|la mayoría|quase tudo|metade|a maioria|de helft|bijna alles|de meeste|la metà"
    r"|quasi tutti)"
)
_FREQUENT = (
    r"(?:\b(?:\d{1,4}|ten|twelve|twenty|thirty|forty|fifty|sixty|zehn|zwanzig|vingt|veinte|vinte|twintig|venti)\s?"
    r"(?:x|times|mal|fois|veces|vezes|keer|volte)\b(?:\s+(?:a|per|am|pro|par|al|por|à la)\b)?"
    r"|\b(?:a )?(?:dozens? of|hundred|thousand|million|zillion|hundert|tausend|cien|cent|mil|mille|duizend)\s?"
    r"(?:times|mal|fois|veces|vezes|keer|volte)\b"
    r"|\b(?:all day(?: long)?|every(?: single)? (?:day|hour|morning)|day in,? day out|over (?:and|n|&) over"
    r"|again and again"
    r"|non-?stop|on repeat|on a loop|constantly|all the time)\b"
    r"|\b(?:den ganzen tag|jeden tag|ständig|dauernd|tag für tag|immer wieder|toute la journée|tous les jours"
    r"|sans arrêt"
    r"|todo el (?:santo )?día|todos los días|a todas horas|sin parar|o dia (?:todo|inteiro)|todo (?:santo )?dia"
    r"|toda hora"
    r"|sem parar|de hele dag|elke dag|steeds weer|tutto il giorno|ogni giorno|di continuo)\b)"
)
_ASKED = (
    r"(?:[\"“”„«»]|(?<!\w)'(?=\w)|\b(?:ask\w*|want(?:s|ing)? to know|wonder\w*|questions? (?:about|like)|(?:is"
    r"|are|all|just|only|mostly) about"
    r"|where(?:'?s| is| are| do)|when(?:'?s| is| does| do| will| can)|wh?ens|how (?:do|does|can|to|long|much|many)"
    r"|(?:can|may|do|could) i|is (?:it|my|there)|did (?:it|my)|do you (?:have|ship|take|open)|has my"
    r"|frag\w*|wo (?:ist|bleibt|sind)|wann (?:kommt|ist|macht)|wie (?:kann|geht|lange|komm)|demand\w*|où (?:est"
    r"|en)|quand"
    r"|comment|pregunt\w*|dónde|donde está|cuándo|cómo|pergunt\w*|cadê|onde (?:est|fica)|quando|como (?:faço"
    r"|tiro|fa[cz])"
    r"|qual (?:é|cor|o)|vra(?:ag|gen)\w*|waar (?:is|blijft)|wanneer|hoe (?:kan|moet|lang)|dov'è|dove|come (?:si"
    r"|faccio))\b)"
)
_TELLS = re.compile(
    rf"{_SHARE}\W[^.!?]{{0,60}}?{_ASKED}|{_ASKED}[^!?]{{0,80}}?{_SHARE}|{_FREQUENT}[^.!?]{{0,60}}?{_ASKED}|{_ASKED}[^!?]{{0,80}}?{_FREQUENT}"
)
_NOT_OF_THEM = re.compile(
    r"\b(?:would|could|should|can|does|do|will) (?:you|it|your)\b|\bwe (?:ask|asked)\b|\bi(?:'d| would)? (?:ask"
    r"|wonder|want to know)\b"
    r"|\bi(?:'m| am) (?:asking|wondering)\b|\bmay i ask\b|\bcan i ask\b"
)
"""Who asks is the visitor."""
_LONGEST = 240


def told_often(reading: Reading) -> Iterator[tuple[int, int]]:
    """Start and end of the sentence that says so, at most one a message."""
    text = reading.text.lower()
    if len(text) != len(reading.text):
        return
    for match in _TELLS.finditer(text):
        start, end = reading.sentence(match.start())[0], reading.sentence(match.end() - 1)[1]
        if not _NOT_OF_THEM.search(reading.low, start, end) and end - start <= _LONGEST:
            yield start, end
            return
