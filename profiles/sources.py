"""Whose words a text is made of: everything that is not the visitor speaking is blanked out, and offsets stay."""

from __future__ import annotations

import re

_LINE = re.MULTILINE
_CITED_LINE = re.compile(r"^[ \t]*>.*$", _LINE)
_HEADER = (
    r"(?:to|sent|date|subject|an|gesendet|datum|betreff|à|objet|envoyé|para|fecha|asunto|data|assunto|aan"
    r"|onderwerp|cc)"
)
_FORWARD = re.compile(
    r"-{2,}\s*(?:original|forwarded|weitergeleitete|ursprüngliche|doorgestuurd)\w* (?:message|nachricht|bericht)"
    r"|begin forwarded message|-{3,}\s*(?:message transféré|mensaje reenviado|mensagem encaminhada)"
    r"|^(?:on|am|le|el|em|op) [^\n]{5,120} (?:wrote|schrieb [^\n]{2,40}|a écrit|escribió|escreveu"
    r"|schreef [^\n]{2,40})\s?:\s*$"
    r"|^from: [^\n]{3,120}\n"
    rf"|(?:^|\s)(?:from|von|de|van)\s?: [^\n]{{3,90}}\s{_HEADER}\s?: ",
    _LINE,
)
_FORWARDING = ("message", "wrote", "from: ", "nachricht", "bericht", "schr", "écrit", "escri", "escre", "mens")
_HEADED = ("von", "de", "van")
_SAYING = (
    r"wrote|writes|says?|said|asked|told us|told me|emailed|messaged|forwarded|complained|quote[sd]?|message"
    r"|review|put it"
    r"|schrieb|schreibt|sagte?|meinte|écrit|écrivait|dit|disait|dice|dijo|escribió|escribe|disse|diz|escreveu"
    r"|zegt|zei|schreef"
)
_REPORTED = re.compile(rf"(?:{_SAYING})[^.!?\n\"“„«]{{0,30}}[\"“„«]([^\"”“»\n]{{8,600}})[\"”“»]")
_INTRODUCED = re.compile(
    r":[ \t]*(?:\"|“|„|«)(?P<paste>[^\"”“»\n]{8,600})[\"”“»]"
    r"|:[ \t]*['‘](?P<single>[^'\n]{0,300}(?:\w'\w[^'\n]{0,300})*)['’](?!\w)"
)
"""Quotation marks right behind a colon: whatever verb led up to them, the words are quoted."""
_QUOTES = '"“„«'
_CODE = re.compile(r"```.*?(?:```|\Z)|<!--.*?(?:-->|\Z)|\{\s*\"[^{}]{1,2000}\}", re.DOTALL)
_PASTED = re.compile(
    r"(?:mail|letter|message|ticket|review|enquiry|inquiry|request|complaint|nachricht|anfrage|courriel|message"
    r"|correo"
    r"|mensaje|mensagem|bericht|klacht)\w*\b(?=[^\n:]{0,70}:)[^\n:]{0,70}"
    r"\b(?:from|wrote|got|get|gets|received|sent|like this|one of|example|von|erhalten|reçu|de|recibid[oa]"
    r"|receb\w+|van|kreeg)\b"
    r"[^\n:]{0,40}:[ \t]*\n+(?P<paste>(?:[^\n]+\n?)+)"
)
_OVERRIDE = re.compile(
    r"\b(?:ignor\w*|disregard|forget|overrid\w+|bypass|vergiss|vergessen sie|oublie[zr]?|olvid\w+|esqueç\w+"
    r"|negeer|vergeet)\b"
    r"[^.!?\n]{0,40}\b(?:instructions?|rules?|guidelines|prompts?|anweisungen|regeln|vorgaben|consignes|règles"
    r"|instrucciones|reglas|instruções|regras|instructies|regels)\b"
)
_MODE = re.compile(r"\b(?:you are now|developer mode|new instructions|system override|jailbreak)\b")
"""What would make the machine another one: nothing after it is meant as said."""
_ORDER = re.compile(
    r"\b(?:record|note down|store|write down|remember|save)\s(?:that|the fact)\b|\bmark (?:this|me|the) (?:lead"
    r"|visitor|user)\b"
    r"|\bset (?:the |my |this )?(?:lead'?s? )?(?:budget|company size|team size|timeline|role|slot|field|score"
    r"|readiness)\s*(?:to|=|:)"
    r"|\bupdate (?:the|my|this) (?:lead|record|profile|crm)\b"
    r"|#{2,}\s*(?:assistant|system|instruction)|[\[<]\|?(?:assistant|system|inst)\w*\|?[\]>]"
    r"|^\s*(?:system|assistant|developer|admin)\s?:(?=[^\n]*\b(?:user|lead|visitor|budget|set|record|note|you"
    r"|must)\b)"
    r"|\b(?:system|assistant) (?:note|set|record)\w*\b",
    _LINE,
)
_ORDER_WORDS = (
    "record",
    "note down",
    "store ",
    "write down",
    "remember ",
    "save ",
    "mark ",
    "set ",
    "update ",
    "system",
    "assist",
)
_OVERRIDE_WORDS = ("ignor", "disregard", "forget", "overrid", "bypass", "verg", "oubli", "olvid", "esque", "negeer")
_MODE_WORDS = ("you are now", "developer mode", "new instructions", "system override", "jailbreak")
_STOP = re.compile(r"[.!?]+(?=\s|$)|\n|$")
_GOES_ON = re.compile(
    r"\W*(?:(?:and|then|now|instead|please|und|et|y|e|en)\s+)*(?:note|record|set|store|mark|remember|save|say"
    r"|write|reply|respond"
    r"|output|print|tell|confirm|add|fill|put|give|from now|the (?:user|visitor|lead|budget|company)|you|your"
    r"|notier\w*|schreib\w*"
    r"|speicher\w*|noter?z?|enregistre\w*|anota\w*|apunta\w*|registr\w*|guarda\w*|noteer|schrijf|sla)\b"
)


def lowered(text: str) -> str:
    """`text` in lower case, letter for letter: where the case pair is longer the letter stays as it is."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(one if len(one := char.lower()) == 1 else char for char in text)


def own_of(low: str) -> str:
    """Lower-case text with everything that somebody else wrote, code, and orders to the machine blanked out."""
    if ">" in low:
        low = _CITED_LINE.sub(_blanked, low)
    if "`" in low or "{" in low or "<!" in low:
        low = _CODE.sub(_blanked, low)
    if (any(word in low for word in _FORWARDING) or _headed(low)) and (forward := _FORWARD.search(low)):
        low = _blank(low, forward.start(), len(low))
    if any(mark in low for mark in _QUOTES):
        low = _REPORTED.sub(_without_citation, low)
    if ":" in low and any(mark in low for mark in (*_QUOTES, "'", "‘")):
        low = _INTRODUCED.sub(_without_quotation, low)
    if ":" in low and "\n" in low:
        low = _PASTED.sub(_without_paste, low)
    return _without_orders(low)


def own_words(text: str) -> str:
    """The text with everything somebody else wrote blanked out; offsets stay."""
    return shown(text, own_of(lowered(text)))


def shown(text: str, low: str) -> str:
    """`text` in its own case where `low` was not blanked."""
    return "".join(char if one != " " else " " for char, one in zip(text, low, strict=True))


def _headed(low: str) -> bool:
    return ":" in low and any(f"{word}:" in low or f"{word} :" in low for word in _HEADED)


def _without_orders(low: str) -> str:
    """Orders to the machine lose what they order; the words that make them orders stay to be recognised."""
    if any(word in low for word in _MODE_WORDS) and (mode := _MODE.search(low)):
        low = _blank(low, mode.end(), len(low))
    if any(word in low for word in _OVERRIDE_WORDS):
        low = _cut_after(low, _OVERRIDE)
    if any(word in low for word in _ORDER_WORDS):
        low = _cut_after(low, _ORDER)
    return low


def _cut_after(low: str, pattern: re.Pattern[str]) -> str:
    """`low` without the rest of each sentence that matches, and without sentences that go on ordering."""
    at = 0
    while found := pattern.search(low, at):
        at = _sentence_end(low, found.end())
        while at < len(low) and _GOES_ON.match(low, at):
            at = _sentence_end(low, at + 1)
        low = _blank(low, found.end(), at)
        at = max(at, found.end())
    return low


def _sentence_end(low: str, at: int) -> int:
    stop = _STOP.search(low, at)
    return stop.end() if stop else len(low)


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _blanked(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _without_citation(match: re.Match[str]) -> str:
    return _blank(match[0], match.start(1) - match.start(), match.end(1) - match.start())


def _without_quotation(match: re.Match[str]) -> str:
    group = "paste" if match["paste"] else "single"
    return _blank(match[0], match.start(group) - match.start(), match.end(group) - match.start())


def _without_paste(match: re.Match[str]) -> str:
    return _blank(match[0], match.start("paste") - match.start(), match.end("paste") - match.start())
