"""Small invented sites in plain text, and questions about them."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import yaml

from core.passage import Finding, Passage
from knowledge.reading.passages import passages_of

SITES = Path(__file__).parent / "sites"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, the pages it may be answered from, and words of which the answer holds one."""

    question: str
    pages: tuple[str, ...]
    says: tuple[str, ...]

    def page_right(self, findings: tuple[Finding, ...]) -> bool:
        return bool(findings) and findings[0].passage.url in self.pages

    def right(self, findings: tuple[Finding, ...]) -> bool:
        said = " ".join(findings[0].sentences) if findings else ""
        return self.page_right(findings) and any(words in said for words in self.says)


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    answerable: tuple[Asked, ...]
    unanswerable: tuple[str, ...]


def questions_of(file: Path) -> Questions:
    read: dict[str, list[Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    asked = (Asked(question=one["q"], pages=tuple(one["page"]), says=tuple(one["says"])) for one in read["answerable"])
    return Questions(answerable=tuple(asked), unanswerable=tuple(read["unanswerable"]))


def site_passages(name: str) -> tuple[Passage, ...]:
    """The passages of a site: `@ path | title` begins a page, `#` a heading, `-` an item, `|` a row of a table."""
    text = (SITES / f"{name}.md").read_text(encoding="utf-8")
    passages: list[Passage] = []
    for page in text.split("\n@ ")[0:]:
        address, _, rest = page.removeprefix("@ ").partition(" | ")
        title, _, body = rest.partition("\n")
        html = f'<html lang="en"><title>{escape(title)}</title><body><main>{_html(body)}</main></body></html>'
        passages.extend(passages_of(html, address.strip()))
    return tuple(passages)


def _html(body: str) -> str:
    parts: list[str] = []
    for line in body.splitlines():
        mark, _, text = line.partition(" ")
        if mark and set(mark) == {"#"}:
            parts.append(f"<h{len(mark)}>{escape(text)}</h{len(mark)}>")
        elif mark == "-":
            parts.append(f"<ul><li>{escape(text)}</li></ul>")
        elif mark == "|":
            cells = (cell.strip() for cell in line.strip("| ").split(" | "))
            parts.append(_row(list(cells), first=not parts or not parts[-1].startswith("<tr")))
        elif line.startswith("["):
            parts.append(f'<p><a href="#">{escape(line.strip("[]"))}</a></p>')
        elif line.strip():
            parts.append(f"<p>{escape(line)}</p>")
    return _tables(parts)


def _row(cells: list[str], *, first: bool) -> str:
    tag = "th" if first else "td"
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


def _tables(parts: list[str]) -> str:
    html, inside = "", False
    for part in parts:
        row = part.startswith("<tr")
        if row and not inside:
            html += "<table>"
        if inside and not row:
            html += "</table>"
        html += part
        inside = row
    return html + ("</table>" if inside else "")
