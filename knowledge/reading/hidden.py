"""Which elements a page keeps from its reader's eye by its styles.

Text that only machines see is how a page talks to them behind its reader's back, so what cannot be seen is not read.
Style sheets of other files are not fetched; the page's own `style` elements are read as far as they are simple.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from knowledge.reading.marks import page_marks
from knowledge.reading.styles import WHITE, Colour, Style, alike, style_of

_LONGEST_SHEET = 400_000
_MOST_RULES = 5_000
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_COMPOUND = re.compile(r"([a-zA-Z][a-zA-Z0-9-]*|\*)?((?:[.#][a-zA-Z_-][\w-]*)*)", re.ASCII)
_NAME = re.compile(r"[.#][a-zA-Z_-][\w-]*", re.ASCII)
_COMBINATOR = re.compile(r"[\s>]+")
_ALL_SCREENS = re.compile(r"@(?:media\s+(?:all|screen)\s*|layer\b.*|supports\b.*)", re.IGNORECASE | re.DOTALL)
_BRACE = re.compile(r"[{}]")
_ABOVE = 64
"""How many elements above one are looked at."""


class _Compound(NamedTuple):
    """One element's part of a selector: its tag ("" for any) and its ".class" and "#id" names."""

    tag: str
    names: frozenset[str]

    def fits(self, tag: str, names: frozenset[str]) -> bool:
        return self.tag in {"", tag} and self.names <= names


class _Rule(NamedTuple):
    subject: _Compound
    above: tuple[_Compound, ...]  # elements that the subject must be inside of
    style: Style

    def holds(self, element: Any, names: frozenset[str]) -> bool:
        if not self.subject.fits(element.tag, names):
            return False
        return all(any(one.fits(over.tag, _names(over)) for over in _over(element)) for one in self.above)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rules of a page's `style` elements that depend on tags, classes and ids alone.

    `linked` tells that the page has other style sheets, so that colours behind its text may be unknown.
    """

    rules: Mapping[str, Sequence[_Rule]] = field(default_factory=dict)
    """By a name that the element must have, or by its tag."""
    telling: frozenset[str] = frozenset()
    """The keys of rules that hide, or whose colour is one of the backgrounds."""
    linked: bool = False

    def tells(self, element: Any) -> bool:
        """Whether a telling rule may be about an element."""
        return element.tag in self.telling or not self.telling.isdisjoint(_names(element))

    def hides(self, element: Any) -> bool:
        """Whether a rule, the element's own style or a colour like the one behind it hides it."""
        styles = list(self._styles(element))
        return any(style.hides for style in styles) or self._blends_in(element, styles)

    def _styles(self, element: Any) -> Iterator[Style]:
        """What is said about one element, the last word first."""
        if declarations := element.get("style"):
            yield style_of(declarations)
        if self.rules:
            names = _names(element)
            for key in (*names, element.tag):
                yield from (rule.style for rule in self.rules.get(key, ()) if rule.holds(element, names))
        if (colour := element.get("color")) or element.get("bgcolor"):
            yield style_of(f"color:{colour or ''};background:{element.get('bgcolor') or ''}")

    def _blends_in(self, element: Any, styles: Sequence[Style]) -> bool:
        colour = next((style.colour for style in styles if style.colour is not None), None)
        if colour is None:
            return False
        for node in (element, *_over(element)):
            for style in self._styles(node):
                if style.covered:
                    return False
                if style.background is not None:
                    return alike(colour, style.background)
        return alike(colour, WHITE) and not (self.linked and _on_coloured_ground(element))


def _on_coloured_ground(element: Any) -> bool:
    ground = page_marks().coloured_grounds
    return any(
        ground.search(f"{node.get('class') or ''} {node.get('id') or ''}") for node in (element, *_over(element))
    )


def _over(element: Any) -> Iterator[Any]:
    for _ in range(_ABOVE):
        element = element.getparent()
        if element is None:
            return
        yield element


def _names(element: Any) -> frozenset[str]:
    names = {f".{name}" for name in (element.get("class") or "").split()}
    if identity := element.get("id"):
        names.add(f"#{identity}")
    return frozenset(names)


def sheet_of(texts: Iterable[str], *, linked: bool = False) -> Sheet:
    """Reads style sheets. Rules for some screens only, and those that a reader's action undoes, hide nothing."""
    rules: list[_Rule] = []
    revealed: set[str] = set()
    for prelude, body in _blocks(_CSS_COMMENT.sub("", "\n".join(texts)[:_LONGEST_SHEET])):
        style = style_of(body)
        for text in prelude.split(","):
            rule = _rule(text, style)
            if rule is None or rule.above:
                revealed.update(_revealed(text, style))
            elif style.reveals and not style.hides:
                rules = [one for one in rules if not (one.style.hides and one.subject == rule.subject)]
            if rule is not None and style != Style(reveals=style.reveals):
                rules.append(rule)
    return _sheet([one for one in rules if not (one.style.hides and revealed & one.subject.names)], linked=linked)


def _sheet(rules: Sequence[_Rule], *, linked: bool) -> Sheet:
    by_key: dict[str, list[_Rule]] = defaultdict(list)
    backgrounds = {WHITE, *(rule.style.background for rule in rules if rule.style.background is not None)}
    telling = set()
    for rule in rules:
        key = min(rule.subject.names, default=rule.subject.tag)
        by_key[key].append(rule)
        if rule.style.hides or _like_any(rule.style.colour, backgrounds):
            telling.add(key)
    return Sheet(rules=dict(by_key), telling=frozenset(telling), linked=linked)


def _like_any(colour: Colour | None, backgrounds: Iterable[Colour]) -> bool:
    return colour is not None and any(alike(colour, background) for background in backgrounds)


def _revealed(selector: str, style: Style) -> Iterator[str]:
    """The names of a panel that a more special rule opens: a tab, an answer below its question."""
    if style.reveals and not style.hides:
        yield from _NAME.findall((_COMBINATOR.split(selector.strip()) or [""])[-1])


def _rule(selector: str, style: Style) -> _Rule | None:
    """A rule about tags, classes and ids; None where a state, an attribute or a neighbour counts."""
    compounds = []
    for text in _COMBINATOR.split(selector.strip()):
        found = _COMPOUND.fullmatch(text)
        if found is None or not text:
            return None
        tag = (found.group(1) or "").lower().replace("*", "")
        compounds.append(_Compound(tag, frozenset(_NAME.findall(found.group(2)))))
    *above, subject = compounds
    return _Rule(subject, tuple(above), style) if subject.tag or subject.names else None


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """The (selectors, declarations) of a sheet that hold on every screen."""
    position = 0
    for _ in range(_MOST_RULES):
        opening = text.find("{", position)
        if opening < 0:
            return
        prelude = text[position:opening].rpartition("}")[2].rpartition(";")[2].strip()
        if prelude.startswith("@"):
            position = opening + 1 if _ALL_SCREENS.fullmatch(prelude) else _end_of_block(text, opening)
            continue
        closing = text.find("}", opening)
        closing = len(text) if closing < 0 else closing
        yield prelude, text[opening + 1 : closing]
        position = closing + 1


def _end_of_block(text: str, opening: int) -> int:
    depth = 0
    for brace in _BRACE.finditer(text, opening):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return brace.end()
    return len(text)
