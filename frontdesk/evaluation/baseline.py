"""A rule-and-regex baseline: what an afternoon of patterns and keywords understands. Told beside the figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from frontdesk.evaluation.gold import GoldConversation
from frontdesk.evaluation.metrics import Prediction
from frontdesk.evaluation.resources import load_baseline

ASKING_FROM = 3
"""The intent at which the baseline asks for the address, once."""
CASED = frozenset({"name"})
COUNTED = frozenset({"company_size", "team_size", "volume"})


def baseline(gold: GoldConversation, turn: int) -> Prediction:
    """What patterns find in the visitor's words up to a turn. Names no persona: it does not know the desk's."""
    intents = [_intent(one.visitor) for one in gold.turns[:turn]]
    slots = _slots([one.visitor for one in gold.turns[:turn]])
    first = next((t for t, intent in enumerate(intents, 1) if intent >= ASKING_FROM), None)
    ready = "high" if "email" in slots and max(intents) >= ASKING_FROM else "medium" if max(intents) > 1 else "low"
    return Prediction(
        slots=slots,
        intent=intents[-1],
        ask_email=turn == first and "email" not in slots,
        readiness=ready,
        p_ready={"high": 0.8, "medium": 0.4, "low": 0.1}[ready],
    )


def _slots(texts: Sequence[str]) -> Mapping[str, Any]:
    data, slots = load_baseline(), dict[str, Any]()
    for text in texts:
        for slot, pattern in data.patterns.items():
            if found := re.search(pattern, text, 0 if slot in CASED else re.IGNORECASE):
                slots[slot] = _value(slot, found)
        known = slots.get("tech_stack", [])
        news = [
            tool
            for tool in data.tools
            if tool not in known and re.search(rf"\b{re.escape(tool)}\b", text, re.IGNORECASE)
        ]
        if known or news:
            slots["tech_stack"] = known + news
    return slots


def _value(slot: str, found: re.Match[str]) -> Any:
    said = found[1]
    if slot in COUNTED:
        return int(re.sub(r"\D", "", said))
    if slot == "budget":
        mark = next(filter(None, found.groups()[1:]), "")
        currency = {name.casefold(): code for name, code in load_baseline().currencies.items()}
        return {"value": int(re.sub(r"\D", "", said)), "currency": currency.get(mark.casefold(), mark.upper())}
    if slot == "timeline":
        return "now"
    return re.sub(r"[^\d+]", "", said) if slot == "phone" else said.lower() if slot == "email" else said


def _intent(text: str) -> int:
    data, said = load_baseline(), text.casefold()
    for words, intent in ((data.nothing, 0), (data.acting, 3), (data.evaluating, 2)):
        if any(word in said for word in words):
            return intent
    return 1
