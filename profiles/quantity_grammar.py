"""The expressions around a number that say what it counts, built once from `quantities.yaml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from profiles.number_words import NumberWords
from profiles.reading import Reading

HEAD = 64
"""Characters in front of a number that are looked at."""

SHORTEST_PLAIN = 5
"""Letters from which on a word is the same without its accents."""
CODE_BEFORE = re.compile(r"([a-z]{3})\s?$")
LIMIT_AFTER = re.compile(
    r"\s*(?:(?:limits?|constraints?|issues?|problems?|cap|ceiling|worries)\b|'s\b"
    r"|(?:has|was|is) (?:been |being )?(?:talked|discussed|mentioned))"
)
LATELY = re.compile(
    r"\b(?:last|past|previous) (?:week|month|quarter|year)\b|\b(?:letzte[nr]?|vergangene[nr]?) (?:woche|monat|jahr)\b"
    r"|\ble mois dernier\b|\bel mes pasado\b|\bmês passado\b|\bvorige maand\b"
)
OFFERED = re.compile(r"\b(?:includes?|comes? with|limited to|allows?|covers?)\s[^.!?]{0,12}$")
OVER_THE = re.compile(r"\b(?:over|beyond|above|past|than|exceed\w*) (?:the|your)\s+$")
"""Before a number of seats: it is one of ours, as in "over the 10 seats"."""
SENT = re.compile(r"\b(?:from|by|von|de) (?:you|your|ihnen|vous|ustedes|vocês|u)\b")
INVITED = re.compile(r"\b(?:for|with|to|show|invite)\s+me\s+(?:and|plus|\+|&)\s*$")
ARRIVING = re.compile(
    r"\s+(?:that\s+|die\s+|qui\s+|que\s+)?(?:come|comes|coming|arrive|arrives|arriving|land|lands|reach|reaches|hit|hits|pour"
    r"|pours|roll|rolls|trickle|trickles|kommen|gehen|laufen|treffen|landen|arrivent|entrent|tombent|llegan|entran"
    r"|recibimos|chegam|entram|komen|binnen)\b"
)
"""After a flow of nobody says what: it comes in, so it is what is answered."""
FINE = re.compile(
    r",?\s+(?:is|are|would be|'d be|should be|sounds|works|feels|ist|wäre|geht|serait|est|sería|está|seria|zou|is)\s*"
    r"(?:about |perfectly |absolutely |totally |just |völlig |noch )?"
    r"(?:fine|ok|okay|doable|possible|realistic|manageable|affordable|comfortable|what we|right|in ordnung|drin|machbar"
    r"|okay|bien|possible|jouable|correct|razonable|viable|possível|haalbaar|te doen)\b"
)
"""After an amount: that it suits, as one says of money and not of messages."""
SHARE = re.compile(
    r"\s+(?:out\s+)?(?:of|von|sur|de|van|dos|das)\s+(?:(?:our|my|the|all|those|unseren?|den|nos|nuestr[oa]s|noss[oa]s|onze)\s+)*"
    r"(?:~|about\s+|around\s+|roughly\s+)?\d[\d.,]*\s+[^.!?\d]{0,40}?"
    r"\b(?:use|using|need|needs|log\s?in|access|answer|answers|reply|support|tickets|customers|nutzen|brauchen|beantworten"
    r"|utilis\w+|répond\w*|usar\w*|atiend\w+|respond\w*|atend\w*|gebruik\w*|beantwoord\w*)\b"
)
"""As in "20 of our 120 people would use it": some of all, for whom it is bought."""
NOW_AFTER = re.compile(
    r"\s+(?:(?:people|of us|staff)\s+)?(?:now|today|these days|right now|rn|at present|currently|so far"
    r"|as of now|jetzt|heute|aktuell"
    r"|derzeit|maintenant|aujourd'hui|ahora|hoy|agora|hoje|nu|vandaag|momenteel)\b"
)
INSTEAD = re.compile(
    r"\b(?:instead of|rather than|as opposed to|compared (?:to|with)|versus|vs|down from|up from|statt"
    r"|anstatt|anstelle von"
    r"|au lieu de|plutôt que|en vez de|en lugar de|em vez de|ao invés de|in plaats van)\s+(?:the\s+|our\s+)?$"
)
"""Right before a number: what it has been, or would be, and is not."""
SAME = re.compile(r"\b(?:same|gleichen|selben|dieselben|mêmes|mismos|mismas|mesmos|mesmas|dezelfde|zelfde)\s+$")
"""Right before a number of things asked or sent: how many kinds there are, as in "the same ten questions"."""
ASKING = re.compile(
    r"\W*(?:and |so |ok |but )?(?:what|whats|what's|how|do you|can you|could you|is it|is there|does|which)\b"
)


class QuantityFile(NumberWords):
    """`quantities.yaml`."""

    solo: tuple[str, ...]
    solo_agent: tuple[str, ...]
    people: tuple[str, ...]
    employed: tuple[str, ...]
    company_nouns: tuple[str, ...]
    trades: tuple[str, ...]
    trade_owners: tuple[str, ...]
    staff_lists: tuple[str, ...]
    elsewhere: tuple[str, ...]
    user_nouns: tuple[str, ...]
    user_owners: tuple[str, ...]
    users_for: tuple[str, ...]
    done_by: tuple[str, ...]
    answer_ends: tuple[str, ...]
    people_owners: tuple[str, ...]
    people_places: tuple[str, ...]
    people_ends: tuple[str, ...]
    totals: tuple[str, ...]
    ourselves: tuple[str, ...]
    passing: tuple[str, ...]
    people_deeds: tuple[str, ...]
    not_deeds: tuple[str, ...]
    people_adjectives: tuple[str, ...]
    agents: tuple[str, ...]
    agent_adjectives: tuple[str, ...]
    agent_places: tuple[str, ...]
    not_counted: tuple[str, ...]
    team_nouns: tuple[str, ...]
    support_nouns: tuple[str, ...]
    volume: dict[str, tuple[str, ...]]
    secondary_volume: dict[str, tuple[str, ...]]
    volume_adjectives: tuple[str, ...]
    periods: dict[str, tuple[str, ...]]
    spans: tuple[str, ...]
    dark: tuple[str, ...]
    period_adjectives: tuple[str, ...]
    currencies: dict[str, tuple[str, ...]]
    more_than: tuple[str, ...]
    less_than: tuple[str, ...]
    hedges: tuple[str, ...]
    place_links: tuple[str, ...]
    place_verbs: tuple[str, ...]
    place_work: tuple[str, ...]
    support_verbs: tuple[str, ...]
    support_objects: tuple[str, ...]
    support_determiners: tuple[str, ...]
    team_links: tuple[str, ...]
    own_counts: tuple[str, ...]
    count_ends: tuple[str, ...]
    of_us: tuple[str, ...]
    of_them: tuple[str, ...]
    period_links: tuple[str, ...]
    period_adverbs: tuple[str, ...]
    volume_links: tuple[str, ...]
    budget: tuple[str, ...]
    not_budget: tuple[str, ...]
    no_budget: tuple[str, ...]
    money_words: tuple[str, ...]
    or_less: tuple[str, ...]
    limits: tuple[str, ...]
    for_this: tuple[str, ...]
    figures: dict[str, int]
    figure_words: tuple[str, ...]
    figure_parts: dict[str, int]
    person_nouns: tuple[str, ...]
    person_owners: tuple[str, ...]
    together: dict[str, int]
    included: tuple[str, ...]
    crowds: tuple[str, ...]
    budgetless: tuple[str, ...]

    def counting(self, units: Mapping[str, tuple[str, ...]]) -> QuantityFile:
        """The same file with a company's own units of volume; with none the shipped ones stay."""
        return self.model_copy(update={"volume": dict(units), "secondary_volume": {}}) if units else self


def either(words: Iterable[str]) -> str:
    """An alternation, longest first so that a longer word is not cut short. Words may hold `?` and `[]` only.

    Words with accents are found without them, too, as people in a hurry write them.
    """
    spelled = {one for word in words for one in (word, _plain(word))}
    return "|".join(sorted((re.sub(r"([.+$*])", r"\\\1", word) for word in spelled), key=lambda one: (-len(one), one)))


def _plain(word: str) -> str:
    """A word without its accents; short ones keep theirs, which tell them apart from others."""
    if len(word) < SHORTEST_PLAIN or word.isascii():
        return word
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


_THE = "(?:our|the|el|la|le|der|dem|o|a|het|de)"
_NOTHING = "(?!)"
_OWN_KIND = (
    r"\b(?:we're|we are|were|i run|i have|i own|i'm at|i work (?:at|for|in)|wir sind|ich leite|als"
    r"|nous sommes|on est|je dirige"
    r"|somos|soy de|tengo|tenho|we zijn|wij zijn|ik heb|ik run)\s+(?:an?|eine?r?|une?|una|uma?"
    r"|een)\s+(?:[\w-]+\s+){1,3}"
    r"(?:of|with|von|mit|de|avec|con|com|van|met)"
)
"""What a company calls itself in front of how many it is: "we're a roofing outfit of"."""
_OF = r"(?:\s*(?:de|d'|d’|of|von|van|的)(?!\w)|\s*d['’])?"
"""What may stand between a number and what it counts: "a couple hundred of them", "une centaine de"."""


class QuantityGrammar:
    """Anchored expressions; each looks at a bounded stretch of text."""

    def __init__(self, data: QuantityFile) -> None:
        self._read_sizes(data)
        self._read_volumes(data)
        self.more_before = re.compile(rf"\b(?:{either(data.more_than)})\s*(?:{either(data.hedges)})?\s*$")
        self.less_before = re.compile(rf"\b(?:{either(data.less_than)})\s*(?:{either(data.hedges)})?\s*$")
        codes = either(word for words in data.currencies.values() for word in words)
        self._read_figures(data)
        self.currency_after = re.compile(rf"\s?(?P<code>{codes})(?!\w)")
        self._codes = [(re.compile(rf"(?:{either(words)})"), name) for name, words in data.currencies.items()]

    def _read_figures(self, data: QuantityFile) -> None:
        """Amounts told by the number of their figures, volumes that are offered, and what stands for no budget."""
        self.figure_counts, self.figure_parts = data.figures, data.figure_parts
        self._figure = data.figure_words
        self.figures = re.compile(
            rf"(?<!\w)(?:(?P<part>{either(data.figure_parts)})[\s-]+)?(?P<n>{either(data.figures)})[\s-]*(?:{either(data.figure_words)})(?!\w)"
        )
        self.included = re.compile(rf"\b(?:{either(data.included)})\b")
        self.budgetless = re.compile(
            rf"\W*(?:no|nope|well|i|we|we've|i've|honestly|um|uh|nein|non|não|nee)?[\s,.]*((?:{'|'.join(data.budgetless)}))(?!\w)"
        )

    def figured(self, low: str) -> bool:
        """Whether a text speaks of figures at all."""
        return any(word in low for word in self._figure)

    @staticmethod
    def free(reading: Reading, at: int) -> bool:
        """Whether nothing in the sentence says that the money there is no budget."""
        start, stop = reading.sentence(at)
        return not any(start <= hit.start < stop for hit in reading.of("not_budget"))

    def _read_sizes(self, data: QuantityFile) -> None:
        adjectives = rf"(?:(?:{either((*data.people_adjectives, *data.agent_adjectives))})[\s-]+){{0,2}}"
        places, supports = either(data.agent_places), either(data.support_nouns)
        hedges = self._hedges(data)
        self.people = re.compile(rf"{_OF}[\s-]*{adjectives}(?:{either(data.people)})(?!\w)")
        self.agents = re.compile(rf"{_OF}[\s-]*{adjectives}(?:{either(data.agents)})(?!\w)")
        self.support_adjective = re.compile(rf"[\s-]*(?:[\w-]+[\s-]+)?(?:{either(data.agent_adjectives)})\b")
        self.in_support = re.compile(
            rf"\s+(?:(?:{supports})|(?:(?:{either(data.place_verbs)})\s)?"
            rf"(?:(?:{either(data.place_links)})\s+(?:{_THE} )?|(?:{either(data.place_work)})\s+)(?:{places})"
            rf"|(?:who |that )?(?:are |is )?{self._support_work(data)})\b"
            r"|[^.,;!?\n]{0,40},?\s(?:die|who|qui|que|wie)\s[^.,;!?\n]{0,40}\b(?:beantworten|bearbeiten|answer|répondent|responden|respondem)\b",
        )
        self._read_owners(data, adjectives, hedges)
        self._read_trades(data, adjectives, hedges)
        self.not_counted = re.compile(rf"[\s-]*(?:[\w-]+\s)?(?:{either(data.not_counted)})(?!\w)")
        self.team_before = re.compile(
            rf"\b(?:(?P<support>{supports})|(?:{either(data.team_nouns)}))\s*(?:size\s*)?"
            rf"(?:{either(data.team_links)})?\s*{hedges}$",
        )
        self.support_before = re.compile(rf"\b(?:{supports})\b[^.!?\n]{{0,24}}$")
        self.own_count_before = re.compile(rf"\b(?:{either(data.own_counts)})\s+{hedges}$")
        self.count_after = re.compile(rf"\s*(?:[.,!;)]|$)|\s+(?:{either(data.count_ends)})\b")
        self.of_us = re.compile(rf"[\s-]*(?:{either(data.of_us)})\b")
        self.part_before = re.compile(rf"\b(?:{either(data.of_them)})\s+{hedges}$")
        self.doing_after = re.compile(
            rf"\s+(?!(?:{either((*data.people_places, *data.count_ends, *data.answer_ends))})\b)[^\W\d_]+"
        )
        self.of_them = re.compile(
            rf"\s*(?:{either(data.of_them)})\b\s*(?:are |is |work |sitzen |sind |sont |están |estão |zitten )?"
        )

    def _read_trades(self, data: QuantityFile, adjectives: str, hedges: str) -> None:
        """People named by their trade or their place on a list, users that are bought for, and work done by a few."""
        self.company_after = re.compile(rf"[\s-]+(?:[\w-]+\s)?(?:{either(data.company_nouns)})\b")
        self.trades = re.compile(rf"{_OF}[\s-]*{adjectives}(?:{either(data.trades)})(?!\w)")
        self.trade_before = re.compile(rf"\b(?:{either(data.trade_owners)})\s+{hedges}$")
        self.staff_list = re.compile(rf"\s+(?:{either(data.staff_lists)})\b")
        self.elsewhere_before = re.compile(rf"\b(?:{either(data.elsewhere)})\b[^,;.]{{0,40}}$")
        self.users = re.compile(rf"[\s-]*{adjectives}(?:{either(data.user_nouns)})(?!\w)")
        self.user_before = re.compile(rf"(?:\b(?:{either(data.user_owners)})\s+|^\W*){hedges}$")
        self.users_for = re.compile(rf"\b(?:{either(data.users_for)})\s+{hedges}$")
        self.done_by = re.compile(rf"\b(?:{either(data.done_by)})\s+{hedges}$")
        self.answered = re.compile(rf"\s*(?:[.,;:!?)(+–—-]|$)|\s*(?:{either(data.answer_ends)})(?!\w)")
        self.total_after = re.compile(rf"\s+(?:{either(data.totals)})\b")
        self.own_before = re.compile(
            rf"(?:^|[^\w'’]|\b(?:and|so|now|und|et|y)\s)(?:{either(data.ourselves)})\s+{hedges}$"
        )
        self.plural_after = re.compile(
            rf"\s+(?!(?:{either(data.passing)})\b)[^\W\d_]{{2,16}}s\b(?!\s*(?:ago|late|behind|old))"
        )
        self.and_me_before = re.compile(r"\b(?:me|myself)\s+(?:and|\+|&|plus)\s+$")
        self.and_me_after = re.compile(r"[^.,;!?\n]{0,24}?\s(?:and|\+|&|plus)\s+(?:me|myself)\b")

    @staticmethod
    def _support_work(data: QuantityFile) -> str:
        verbs, objects = "|".join(data.support_verbs), either(data.support_objects)
        return rf"(?:{verbs})\s+(?:(?:{either(data.support_determiners)})\s+){{0,3}}(?:{objects})"

    def _read_owners(self, data: QuantityFile, adjectives: str, hedges: str) -> None:
        """What tells a company's own people from people in a story."""
        self.crowd_before = re.compile(
            rf"\b(?:{either(data.crowds)})\s+(?:of|with|von|mit|de|con|com|met|van)\s+{hedges}$"
        )
        self.employed = re.compile(rf"{_OF}[\s-]*{adjectives}(?:{either(data.employed)})(?!\w)")
        self.owner_before = re.compile(
            rf"(?:\b(?:{either(data.people_owners)})|(?:{either(data.team_nouns)})\s*(?:{either(data.team_links)})?)"
            rf"\s+{hedges}$|[:=]\s*$|{_OWN_KIND}\s+{hedges}$",
        )
        self.owner_after = re.compile(
            rf"\s+(?:{either(data.people_places)})\b|[\s-]+(?:[\w-]+\s+){{0,2}}(?:{either(data.team_nouns)})\b",
        )
        self.alone_before = re.compile(rf"^\W*(?:and\s+|so\s+|it's\s+|its\s+)?{hedges}\W*$")
        self.alone_after = re.compile(rf"\s*(?:[.,;!?)]|$)|\s+(?:{either(data.people_ends)})\b")
        self.story_after = re.compile(
            rf"(?!\s+all told\b)(?:\s+(?:here|there|just|also|all|already|both|then|have|had|were|are|is|was)){{0,2}}"
            rf"\s+(?!(?:{'|'.join(data.not_deeds)})\b)(?:{'|'.join(data.people_deeds)})\b",
        )

    def _read_volumes(self, data: QuantityFile) -> None:
        names = either(word for words in data.periods.values() for word in words)
        nouns = either(word for words in data.volume.values() for word in words)
        self.period_after = re.compile(
            rf"\s*(?:(?:/\s?|(?:(?:on|in) )?(?:{either(data.period_links)})\s+)"
            rf"(?:(?:{either(data.period_adjectives)})\s+)?(?P<period>{names})"
            rf"|(?P<adverb>{either(data.period_adverbs)}))(?!\w)",
        )
        self.spans = re.compile(rf"[\s-]*(?:{either(data.spans)})\b")
        self.period_near = re.compile(rf"(?<!\bnext )(?<!\bthe other )\b(?!(?:{either(data.dark)})\b)(?:{names})\b")
        self.periods = {word: name for name, words in data.periods.items() for word in words}
        self.volume = self._volume(data, data.volume)
        self.secondary = self._volume(data, data.secondary_volume)
        self.default_unit = next(iter(data.volume))
        self.money_words = re.compile(rf"\b(?:{either(data.money_words)})\b|[$€£¥]")
        self.limit_before = re.compile(rf"\b(?:{either(data.limits)})\b[^.!?\n]{{0,40}}$")
        self.for_this = re.compile(rf"\s*(?:{either(data.for_this)})\b")
        self.or_less = re.compile(rf"[^.!?\n]{{0,16}}?\s(?:{either(data.or_less)})(?!\w)")
        self.units = {**data.volume, **data.secondary_volume}
        self.unit_before = re.compile(
            rf"(?P<unit>{nouns})\s*(?:volume|load|count|numbers?)?\s*"
            rf"(?:per \w+|a \w+|{either(data.period_adverbs)})?\s*"
            rf"(?:{either(data.volume_links)})\s*{self._hedges(data)}$",
        )

    @staticmethod
    def _hedges(data: QuantityFile) -> str:
        return rf"(?:(?:{either((*data.hedges, *data.more_than, *data.less_than))})\s*)*"

    @staticmethod
    def _volume(data: QuantityFile, units: dict[str, tuple[str, ...]]) -> re.Pattern[str]:
        nouns = either(word for words in units.values() for word in words) or _NOTHING
        adjectives = either(data.volume_adjectives)
        return re.compile(rf"\+?{_OF}\s*(?:(?:{adjectives}|\w+(?:-\w+)+)[\s-]+){{0,3}}(?P<unit>{nouns})(?!\w)")

    def currency(self, word: str) -> str:
        """ISO 4217 code of a sign or word, "" when unknown."""
        return next((name for pattern, name in self._codes if pattern.fullmatch(word)), "")

    def unit(self, word: str) -> str:
        """The canonical unit of a noun, e.g. "tickets"."""
        for name, words in self.units.items():
            if any(re.fullmatch(one, word) for one in words):
                return name
        return word
