"""E-mail addresses in running text, typed or dictated."""

from __future__ import annotations

import re
from typing import NamedTuple

from core.fact import Field
from core.session import Session
from core.understanding import EmailReading, EmailVerdict
from profiles.context import Context
from profiles.mail_address import AddressJudge, MailFile
from profiles.quantity_grammar import either
from profiles.reading import Reading

SHORT_ANSWER = 48
"""A message of at most this many characters can be nothing but a dictated address."""

_LOCAL = r"[^\W_](?:[\w.+'-]{0,63}\w)?"
_TYPED = re.compile(
    rf"(?<![\w.+@-])(?P<local>{_LOCAL})\s?@\s?(?P<domain>[^\W_](?:[\w-]{{0,62}}\.)+[^\W\d_][\w-]{{1,23}}|[\w.-]{{1,80}})"
)
_SIGNS = ("(at)", "[at]", "{at}", "<at>", "( at )", "[dot]", "(dot)")
_MINE = re.compile(r"\b(?:me|us|mine)\b(?:\s+(?:at|on|in|is|under|via|here|too|to))?\s*[:,-]?\s*$")
_SENT_TO = re.compile(r"\b(?:send|mail|e-mail|email|forward|write)\b[^.!?\n]{0,60}\bto:?\s*$")
_NEARBY = 14
"""Characters within which a person named is the address's owner: "to my boss, x@y"."""
_TO_NAME = re.compile(r"\b(?:his|her|their|him|them)\b")
_NAME_THEN = re.compile(r"\b(?:his|her|their|he|she|they|bob|cc|copy)\b")


class SpelledAddress(NamedTuple):
    address: str
    start: int
    end: int


class AddressReader:
    """Finds the visitor's own address; those of colleagues, clients and quoted letters are passed over."""

    def __init__(self, data: MailFile, judge: AddressJudge) -> None:
        self._judge = judge
        self._data = data
        dot = rf"(?:\.|\s+\.\s+|\s*(?:\(dot\)|\[dot\]|\{{dot\}})\s*|\s+(?:{either(data.dot_words)})\s+)"
        at = rf"(?:\s*(?:@|\(at\)|\[at\]|\{{at\}}|<at>)\s*|\s+(?:{either(data.at_words)})\s+)"
        word = r"[a-z0-9][\w+-]{0,40}"
        endings = either(data.endings)
        self._dictated = re.compile(
            rf"(?<![\w.@'-])(?P<local>{word}(?:(?:{dot}|\s+(?:underscore|dash|minus)\s+){word}){{0,3}}){at}"
            rf"(?P<domain>{word}(?:{dot}{word}){{0,3}}?{dot}(?:{endings})(?:{dot}(?:{endings}))?)(?![\w-])",
        )
        spoken_dot = rf"(?:\.|\s+(?:{either(data.dot_words)})\s+)"
        self._spaced = re.compile(
            rf"(?<![\w.@'-])(?P<local>{word}(?:{dot}{word}){{0,3}})\s*(?:@|\s(?:{either(data.at_words)}))\s+"
            rf"(?P<domain>(?:[a-z0-9-]{{1,30}}\s+){{0,3}}?[a-z0-9-]{{1,30}}{spoken_dot}(?:{endings})(?:{spoken_dot}(?:{endings}))?)(?![\w-])",
        )
        self._as_one = re.compile(rf"\b(?:{either(data.joined_words)})\b")
        self._dot = re.compile(dot)
        self._dot_word = re.compile(rf"\s(?:{either(data.dot_words)})\s")
        self._article = re.compile(r"\b(?:the|a|an|our|their|his|her|as)\s+(?:\w+\s+)?$")

    def read(self, reading: Reading, context: Context, session: Session) -> EmailReading | None:
        """The address the visitor gives as their own, the corrected one when there are several."""
        spelled = [one for one in self._spelled(reading, session) if self._own(reading, context, one)]
        if not spelled:
            return None
        mine = [one for one in spelled if _MINE.search(reading.low, 0, one.start)]
        spelled = mine or spelled
        one = spelled[-1] if context.any("correction") else spelled[0]
        return self._judge.judge(one.address, reading.quote(one.start, one.end))

    def spans(self, reading: Reading, session: Session) -> list[tuple[int, int]]:
        """Where any address stands, whoever's it is."""
        return [(one.start, one.end) for one in self._spelled(reading, session)]

    def _spelled(self, reading: Reading, session: Session) -> list[SpelledAddress]:
        low = reading.low
        found = [
            SpelledAddress(
                f"{match['local']}@{match['domain'].rstrip('.-')}",
                match.start(),
                match.start("domain") + len(match["domain"].rstrip(".-")),
            )
            for match in (_TYPED.finditer(low) if "@" in low else ())
        ]
        if not found and self._may_be_dictated(reading) and self._as_one.search(low):
            found = [
                self._joined(match)
                for match in self._spaced.finditer(low)
                if match["local"] not in self._data.not_local
            ]
        if not found and self._may_be_dictated(reading):
            found = [
                SpelledAddress(self._written(match["local"], match["domain"]), match.start(), match.end())
                for match in self._dictated.finditer(low)
                if self._meant_as_address(match, reading, session)
            ]
        return found

    @staticmethod
    def _may_be_dictated(reading: Reading) -> bool:
        low = reading.low
        if reading.of("spelled") or (" at " in low and "." in low[:-1]):
            return True
        return any(mark in low for mark in "([{<") and any(sign in low for sign in _SIGNS)

    def _joined(self, match: re.Match[str]) -> SpelledAddress:
        """As in "ann at tallow mill dot com, one word"."""
        domain = re.sub(r"\s+", "", self._dot.sub(".", match["domain"]))
        return SpelledAddress(f"{self._dot.sub('.', match['local'])}@{domain}", match.start(), match.end())

    def _written(self, local: str, domain: str) -> str:
        local = re.sub(r"\s+underscore\s+", "_", local)
        local = re.sub(r"\s+(?:dash|minus)\s+", "-", local)
        return f"{self._dot.sub('.', local)}@{self._dot.sub('.', domain)}"

    def _meant_as_address(self, match: re.Match[str], reading: Reading, session: Session) -> bool:
        low = reading.low
        if match["local"] in self._data.not_local:
            return False
        if re.search(r"@|[(\[{<]at", match[0]):
            return True
        if self._article.search(low[max(0, match.start() - 24) : match.start()]):
            return False
        said_dot = self._dot_word.search(match[0])
        asked = session.email.asked > 0 and len(low) <= SHORT_ANSWER
        return bool(said_dot or asked or reading.of("mail_word"))

    @staticmethod
    def _own(reading: Reading, context: Context, one: SpelledAddress) -> bool:
        if _MINE.search(reading.low, 0, one.start):
            return not context.negated(one.start)
        sent = _SENT_TO.search(reading.low, reading.sentence(one.start)[0], one.start)
        if (
            sent
            and not context.foreign_within(one.start, _NEARBY)
            and not _TO_NAME.search(reading.low, sent.start(), one.start)
        ):
            return not context.negated(one.start)
        return not (
            context.foreign(one.start)
            or context.negated(one.start)
            or _NAME_THEN.search(reading.low, reading.clause(one.start)[0], one.start)
        )


def notes_of(email: EmailReading) -> str:
    """What a rep should know of a valid address, comma-separated, "" for an ordinary one."""
    flags = (("free_mail", email.free_mail), ("disposable", email.disposable), ("role_account", email.role_account))
    return ",".join(name for name, true in flags if true)


def email_finding(email: EmailReading) -> tuple[Field, str, float] | None:
    """Field, value and confidence of the fact a valid address is, None for any other."""
    if email.verdict is not EmailVerdict.VALID:
        return None
    return Field.EMAIL, email.address, 0.95
