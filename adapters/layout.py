"""Fitting a reply to what a platform can show, before it is written in the platform's own format. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.capabilities import Capabilities
from adapters.markup import Block, Items, Link, Paragraph, Text, parse, safe_link
from core.reply import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`blocks` in reading order; `buttons` beside them, as labels the platform shows whole."""

    blocks: tuple[Block, ...]
    buttons: tuple[str, ...]


def lay_out(reply: Reply, capabilities: Capabilities) -> Layout:
    """What the visitor shall read, then where it was taken from, then what may be pressed or typed."""
    pressed, written = _buttons(reply.buttons, capabilities)
    blocks = [*parse(reply.main_text)]
    if reply.email_prompt:
        blocks += parse(reply.email_prompt)
    blocks += _sources(reply)
    if written:
        blocks.append(Items(tuple((Text(label),) for label in written)))
    return Layout(blocks=tuple(blocks), buttons=pressed)


def _buttons(labels: tuple[str, ...], capabilities: Capabilities) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All as buttons, or, where they are too many or too long for the platform, all written out: never half of both."""
    fit = len(labels) <= capabilities.buttons and all(len(one) <= capabilities.button_length for one in labels)
    return (labels, ()) if fit else ((), labels)


def _sources(reply: Reply) -> list[Block]:
    """One line with the pages an answer rests on, each once."""
    urls = list(dict.fromkeys(one.url for one in reply.citations if safe_link(one.url)))
    links = [Link((Text(_shown(url)),), url) for url in urls]
    parts = [part for link in links for part in (Text(" · "), link)]
    return [Paragraph(tuple(parts[1:]))] if links else []


def _shown(url: str) -> str:
    return url.removeprefix("https://").removeprefix("www.").rstrip("/")
