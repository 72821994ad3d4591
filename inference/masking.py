"""Personal data is taken out of a prompt before it leaves, and put back into the answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from core.ports import ChatModel, Prompt

_SEPARATORS = re.compile(r"[\s().\-/]")
_LUHN_DIGITS = range(13, 20)  # ISO/IEC 7812 account numbers
_PHONE_DIGITS = range(8, 16)  # E.164 allows fifteen; below eight it is a quantity
_IBAN_BASE = 36
_IBAN_LENGTHS = range(15, 35)


def _is_card(text: str) -> bool:
    if len(text) < _LUHN_DIGITS.start:
        return False
    digits = [int(digit) for digit in _SEPARATORS.sub("", text)]
    doubled = (digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2])  # noqa: PLR2004  the Luhn rule
    return len(digits) in _LUHN_DIGITS and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(text: str) -> bool:
    """ISO 13616: the rearranged account number leaves 1 when divided by 97."""
    compact = _SEPARATORS.sub("", text).upper()
    if len(compact) not in _IBAN_LENGTHS:
        return False
    number = "".join(str(int(character, _IBAN_BASE)) for character in compact[4:] + compact[:4])
    return int(number) % 97 == 1


def _is_phone(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return digits in _PHONE_DIGITS and (text.startswith(("+", "00", "(")) or digits > _PHONE_DIGITS.start)


def _always(_: str) -> bool:
    return True


# Most specific first: what one kind has taken is not looked at again.
_KINDS: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    (
        "key",
        re.compile(
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
            r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # JSON web token
            r"|\b(?:sk|pk|rk)[-_][\w-]{16,}|\bxox[abeprs]-[\w-]{10,}|\bgh[oprsu]_\w{20,}|\bgithub_pat_\w{20,}"
            r"|\bglpat-[\w-]{16,}|\bA[KS]IA[0-9A-Z]{16}\b|\bAIza[\w-]{30,}"
            r"|\b\d{8,10}:[\w-]{35}\b"  # Telegram bot token
            r"|\b(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{32,}\b",
            re.ASCII,
        ),
        _always,
    ),
    ("email", re.compile(r"[^\s@<>()\[\],;:\"]{1,64}@[^\s@<>()\[\],;:\"]{1,253}\.[^\W\d_]{2,24}"), _always),
    ("iban", re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}\b", re.ASCII | re.IGNORECASE), _is_iban),
    ("card", re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w])", re.ASCII), _is_card),
    ("phone", re.compile(r"(?<![\w.])(?:\+|\(\+?)?\d(?:[ ().\-/]{0,2}\d){7,14}(?![\w])", re.ASCII), _is_phone),
)


class Mask:
    """One prompt's placeholders. The same text gets the same placeholder, in every part of the prompt."""

    def __init__(self) -> None:
        self._placeholders: dict[str, str] = {}
        self._hidden: dict[str, str] = {}

    def hide(self, text: str) -> str:
        """The text with every address, number and key replaced by a placeholder such as `[email 1]`."""
        for kind, pattern, fits in _KINDS:
            text = "".join(self._pieces(kind, pattern, fits, text))
        return text

    def reveal(self, value: Any) -> Any:
        """A decoded answer with the hidden texts back in all its strings."""
        if isinstance(value, str):
            for placeholder, hidden in self._hidden.items():
                value = value.replace(placeholder, hidden)
            return value
        if isinstance(value, list):
            return [self.reveal(item) for item in value]
        return {key: self.reveal(item) for key, item in value.items()} if isinstance(value, Mapping) else value

    def _pieces(self, kind: str, pattern: re.Pattern[str], fits: Callable[[str], bool], text: str) -> Iterator[str]:
        """The text in pieces, private ones replaced. Words and numbers next to a private number do not shield it."""
        kept = at = 0
        while found := pattern.search(text, at):
            private = next(filter(fits, _beginnings(found[0])), "")
            if private:
                yield text[kept : found.start()]
                yield self._placeholder(kind, private)
                kept = found.start() + len(private)
            at = found.start() + max(len(private), 1)
        yield text[kept:]

    def _placeholder(self, kind: str, text: str) -> str:
        if text not in self._placeholders:
            number = sum(given.startswith(f"[{kind} ") for given in self._placeholders.values()) + 1
            self._placeholders[text] = f"[{kind} {number}]"
            self._hidden[self._placeholders[text]] = text
        return self._placeholders[text]


def _beginnings(text: str) -> Iterator[str]:
    """The text, then ever shorter ones without its last group of characters."""
    yield text
    for separator in reversed(list(_SEPARATORS.finditer(text))):
        yield text[: separator.start()]


class MaskingChatModel:
    """A `ChatModel` that shows the one behind it no personal data."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    async def complete(self, prompt: Prompt) -> Mapping[str, Any]:
        """See `ChatModel`; the answer is in terms of the original texts."""
        mask = Mask()
        messages = tuple((role, mask.hide(text)) for role, text in prompt.messages)
        answer = await self._model.complete(replace(prompt, system=mask.hide(prompt.system), messages=messages))
        revealed: Mapping[str, Any] = mask.reveal(answer)
        return revealed
