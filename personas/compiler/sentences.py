"""Names of customers in running sentences: after "built for", before "use it", after "if you are a" and the like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.polarity import EXCLUDED, parts
from knowledge.reading.blocks import PARAGRAPH
from knowledge.sentences import split_sentences
from personas.compiler.evidence import Evidence, Ground
from personas.compiler.figures import has_money
from personas.compiler.judging import names_customers
from personas.compiler.naming import Name, NameReader, Token, tokens_of
from personas.compiler.phrasebook import Phrasebook
from personas.compiler.reading import PageReading
from personas.compiler.words import Sort

_IN_HEADING = 1.2
_YOURS = 1.5
_GUESSED = 0.7
_UNDER_HEADING = 1.7
_ANYWHERE = frozenset({Ground.SUBJECT, Ground.ROW})
_TELLING = 0.7
_ROW = 3
_TRIMMED = 2
_NEAR = 3
_SUBJECT_REACH = 20
_LONGEST_SENTENCE = 700
_HEADS = frozenset({"head", "lead", "team"})
_PRICING = frozenset({"pricing", "prices", "fees", "plans", "preise", "tarifs", "precios", "prijzen", "precos"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """Where a sentence stands and what it speaks of."""

    heading: bool
    pricing: bool
    of_product: bool
    audience: bool

    def instead_of(self, ground: Ground) -> Ground:
        if self.pricing and ground in {Ground.MENTIONED, Ground.OFFERED}:
            return Ground.PLAN
        return Ground.OFFERED if self.of_product and ground is Ground.MENTIONED else ground

    def factor(self, ground: Ground) -> float:
        raised = _UNDER_HEADING if self.audience and ground is Ground.SUBJECT else 1.0
        return raised * (_IN_HEADING if self.heading else 1.0)


class Sentences:
    """Reads sentences of one page. What is denied, and what stands under a denying heading, is left out."""

    def __init__(self, reader: NameReader, phrases: Phrasebook) -> None:
        self._reader = reader
        self._phrases = phrases

    def found(self, reading: PageReading) -> Iterator[Evidence]:
        if not reading.weight:
            return
        for place, block in enumerate(reading.page.blocks):
            if reading.sides[place] == EXCLUDED and block.level != PARAGRAPH:
                continue
            yield from self._told(reading, place)
            sentences = split_sentences(block.text)
            after = reading.page.blocks[place + 1].text if place + 1 < len(reading.page.blocks) else ""
            for sentence, answer in zip(sentences, (*sentences[1:], after), strict=False):
                denied = sentence.endswith("?") and self._phrases.says("denying_sentences", answer)
                if len(sentence) <= _LONGEST_SENTENCE and not denied:
                    yield from self._sentence(reading, place, sentence)

    def _sentence(self, reading: PageReading, place: int, sentence: str) -> Iterator[Evidence]:
        sides = parts(sentence)
        if self._shut_out(reading, place) or all(part.polarity == EXCLUDED for part in sides):
            return
        if self._seeks_staff(reading, place, sentence):
            return
        tokens = tokens_of(sentence)
        story = not self._phrases.story_paths.isdisjoint(reading.folders)
        around = self._around(reading, place, tokens)
        for names, ground in self._addressed(tokens, story=story):
            sure = any(one.sort is not Sort.GUESSED for one in names)
            told = around.instead_of(ground)
            if told in _ANYWHERE and reading.weight < _TELLING:
                continue
            for name in dict.fromkeys(names):
                if any(part.polarity == EXCLUDED and part.start <= name.start < part.end for part in sides):
                    continue
                weight = self._weight(name, told, sure=sure) * reading.weight * around.factor(told)
                if weight:
                    yield Evidence(
                        names=(name,),
                        label="",
                        ground=told,
                        page=reading.number,
                        place=place,
                        quote=sentence,
                        weight=weight,
                    )

    def _told(self, reading: PageReading, place: int) -> Iterator[Evidence]:
        """Whom a paragraph right under "Who uses it" names first, in running prose."""
        blocks, above = reading.page.blocks, reading.above[place]
        block = blocks[place]
        if block.level != PARAGRAPH or not above or reading.sides[place] == EXCLUDED or block.cells or block.only_link:
            return
        sentence = next(iter(split_sentences(block.text)), "")
        if not sentence.endswith((".", "!")) or len(sentence) > _LONGEST_SENTENCE or self._shut_out(reading, place):
            return
        if not self._phrases.says("audience_headings", blocks[above[-1]].text):
            return
        names = self._first_named(tokens_of(sentence))
        if names and all(part.polarity != EXCLUDED for part in parts(sentence)):
            yield Evidence(
                names=names,
                label="",
                ground=Ground.TOLD,
                page=reading.number,
                place=place,
                quote=sentence,
                weight=Ground.TOLD.value * reading.weight,
            )

    def _first_named(self, tokens: Sequence[Token]) -> tuple[Name, ...]:
        place = 0
        while place < len(tokens):
            names, end = self._reader.row(tokens, place) if tokens[place].is_word else ((), place)
            known = [one for one in names if self._is_telling(one)]
            if end < len(tokens) and tokens[end].lower in self._phrases.being:
                return ()  # what happens to them is no use of theirs
            if known:
                return tuple(one for one in known if one.plural or one.sort in {Sort.COLLECTIVE, Sort.SIZE})
            place = max(end, place + 1)
        return ()

    def _is_telling(self, name: Name) -> bool:
        if name.sort is Sort.GUESSED or not names_customers(name, self._reader.words):
            return False
        return bool(name.modifiers) or not (name.head in _HEADS or self._reader.words.is_generic(name.head))

    def _seeks_staff(self, reading: PageReading, place: int, sentence: str) -> bool:
        """Whether the company looks for people to work there, in this sentence or in the part it stands in."""
        says, blocks = self._phrases.says, reading.page.blocks
        if says("hiring_sentences", sentence) or says("hiring_headings", blocks[place].text):
            return True
        return any(says("hiring_headings", blocks[one].text) for one in reading.above[place])

    def _around(self, reading: PageReading, place: int, tokens: Sequence[Token]) -> _Around:
        blocks, says = reading.page.blocks, self._phrases.says
        above = [blocks[one].text for one in reading.above[place]]
        own = self._reader.own_names | self._phrases.we_words
        return _Around(
            heading=blocks[place].level != PARAGRAPH,
            pricing=not _PRICING.isdisjoint(reading.folders)
            or has_money(blocks[place].text)
            or any(says("pricing_headings", text) for text in above),
            of_product=reading.weight >= 1 and bool(tokens) and tokens[0].lower in own,
            audience=any(says("audience_headings", text) for text in above),
        )

    def _shut_out(self, reading: PageReading, place: int) -> bool:
        if any(reading.sides[one] == EXCLUDED for one in reading.above[place]):
            return True
        # A list below a denying line takes its side; a sentence that denies by itself is weighed part by part.
        block = reading.page.blocks[place]
        return reading.sides[place] == EXCLUDED and all(part.polarity != EXCLUDED for part in parts(block.text))

    def _weight(self, name: Name, ground: Ground, *, sure: bool) -> float:
        if not names_customers(name, self._reader.words):
            return 0.0
        if name.sort is Sort.GUESSED:
            return 0.0 if ground is Ground.MENTIONED else ground.value * (1.0 if sure else _GUESSED)
        if name.yours:
            return Ground.MENTIONED.value * _YOURS
        return ground.value

    def _addressed(self, tokens: Sequence[Token], *, story: bool) -> Iterator[tuple[tuple[Name, ...], Ground]]:
        yield from self._subject(tokens)
        yield from self._rows(tokens)
        tagline = self._is_tagline(tokens)
        for place in range(1, len(tokens)):
            ground = Ground.PLAN if tagline and place == 1 else self._ground(tokens, place, story=story)
            if ground is None:
                yield from self._fields(tokens, place)
                continue
            names, _ = self._reader.row(tokens, place, lenient=ground is not Ground.MENTIONED)
            if names:
                yield names, ground

    def _rows(self, tokens: Sequence[Token]) -> Iterator[tuple[tuple[Name, ...], Ground]]:
        """Rows of at least three names, wherever they stand; what stands before the first may be a verb."""
        place = 0
        while place < len(tokens):
            names, end = self._reader.row(tokens, place, lenient=True) if tokens[place].is_word else ((), place)
            known = [name for name in names if names_customers(name, self._reader.words)]
            if len(known) >= _ROW:
                introduced = names[0].start == tokens[place].start and not place
                yield (names[0] if introduced else _trimmed(names[0]), *names[1:]), Ground.ROW
            place = max(end, place + 1)

    def _fields(self, tokens: Sequence[Token], place: int) -> Iterator[tuple[tuple[Name, ...], Ground]]:
        """In "used in retail, hospitality and care" lines of business count, where several stand in a row."""
        before = [token.lower for token in tokens[max(0, place - 3) : place]]
        if before[-1] not in self._phrases.in_prepositions or self._phrases.trusted_by.isdisjoint(before):
            return
        names, _ = self._reader.row(tokens, place, listed=True)
        if len(names) > 1:
            yield names, Ground.USES

    def _is_tagline(self, tokens: Sequence[Token]) -> bool:
        """Whether a line says no more than whom something is for: "For first-time buyers with a garden."."""
        if not tokens or tokens[0].lower not in self._phrases.prepositions:
            return False
        names, end = self._reader.row(tokens, 1, lenient=True)
        if not names:
            return False
        following = tokens[end] if end < len(tokens) else None
        return following is None or not following.is_word or following.lower in self._phrases.describing

    def _subject(self, tokens: Sequence[Token]) -> Iterator[tuple[tuple[Name, ...], Ground]]:
        names, end = self._reader.row(tokens, 0)
        told_to = self._phrases.using | self._phrases.helping | self._phrases.joining
        if not names or not told_to.isdisjoint(names[0].modifiers[:1]):
            return  # "Run six brands" speaks to somebody else
        for place in range(end, min(end + _SUBJECT_REACH, len(tokens))):
            lower = tokens[place].lower
            if lower in self._phrases.using:
                yield names, Ground.USES
                return
            if lower in self._phrases.able:
                uses = any(one.lower in self._phrases.using for one in tokens[place + 1 : place + 1 + _NEAR + 1])
                joins = tokens[place + 1 : place + 2] and tokens[place + 1].lower in self._phrases.joining
                yield names, Ground.USES if uses or joins else Ground.SUBJECT
                return
            ends = place + 1 == len(tokens) or tokens[place + 1].start > tokens[place].end
            if tokens[place].text in {".", ";", ":", "?", "!"} and ends:
                break
        if end < len(tokens) and self._acts(tokens[end]):
            yield names, Ground.SUBJECT

    def _acts(self, token: Token) -> bool:
        """Whether the word after a subject may be something it does; "bill tenants fairly" tells somebody else to."""
        return token.is_word and not token.lower.endswith("ly") and token.lower not in self._phrases.being

    def _ground(self, tokens: Sequence[Token], place: int, *, story: bool) -> Ground | None:
        """Why a name that begins at `place` would be one of customers, from the words before it."""
        book, word = self._phrases, tokens[place - 1].lower
        before = [token.lower for token in tokens[max(0, place - 1 - _NEAR) : place - 1]]
        spoken_to = self._in_person(tokens, place, story=story)
        if spoken_to is not None:
            return spoken_to
        if word in book.prepositions:
            if any(one in book.made_for for one in before):
                return Ground.MADE_FOR
            return Ground.OFFERED if any(one in book.offered_for for one in before) else Ground.MENTIONED
        nearest = before[-1:]
        trusted = word in book.by_prepositions and any(one in book.trusted_by for one in before[-2:])
        works = word in book.with_prepositions and not book.working_with.isdisjoint(nearest)
        if word in book.helping or trusted or works:
            return Ground.USES
        offered = word in book.at_prepositions and not book.offered_to.isdisjoint(nearest)
        return Ground.OFFERED if offered else None

    def _in_person(self, tokens: Sequence[Token], place: int, *, story: bool) -> Ground | None:
        word = tokens[place - 1].lower
        last = " ".join(token.lower for token in tokens[max(0, place - 4) : place])
        if any(last.endswith(one) for one in self._phrases.you_are if " " in one):
            return Ground.YOU_ARE
        if word in self._phrases.you_are and place == 1:
            return Ground.YOU_ARE
        if story and word == "," and place > 1 and tokens[0].text[:1].isupper():
            return Ground.STORY if tokens[place].lower in self._phrases.story_articles else None
        return None


def _trimmed(name: Name) -> Name:
    """The first name of a row nothing introduces, with the last of its modifiers only."""
    if len(name.modifiers) < _TRIMMED or len(name.words) != len(name.modifiers) + 1:
        return name
    return replace(name, words=name.words[-2:], modifiers=name.modifiers[-1:])
