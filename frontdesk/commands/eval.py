"""`frontdesk eval`: labelled conversations through the engine, and how much of them was understood."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from config import Desk
from core.errors import ConfigError
from core.ports import Clock
from frontdesk.commands.replay import starting_at
from frontdesk.desk import read_desk
from frontdesk.evaluation import metrics
from frontdesk.evaluation.answers import abstained, answered, read_facts
from frontdesk.evaluation.bootstrap import DRAWS, SEED
from frontdesk.evaluation.figures import Figure
from frontdesk.evaluation.gold import Labels, read_gold, read_labels
from frontdesk.evaluation.metrics import Talk
from frontdesk.evaluation.report import as_json, as_markdown, as_table, figures
from frontdesk.evaluation.run import Material, judged
from frontdesk.evaluation.scores import score_sheet
from frontdesk.evaluation.shadow import Frontier, shadowed
from frontdesk.loop import run_async
from frontdesk.mind import Mind, learned_mind
from frontdesk.replay import ReplayClock, read_conversations
from personas.lexicon import weights

MOST_MISSES = 12
CHANNEL = "replay"
Build = Callable[[Desk, Clock], AbstractAsyncContextManager[Mind]]


def full(desk: Desk, clock: Clock) -> AbstractAsyncContextManager[Mind]:
    """The engine as it is served."""
    return learned_mind(desk, clock=clock, channel=CHANNEL)


def words_only(desk: Desk, clock: Clock) -> AbstractAsyncContextManager[Mind]:
    return learned_mind(desk, clock=clock, channel=CHANNEL, by_meaning=False)


def meaning_only(desk: Desk, clock: Clock) -> AbstractAsyncContextManager[Mind]:
    """Personas by their vectors alone: neither words, page nor facts count."""
    weighing = weights().meaning.model_copy(update={"words": 0.0, "doubt": 0.0})
    return learned_mind(desk, clock=clock, channel=CHANNEL, weighing=weighing)


ARMS: Mapping[str, Build] = {"full": full, "words only": words_only, "meaning only": meaning_only}
"""Ways of detecting personas, by name; what is served comes first."""


def run(options: argparse.Namespace) -> int:
    """Print every figure beside trivial policies; with `--arms`, the persona figures of each way to detect."""
    desk = read_desk(options.config)
    clock = ReplayClock(seconds=starting_at(options.now))
    material = read_material(options.file, desk)

    async def measure(build: Build) -> list[Talk]:
        async with build(desk, clock) as mind:
            return await judged(material, mind, clock, progress=_progress)

    if options.triggers:
        shadow = learned_mind(desk, clock=clock, channel=CHANNEL, reads_closely=True)
        return _triggers(material, shadow, clock, as_json=options.json)
    facts = read_facts(options.facts) if options.facts else None
    talks = run_async(measure(full))
    found = figures(talks, material.labels)
    if facts is not None:
        found |= {"answered": answered(talks, facts), "abstained": abstained(talks)}
    arms = {name: run_async(measure(build)) for name, build in ARMS.items()} if options.arms else {}
    missing = _without_persona(material.labels)
    if options.json:
        sheet = {"scores": score_sheet(talks, material.labels, facts)}
        print(json.dumps(_report(talks, found, arms, missing) | sheet, ensure_ascii=False, indent=1))
    elif options.markdown:
        print("\n".join(as_markdown(found)))
    else:
        _print(talks, found, arms, missing)
    return 0


def _triggers(
    material: Material, building: AbstractAsyncContextManager[Mind], clock: ReplayClock, *, as_json: bool
) -> int:
    async def work() -> Frontier:
        async with building as mind:
            return await shadowed(material, mind, clock)

    found = run_async(work())
    print(json.dumps(found.as_json(), indent=1) if as_json else "\n".join(found.told()))
    return 0


def read_material(path: Path, desk: Desk) -> Material:
    """A file of labelled conversations with the labels beside it. Raises `ConfigError` naming file and line."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; give a file of labelled conversations") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    gold = read_gold(lines, file=str(path))
    return Material(said=read_conversations(lines, file=str(path)), gold=gold, labels=read_labels(path, desk.personas))


def _without_persona(labels: Labels) -> list[str]:
    return sorted(label for label, ids in labels.accepted.items() if not ids)


def _arm_figures(talks: list[Talk]) -> dict[str, Figure]:
    return {
        "persona_top1": metrics.persona_top1(talks),
        "persona_turns_late": metrics.persona_turns_late(talks),
        "persona_wrongly_named": metrics.persona_wrongly_named(talks),
    }


def _report(
    talks: list[Talk], found: Mapping[str, Figure], arms: Mapping[str, list[Talk]], missing: list[str]
) -> dict[str, object]:
    return {
        "conversations": len(talks),
        "turns": sum(len(talk.predictions) for talk in talks),
        "bootstrap": {"seed": SEED, "draws": DRAWS},
        "labels_without_persona": missing,
        "metrics": as_json(found),
        "arms": {name: as_json(_arm_figures(one)) for name, one in arms.items()},
        "wrong_personas": [_miss(talk) for talk in _missed(talks)],
    }


def _missed(talks: list[Talk]) -> list[Talk]:
    return [talk for talk in talks if not talk.persona_is_right()[-1]]


def _miss(talk: Talk) -> dict[str, object]:
    return {"id": talk.gold.id, "persona": talk.gold.persona, "guessed": [one.persona for one in talk.predictions]}


def _print(talks: list[Talk], found: Mapping[str, Figure], arms: Mapping[str, list[Talk]], missing: list[str]) -> None:
    print(f"{len(talks)} conversations, {sum(len(talk.predictions) for talk in talks)} turns")
    print(f"intervals of F1, precision and recall: conversations drawn {DRAWS} times, seed {SEED}\n")
    for line in as_table(found):
        print(line)
    for name, one in arms.items():
        told = ", ".join(f"{metric} {figure.value:.3f}" for metric, figure in _arm_figures(one).items() if figure.n)
        print(f"arm {name}: {told}")
    if missing:
        print(f"\nno persona of this desk counts as: {', '.join(missing)}")
    wrong = _missed(talks)
    if wrong:
        print("\nwrong persona at the end (labelled: guessed turn by turn):")
    for talk in wrong[:MOST_MISSES]:
        guesses = " > ".join(one.persona or "none" for one in talk.predictions)
        print(f"  {talk.gold.id:12} {talk.gold.persona or 'none'}: {guesses}")
    if len(wrong) > MOST_MISSES:
        print(f"  and {len(wrong) - MOST_MISSES} more; --json lists them all")


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{of} conversations", end="" if done < of else "\n", file=sys.stderr, flush=True)
