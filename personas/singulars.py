"""How words of the lexicon and of the trades are compared: by their plural endings alone."""

from __future__ import annotations

from knowledge.words import Singulars

_SHORTEST_IE = 4


class _OneForm(Singulars):
    """Singulars that also meet where plurals are written otherwise: "bakery" and "bakeries", "cookie" and "cookies"."""

    def _stem(self, token: str) -> str:
        word = super()._stem(token)
        return f"{word[:-2]}y" if len(word) > _SHORTEST_IE and word.endswith("ie") else word


SINGULARS = _OneForm()
"""How words of the lexicon are compared: more strictly than the personas' own."""
