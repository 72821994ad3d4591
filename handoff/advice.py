"""What a profile says of a lead, its receipt and the next step, in the team's language. Pure."""

from __future__ import annotations

from collections.abc import Mapping

_CAPPED = "{cap}"


def advised(text: str, advice: Mapping[str, str]) -> str:
    """The text in the words of `advice`, which leads from how a profile puts it; unchanged where it is not known.

    A text that ends with a value is found by what stands before it, `Volume known: {volume}`.
    """
    low = text.casefold()
    exact = next((words for known, words in advice.items() if known.casefold() == low), None)
    if exact is not None:
        return exact
    fitting = [known for known in advice if "{" in known and low.startswith(_before(known).casefold())]
    if not fitting:
        return text
    known = max(fitting, key=lambda one: len(_before(one)))
    value = text[len(_before(known)) :]
    before, _, rest = advice[known].partition("{")
    return before + (advised(value, advice) if known.endswith(_CAPPED) else value) + rest.partition("}")[2]


def _before(template: str) -> str:
    return template.partition("{")[0]
