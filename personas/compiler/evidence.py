"""What speaks for a kind of customer: a name, where it stands, word for word, and how much that counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, unique

from personas.compiler.naming import Name


@unique
class Ground(Enum):
    """Why a name is believed to be one of customers; its value is what one sighting counts."""

    OWN_PAGE = 3.0  # a page of its own
    NAVIGATION = 2.0  # a label of a menu that leads to such a page
    HEADING = 2.5  # "For finance teams"
    LISTED = 1.81  # one of a list or a group of cards under "Who uses it"
    TOLD = 1.5  # first named in a paragraph under "Who uses it"
    PLAN = 1.25  # the description of a plan
    MADE_FOR = 1.3  # "designed for finance teams"
    USES = 1.0  # "finance teams use it"; "it helps finance teams"
    YOU_ARE = 1.15  # "if you are a bookkeeper"
    OFFERED = 1.01  # "a fast way for finance teams to ..."
    SUBJECT = 0.72  # "finance teams close the month on day two"
    ROW = 1.02  # "... finance teams, auditors and boards ...", anywhere
    STORY = 0.5  # "Oakfield, a law firm with 40 people"
    MENTIONED = 0.35  # "for finance teams", anywhere

    @property
    def structural(self) -> bool:
        """Whether it is the page's build that says so, rather than a sentence."""
        return self in {Ground.OWN_PAGE, Ground.NAVIGATION, Ground.HEADING, Ground.LISTED, Ground.TOLD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One sighting. `names` are the customers it speaks of as one; `label` is what the site calls them, or "".

    `quote` is verbatim text of the page; `place` is the block it stands in, -1 for a link. `own` is the number of
    the page that is all about them. `use` marks a use of the product rather than somebody.
    """

    names: tuple[Name, ...]
    label: str
    ground: Ground
    page: int
    place: int
    quote: str
    weight: float
    own: int | None = None
    use: bool = False
