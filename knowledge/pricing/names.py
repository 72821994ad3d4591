"""Which plan, or what else, an amount in a sentence is the price of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from knowledge.pricing.lines import Sheet, plan_name
from knowledge.pricing.tails import is_bare_label
from knowledge.pricing.terms import any_of, pricing_terms

_REST = r"[\w+&'’-]*(?:\.[\w+]+)*"
_NAME = rf"[A-Z0-9À-Þ]{_REST}(?:\s+(?:&\s+)?(?:[A-ZÀ-Þ+]{_REST}|\d+\b)){{0,3}}"
_WORD = r"[a-zà-ÿ][\w-]*"
_ADVERBS = r"(?:now|currently|only|just|also|then|plan)"
_REACH = 25
"""Characters that may stand between a thing and its amount: "costs you only"."""
_NOUN_WORDS = 3


@dataclass(frozen=True, slots=True)
class _Forms:
    after: re.Pattern[str]
    thing_after: re.Pattern[str]
    thing_next: re.Pattern[str]
    thing: re.Pattern[str]
    thing_costs: re.Pattern[str]
    thing_name: re.Pattern[str]
    named: re.Pattern[str]
    called: re.Pattern[str]
    price_of: re.Pattern[str]
    subject: re.Pattern[str]
    lower: re.Pattern[str]
    each: re.Pattern[str]
    more: re.Pattern[str]
    sold: re.Pattern[str]


@cache
def _forms() -> _Forms:
    terms = pricing_terms()
    words, verbs = any_of(terms.plan_words), any_of(terms.verbs)
    sure_verbs = any_of(verb for verb in terms.verbs if verb not in terms.links and verb != "at")
    link = rf"[\s,)]*{any_of(terms.links)}\s+(?:{any_of(terms.articles)}\s+)?"
    things = f"(?i:{any_of(terms.things)})"
    about = rf"(?:[\w+&’'-]+\s+){{0,2}}?{things}"
    adverbs = r"(?:available\s|also\s|only\s|just\s|priced\s|offered\s|billed\s|provided\s)*"
    return _Forms(
        after=re.compile(rf"{link}(?:(?i:{words})\s+)?(?P<name>{_NAME})(?P<word>\s+(?i:{words}s?)\b)?"),
        thing_after=re.compile(rf"{link}(?P<name>{about})(?!\w)"),
        thing_next=re.compile(rf"\s+(?P<name>(?:[A-Z][\w+&’'-]*\s+){{1,2}}{things})(?!\w)"),
        thing=re.compile(rf"\b(?:(?:the|our|an?|with|and)\s+)(?P<name>{about})(?!\w)"),
        thing_costs=re.compile(rf"\b(?P<name>{about})\s+{verbs}\b"),
        thing_name=re.compile(rf"(?:^|\s){things}$"),
        named=re.compile(rf"\b(?P<name>{_NAME})\s+(?i:{words})(?!\w)"),
        called=re.compile(
            rf"\b(?i:{words})\s+(?:(?:is|called|named|heißt|ist|est|es|è)\s+)?[“\"„«‘]?(?P<name>{_NAME})",
        ),
        price_of=re.compile(
            rf"\b(?P<name>{_NAME})(?:['’]s?)?\s+(?:monthly\s|yearly\s|annual\s)?(?:price|fee|rate|subscription)(?!\w)",
        ),
        subject=re.compile(
            rf"(?:^|[.;:,(]\s*|\b(?:and|or|und|et|y|e|en|oder|ou)\s+)[“\"„«‘•*]?(?P<name>{_NAME})[”\"“»’]?"
            rf"(?:\s*[:–—=-]|\s+(?:{_ADVERBS}\s)?{verbs}\b|\s*\(?\s*$)",
        ),
        lower=re.compile(
            rf"\b(?:an?|our|the|your|and|or)\s+(?P<name>[a-z][a-z-]+(?:\s[a-z][a-z-]+)?\s(?:{words})s?)\b"
            rf"|^(?P<first>[A-Z][a-z-]+\s(?:{words})s?)\b",
        ),
        each=re.compile(
            rf"\b(?:each|every|per)\s+(?P<noun>(?:{_WORD}\s+){{0,2}}?{_WORD})\s+(?:{_ADVERBS}\s)?{sure_verbs}\b",
            re.IGNORECASE,
        ),
        more=re.compile(rf"\b{any_of(terms.more)}\s+(?=[a-zà-ÿ])", re.IGNORECASE),
        sold=re.compile(
            r"(?:^|[.;:,]\s+(?:and\s+)?|\band\s+(?=(?:the|our|an?)\s))"
            r"(?:(?:the|our|your|an?|all|optional|eine?|die|der|das|une?|la|le|les|el|los|las|una|il|gli|een|het)\s)?\s*"
            r"(?P<noun>(?:[A-Za-zÀ-ÿ][\w’'-]*\s+){0,4}?[A-Za-zÀ-ÿ][\w’'-]*)\s+"
            rf"(?:plans?\s+)?(?:(?:{sure_verbs}|ranges?)\s+{adverbs}(?:for|at|from)?\s*(?:only\s|just\s|from\s)?"
            r"|for\s+(?:only|just)\s*)$",
            re.IGNORECASE,
        ),
    )


def names_thing(name: str) -> bool:
    """Whether a name is that of something sold beside the plans: "Healthcare add-on"."""
    return _forms().thing_name.search(name) is not None


def thing_sold(text: str) -> str:
    """What is sold beside the plans, where it is the subject: "The Healthcare add-on costs"."""
    match = _last(_forms().thing_costs, text)
    words = match["name"].split() if match else []
    while words and words[0].casefold() in {*pricing_terms().articles, "and", "each", "every"}:
        words = words[1:]
    return " ".join(words)


def name_after(text: str, sheet: Sheet, *, loose: bool) -> tuple[str, int]:
    """The plan that follows an amount ("$49 for Starter") and how far its name reaches; ("", 0) for none.

    `loose` takes a name that is known from nowhere else.
    """
    forms = _forms()
    if thing := forms.thing_after.match(text) or forms.thing_next.match(text):
        return thing["name"], thing.end()
    match = forms.after.match(text)
    if match is None:
        return "", 0
    if found := _known_at(match["name"], sheet):
        return found, match.start("name") + len(found)
    name = plan_name(match["name"].rstrip(".,"))
    sure = bool(match["word"]) or loose
    return (name, match.end()) if name and sure else ("", 0)


def name_before(text: str, sheet: Sheet, *, loose: bool) -> str:
    """The plan that a sentence names before an amount: the nearest of the known ones, else what reads like one."""
    forms, refused = _forms(), pricing_terms().no_names
    known, place = _last_known(text, sheet)
    if (
        (thing := _last(forms.thing, text))
        and thing.end() > place
        and thing["name"].split()[0].casefold() not in refused
    ):
        return thing["name"]
    if known:
        return known
    for form in (forms.named, forms.called, forms.price_of, *([forms.subject] if loose else [])):
        names = [name for match in form.finditer(text) if (name := plan_name(without_opener(match["name"])))]
        if names:
            return names[-1]
    lower = [match["name"] or match["first"] for match in forms.lower.finditer(text)]
    return lower[-1] if lower and refused.isdisjoint(lower[-1].casefold().split()) else ""


def thing_before(text: str) -> tuple[str, str]:
    """(plan, unit) of an unnamed thing that costs: "Professional services are available for", "Each extra seat is"."""
    forms, refused = _forms(), pricing_terms().no_things
    if counted := _COUNTED.search(text):
        return "", counted["unit"]
    if more := _last(forms.more, text):
        noun = _noun_at(text, more.end())
        if _OFFERED.match(text, more.end() + len(noun)):
            return noun, ""
        if noun:
            return "", text[more.start() : more.end()] + noun
    each = _last(forms.each, text)
    if each and len(text) - each.end() <= _REACH and refused.isdisjoint(each["noun"].split()):
        return "", each["noun"]
    sold = forms.sold.search(text)
    if sold and refused.isdisjoint(sold["noun"].casefold().split()) and not is_bare_label(sold["noun"]):
        return split_each(_ELIDED.sub("", sold["noun"]))
    return "", ""


_COUNTED = re.compile(r"(?<![$€£¥\d.,])\b(?P<unit>\d[\d.,]*\s[^\W\d_]{3,})\s+(?:for|für|pour|por|per|voor)\s+$")
"""So many of a thing that cost so much together: "3 domains for $90"."""
_ELIDED = re.compile(r"^[ld]['’](?=[a-zà-ÿ])", re.IGNORECASE)
"""An article that is one word with its noun: "l'installation"."""
_OFFERED = re.compile(r"\s+(?:is|are)\s+(?:available|offered|provided|sold)\b")


def _noun_at(text: str, start: int) -> str:
    """The noun phrase that begins here: up to three words, ended by a verb or a preposition."""
    end = start
    for number, word in enumerate(re.finditer(r"[\w-]+", text[start:])):
        gap = text[end : start + word.start()]
        if number >= _NOUN_WORDS or word[0] in pricing_terms().noun_ends or gap.strip():
            break
        end = start + word.end()
    return text[start:end]


def split_each(name: str) -> tuple[str, str]:
    """(plan, unit) of a name: "Each extra seat" is the unit "extra seat" of no plan."""
    first, _, rest = name.partition(" ")
    return ("", rest) if rest and first.casefold() in pricing_terms().each else (name, "")


def name_listed(before: str) -> str:
    """What a list goes on with between two amounts: "a course costs $90, an online course $60"."""
    listed = _LISTED.fullmatch(before)
    return plan_name(listed["name"]) if listed else ""


def lead_of_line(before: str) -> str:
    """What a line that begins with a name and goes on with its price names: "Glaze testing, $45"."""
    lead = _LEAD.fullmatch(before)
    if lead is None or is_bare_label(lead["name"]):
        return ""
    # Where more than the price follows the colon, a longer lead is a sentence: "Acme has three plans: Solo at $9".
    return plan_name(lead["name"]) if not lead["gap"] or len(lead["name"].split()) <= _LEAD_WORDS else ""


_LEAD_WORDS = 2
_LISTED = re.compile(
    r"[^,;]{0,30}(?:[,;]|\s(?:and|und|et|y|e|en))\s+(?:an?|eine?[mnrs]?|une?|una?|een)\s+(?P<name>[^\W\d_][\w-]*(?:\s[\w-]+){0,2})\s+",
    re.IGNORECASE,
)


_LEAD = re.compile(r"\s*(?P<name>[A-ZÀ-Þ][^.,;:!?()$€£¥]*?)\s*(?:[,:(–—]\s*|:(?P<gap>[^.;:!?]{1,60}?))")


def without_opener(name: str) -> str:
    """Without a verb or an article that only begins the sentence: "The Growth", "Choose Growth"."""
    words = name.split()
    return " ".join(words[1:]) if len(words) > 1 and words[0] in pricing_terms().openers else name


def _known_at(text: str, sheet: Sheet) -> str:
    starts = [plan for plan in sheet.plans if re.match(rf"{re.escape(plan)}(?!\w)", text, re.IGNORECASE)]
    return max(starts, key=len, default="")


def _last_known(text: str, sheet: Sheet) -> tuple[str, int]:
    best, place = "", -1
    for plan in sheet.plans:
        for match in re.finditer(rf"(?<!\w){re.escape(plan)}(?!\w)", text):
            if (match.end(), len(plan)) > (place, len(best)):
                best, place = plan, match.end()
    return best, place


def _last(form: re.Pattern[str], text: str) -> re.Match[str] | None:
    return max(form.finditer(text), key=lambda match: match.start(), default=None)
