"""The engine over the local rooms, as a desk's files want it."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlsplit

from config import Desk, HandoffConditions
from config.models.handoff import HandoffSettings
from config.models.offers import OffersFile
from config.phrases import shipped_languages, shipped_phrases
from core.asking import PATIENT, AskTiming
from core.engine import Engine
from core.enrich import HandoffPolicy
from core.follow_up import FollowUpPolicy
from core.holdout import BlindPlanner
from core.lead_ports import Rota
from core.model_writer import ModelWriter
from core.one_time_code import OneTimeCodes
from core.persona import Persona
from core.phrases import Phrases
from core.plan import Planner
from core.ports import ChatModel, Clock, Embedder, FactReader, Interpreter, Knowledge, QuestionPlanner
from core.privacy_desk import PrivacyDesk
from core.proof_desk import ProofDesk
from core.quiet import NoQuestions
from core.reply import MAX_BUTTON_LENGTH
from core.rooms import House, Rooms
from core.site import at_site
from core.staff import Responder
from core.suggestion import Suggester
from core.trials import Trials
from core.writer import LocalWriter
from frontdesk.desk import OFFERS, QUALIFICATION
from frontdesk.embedding import desk_embedder
from frontdesk.outcomes import OUTCOMES, read_outcomes
from frontdesk.privacy import privacy_desk
from frontdesk.variants import Bench, experiments_of
from handoff.dispatch import Dispatch
from knowledge.files import read_passages
from knowledge.search.passage_index import PassageIndex
from knowledge.search.vectors import vectors_of
from personas.aspects import aspects
from personas.detector import CuePersonaDetector
from personas.lexicon import MeaningWeights
from personas.live import MeaningPersonaDetector
from profiles.analyst import ProfileAnalyst
from profiles.calibration import Outcome
from profiles.interpreter import LocalInterpreter
from profiles.label_meaning import LabelMeaning
from profiles.model_reader import ModelFactReader
from profiles.planner import NextQuestionPlanner
from profiles.qualification_file import QualificationFile, neutral
from profiles.wishes import shipped_wishes

FALLBACK_LANGUAGE = "en"
VECTORS = ".cache"
"""Folder of a desk that keeps the vectors of its personas and passages over restarts; it may be deleted."""


@cache
def phrases_in(language: str) -> Phrases:
    """The local writer's phrases in a language, or in English where there is no file for it."""
    short = language.partition("-")[0]
    return shipped_phrases(short if short in shipped_languages() else FALLBACK_LANGUAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """An embedding model for the engine. `weighing` replaces the shipped weights, for measurements."""

    embedder: Embedder
    weighing: MeaningWeights | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mind:
    """The engine, what it shares with others, and what is still to be learned by meaning."""

    engine: Engine
    desk: PrivacyDesk  # its variants, behind the visitors' door to what is kept of them
    reader: FactReader | None  # None without a chat model
    questions: NextQuestionPlanner
    index: PassageIndex
    detector: CuePersonaDetector | MeaningPersonaDetector
    meaning: Meaning | None
    labels: LabelMeaning | None
    vectors: Path
    trials: Trials

    async def learn(self) -> None:
        """Compare by meaning, too, from now on: some seconds the first time. Never raises; what fails is logged."""
        if self.meaning is None:
            return
        if isinstance(self.detector, MeaningPersonaDetector):
            await self.detector.prepare()
        if self.labels is not None:
            await self.labels.prepare()
        await self.index.learn(self.meaning.embedder, self.vectors / "passages")


def build_mind(
    desk: Desk,
    *,
    clock: Clock,
    transcript_channels: Iterable[str] = (),
    chat_model: ChatModel | None = None,
    reads_closely: bool = False,
    meaning: Meaning | None = None,
    follow_ups: Mapping[str, FollowUpPolicy] | None = None,
    rota: Rota | None = None,
    verdicts: Sequence[Outcome] = (),
    codes: OneTimeCodes | None = None,
) -> Mind:
    """The engine. A chat model puts replies into words and reads closely; with `meaning`, texts are compared by it.

    `follow_ups` names the channels on which something may be said after silence. `reads_closely` has the engine ask for
    readings though there is no model, to see what it asks for. Without `rota`, leads are routed and nobody is assigned.
    `verdicts` are what reps said became of leads, beside the file of outcomes. With `codes`, visitors who have
    talked to us elsewhere are offered one.
    """
    settings, site = desk.settings, str(desk.settings.company.site)
    qualification = desk.file_of(QUALIFICATION, QualificationFile)
    index = PassageIndex(read_passages(desk.locate(settings.knowledge.file), site=site))
    personas = tuple(replace(one, pages=tuple(at_site(page, site) for page in one.pages)) for one in desk.personas)
    detector = _detector(personas, desk, meaning)
    labels = _label_meaning(desk, qualification, meaning)
    interpreter = _interpreter(desk, qualification, labels)
    questions = _questions(desk, interpreter, qualification)
    rooms = Rooms(
        interpreter=interpreter,
        detector=detector,
        knowledge=index,
        analyst=ProfileAnalyst(qualification, outcomes=(*read_outcomes(desk.locate(OUTCOMES)), *verdicts)),
        planner=_planner(desk, questions),
        local_writer=LocalWriter(phrases_in, max_words=settings.conversation.max_words),
        model_writer=_model_writer(desk, chat_model) if chat_model else None,
        suggester=_suggester(desk, personas, index, interpreter),
        roster=Dispatch(desk.handoff or HandoffSettings(), rota),
    )
    house = _house(desk, frozenset(transcript_channels), follow_ups or {})
    house = replace(house, reads_closely=reads_closely or chat_model is not None)
    company, fields = settings.company.name, qualification or neutral()
    bench = _bench(desk, rooms, house, interpreter, chat_model, clock)
    engine = bench.engine(rooms, house)
    trials = Trials(engine, bench.varied, experiments_of(desk), clock)
    quiet = _planner(desk, NoQuestions())
    learning = _behind_codes(trials, codes, house)
    return Mind(
        engine=engine,
        desk=privacy_desk(desk, learning, rooms, house, quiet, phrases=phrases_in, clock=clock),
        reader=ModelFactReader(chat_model, fields, interpreter, company=company) if chat_model else None,
        questions=questions,
        index=index,
        detector=detector,
        meaning=meaning,
        labels=labels,
        vectors=desk.locate(VECTORS),
        trials=trials,
    )


def _behind_codes(engine: Responder, codes: OneTimeCodes | None, house: House) -> Responder:
    if codes is None:
        return engine
    return ProofDesk(engine, codes, shipped_wishes(), phrases_in, transcript_channels=house.transcript_channels)


def _bench(
    desk: Desk, rooms: Rooms, house: House, interpreter: LocalInterpreter, chat_model: ChatModel | None, clock: Clock
) -> Bench:
    return Bench(
        rooms=rooms,
        house=house,
        engine=partial(Engine, phrases=phrases_in, clock=clock),
        planner=partial(_planner, desk),
        blind=_planner(desk, NoQuestions(), kind=BlindPlanner),
        questions=partial(_questions, desk, interpreter),
        writer=partial(_model_writer, desk, chat_model) if chat_model else None,
        bank=desk.file_of(QUALIFICATION, QualificationFile),
        personas=tuple(one.id for one in desk.personas),
    )


@asynccontextmanager
async def learned_mind(
    desk: Desk,
    *,
    clock: Clock,
    channel: str,
    by_meaning: bool = True,
    weighing: MeaningWeights | None = None,
    reads_closely: bool = False,
) -> AsyncIterator[Mind]:
    """An engine that has learned all it can before its first message, talking on one channel of its own."""
    async with AsyncExitStack() as stack:
        embedder = await stack.enter_async_context(desk_embedder(desk, clock)) if by_meaning else None
        meaning = Meaning(embedder=embedder, weighing=weighing) if embedder else None
        mind = build_mind(
            desk, clock=clock, transcript_channels=(channel,), meaning=meaning, reads_closely=reads_closely
        )
        await mind.learn()
        yield mind


def _detector(
    personas: tuple[Persona, ...], desk: Desk, meaning: Meaning | None
) -> CuePersonaDetector | MeaningPersonaDetector:
    words = CuePersonaDetector(personas, language=desk.settings.company.language)
    if meaning is None or not personas:
        return words
    cache_file = desk.locate(VECTORS) / "personas"
    return MeaningPersonaDetector(words, meaning.embedder, weighing=meaning.weighing, cache=cache_file)


def _label_meaning(desk: Desk, qualification: QualificationFile | None, meaning: Meaning | None) -> LabelMeaning | None:
    if meaning is None:
        return None
    sets = (qualification or neutral()).labels
    embedder, cache = meaning.embedder, desk.locate(VECTORS) / "labels"

    async def learn(texts: Sequence[str]) -> Mapping[str, array[float]]:
        await asyncio.to_thread(cache.parent.mkdir, parents=True, exist_ok=True)
        return await vectors_of(texts, embedder, cache)

    return LabelMeaning(sets, embedder, learn=learn)


def _interpreter(desk: Desk, qualification: QualificationFile | None, labels: LabelMeaning | None) -> LocalInterpreter:
    mail = desk.settings.email
    return LocalInterpreter(
        qualification,
        meaning=labels,
        free_domains=mail.extra_free_domains,
        disposable_domains=mail.extra_disposable_domains,
        company=desk.settings.company.name,
    )


def _questions(
    desk: Desk, interpreter: LocalInterpreter, bank: QualificationFile | None, first: Sequence[str] = ()
) -> NextQuestionPlanner:
    return NextQuestionPlanner(
        bank, language=desk.settings.company.language, understands=interpreter.understands, first=first
    )


def _model_writer(desk: Desk, model: ChatModel, instructions: str = "") -> ModelWriter:
    company, words = desk.settings.company, desk.settings.conversation.max_words
    draft = LocalWriter(phrases_in, max_words=words)
    return ModelWriter(
        model, draft, company=company.name, assistant=company.assistant, max_words=words, instructions=instructions
    )


def _planner(
    desk: Desk, questions: QuestionPlanner, asking: AskTiming = PATIENT, *, kind: type[Planner] = Planner
) -> Planner:
    company, privacy = desk.settings.company, desk.settings.privacy
    approved = desk.file_of(OFFERS, OffersFile) or OffersFile()
    return kind(
        questions=questions,
        phrases=phrases_in,
        company=company.name,
        assistant=company.assistant,
        notice=" ".join(filter(None, (privacy.notice, str(privacy.url or "")))),
        offers=tuple(entry.to_offer() for entry in approved.offers),
        asking=asking,
    )


def _suggester(desk: Desk, personas: tuple[Persona, ...], knowledge: Knowledge, interpreter: Interpreter) -> Suggester:
    company = desk.settings.company
    return Suggester(
        knowledge, interpreter, aspects(), company=company.name, language=company.language, personas=personas
    )


def _house(desk: Desk, transcript_channels: frozenset[str], follow_ups: Mapping[str, FollowUpPolicy]) -> House:
    settings, when = desk.settings, desk.handoff.when if desk.handoff else HandoffConditions()
    linked = (str(settings.company.site), str(settings.privacy.url or ""))
    return House(
        allowed_hosts=frozenset(filter(None, (urlsplit(url).hostname for url in linked))),
        language=settings.company.language,
        audiences=tuple(persona.name for persona in desk.personas if len(persona.name) <= MAX_BUTTON_LENGTH),
        max_words=settings.conversation.max_words,
        policy=_policy(when),
        team_language=desk.handoff.language if desk.handoff else "",
        transcript_channels=transcript_channels,
        follow_ups=follow_ups,
    )


def _policy(when: HandoffConditions) -> HandoffPolicy:
    policy = HandoffPolicy(at_email=when.email_captured, readiness=when.readiness, unanswered=when.unanswered)
    value = when.high_value
    return replace(policy, value_readiness=value.readiness, value_employees=value.employees) if value else policy
