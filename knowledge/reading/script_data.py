"""Text that only scripts draw, from the data they draw it from, where a page's tree says next to nothing.

Only strings under keys that name visible text are taken, and of those only what reads like text. A page that says
something itself is never added to: what its data claim besides is not on the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from knowledge.reading.blocks import DETAIL_LEVEL, Block, fold
from knowledge.reading.body import fragment_blocks
from knowledge.reading.marks import page_marks

MAX_SCRIPT = 2_000_000
"""Characters of one script that are looked at."""
_MAX_NODES = 20_000
_MAX_BLOCKS = 1_000
_LONGEST = 5_000
_LONGEST_HEADING = 120
_CARD_LEVEL = 3
_MOST_TRIES = 50
_STATE = re.compile(r"=\s{0,9}(?=[\[{])|JSON\.parse\((?=[\"'])")
_LITERAL = re.compile(
    r"(?<![\w$])([\"']?)([A-Za-z_][\w-]{0,40})\1\s{0,9}:\s{0,9}"
    r"(\"(?:[^\"\\\n]|\\.){1,2000}\"|'(?:[^'\\\n]|\\.){1,2000}'|`[^`$\\]{1,2000}`)",
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))")
_CODE = re.compile(
    r"^(?:https?:|//|/[\w./-]*$|#[\w-]*$|\.{1,2}/|data:|[\w.-]+@[\w.-]+$|[a-z0-9]+(?:[-_:.][a-z0-9]+)+$|[0-9a-f-]{16,}$)"
    r"|[{};]\s*$|=>|\bfunction\b|\breturn\b|</?script|&&|\|\||\$\{",
    re.IGNORECASE,
)
_MONEY = re.compile(r"[$€£¥₹]\s?\d|\d\s?(?:[$€£¥₹]|USD|EUR|GBP|CHF)\b")
_MARKUP = re.compile(r"<(?:p|div|ul|ol|li|h[1-6]|br|strong|em|span|b|i|a)\b", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2}")


class ScriptKeys(BaseModel):
    """The shipped lists, see the comments there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    headings: frozenset[str]
    texts: frozenset[str]
    prices: frozenset[str]
    unseen: frozenset[str]
    hides: dict[str, bool]
    described: frozenset[str]


@cache
def script_keys() -> ScriptKeys:
    """The shipped data. It is part of the program, so a fault in it is a fault of the program."""
    text = resources.files("knowledge").joinpath("resources/scripts.yaml").read_text(encoding="utf-8")
    return ScriptKeys.model_validate(yaml.safe_load(text))


def script_root(root: Any) -> Any | None:
    """The element of a page that its scripts are to fill, None where there is none."""
    names = page_marks().script_roots
    return next((element for element in root.iter() if element.get("id") in names or element.tag in names), None)


def script_addresses(root: Any) -> tuple[str, ...]:
    """Where the scripts and data of a page stand, as written."""
    written = [element.get("src") for element in root.iter("script") if element.get("src")]
    written += [
        element.get("href")
        for element in root.iter("link")
        if element.get("href") and element.get("as") in {"fetch", "script"}
    ]
    return tuple(dict.fromkeys(written))


def page_scripts(root: Any) -> Iterator[str]:
    """The sources of the scripts that stand on the page itself."""
    for element in root.iter("script"):
        if not element.get("src"):
            yield element.text or ""


def script_blocks(sources: Iterable[str]) -> tuple[Block, ...]:
    """The visible text in scripts and data files, each source by itself, in order; every line once under a heading."""
    blocks: list[Block] = []
    for source in sources:
        blocks.extend(_source_blocks(source[:MAX_SCRIPT]))
        if len(blocks) >= _MAX_BLOCKS:
            break
    return tuple(_once(blocks[:_MAX_BLOCKS]))


def _source_blocks(source: str) -> list[Block]:
    values = list(_json_values(source.strip()))
    found = [block for value in values for block in _Drawn().blocks(value)]
    return found or ([] if values else list(_literal_blocks(source)))


def _json_values(source: str) -> Iterator[Any]:
    """The JSON of a data element, or what a script assigns."""
    decoder = json.JSONDecoder()
    starts = [0] if source[:1] in {"{", "["} else [found.end() for found in _STATE.finditer(source)][:_MOST_TRIES]
    end = 0
    for start in starts:
        if start < end:
            continue
        try:
            value, end = decoder.raw_decode(source, start)
            yield json.loads(value) if isinstance(value, str) else value
        except (ValueError, RecursionError):
            continue


class _Drawn:
    """Reads one JSON value: objects with a heading become cards."""

    def __init__(self) -> None:
        self._keys = script_keys()
        self._left = _MAX_NODES

    def blocks(self, value: Any) -> Iterator[Block]:
        try:
            if _has_type(value):
                yield from self._linked_data(value)
            else:
                yield from self._value("", value)
        except RecursionError:
            return

    def _value(self, key: str, value: Any) -> Iterator[Block]:
        self._left -= 1
        if self._left < 0:
            return
        if isinstance(value, Mapping):
            yield from self._object(value)
        elif isinstance(value, list):
            for one in value:
                yield from self._value(key, one)
        elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
            yield from _drawn(key, str(value), self._keys)

    def _object(self, value: Mapping[str, Any]) -> Iterator[Block]:
        keys = {_plain(key): one for key, one in value.items()}
        if any(keys.get(key) is hides for key, hides in self._keys.hides.items()):
            return
        heading = next((key for key in value if _plain(key) in self._keys.headings and _is_heading(value[key])), None)
        if heading is not None:
            yield Block(text=fold(value[heading]), level=_CARD_LEVEL)
        for key, one in value.items():
            if key != heading and _plain(key) not in self._keys.unseen:
                yield from self._value(_plain(key), one)
        if heading is not None:
            yield Block(text="", level=_CARD_LEVEL)

    def _linked_data(self, value: Any) -> Iterator[Block]:
        """What schema.org's terms say: questions with answers, and what a product is called and costs."""
        for thing in _things(value):
            self._left -= 1
            kinds = _kinds(thing)
            if self._left < 0:
                return
            if "FAQPage" in kinds:
                for question in _listed(thing.get("mainEntity")):
                    answer = next(iter(_listed(question.get("acceptedAnswer"))), {})
                    yield from _answered(str(question.get("name") or ""), str(answer.get("text") or ""))
            elif kinds & self._keys.described and (name := fold(str(thing.get("name") or ""))):
                yield Block(text=name, level=_CARD_LEVEL)
                yield from _drawn("description", str(thing.get("description") or ""), self._keys)
                for offer in _listed(thing.get("offers")):
                    yield from _offered(offer)
                yield Block(text="", level=_CARD_LEVEL)


def _has_type(value: Any) -> bool:
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, Mapping) and ("@type" in first or "@graph" in first)


def _things(value: Any) -> list[Mapping[str, Any]]:
    things = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, Mapping)]
    return things + [inner for one in things for inner in _listed(one.get("@graph"))]


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, Mapping)]


def _kinds(thing: Mapping[str, Any]) -> frozenset[str]:
    kinds = thing.get("@type")
    return frozenset(str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _answered(question: str, answer: str) -> Iterator[Block]:
    if question and answer:
        yield Block(text=fold(question), level=DETAIL_LEVEL)
        yield from _texts(answer)
        yield Block(text="", level=DETAIL_LEVEL)


def _offered(offer: Mapping[str, Any]) -> Iterator[Block]:
    price, currency = offer.get("price") or offer.get("lowPrice"), offer.get("priceCurrency")
    if price and currency:
        parts = (offer.get("name"), price, currency)
        yield Block(text=fold(" ".join(str(part) for part in parts if part)))


def _drawn(key: str, text: str, keys: ScriptKeys) -> Iterator[Block]:
    if key in keys.prices:
        if _MONEY.search(text) and len(text) <= _LONGEST_HEADING:
            yield Block(text=fold(text))
    elif key in keys.texts and _reads_like_text(text):
        yield from _texts(text)
    elif key in keys.headings and _is_heading(text):
        yield Block(text=fold(text), level=_CARD_LEVEL)


def _texts(text: str) -> Iterator[Block]:
    """The lines of a string, which may be HTML of its own."""
    if _MARKUP.search(text):
        yield from fragment_blocks(text)
        return
    for line in text.split("\n"):
        if folded := fold(line):
            yield Block(text=folded)


def _is_heading(text: Any) -> bool:
    return (
        isinstance(text, str)
        and 1 < len(text) <= _LONGEST_HEADING
        and not _CODE.search(text)
        and _LETTERS.search(text) is not None
    )


def _reads_like_text(text: str) -> bool:
    """More than one word of letters, or a price; never an address, an identifier or code."""
    if len(text) > _LONGEST or _CODE.search(text):
        return False
    return _MONEY.search(text) is not None or (len(text.split()) > 1 and _LETTERS.search(text) is not None)


def _plain(key: str) -> str:
    return key.lower().replace("-", "").replace("_", "")


def _literal_blocks(source: str) -> Iterator[Block]:
    """The strings that a program gives to keys of visible text."""
    keys = script_keys()
    for found in _LITERAL.finditer(source):
        text = _ESCAPE.sub(_unescaped, found.group(3)[1:-1])
        yield from _drawn(_plain(found.group(2)), text, keys)


def _unescaped(escape: re.Match[str]) -> str:
    if code := escape.group(1) or escape.group(2):
        return chr(int(code, 16))
    return {"n": "\n", "t": " ", "r": ""}.get(escape.group(3), escape.group(3))


def _once(blocks: Sequence[Block]) -> Iterator[Block]:
    """Data come as often as scripts need them: a line is taken where it stands first, a heading while it is new."""
    seen: set[Block] = set()
    for block in blocks:
        if not block.text or block not in seen:
            seen.add(block)
            yield block
