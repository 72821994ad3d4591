"""What an admin has edited: in words, which of it can be taken over at once, and what waits for a restart. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from config import Desk
from core.ids import PersonaId
from core.persona import Persona

LIVE_SETTINGS = frozenset({"company", "conversation", "email", "knowledge", "privacy"})
"""Parts of `frontdesk.yaml` the engine alone reads. The rest is bound to sockets, clients and the store."""
LIVE_HANDOFF = {"when": "when a visitor becomes a lead", "teams": "teams", "rules": "rules"}
"""Parts of `handoff.yaml` the engine alone reads, and what they are called."""
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """Each is one line for people, without values that could be secret."""

    taken: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()  # for a restart

    def __bool__(self) -> bool:
        return bool(self.taken or self.waiting)


def compare(old: Desk, new: Desk, *, data: Mapping[str, tuple[str, str]]) -> Edits:
    """`data` holds fingerprints of files beside the configuration, before and after, by name."""
    settings = list(_paths(old.settings, new.settings))
    live = [line for top, line in settings if top in LIVE_SETTINGS]
    bound = [line for top, line in settings if top not in LIVE_SETTINGS]
    return Edits(
        taken=(
            *(f"frontdesk.yaml: {line}" for line in live),
            *_personas(old.personas, new.personas),
            *(f"{name}: changed" for name in sorted(_changed(old.extras, new.extras))),
            *(f"handoff.yaml: {LIVE_HANDOFF[name]}" for name in _live_handoff(old, new)),
            *(f"{name}: changed" for name, (before, after) in sorted(data.items()) if before != after),
        ),
        waiting=(
            *(f"frontdesk.yaml: {line}" for line in bound),
            *(f"channels/{name}.yaml: changed" for name in sorted(_changed(old.channels, new.channels))),
            *(("handoff.yaml: changed",) if _bound_handoff(old) != _bound_handoff(new) else ()),
        ),
    )


def merged(old: Desk, new: Desk) -> Desk:
    """The new desk as far as it can be taken over; what waits for a restart is as it was."""
    kept = {name: getattr(old.settings, name) for name in type(old.settings).model_fields if name not in LIVE_SETTINGS}
    handoff = new.handoff
    if old.handoff is not None and new.handoff is not None:
        handoff = old.handoff.model_copy(update={name: getattr(new.handoff, name) for name in LIVE_HANDOFF})
    settings = new.settings.model_copy(update=kept)
    return replace(new, settings=settings, channels=old.channels, handoff=handoff)


def _live_handoff(old: Desk, new: Desk) -> Iterator[str]:
    for name in LIVE_HANDOFF if old.handoff and new.handoff else ():
        if getattr(old.handoff, name) != getattr(new.handoff, name):
            yield name


def _bound_handoff(desk: Desk) -> object:
    return desk.handoff.model_copy(update=dict.fromkeys(LIVE_HANDOFF)) if desk.handoff else None


def _changed(old: Mapping[str, object], new: Mapping[str, object]) -> set[str]:
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


def _personas(old: tuple[Persona, ...], new: tuple[Persona, ...]) -> Iterator[str]:
    before: dict[PersonaId, Persona] = {one.id: one for one in old}
    after: dict[PersonaId, Persona] = {one.id: one for one in new}
    for word, ids in (
        ("new", after.keys() - before.keys()),
        ("gone", before.keys() - after.keys()),
        ("changed", {one for one in before.keys() & after.keys() if before[one] != after[one]}),
    ):
        if ids:
            yield f"personas.yaml: {word}: {', '.join(sorted(ids))}"
    if before == after and [one.id for one in old] != [one.id for one in new]:
        yield "personas.yaml: another order"


def _paths(old: BaseModel, new: BaseModel, path: str = "") -> Iterator[tuple[str, str]]:
    """(part of the file, line) of every value that differs."""
    for name in type(old).model_fields:
        before, after = getattr(old, name), getattr(new, name)
        where = f"{path}.{name}" if path else name
        if before == after:
            continue
        if isinstance(before, BaseModel) and isinstance(after, BaseModel):
            yield from _paths(before, after, where)
        else:
            yield where.partition(".")[0], f"{where}: {_shown(before)} -> {_shown(after)}"


def _shown(value: Any) -> str:
    """Secrets show as what they are read from, whole sections and long texts by their beginning."""
    text = "nothing" if value is None else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
