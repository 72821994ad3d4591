"""What somebody wrote in Slack, as a person reads it. Pure."""

from __future__ import annotations

import re

_LINK = re.compile(r"<(?P<target>[^<>|]{1,3000})(?:\|(?P<label>[^<>]{0,3000}))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_NAMED = ("@", "#", "!")


def spoken(text: str, bot: str = "") -> str:
    """Links and addresses by their own words; a mention of `bot`, a user's id, is left out."""

    def shown(found: re.Match[str]) -> str:
        target, label = found["target"], found["label"]
        if target.startswith(_NAMED):
            return "" if target == f"@{bot}" else label or ""
        return label or target.removeprefix("mailto:").removeprefix("tel:")

    text = _LINK.sub(shown, text)
    for entity, letter in _ENTITIES:
        text = text.replace(entity, letter)
    return text
