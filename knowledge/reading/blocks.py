"""Blocks: a page's text line by line, as it stands on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_BLOCKS = 4_000
MAX_BLOCK_LENGTH = 20_000

PARAGRAPH = 0
"""Level of a block that is no heading."""
TITLE_LEVEL = 1
DETAIL_LEVEL = 7
"""Level of a question in a list of answers (`summary`, `dt`): below h6."""

# Characters that are not drawn, or drawn as nothing: they carry what a reader does not see. Private ones are pictures
# of icon fonts.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001b\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\ue000-\uf8ff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One line of a page as rendered, whitespace folded. `level` is 1 to 7 for headings, 0 for everything else.

    A heading without text ends what headings of its level and below said, as the end of a card does. Of a table's row,
    `cells` are the texts of its cells and `columns` those of the header above them, which may be shorter or empty.
    """

    text: str
    level: int = PARAGRAPH
    only_link: bool = False  # all of it is a link outside a list: an invitation to click, not a statement
    cells: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    heads: bool = False  # a row that holds nothing but the heads of columns


def fold(text: str) -> str:
    """Text as a reader sees it: invisible characters gone, every run of white space one space."""
    return " ".join((text if text.isascii() else _INVISIBLE.sub("", text)).split())
