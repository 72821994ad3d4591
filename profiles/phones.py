"""Phone numbers in E.164, typed or dictated digit by digit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.fact import Field
from core.session import Session
from profiles.context import Context
from profiles.facts import Finding
from profiles.language import LanguageVoter
from profiles.mail_address import MailFile
from profiles.quantity_grammar import either
from profiles.reading import Reading

FEWEST_SPOKEN = 6
"""Words for digits from which a number may be dictated."""
MOST_DIGITS = 15
"""ITU-T E.164 allows no more."""
PLAIN_DIGITS = 9
"""Digits a grouped number needs to be one without any talk of phones."""

_REGION = 2
_WEIGHED = 2
"""Regions weighed against each other: beyond them, that a number is in use somewhere says little."""
_NO_DIGITS = str.maketrans("", "", "0123456789")
_PHONE = re.compile(r"(?<![\w.,/@$€£-])\(?\+?\(?\d[\d\s().\u2010-\u2013/-]{5,20}\d(?![\w@])")
_MINE = re.compile(r"\b(?:me|us|my|mine|mich|uns|mij|moi|nous|me|mir)\b")
_GROUPED = re.compile(r"\(?0\d{2,4}\)?[\s/-]\d|\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}$")
_NUMBERED = re.compile(
    r"\b(?:orders?|invoice|ref|reference|no|nr|ticket|case|account|id|number of|tracking|iban|bestellung|rechnung"
    r"|pedido|commande|factura)\b(?:\s+(?:number|num|no|nr|id|is|was|code))*[\s#:.]*$"
)


_PUBLIC = re.compile(
    r"\b(?:hotline|helpline|switchboard|support line|service line|order line|freephone|toll free"
    r"|toll-free|servicenummer"
    r"|numéro vert|línea de atención|sac|klantenlijn)\W*(?:is|number|no|ist|est|es|é)?\W*$"
)
"""In front of the number of a company's customers, which reaches no prospect."""


class PhoneReader:
    """At most one number a message.

    Where no country code is said, the region of the locale is tried first, then those of the language.
    """

    def __init__(self, data: MailFile, language: LanguageVoter) -> None:
        self._regions = data.regions
        self._fallback = tuple(dict.fromkeys(region for regions in data.regions.values() for region in regions))
        self._language = language
        self._digits = data.digit_words
        self._repeats = data.repeat_words
        words = either((*data.digit_words, *data.repeat_words, *data.hundred_words))
        self._hundreds = frozenset(data.hundred_words)
        self._dictated = re.compile(rf"(?<!\w)(?:plus\s+)?(?:(?:{words})(?:[\s,.-]+|$)){{7,24}}")
        self._word = re.compile(rf"plus|{words}")

    def read(self, reading: Reading, context: Context, session: Session, *, asked: bool) -> Iterator[Finding]:
        """The visitor's own number; those of others, of orders and invoices are passed over."""
        low = reading.low
        spoken = asked or bool(reading.of("phone_word"))
        for start, end, spelled in self._spelled(reading):
            if self._others(reading, context, start) or _NUMBERED.search(reading.low, max(0, start - 24), start):
                continue
            if not asked and _PUBLIC.search(reading.low, max(0, start - 24), start):
                continue
            dictated = low[start:end].translate(_NO_DIGITS) == low[start:end]
            if not spoken and "+" not in spelled and not _stands_out(spelled, dictated=dictated):
                continue
            number = self._e164(spelled, reading, session)
            if number:
                yield Finding(Field.PHONE, number, start, end, confidence=0.9)
                return

    def _spelled(self, reading: Reading) -> Iterator[tuple[int, int, str]]:
        low = reading.low
        if reading.digits:
            for match in _PHONE.finditer(low):
                yield match.start(), match.end(), match[0]
        if len(reading.of("digit")) >= FEWEST_SPOKEN:
            for match in self._dictated.finditer(low):
                yield match.start(), match.end(), self._said(match[0])

    def _said(self, words: str) -> str:
        """The digits, as 00900 in "double oh nine hundred"."""
        digits: list[str] = []
        times = 1
        for word in self._word.findall(words):
            if word == "plus":
                digits.append("+")
            elif word in self._hundreds:
                digits.append("00")
            elif word in self._repeats:
                times = self._repeats[word]
            else:
                digits.append(self._digits[word] * times)
                times = 1
        return "".join(digits)

    @staticmethod
    def _others(reading: Reading, context: Context, start: int) -> bool:
        if not context.foreign(start) and not context.negated(start):
            return False
        first = reading.sentence(start)[0]
        others = [one.end for one in context.others if first <= one.start < start]
        return not others or context.negated(start) or not _MINE.search(reading.low, others[-1], start)

    def _e164(self, spelled: str, reading: Reading, session: Session) -> str:
        import phonenumbers

        likely = [None] if "+" in spelled else self._likely(reading, session)
        trunk = re.sub(r"\D", "", spelled).startswith("0")
        possible: list[phonenumbers.PhoneNumber] = []
        for region in dict.fromkeys([*likely, *(() if "+" in spelled else self._fallback)]):
            if len(possible) == _WEIGHED:
                break
            if trunk and region in {"US", "CA"}:
                continue  # a trunk zero is never American
            try:
                number = phonenumbers.parse(spelled, region)
            except phonenumbers.NumberParseException:
                continue
            if phonenumbers.is_possible_number(number):
                possible.append(number)
        best = next(filter(phonenumbers.is_valid_number, possible), next(iter(possible), None))
        return phonenumbers.format_number(best, phonenumbers.PhoneNumberFormat.E164) if best else ""

    def _likely(self, reading: Reading, session: Session) -> list[str | None]:
        """The locale's region, then those of the language the message or else the talk is in."""
        _, _, told = reading.message.locale.replace("_", "-").partition("-")
        language = self._language.language(reading.low, spoken="", settled=False) or session.language
        return [*([told.upper()] if len(told) == _REGION else []), *self._regions.get(language, ())]


def _stands_out(spelled: str, *, dictated: bool) -> bool:
    digits = len(re.sub(r"\D", "", spelled))
    return PLAIN_DIGITS <= digits <= MOST_DIGITS and (dictated or _GROUPED.match(spelled) is not None)
