"""Names that a site's build presents as customers: pages of their own, menus, lists and cards, headings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.polarity import EXCLUDED
from knowledge.reading.blocks import PARAGRAPH
from knowledge.reading.page import Link
from personas.compiler.evidence import Evidence, Ground
from personas.compiler.judging import names_customers
from personas.compiler.naming import Name, NameReader, Token, tokens_of
from personas.compiler.phrasebook import Phrasebook
from personas.compiler.reading import PageReading, address_parts, title_parts
from personas.compiler.words import Sort

_MAX_LABEL_WORDS = 8
_MAX_FIELD_WORDS = 5
_LONGEST_LABEL = 80
_FROM_TITLE = 0.8
_UNTOLD = 0.7
_CARD_LEVEL = 2
_DEEPEST_LINK = 40


class Places:
    """Finds what the pages' build presents. One page is read without looking at any other."""

    def __init__(self, reader: NameReader, phrases: Phrasebook, everyday: frozenset[str]) -> None:
        self._reader = reader
        self._phrases = phrases
        self._everyday = everyday

    def found(self, reading: PageReading) -> Iterator[Evidence]:
        yield from self._own_page(reading)
        yield from self._headings(reading)
        yield from self._lists(reading)
        yield from self._cards(reading)

    def menus(self, readings: Sequence[PageReading]) -> Iterator[Evidence]:
        """Links that lead to pages for somebody, each label and target once, however many pages carry it."""
        by_url = {reading.page.url: reading for reading in readings}
        seen: set[tuple[str, str]] = set()
        for reading in sorted(readings, key=lambda one: (-one.weight, one.number)):
            for link in reading.page.links:
                key = (link.text.casefold(), link.url.partition("#")[0])
                if key not in seen and len(link.text) <= _LONGEST_LABEL:
                    seen.add(key)
                    yield from self._link(link, reading, by_url.get(key[1]))

    def _link(self, link: Link, reading: PageReading, target: PageReading | None) -> Iterator[Evidence]:
        folders = address_parts(link.url)[-_DEEPEST_LINK:]
        begins = link.text.casefold().partition(" ")[0] in self._phrases.audience_prefixes
        speaks = self._speaks_to(folders) or (link.nav and self._is_called(folders, link.text))
        if not (begins or speaks) or (not link.nav and not speaks):
            return
        dedicated = self._own_folder(folders) or (begins and self._is_dedicated(folders))
        names = self.label(link.text, unknown=dedicated)
        if not names or (self._tells_story(folders) and self._is_one(names, link.text)):
            return
        if not speaks and not dedicated and all(name.sort is Sort.FIELD for name in names):
            return
        own = (
            target.number if target is not None and "#" not in link.url and target.folders and not target.home else None
        )
        yield Evidence(
            names=names,
            label=_told(link.text),
            ground=Ground.NAVIGATION,
            page=reading.number,
            place=-1,
            quote=link.text,
            weight=Ground.NAVIGATION.value,
            own=own,
        )

    def label(self, text: str, *, unknown: bool = False) -> tuple[Name, ...]:
        """The customers a short label names as a whole, () for every other label.

        With `unknown`, any short label is taken for a line of business, for places where nothing else stands.
        """
        tokens = _bare(tokens_of(text))
        if not tokens or len(tokens) > _MAX_LABEL_WORDS + 2:
            return ()
        start = 1 if tokens[0].lower in self._phrases.prepositions else 0
        names, end = self._reader.row(tokens, start, listed=True)
        names = tuple(one for one in names if names_customers(one, self._reader.words, listed=True))
        if names and end >= len(tokens):
            return names
        if unknown and not names and all(token.is_word or token.text in "&/,-" for token in tokens):
            return self._as_field(tokens[start:])
        return ()

    def after_for(self, text: str) -> tuple[tuple[Name, ...], bool]:
        """The customers a heading ends with after "for", and whether it begins with it."""
        tokens = _bare(tokens_of(text))
        for place, token in enumerate(tokens):
            if token.lower not in self._phrases.prepositions or place + 1 >= len(tokens):
                continue
            names, end = self._reader.row(tokens, place + 1, listed=True)
            ends = end >= len(tokens) or (place == 0 and tokens[end].lower in self._phrases.describing)
            words, begins = self._reader.words, place == 0
            if names and ends and all(names_customers(n, words, listed=True, dedicated=begins) for n in names):
                return names, begins
            last = tokens[place + 1]
            if (
                begins
                and len(tokens) == place + 2
                and words.is_outsider(last.lower)
                and not words.is_generic(last.lower)
            ):
                return self._as_people(last), True  # a page "for patients" says itself that it speaks to them
        return (), False

    def _own_page(self, reading: PageReading) -> Iterator[Evidence]:
        if reading.home or not reading.folders or not reading.weight:
            return
        slug = reading.folders[-1].replace("-", " ")
        quote, place = _title_block(reading)
        names, ground_weight, label = self._who_owns(reading, slug)
        if not names and self._is_use(reading.folders) and reading.heading:
            yield self._use(reading, reading.heading, place)
            return
        if names and quote and not (self._tells_story(reading.folders) and self._is_one(names, reading.heading)):
            yield Evidence(
                names=names,
                label=label,
                ground=Ground.OWN_PAGE,
                page=reading.number,
                place=place,
                quote=quote,
                weight=Ground.OWN_PAGE.value * reading.weight * ground_weight,
                own=reading.number,
            )

    def _who_owns(self, reading: PageReading, slug: str) -> tuple[tuple[Name, ...], float, str]:
        heading = reading.heading
        parts = (heading, *title_parts(reading.page.title))
        for part in parts:
            names, _ = self.after_for(part)
            if names:
                return names, 1.0 if part == heading else _FROM_TITLE, ""
        speaks = self._speaks_to(reading.folders) or self._is_called(reading.folders, slug)
        if slug.partition(" ")[0] in self._phrases.audience_prefixes:
            names = self.label(slug.partition(" ")[2]) or self._for_unknown(reading, slug.partition(" ")[2])
            if names:
                return names, 1.0, ""
        if not speaks:
            return (), 0.0, ""
        for part in (*parts, slug):
            names = self.label(part)
            if names:
                return names, 1.0, part if part != slug else ""
        if self._own_folder(reading.folders):
            return self._as_field(tokens_of(slug)), 1.0, ""
        return (), 0.0, ""

    def _for_unknown(self, reading: PageReading, rest: str) -> tuple[Name, ...]:
        """Whom "/for-x" is for, where the page's heading says "for x" too and no word of it is known."""
        heading = reading.heading.casefold()
        told = any(f"{prefix} {rest}" in heading for prefix in self._phrases.prepositions)
        return self._as_field(tokens_of(reading.heading[-len(rest) :])) if told and heading.endswith(rest) else ()

    def _is_called(self, folders: Sequence[str], label: str) -> bool:
        """Whether a page right below the site's root is called by a name of customers: /schools."""
        slug = folders[0].replace("-", " ") if len(folders) == 1 else ""
        names = self.label(slug) if slug == label.casefold() else ()
        return any(name.sort in {Sort.PEOPLE, Sort.ORGANISATION} for name in names) and all(_a_kind(n) for n in names)

    def _is_dedicated(self, folders: Sequence[str]) -> bool:
        return bool(folders) and folders[-1].partition("-")[0] in self._phrases.audience_prefixes

    def _headings(self, reading: PageReading) -> Iterator[Evidence]:
        for place, block in enumerate(reading.page.blocks):
            if block.level == PARAGRAPH or not block.text or reading.sides[place] == EXCLUDED:
                continue
            if len(block.text) > _LONGEST_LABEL:
                continue
            names, begins = self.after_for(block.text)
            if names and begins:
                yield self._seen(reading, place, names, _told(block.text), Ground.HEADING)

    def _lists(self, reading: PageReading) -> Iterator[Evidence]:
        blocks = reading.page.blocks
        for place, block in enumerate(blocks):
            if reading.sides[place] == EXCLUDED or not block.text or not self._opens(reading, place):
                continue
            strict = self._phrases.says("field_headings", block.text)
            if self._phrases.says("use_headings", block.text):
                yield from self._uses(reading, place)
                continue
            items = tuple(self._below(reading, place))
            # Where most of a list is known to name customers, the rest of it does so too.
            known = sum(bool(self._item(blocks[i].text, heading=blocks[i].level != PARAGRAPH)) for i in items)
            for item in items:
                heading, text = blocks[item].level != PARAGRAPH, blocks[item].text
                names = self._item(text, heading=heading, unknown=strict)
                if not names and known * 2 >= len(items) > 1 and self._looks_like_many(text):
                    names = self._item(text, heading=heading, unknown=True)
                if names and reading.sides[item] != EXCLUDED:
                    label = _told(blocks[item].text) if self.label(blocks[item].text) else ""
                    yield self._seen(reading, item, names, label, Ground.LISTED)

    def _cards(self, reading: PageReading) -> Iterator[Evidence]:
        """Headings beside each other that all name customers, whatever stands over them."""
        blocks = reading.page.blocks
        by_parent: dict[tuple[int, ...], list[tuple[int, tuple[Name, ...]]]] = {}
        counts: Counter[tuple[int, ...]] = Counter()
        for place, block in enumerate(blocks):
            if block.level < _CARD_LEVEL or not block.text or reading.sides[place] == EXCLUDED:
                continue
            parent = reading.above[place]
            counts[parent] += 1
            names = self._item(block.text, heading=True)
            if names and not self._is_one(names, block.text) and not any(name.sort is Sort.FIELD for name in names):
                by_parent.setdefault(parent, []).append((place, names))
        for parent, cards in by_parent.items():
            if (
                len(cards) > 1
                and len(cards) * 2 >= counts[parent]
                and not (parent and self._opens(reading, parent[-1]))
            ):
                for place, names in cards:
                    seen = self._seen(reading, place, names, _told(blocks[place].text), Ground.LISTED)
                    yield replace(seen, weight=seen.weight * _UNTOLD)

    def _opens(self, reading: PageReading, place: int) -> bool:
        block = reading.page.blocks[place]
        if block.level == PARAGRAPH and not block.text.endswith((":", "：")):
            return False
        if len(block.text) > 2 * _LONGEST_LABEL:
            return False
        told = ("audience_headings", "field_headings", "use_headings")
        return any(self._phrases.says(name, block.text.rstrip(":： ")) for name in told) or (
            block.level == PARAGRAPH and self._phrases.says("audience_headings", block.text)
        )

    def _below(self, reading: PageReading, opening: int) -> Iterator[int]:
        blocks = reading.page.blocks
        level = blocks[opening].level
        if level == PARAGRAPH:
            yield from reading.items(opening)
            return
        section = reading.section(opening)
        deeper = [blocks[place].level for place in section if blocks[place].level != PARAGRAPH and blocks[place].text]
        if deeper:
            yield from (place for place in section if blocks[place].level == min(deeper) and blocks[place].text)
            return
        items = reading.items(opening)
        # A line that opens a list is read with that list.
        first = next((n for n, place in enumerate(items) if blocks[place].text.endswith((":", "："))), None)
        yield from items[:first] if first is not None else items

    def _looks_like_many(self, text: str) -> bool:
        words = text.split()
        return (
            len(words) <= _MAX_FIELD_WORDS and (not words[-1].endswith(".")) and self._reader.words.is_plural(words[-1])
        )

    def _item(self, text: str, *, heading: bool, unknown: bool = False) -> tuple[Name, ...]:
        if heading or len(text) <= _LONGEST_LABEL:
            names = self.label(text, unknown=unknown) or self.after_for(text)[0]
            kinds = tuple(one for one in names if _a_kind(one))
            if names:
                return kinds or (self._as_field(tokens_of(text)) if unknown else ())
        if heading:
            return ()
        tokens = tokens_of(text)
        start = 1 if tokens and tokens[0].lower in self._phrases.prepositions else 0
        names, end = self._reader.row(tokens, start, listed=True)
        following = tokens[end] if end < len(tokens) else None
        if following is not None and following.is_word and following.lower not in self._phrases.describing:
            return ()  # a sentence about them, which is read as one
        return tuple(one for one in names if _a_kind(one) and names_customers(one, self._reader.words))

    def _uses(self, reading: PageReading, opening: int) -> Iterator[Evidence]:
        for place in self._below(reading, opening):
            text = reading.page.blocks[place].text
            if len(text.split()) <= _MAX_FIELD_WORDS and reading.sides[place] != EXCLUDED:
                yield self._use(reading, text, place)

    def _use(self, reading: PageReading, text: str, place: int) -> Evidence:
        names = self._as_field(tokens_of(text)[:_MAX_LABEL_WORDS])
        ground = Ground.LISTED
        seen = self._seen(reading, place, names, _told(text), ground)
        own = reading.number if place == _title_block(reading)[1] else None
        return replace(seen, use=True, own=own)

    def _seen(self, reading: PageReading, place: int, names: tuple[Name, ...], label: str, ground: Ground) -> Evidence:
        return Evidence(
            names=names,
            label=label,
            ground=ground,
            page=reading.number,
            place=place,
            quote=reading.page.blocks[place].text,
            weight=ground.value * reading.weight,
        )

    def _as_field(self, tokens: Sequence[Token]) -> tuple[Name, ...]:
        kept = [token for token in tokens if token.is_word]
        if not kept or len(kept) > _MAX_FIELD_WORDS or kept[0].lower in self._reader.words.stops:
            return ()
        words = tuple(token.text if token.spelled else token.lower for token in kept)
        text = " ".join(token.lower for token in kept)
        return (Name(words=words, head=text, modifiers=(), sort=Sort.FIELD, start=kept[0].start, end=kept[-1].end),)

    def _tells_story(self, folders: Sequence[str]) -> bool:
        return not self._phrases.story_paths.isdisjoint(folders[:-1])

    def _is_one(self, names: Sequence[Name], text: str) -> bool:
        """Whether a name holds a word the site never writes small: "Lindenbrook Clinics" is one of its customers."""
        known = self._everyday | self._reader.words.fields | self._reader.words.scopes
        if not all(_a_kind(name) for name in names):
            return True
        if any(word[:1].islower() and self._reader.words.sort_of(word.strip(",.").casefold()) for word in text.split()):
            return False  # "Cleaning companies" begins a line, "Lindenbrook Clinics" is a name
        return any(
            modifier not in known and not modifier.endswith(("'s", "+")) and not _is_short(name, modifier)
            for name in names
            for modifier in name.modifiers
            if modifier.isalpha()
        )

    def _as_people(self, token: Token) -> tuple[Name, ...]:
        head = self._reader.words.singular(token.lower)
        return (
            Name(words=(token.lower,), head=head, modifiers=(), sort=Sort.PEOPLE, start=token.start, end=token.end),
        )

    def _speaks_to(self, folders: Sequence[str]) -> bool:
        before = set(folders[:-1])
        return not before.isdisjoint(
            self._phrases.audience_paths | self._phrases.solution_paths | self._phrases.use_paths
        )

    def _own_folder(self, folders: Sequence[str]) -> bool:
        return len(folders) > 1 and folders[-2] in self._phrases.audience_paths

    def _is_use(self, folders: Sequence[str]) -> bool:
        return len(folders) > 1 and folders[-2] in self._phrases.use_paths


def _is_short(name: Name, modifier: str) -> bool:
    return any(word.casefold() == modifier and not word.islower() and not word.istitle() for word in name.words)


def _a_kind(name: Name) -> bool:
    """An item in the singular without an article is one organisation's name, not a kind of them."""
    return name.plural or name.sort in {Sort.COLLECTIVE, Sort.FIELD, Sort.SIZE}


def _bare(tokens: Sequence[Token]) -> tuple[Token, ...]:
    end = len(tokens)
    while end and not tokens[end - 1].is_word:
        end -= 1
    return tuple(tokens[:end])


def _told(label: str) -> str:
    first, _, rest = label.partition(" ")
    told = rest if first.casefold() in {"for", "für", "pour", "para", "voor"} and rest else label
    return told.strip(" .:–—-→›»")


def _title_block(reading: PageReading) -> tuple[str, int]:
    for place, block in enumerate(reading.page.blocks):
        if block.level == 1 and block.text:
            return block.text, place
    return next(((b.text, n) for n, b in enumerate(reading.page.blocks) if b.text), ("", -1))
