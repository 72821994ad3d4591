"""What is said to visitors about what is kept of them: in their language, and the same with or without a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.fact import Fact
from core.ids import PersonaId
from core.ledger import fold
from core.phrases import Phrases
from core.session import ConversationState
from core.wording import value_in_words

DELETION, AGREEMENT, TONGUE = "privacy.delete", "privacy.consent", "privacy.language"
"""Names of the questions that wait for a decision of the visitor's."""
MOST_FACTS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyTerms:
    """What the company has set down about what it keeps."""

    company: str
    policy: str = ""  # address of the privacy policy
    days: int | None = None  # that a conversation is kept after its last word
    languages: tuple[str, ...] = ("en",)  # that there are phrases in


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Something to say, with what may be pressed, and the question it asks ("" for none)."""

    text: str
    buttons: tuple[str, ...] = ()
    asks: str = ""


class PrivacyWords:
    """Holds data only; the same state gives the same words."""

    def __init__(
        self,
        terms: PrivacyTerms,
        phrases: Callable[[str], Phrases],
        *,
        persona_name: Callable[[PersonaId], str] = lambda _: "",
    ) -> None:
        self._terms = terms
        self._phrases = phrases
        self._persona_name = persona_name

    def about(self, language: str) -> Words:
        """What is kept, for how long, and what can be done about it."""
        say = self._phrases(language).say
        terms = self._terms
        parts = [
            say("privacy.kept", company=terms.company),
            say("privacy.term", days=str(terms.days)) if terms.days is not None else say("privacy.no_term"),
            say("privacy.policy", url=terms.policy) if terms.policy else "",
            say("privacy.choice"),
        ]
        return Words(text=_sentences(parts), buttons=self._labels(language, "show_data", "delete_data"))

    def copy(self, state: ConversationState, language: str) -> Words:
        """Everything known that may be said in this chat, each with the words that show it."""
        phrases = self._phrases(language)
        lines = [*self._held(state, phrases)]
        head = phrases.say("privacy.copy" if lines else "privacy.nothing")
        text = "\n".join((head, *(f"- {line}" for line in lines)))
        rest = phrases.say("privacy.copy_rest", company=self._terms.company)
        return Words(text=f"{text}\n\n{rest}", buttons=self._labels(language, "delete_data"))

    def confirm(self, language: str) -> Words:
        """Whether everything is really to go."""
        text = self._phrases(language).say("privacy.confirm", company=self._terms.company)
        return Words(text=text, buttons=self._labels(language, "yes_delete", "no_keep"), asks=DELETION)

    def deleted(self, language: str) -> Words:
        return Words(text=self._phrases(language).say("privacy.deleted"))

    def kept(self, language: str) -> Words:
        """Nothing was taken out after all."""
        return Words(text=self._phrases(language).say("privacy.kept_after_all"))

    def withdrawn(self, language: str) -> Words:
        """From now on nothing is learned; what is there may go, too."""
        text = self._phrases(language).say("privacy.withdrawn")
        return Words(text=text, buttons=self._labels(language, "yes_delete", "no_keep"), asks=DELETION)

    def notice(self, language: str) -> Words:
        """That what is said is noted, and where to decide on it."""
        policy = self._phrases(language).say("privacy.policy", url=self._terms.policy) if self._terms.policy else ""
        text = self._phrases(language).say("privacy.notice", company=self._terms.company)
        return Words(text=_sentences([text, policy]))

    def ask_consent(self, language: str, *, first: bool = False) -> Words:
        """Whether what is said may be noted; `first`: before something can be done that was wanted."""
        key = "privacy.first" if first else "privacy.ask"
        policy = self._phrases(language).say("privacy.policy", url=self._terms.policy) if self._terms.policy else ""
        text = _sentences([self._phrases(language).say(key, company=self._terms.company), policy])
        return Words(text=text, buttons=self._labels(language, "agree", "disagree"), asks=AGREEMENT)

    def consented(self, language: str, *, given: bool) -> Words:
        """What was decided, and what follows from it."""
        return Words(text=self._phrases(language).say("privacy.given" if given else "privacy.refused"))

    def which_language(self, language: str) -> Words:
        names = tuple(self._phrases(one).say("privacy.language_name") for one in self._terms.languages)
        return Words(text=self._phrases(language).say("privacy.which_language"), buttons=names, asks=TONGUE)

    def language_named(self, text: str) -> str:
        """The language whose own name this is; "" for none."""
        wanted = text.strip(" .!").casefold()
        named = {self._phrases(one).say("privacy.language_name").casefold(): one for one in self._terms.languages}
        return named.get(wanted, "")

    def in_language(self, language: str) -> Words:
        return Words(text=self._phrases(language).say("privacy.in_language"))

    def menu(self, language: str) -> Words:
        """What can be asked here."""
        text = self._phrases(language).say("privacy.menu", company=self._terms.company)
        return Words(text=text, buttons=self._labels(language, "pricing", "human", "privacy"))

    def is_button(self, text: str, language: str, name: str) -> bool:
        """Whether a message is the label of this button."""
        return text.strip().casefold() == self._phrases(language).say(f"button.{name}").casefold()

    def speaks(self, tag: str) -> str:
        """The language of a BCP 47 tag, where there are phrases in it; else ""."""
        short = tag.partition("-")[0].lower()
        return short if short in self._terms.languages else ""

    def _held(self, state: ConversationState, phrases: Phrases) -> Iterator[str]:
        known = [fact for facts in fold(state.known_facts).values() for fact in facts]
        yield from (_shown(fact, phrases) for fact in known[:MOST_FACTS])
        name = self._persona_name(state.session.guess.chosen) if state.session.guess.chosen else ""
        if name:
            yield phrases.say("privacy.taken_for", persona=name)
        if state.lead is not None or state.session.home is not None:
            yield phrases.say("privacy.handed_on", company=self._terms.company)

    def _labels(self, language: str, *names: str) -> tuple[str, ...]:
        return tuple(self._phrases(language).say(f"button.{name}") for name in names)


def _shown(fact: Fact, phrases: Phrases) -> str:
    value = value_in_words(fact.field, fact.value, phrases)
    return f"{value} (“{fact.quote}”)" if fact.quote and fact.quote != value else value


def _sentences(parts: list[str]) -> str:
    return " ".join(part for part in parts if part)
