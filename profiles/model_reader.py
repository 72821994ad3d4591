"""Facts read by a chat model. Nothing is believed that the visitor's own words do not bear out, letter for letter."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

from core.fact import LIST_FIELDS, QUALIFYING, Fact, FactValue, Field, Operation, Quantity
from core.ids import MessageId
from core.ledger import Known
from core.message import TEXT_LIMIT
from core.ports import ChatModel, Prompt
from core.session import Said
from core.spending import payers
from core.turn import ReadClosely
from profiles.facts import fact_id
from profiles.interpreter import LocalInterpreter
from profiles.model_values import notation_of, value_of
from profiles.qualification_file import QualificationFile
from profiles.sources import own_words

CONFIDENCE = 0.8
MAX_TOKENS = 1_200
MOST_FACTS = 40
FIELDS = (Field.NAME, Field.COMPANY, *QUALIFYING)
"""What a model is asked for; addresses and numbers to call are masked before they leave, and read better here."""
_WORDED = frozenset({Field.NAME, Field.COMPANY, Field.TECH_STACK, Field.INTEGRATIONS, Field.COMPETITORS})
"""Fields whose value is a name: it has to stand in the quote."""
_SLOT = re.compile(r"\{(company|fields|known)\}")

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["facts"],
    "properties": {
        "facts": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["line", "quote", "field", "operation", "value"],
                "properties": {
                    "line": {"type": "integer"},
                    "quote": {"type": "string"},
                    "field": {"type": "string", "enum": [field.value for field in FIELDS]},
                    "operation": {"type": "string", "enum": [operation.value for operation in Operation]},
                    "value": {"type": "string"},
                },
            },
        }
    },
}


class ModelFactReader:
    """`core.ports.FactReader`. The local reader tells which figures a text says, and what a tool is usually called."""

    def __init__(
        self, model: ChatModel, qualification: QualificationFile, local: LocalInterpreter, *, company: str
    ) -> None:
        self._model = model
        self._labels = _labels_of(qualification)
        self._local = local
        template = (files("profiles") / "resources" / "prompts" / "read.txt").read_text(encoding="utf-8")
        told = "\n".join(f"- {field.value} ({_arity(field)}): {notation_of(field, self._labels)}" for field in FIELDS)
        self._instructions = {"company": company, "fields": told}
        self._template = template

    async def read(self, reading: ReadClosely, known: Known) -> tuple[Fact, ...]:
        """See `FactReader`. Claims without evidence are dropped one by one; the others stand."""
        answer = await self._model.complete(self._prompt(reading, known))
        claims = answer["facts"][:MOST_FACTS]
        found = (fact for claim in claims for fact in self._believed(claim, reading.lines, reading.channel))
        return tuple(dict.fromkeys(found))

    def _prompt(self, reading: ReadClosely, known: Known) -> Prompt:
        slots = {**self._instructions, "known": _told(known)}
        system = _SLOT.sub(lambda slot: slots[slot[1]], self._template)
        talk = "\n".join(f"{number}: {_one_line(own_words(line.text))}" for number, line in enumerate(reading.lines, 1))
        return Prompt(
            system=system,
            messages=(("user", talk),),
            schema=SCHEMA,
            max_tokens=MAX_TOKENS,
            payers=payers(reading.conversation, reading.channel, reading.visitor),
        )

    def _believed(self, claim: Mapping[str, Any], lines: Sequence[Said], channel: str) -> Iterator[Fact]:
        """The claim as a fact, or nothing."""
        if not 1 <= claim["line"] <= len(lines):
            return
        line, field = lines[claim["line"] - 1], Field(claim["field"])
        quote = _found_in(own_words(line.text), line.text, claim["quote"])
        operation = Operation(claim["operation"])
        if not quote or not _fits(operation, field):
            return
        value: FactValue | None = "" if operation is Operation.CLEAR else value_of(field, claim["value"], self._labels)
        if value is None or not self._said(field, value, quote, operation):
            return
        if isinstance(value, str) and field in _WORDED:
            value = self._local.canonical_tool(value)
        message = line.message or MessageId("")
        yield Fact(
            id=fact_id(message, field, operation, value),
            field=field,
            value=value,
            operation=operation,
            quote=quote,
            message=message,
            channel=channel,
            at=line.at,
            confidence=CONFIDENCE,
            note="model",
        )

    def _said(self, field: Field, value: FactValue, quote: str, operation: Operation) -> bool:
        """Whether the quote holds the figures or the name claimed; what is taken back need not be named."""
        if operation in {Operation.CLEAR, Operation.REMOVE}:
            return True
        if isinstance(value, Quantity):
            said = self._local.figures(quote)
            return all(end in said for end in (value.low, value.high) if end is not None)
        return field not in _WORDED or value.casefold() in quote.casefold()


def _labels_of(qualification: QualificationFile) -> dict[Field, Collection[str]]:
    sets = qualification.labels
    return {
        Field.INDUSTRY: sets.industry,
        Field.USE_CASE: sets.use_case,
        Field.PAINS: sets.pains,
        Field.SECURITY: sets.security,
    }


def _arity(field: Field) -> str:
    return "several values" if field in LIST_FIELDS else "one value"


def _fits(operation: Operation, field: Field) -> bool:
    listed = field in LIST_FIELDS
    return operation is Operation.CLEAR or (operation is Operation.SET) is not listed


def _found_in(own: str, text: str, quote: str) -> str:
    """The quote as it stands in the visitor's own words of the text, "" where it does not."""
    wanted = quote.strip().casefold()
    at = own.casefold().find(wanted) if wanted else -1
    return text[at : at + len(wanted)] if at >= 0 and text[at : at + len(wanted)].casefold() == wanted else ""


def _one_line(text: str) -> str:
    """A line must not be able to begin another one."""
    return " ".join(text[:TEXT_LIMIT].split())


def _told(known: Known) -> str:
    parts = (f"{field.value}={_short(fact.value)}" for field, held in known.items() for fact in held if field in FIELDS)
    return ", ".join(parts) or "nothing"


def _short(value: FactValue) -> str:
    if isinstance(value, str):
        return value
    ends = "-".join(f"{end:g}" for end in dict.fromkeys((value.low, value.high)) if end is not None)
    return " ".join(filter(None, (ends, value.currency or value.unit, value.period and f"per {value.period}")))
