"""Reads names of customers out of running words: "for small finance teams and their auditors" without a tagger.

A name ends in a word of `who.yaml` that names people or organisations; what stands before (or, in Romance languages,
after) it says which. Numbers, adjectives that say nothing and articles are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from personas.compiler.words import Sort, Words

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}|\d[\d.,]*\d(?!\w)\+?|[^\W_]+(?:['’.&-][^\W_]+)*['’]?\+?|[,;:.!?…()\[\]–—/&+|“”\"„«»•·]",
)
_OPENS = frozenset('.!?:…•“"„«')
_MAX_LETTERS = 3_000
_MAX_TOKENS = 400
"""Tokens of a line that are read; no sentence has more."""
_MAX_WORDS = 6
"""Words a name may have."""
_MAX_ROW = 12
"""Names a row may have."""
_SIDE_WORDS = 2
_SOMEBODY = frozenset({Sort.PEOPLE, Sort.ORGANISATION, Sort.GUESSED})
_NUMBER = re.compile(r"[\d.,]+\+?%?")
_ACRONYM = re.compile(r"(?:[^\W\d_a-z]{2,6}s?|(?:[^\W\d_]\.){2,}|\w*[a-z]+[A-Z]\w*|[A-Z]\d[A-Z]?)")
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    text: str
    lower: str
    start: int
    end: int
    spelled: bool = False  # its capital letter means something: a name or an abbreviation

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name of customers. `words` are its words as written, in lower case unless they are abbreviations or names.

    `head` is the singular of its last (or, in Romance languages, first) word; `modifiers` all others. `yours` marks a
    part of the visitor's company ("your finance team"). `start` and `end` are places in the line.
    """

    words: tuple[str, ...]
    head: str
    modifiers: tuple[str, ...]
    sort: Sort
    start: int
    end: int
    plural: bool = True
    yours: bool = False


def tokens_of(line: str) -> tuple[Token, ...]:
    """The words and marks of a line, in order."""
    matches = list(islice(_TOKEN.finditer(line[:_MAX_LETTERS]), _MAX_TOKENS))
    capitals = sum(match.group()[0].isupper() for match in matches)
    titled = capitals * 2 > sum(match.group()[0].isalpha() for match in matches)
    shouted = line.isupper()
    found: list[Token] = []
    opens = True
    for match in matches:
        text = match.group()
        spelled = not shouted and (
            _ACRONYM.fullmatch(text) is not None or (text[0].isupper() and not opens and not titled)
        )
        found.append(
            Token(
                text=text,
                lower=text.casefold().replace("’", "'"),
                start=match.start(),
                end=match.end(),
                spelled=spelled,
            )
        )
        opens = text in _OPENS
    return tuple(found)


class NameReader:
    """Reads names in one language. Words of `own_names` (the company's, its products') never are part of one."""

    def __init__(self, words: Words, own_names: frozenset[str] = frozenset()) -> None:
        self.words = words
        self.own_names = own_names

    def row(
        self, tokens: Sequence[Token], place: int, *, listed: bool = False, lenient: bool = False
    ) -> tuple[tuple[Name, ...], int]:
        """The names that stand at `place` in a row ("agencies, shops and schools"), and where the row ends.

        `listed` says that the line is known to name customers, so that lines of business and singulars count too.
        `lenient` lets plurals nobody knows stand between names that are known.
        """
        names: list[Name] = []
        strangers: list[tuple[int, Name]] = []
        waiting: list[tuple[Token, ...]] = []
        end = place
        while place < len(tokens) and len(names) < _MAX_ROW:
            name, after, chunk = self._name(tokens, place, listed=listed)
            stranger = self._stranger(chunk) if name is None and lenient else None
            if name is None and stranger is None and not self._lends_head(chunk, tokens, after):
                break
            if name is not None:
                names.extend(self._completed(waiting, name) if not self._goes_on(tokens, after) else ())
                names.append(self._scoped(name, names))
                waiting, end = [], after
            elif stranger is not None:
                strangers.append((len(names), stranger))
            else:
                waiting.append(chunk)
            following = self._after_join(tokens, after)
            if following is None:
                break
            place = following
        if len(names) > 1:
            for at, stranger in reversed(strangers):
                names.insert(at, stranger)
        return tuple(names), end

    def _stranger(self, chunk: Sequence[Token]) -> Name | None:
        words = self.words
        if not 0 < len(chunk) <= _SIDE_WORDS + 1 or words.head_first or not words.is_plural(chunk[-1].lower):
            return None
        last = chunk[-1].lower
        if words.is_outsider(last) or last in words.fields | words.counted or any(map(self._is_own, chunk)):
            return None
        side, head = chunk[:-1], chunk[-1:]
        return self._made(chunk, head, side, (), sort=Sort.ORGANISATION, is_plural=True, yours=False)

    def _name(self, tokens: Sequence[Token], place: int, *, listed: bool) -> tuple[Name | None, int, tuple[Token, ...]]:
        words = self.words
        yours = single = the = counted = False
        while place < len(tokens):
            token = tokens[place]
            if token.lower in words.own or (self._is_own(token) and _POSSESSIVE.search(token.text)):
                return None, place, ()
            yours = yours or token.lower in words.yours
            single = single or token.lower in {"a", "an", "the", "any", "every", "each"}
            the = the or token.lower == "the"
            counted = _NUMBER.fullmatch(token.text) is not None
            if not (token.lower in words.determiners | words.empty | words.yours or counted):
                break
            if token.lower in words.empty and self._starts_head(tokens, place):
                break
            place += 1
        chunk = self._chunk(tokens, place)
        if not chunk:
            return None, place, ()
        found = (
            self._first_head(chunk) if words.head_first else self._last_head(chunk, singular=single or yours or listed)
        )
        if found is None and listed:
            found = self._field(chunk)
        if found is None:
            return None, place + len(chunk), chunk
        start, stop, sort, is_plural = found
        if the and not is_plural and not listed and words.is_generic(chunk[stop - 1].lower):
            return None, place + len(chunk), chunk  # "the support team" is the company's own
        side = chunk[stop:] if words.head_first else chunk[:start]
        stop_side = min(len(side), _MAX_WORDS)
        side = side[:stop_side] if words.head_first else self._after_plural(side[-stop_side:] if stop_side else ())
        head = chunk[start:stop]
        inside = (*head, *side) if words.head_first else (*side, *head)
        after = place + (start + len(inside) if words.head_first else stop)
        tail = self._complement(tokens, after, head) if not words.head_first else ()
        name = self._made(inside, head, side, tail, sort=sort, is_plural=is_plural, yours=yours)
        return name, after + len(tail), chunk

    def _made(
        self,
        inside: Sequence[Token],
        head: Sequence[Token],
        side: Sequence[Token],
        tail: Sequence[Token],
        *,
        sort: Sort,
        is_plural: bool,
        yours: bool,
    ) -> Name | None:
        if any(self._is_own(token) for token in (*side, *tail)):
            return None
        if any(_POSSESSIVE.search(token.text) and token.text[0].isupper() for token in side):
            return None
        phrase = " ".join(token.lower for token in inside)
        if any(phrase == thing or phrase.endswith(f" {thing}") for thing in self.words.things):
            return None
        kept = [
            token
            for place, token in enumerate(side)
            if not _NUMBER.fullmatch(token.text)
            and (token.lower not in self.words.empty or self._starts_head(side, place))
        ]
        head_text = " ".join(token.lower for token in head)
        ordered = (*head, *kept) if self.words.head_first else (*kept, *head)
        return Name(
            words=tuple(self._written(token) for token in (*ordered, *tail)),
            head=self.words.singular(head_text),
            modifiers=tuple(token.lower for token in (*kept, *(t for t in tail if t.lower not in self.words.links))),
            sort=sort,
            plural=is_plural,
            yours=yours,
            start=inside[0].start,
            end=(tail or inside)[-1].end,
        )

    def _chunk(self, tokens: Sequence[Token], place: int) -> tuple[Token, ...]:
        chunk: list[Token] = []
        for token in tokens[place : place + _MAX_WORDS + _SIDE_WORDS]:
            links = token.lower in self.words.links and bool(chunk) and self.words.head_first
            spelled = token.spelled and _ACRONYM.fullmatch(token.text) is not None  # IT, US
            stops = token.lower in self.words.stops and not links and not spelled
            if not token.is_word or token.lower in self.words.joins or stops:
                break
            if token.lower in self.words.links and not links:
                break
            if (
                token.text == "I"
                or (token.lower in self.words.determiners and chunk)
                or (chunk and token.lower in self.words.yours | self.words.own)
            ):
                break
            chunk.append(token)
        while chunk and chunk[-1].lower in self.words.links:
            chunk.pop()
        return tuple(chunk)

    def _last_head(self, chunk: Sequence[Token], *, singular: bool) -> tuple[int, int, Sort, bool] | None:
        for stop in range(len(chunk), 0, -1):
            for start in range(max(0, stop - 4), stop):
                sort = self._sort(chunk[start:stop])
                if sort is None:
                    continue
                if sort[1] or (singular and stop == len(chunk)):
                    return self._subject_of(chunk, start) or (start, stop, *sort)
        return None

    def _subject_of(self, chunk: Sequence[Token], found: int) -> tuple[int, int, Sort, bool] | None:
        """In "agencies invite freelancers" the first are meant; between two heads that do not touch stands a verb."""
        for place in range(found - 1):
            sort = self._sort(chunk[place : place + 1])
            if sort is not None and sort[1] and sort[0] in _SOMEBODY:
                return place, place + 1, *sort
        return None

    def _first_head(self, chunk: Sequence[Token]) -> tuple[int, int, Sort, bool] | None:
        for stop in range(min(3, len(chunk)), 0, -1):
            sort = self._sort(chunk[:stop])
            if sort is not None:
                return 0, stop, *sort
        return None

    def _sort(self, tokens: Sequence[Token]) -> tuple[Sort, bool] | None:
        phrase = " ".join(token.lower for token in tokens)
        if len(tokens) > 1 and not self.words.knows(phrase):
            return None
        return self.words.sort_of(phrase)

    def _field(self, chunk: Sequence[Token]) -> tuple[int, int, Sort, bool] | None:
        phrase = " ".join(token.lower for token in chunk)
        if phrase in self.words.fields or phrase in self.words.sizes:
            return 0, len(chunk), Sort.FIELD if phrase in self.words.fields else Sort.SIZE, True
        return None

    def _complement(self, tokens: Sequence[Token], after: int, head: Sequence[Token]) -> tuple[Token, ...]:
        if after >= len(tokens) or tokens[after].lower not in self.words.links:
            return ()
        if not self.words.is_role(head[-1].lower):
            return ()
        tail = self._chunk(tokens, after + 1)[:3]
        tail = tuple(token for token in tail if not _NUMBER.fullmatch(token.text))
        return (tokens[after], *tail) if tail else ()

    def _starts_head(self, tokens: Sequence[Token], place: int) -> bool:
        for length in (3, 2):
            phrase = " ".join(token.lower for token in tokens[place : place + length])
            if (
                phrase in self.words.sizes
                or self.words.knows(phrase)
                or self.words.singular(phrase) in self.words.sizes
            ):
                return True
        return False

    def _after_join(self, tokens: Sequence[Token], place: int) -> int | None:
        start = place
        if place < len(tokens) and tokens[place].text == ",":
            place += 1
        if place < len(tokens) and tokens[place].lower in self.words.joins:
            place += 1
        elif " ".join(token.lower for token in tokens[place : place + 3]) in self.words.joins:
            place += 3
        return place if start < place < len(tokens) else None

    def _goes_on(self, tokens: Sequence[Token], after: int) -> bool:
        """Whether a list goes on with what names nobody: in "support, sales, shops, chat" no head is lent."""
        following = self._after_join(tokens, after)
        if following is None or tokens[after].text != ",":
            return False
        name, end, chunk = self._name(tokens, following, listed=True)
        return name is None and bool(chunk) and self._after_join(tokens, end) is not None

    def _lends_head(self, chunk: Sequence[Token], tokens: Sequence[Token], after: int) -> bool:
        """Whether "technical" in "technical and finance teams" may borrow the head that follows."""
        if self.words.head_first or not 0 < len(chunk) <= _SIDE_WORDS or after >= len(tokens):
            return False
        last = chunk[-1].lower
        lends = last in self.words.fields or last in self.words.scopes or last in self.words.sizes
        if not lends and not (self.words.lenders and last.endswith(self.words.lenders)):
            return False
        return tokens[after].text in {",", "/", "&"} or tokens[after].lower in self.words.joins

    def _after_plural(self, side: tuple[Token, ...]) -> tuple[Token, ...]:
        """In "The problems agencies bring" a plural before a head belongs to something else, unless it is known to."""
        for place in range(len(side) - 1, -1, -1):
            token = side[place]
            if token.spelled or self.words.compounds or not token.lower.endswith("s") or token.lower.endswith("ss"):
                continue
            if token.lower not in self.words.counted and token.lower not in self.words.fields:
                return side[place + 1 :]
        return side[1:] if len(side) > 1 and self._is_doing(side[0]) else side

    def _is_doing(self, token: Token) -> bool:
        known = self.words.fields | self.words.counted | self.words.scopes
        return self.words.language == "en" and token.lower.endswith("ing") and token.lower not in known

    def _completed(self, waiting: Sequence[tuple[Token, ...]], name: Name) -> list[Name]:
        completed: list[Name] = []
        for chunk in waiting:
            kept = [token for token in chunk if token.lower not in self.words.empty]
            if kept and not any(self._is_own(token) or self._names_somebody(token.lower) for token in kept):
                modifiers = tuple(token.lower for token in kept)
                head_words = name.words[len(name.modifiers) :] or name.words[-1:]
                words = (*(self._written(token) for token in kept), *head_words)
                completed.append(replace(name, words=words, modifiers=modifiers, start=chunk[0].start))
        return completed

    def _names_somebody(self, word: str) -> bool:
        sort = self.words.sort_of(word)
        return self.words.is_outsider(word) or (sort is not None and sort[1] and sort[0] in _SOMEBODY)

    def _scoped(self, name: Name, row: Sequence[Name]) -> Name:
        """In "federal employees and contractors" what holds for the first of a row holds for a bare second too."""
        if not row or name.modifiers or self.words.head_first or not row[0].modifiers:
            return name
        first = row[0].modifiers[0]
        if first not in self.words.scopes or row[0].head == name.head or not self.words.is_generic(name.head):
            return name
        if self.words.is_bland(name.head):
            return name
        return replace(name, modifiers=(first,), words=(row[0].words[0], *name.words))

    def _written(self, token: Token) -> str:
        keeps = token.spelled or self.words.compounds
        return token.text if keeps else token.text.lower()

    def _is_own(self, token: Token) -> bool:
        return _POSSESSIVE.sub("", token.lower) in self.own_names
