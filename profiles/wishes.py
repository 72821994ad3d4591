"""What a visitor wants to be done with what is kept of them, read from their words."""

from __future__ import annotations

from functools import cache

from core.wishes import Wish
from profiles.cues import Cues, Hit, Lexicon, folded, longest
from profiles.resources import Resource, load

LONGEST = 300
"""Characters of a message that is looked at: a wish is said in a sentence or two."""
FEW = 30
"""Characters of a message that is a decision and nothing else."""
_ENDING = " .!?…;"
_OPENING = str.maketrans("¿¡", "  ")
_MATTERS = {"delete": Wish.DELETE, "copy": Wish.COPY, "withdraw": Wish.WITHDRAW, "privacy": Wish.PRIVACY}
_ORDER = (Wish.WITHDRAW, Wish.DELETE, Wish.COPY, Wish.PRIVACY)


class WishFile(Resource):
    """`wishes.yaml`."""

    delete: tuple[str, ...]
    copy_: tuple[str, ...]
    withdraw: tuple[str, ...]
    privacy: tuple[str, ...]
    alone: dict[Wish, tuple[str, ...]]
    unless: tuple[str, ...]
    decisions: dict[str, tuple[str, ...]]


class CueWishReader:
    """Implements `core.wishes.WishReader`: one pass over the message, in whatever language it is."""

    def __init__(self, data: WishFile) -> None:
        wishes: Cues = {
            "delete": data.delete,
            "copy": data.copy_,
            "withdraw": data.withdraw,
            "privacy": data.privacy,
        }
        self._wishes = Lexicon({"wish": wishes, "unless": {"unless": data.unless}})
        self._decisions = Lexicon({"decision": data.decisions})
        self._alone = {phrase: wish for wish, phrases in data.alone.items() for phrase in phrases}

    def wish(self, text: str) -> Wish | None:
        """See `core.wishes.WishReader`."""
        if len(text) > LONGEST:
            return None
        plain = _plain(text)
        alone = self._alone.get(plain.strip(_ENDING))
        if alone is not None:
            return alone
        found = self._wishes.scan(plain, (0,), (0,))
        hits = found.get("wish")
        if not hits or "unless" in found:
            return None
        told = {_MATTERS[hit.name] for hit in longest(hits)}
        return next(wish for wish in _ORDER if wish in told)

    def decision(self, text: str) -> bool | None:
        """See `core.wishes.WishReader`."""
        if len(text) > FEW:
            return None
        hits: list[Hit] = longest(self._decisions.scan(_plain(text), (0,), (0,)).get("decision", []))
        said = {hit.name for hit in hits}
        return said == {"yes"} if said in ({"yes"}, {"no"}) else None


@cache
def shipped_wishes() -> CueWishReader:
    """The reader over the cues that ship."""
    return CueWishReader(load("wishes.yaml", WishFile))


def _plain(text: str) -> str:
    """Folded, single-spaced, with a space at both ends, as `Lexicon.scan` wants it."""
    return f" {' '.join(folded(text.lower()).translate(_OPENING).split())} "
