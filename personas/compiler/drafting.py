"""Fills the fields of one persona from its material, each value with the words of the site behind it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from core.offering import Offering, PlanPrice
from core.site import SiteSource
from personas.compiler.company import industries_of, material_lines, roles_in, size_in_name, sizes_of
from personas.compiler.figures import employees_in, has_figure, has_money, has_result
from personas.compiler.material import Line, Material
from personas.compiler.naming import NameReader, tokens_of
from personas.compiler.phrasebook import Phrasebook

_LONGEST = 220
_SHORTEST = 12
_LONGEST_DESCRIPTION = 420
_FEW, _SOME, _MANY = 4, 6, 8
_SENTENCES = 2
_LONGEST_BUDGET = 200
_TECHNICAL = ((4, "high"), (2, "medium"), (0, "low"))
_OF_ROLE = 2
_ENOUGH_WORDS = 40


@dataclass(slots=True)
class Draft:
    """Fields as they fill, and for each quote the fields that rest on it."""

    values: dict[str, list[str]] = field(default_factory=dict)
    quotes: dict[tuple[str, str, str], set[str]] = field(default_factory=dict)

    def add(self, name: str, value: str, source: SiteSource | None, *, most: int = _SOME) -> None:
        known = self.values.setdefault(name, [])
        if value in known or len(known) >= most:
            return
        known.append(value)
        if source is not None:
            self.cite(source, name)

    def cite(self, source: SiteSource, *names: str) -> None:
        self.quotes.setdefault((source.url, source.quote, source.hash), set()).update(names)

    def of(self, name: str) -> tuple[str, ...]:
        return tuple(self.values.get(name, ()))

    def one(self, name: str) -> str:
        return next(iter(self.values.get(name, ())), "")

    def sources(self) -> tuple[SiteSource, ...]:
        return tuple(
            SiteSource(url=url, quote=quote, hash=page, fields=tuple(sorted(names)))
            for (url, quote, page), names in self.quotes.items()
        )


class Drafter:
    """Drafts personas of one site; the offering gives plans and prices."""

    def __init__(self, reader: NameReader, phrases: Phrasebook, offering: Offering) -> None:
        self._reader = reader
        self._phrases = phrases
        self._offering = offering

    def draft(self, material: Material, name: str) -> Draft:
        draft = Draft()
        self._describe(draft, material)
        self._company(draft, material, name)
        for kind, told in self._kinds():
            for line in material.own_lines:
                if told(line) and _fits(line.text):
                    draft.add(kind, line.text.strip('“”"„«»'), line.source(kind))
        self._proof(draft, material)
        self._plan(draft, material)
        self._level(draft, material, name)
        return draft

    def _kinds(self) -> Iterator[tuple[str, Callable[[Line], bool]]]:
        says = self._phrases.says

        def below(line: Line, name: str) -> bool:
            return bool(line.headings) and says(name, line.headings[-1])

        def objects(line: Line) -> bool:
            heading = line.level > 1 and (line.text.endswith("?") or below(line, "objection_headings"))
            return heading or (not line.level and says("objection_sentences", line.text))

        def hurts(line: Line) -> bool:
            if line.level or below(line, "objection_headings") or below(line, "proof_headings"):
                return False
            if says("mended_sentences", line.text):
                return False
            return below(line, "pain_headings") or (
                says("pain_sentences", line.text) and not self._of_product(line.text) and not has_figure(line.text)
            )

        def offers(line: Line) -> bool:
            if line.level > 1 and not line.text.endswith("?"):
                return (
                    line.text.casefold().split()[0] not in self._phrases.asking_words
                    and below(line, "feature_headings")
                    and not says("pain_headings", line.headings[-1])
                )
            if line.level or says("pain_headings", " ".join(line.headings[-1:])) or below(line, "objection_headings"):
                return False
            return below(line, "feature_headings") or (
                self._of_product(line.text) and not below(line, "proof_headings")
            )

        def buys(line: Line) -> bool:
            return (
                not line.level
                and says("buying_sentences", line.text)
                and not says("pain_headings", " ".join(line.headings[-1:]))
            )

        yield "objections", objects
        yield "pains", hurts
        yield "features", offers
        yield "buying_patterns", buys

    def _of_product(self, text: str) -> bool:
        tokens = tokens_of(text[:200])[:2]
        return any(token.lower in self._reader.own_names or token.lower == "you" for token in tokens)

    def _describe(self, draft: Draft, material: Material) -> None:
        told: list[Line] = []
        for line in self._describing(material):
            if sum(len(one.text) for one in told) + len(line.text) <= _LONGEST_DESCRIPTION and line not in told:
                told.append(line)
            if len(told) == _SENTENCES:
                break
        for line in told:
            draft.cite(line.source(), "name", "description")
        if told:
            draft.values["description"] = [" ".join(_ended(line.text) for line in told)]
        for one in material.group.evidence[:_SOME]:
            quote = next((line for line in material.lines if line.text == one.quote), None)
            if quote is not None and quote not in told:
                draft.cite(quote.source(), "name")

    def _describing(self, material: Material) -> Iterator[Line]:
        plain = [
            line for line in material.lines if not line.level and _SHORTEST * 2 < len(line.text) <= _LONGEST_DESCRIPTION
        ]
        yield from (line for line in plain if line.card)
        yield from (line for line in plain if line.own and any(employees_in(line.text)))
        mentions = [line for line in plain if line.mention and not line.page.page.blocks[line.place].cells]
        weights = {one.quote: one.weight for one in reversed(material.group.evidence)}
        yield from sorted(mentions, key=lambda line: -weights.get(line.text, 0.0))
        yield from (line for line in plain if line.own)

    def _company(self, draft: Draft, material: Material, name: str) -> None:
        lines = [line for line in material.lines if not self._is_of_story(line)]
        sizes, source = sizes_of(lines)
        named = size_in_name(name, self._reader.words)
        for size in sizes or ((named,) if named else ()):
            draft.add("company_sizes", size, source)
        if not self._phrases.startup_words.isdisjoint(name.casefold().split()):
            rest = (one for one in draft.of("company_sizes") if one != "startup")
            draft.values["company_sizes"] = ["startup", *rest]
        for label in industries_of(material.group, name, material_lines(material)):
            draft.add("industries", label, None)
        told = [line for line in lines if line.own or line.card or not material.own]
        for line in [line for line in told if not self._of_product(line.text)] or told:
            for role in roles_in(line, self._reader):
                draft.add("roles", role, line.source("roles"), most=_MANY)

    def _is_of_story(self, line: Line) -> bool:
        return bool(line.headings) and self._phrases.says("proof_headings", line.headings[-1])

    def _proof(self, draft: Draft, material: Material) -> None:
        for line in material.own_lines:
            if not line.level and self._is_of_story(line) and has_figure(line.text) and _fits(line.text):
                draft.add("proof", line.text.strip('“”"'), line.source("proof"), most=_FEW)
        if not draft.of("proof"):
            for line in material.own_lines:
                if not line.level and has_result(line.text) and not has_money(line.text) and _fits(line.text):
                    draft.add("proof", line.text, line.source("proof"), most=2)

    def _plan(self, draft: Draft, material: Material) -> None:
        plans = [plan.name for plan in self._offering.plans if plan.name]
        rows = [line for line in material.lines if line.page.page.blocks[line.place].cells]
        text = [*(line for line in rows), *material.own_lines]
        counts: dict[str, tuple[int, Line]] = {}
        for name in plans:
            pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
            lines = [line for line in text if pattern.search(line.text)]
            if lines:
                counts[name] = len(lines) + 2 * sum(line in rows for line in lines), lines[0]
        described = [
            plan for plan in self._offering.plans if plan.description and self._names(plan.description, material)
        ]
        if described:
            plan = described[0]
            draft.add("plan", plan.name, next(iter(plan.sources), None), most=1)
        elif counts:
            best = max(counts, key=lambda name: (counts[name][0], -plans.index(name)))
            draft.add("plan", best, counts[best][1].source("plan"), most=1)
        self._budget(draft, material)

    def _names(self, text: str, material: Material) -> bool:
        lower = text.casefold()
        return any(re.search(rf"(?<!\w){re.escape(key)}s?(?!\w)", lower) for key in material.group.keys)

    def _budget(self, draft: Draft, material: Material) -> None:
        plan = draft.one("plan")
        priced = [one for one in self._offering.prices if plan and one.plan == plan]
        told = [
            line
            for line in material.own_lines
            if has_money(line.text)
            and len(line.text) <= _LONGEST_BUDGET
            and not self._is_of_story(line)
            and ((plan and plan in line.text) or self._phrases.says("paying_sentences", line.text))
        ]
        for line in sorted(
            told, key=lambda line: (not (plan and plan in line.text), "plan" not in line.text.casefold())
        ):
            if not plan or plan in line.text:
                draft.add("budget", line.text, line.source("budget"), most=1)
                return
        for one in priced:
            quote = one.source.quote
            says_it = len(quote) <= _LONGEST_BUDGET and any(map(str.isalpha, quote))
            draft.add("budget", quote if says_it else _price(one), one.source, most=1)
            return

    def _level(self, draft: Draft, material: Material, name: str) -> None:
        if not self._phrases.developer_words.isdisjoint(name.casefold().split()):
            draft.values["technical_level"] = ["high"]
            return
        lines = [line for line in material.own_lines if not self._is_of_story(line)] or list(material.lines)
        words = {word for line in lines for word in re.findall(r"[\w./-]*\w", line.text.casefold())}
        if sum(len(line.text.split()) for line in lines) < _ENOUGH_WORDS:
            return
        told = len(words & self._phrases.technical_words)
        told += _OF_ROLE * any(self._is_technical(role) for role in draft.of("roles"))
        draft.values["technical_level"] = [next(level for least, level in _TECHNICAL if told >= least)]

    def _is_technical(self, role: str) -> bool:
        small = role.casefold()
        return any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", small) for one in self._phrases.technical_roles)


def _fits(text: str) -> bool:
    return _SHORTEST <= len(text) <= _LONGEST


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…", "”", '"')) else f"{text}."


def _price(one: PlanPrice) -> str:
    period = f" per {one.price.period}" if one.price.period else ""
    return f"{one.price.amount} {one.price.currency}{period}"
