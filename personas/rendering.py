"""`personas.yaml` as the compiler writes it: comments for the admin, stable order of keys, empty ones left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from core.offering import Faq, Named, Offering, Plan, PlanPrice
from core.persona import Persona, PersonaQuestion
from core.site import SiteSource
from personas.yaml_values import Bare, Tree, item_lines, mapping_lines

PERSONA_KEYS = (
    "id", "name", "kind", "description", "company_sizes", "industries", "roles", "pains", "features", "cues",
    "objections", "proof", "openers", "quick_replies", "technical_level", "buying_patterns", "budget", "plan",
    "questions", "pages", "sources",
)  # fmt: skip
SITE_KEYS = ("products", "plans", "prices", "faqs", "competitors", "industries", "not_for", "pricing")

ENTRY_KEYS = (
    "amount", "currency", "plan", "period", "unit", "billed", "at_least", "question", "answer", "name", "description",
    "public", "features", "sources", "field", "text", "options", "source", "url", "quote", "hash", "fields",
)  # fmt: skip
"""Of the entries below those, in the order they are written in."""


def tree_of(personas: Sequence[Persona], offering: Offering) -> dict[str, Tree]:
    """The file's content. Nothing empty in it, except a list of personas without any."""
    site = site_tree(offering)
    return {"personas": [persona_tree(one) for one in personas], **({"site": site} if site else {})}


def rendered(personas: Sequence[Persona], offering: Offering, *, site: str, crawled_at: str = "") -> str:
    """The whole file, comments included. Equal input gives equal bytes."""
    tree = tree_of(personas, offering)
    lines = _header(site, crawled_at)
    entries = [item_lines(one, 2) for one in _listed(tree["personas"])]
    lines += ["personas:" if entries else "personas: []"]
    for number, entry in enumerate(entries):
        lines += ([""] if number else []) + entry
    if "site" in tree:
        lines += ["", *_comment("site"), *mapping_lines({"site": tree["site"]}, 0)]
    return "\n".join(lines) + "\n"


def persona_tree(persona: Persona) -> dict[str, Tree]:
    """One persona, without what is empty."""
    found = {key: getattr(persona, key) for key in PERSONA_KEYS}
    return {key: _tree(value) for key, value in found.items() if value}


def site_tree(offering: Offering) -> dict[str, Tree]:
    """What is sold, without what is empty."""
    found: dict[str, Sequence[Any]] = {key: getattr(offering, key) for key in SITE_KEYS}
    return {key: [_tree(one) for one in value] for key, value in found.items() if value}


def _tree(value: object) -> Tree:
    match value:
        case str():
            return value
        case SiteSource():
            return _source(value)
        case PersonaQuestion():
            return _filled({"field": value.field, "text": value.text, "options": list(value.options)})
        case Named() | Faq() | Plan() | PlanPrice():
            return _entry(value)
        case tuple():
            return [_tree(one) for one in value]
        case _:
            raise TypeError(f"a {type(value).__name__} has no place in the file")


def _entry(value: Named | Faq | Plan | PlanPrice) -> Tree:
    match value:
        case Named():
            return {"name": value.name, "source": _source(value.source)}
        case Faq():
            return {"question": value.question, "answer": value.answer, "source": _source(value.source)}
        case Plan():
            return _plan(value)
        case PlanPrice():
            return _price(value)


def _source(source: SiteSource) -> dict[str, Tree]:
    return _filled({"url": source.url, "quote": source.quote, "hash": source.hash, "fields": list(source.fields)})


def _plan(plan: Plan) -> dict[str, Tree]:
    found: dict[str, Tree] = {"name": plan.name, "description": plan.description}
    if not plan.public:
        found["public"] = Bare("false")
    found["features"] = list(plan.features)
    found["sources"] = [_source(one) for one in plan.sources]
    return _filled(found)


def _price(one: PlanPrice) -> dict[str, Tree]:
    price = one.price
    found: dict[str, Tree] = {
        "amount": Bare(f"{price.amount:f}"),
        "currency": price.currency,
        "plan": one.plan,
        "period": price.period,
        "unit": price.unit,
        "billed": price.billed,
    }
    if price.at_least:
        found["at_least"] = Bare("true")
    return _filled({**found, "source": _source(one.source)})


def _filled(found: Mapping[str, Tree]) -> dict[str, Tree]:
    return {key: value for key, value in found.items() if value}


def _listed(value: Tree) -> Sequence[Tree]:
    return () if isinstance(value, (str, Mapping)) else value


def _header(site: str, crawled_at: str) -> list[str]:
    named = " ".join(site.split()) if "://" in site else "your site"  # a folder of pages has no address
    said = {"site": named, "when": f", as read {crawled_at}" if crawled_at else ""}
    return [line.format_map(said) for line in _comment("personas")]


def _comment(name: str) -> list[str]:
    text = resources.files("personas").joinpath(f"resources/{name}_comment.txt").read_text(encoding="utf-8")
    return [f"# {line}".rstrip() for line in text.splitlines()] + ([""] if name == "personas" else [])
