"""Labelled conversations and what their labels mean for the personas of a desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import ConfigError
from core.persona import Persona

LABELS_SUFFIX = ".labels.yaml"

Level = Literal["low", "medium", "high"]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Asking(_Shape):
    """When to ask for the address: from reply `earliest`, at the latest in `by`, never from `forbidden_from`."""

    mode: Literal["must", "optional", "never"]
    earliest: int | None = None
    by: int | None = None
    forbidden_from: int | None = None

    @model_validator(mode="after")
    def _has_bounds(self) -> Asking:
        if self.mode != "never" and self.earliest is None:
            raise ValueError("`earliest` is needed unless the mode is never")
        if self.mode == "must" and self.by is None:
            raise ValueError("`by` is needed where the address must be asked for")
        return self


class Forbidden(_Shape):
    """A value that must not be held for a slot ("persona" among them) from a turn on."""

    slot: str
    value: Any
    from_turn: int = 1


class Expectations(_Shape):
    """What a turn changes: values set, added, removed and withdrawn; `opt` holds values that are no mistake."""

    set: Mapping[str, Any] = Field(default_factory=dict)
    add: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    rem: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    drop: tuple[str, ...] = ()
    opt: Mapping[str, Any] = Field(default_factory=dict)


class GoldTurn(_Shape):
    """`asks` are ids of facts the visitor asks for; "?" first means that the site does not say."""

    t: int
    visitor: str
    intent: int | None = Field(default=None, ge=0, le=3)
    asks: tuple[str, ...] = ()
    gold: Expectations = Expectations()
    state: Mapping[str, Any] | None = None


class GoldConversation(_Shape):
    """One labelled conversation. Only `id`, `persona` and `turns` are needed: what has no label is not measured."""

    id: str
    persona: str | None
    persona_alt: tuple[str | None, ...] = ()
    persona_decidable_turn: int = 1
    visitor_type: str = ""
    ask: Asking | None = None
    email_volunteered_turn: int | None = None
    readiness: Level | None = None
    readiness_accept: tuple[Level, ...] = ()
    bant_available: Mapping[str, bool] = Field(default_factory=dict)
    phenomena: tuple[str, ...] = ()
    must_not: tuple[Forbidden, ...] = ()
    final: Mapping[str, Any] = Field(default_factory=dict)
    turns: tuple[GoldTurn, ...]

    @model_validator(mode="after")
    def _in_order(self) -> GoldConversation:
        if [turn.t for turn in self.turns] != list(range(1, len(self.turns) + 1)) or not self.turns:
            raise ValueError("`turns` must be numbered 1, 2, 3 ... by `t`")
        return self


def read_gold(lines: Iterable[str], *, file: str) -> list[GoldConversation]:
    """Every labelled conversation. Raises `ConfigError` naming file, line and reason; ids must differ."""
    found: dict[str, GoldConversation] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            one = GoldConversation.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "the line"
            raise ConfigError(f"{file}:{number}: {where}: {first['msg']}") from None
        if one.id in found:
            raise ConfigError(f"{file}:{number}: id: {one.id!r} was used before; every conversation needs its own")
        found[one.id] = one
    if not found:
        raise ConfigError(f"{file}: no conversation in it; one JSON object a line is expected")
    return list(found.values())


class LabelRule(_Shape):
    """A persona counts as the label when it comes from one of the pages, or its name or id holds one of the words."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    pages: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def fits(self, persona: Persona) -> bool:
        return self.named(persona) or self.cited(persona)

    def named(self, persona: Persona) -> bool:
        name = f"{persona.name} {persona.id.replace('_', ' ').replace('-', ' ')}".casefold()
        return any(word.casefold() in name for word in self.words)

    def cited(self, persona: Persona) -> bool:
        places = {path_of(source.url) for source in persona.sources}
        return any(path_of(page) in places for page in self.pages)


class LabelsFile(_Shape):
    """`<conversations>.labels.yaml`: lets labels survive another naming of the personas."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    labels: Mapping[str, LabelRule]
    slots_not_scored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Which persona ids count as which label. A label nobody has a rule for means the id of the same name."""

    accepted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    slots_not_scored: frozenset[str] = frozenset()

    def ids(self, label: str) -> frozenset[str]:
        """Ids of personas that count as the label; empty when the desk has none."""
        return self.accepted.get(label, frozenset({label}))


def read_labels(conversations: Path, personas: Sequence[Persona]) -> Labels:
    """The labels beside a file of conversations, settled for these personas. Raises `ConfigError`."""
    path = conversations.with_name(conversations.name.removesuffix(".jsonl") + LABELS_SUFFIX)
    if not path.is_file():
        return Labels()
    try:
        content = LabelsFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError, UnicodeDecodeError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise ConfigError(f"{path}: {reason}") from None
    return Labels(
        accepted={label: _accepted(rule, personas) for label, rule in content.labels.items()},
        slots_not_scored=frozenset(content.slots_not_scored),
    )


def _accepted(rule: LabelRule, personas: Sequence[Persona]) -> frozenset[str]:
    """Those called so; only when there is none, those that come from the label's pages."""
    called = frozenset(one.id for one in personas if rule.named(one))
    return called or frozenset(one.id for one in personas if rule.cited(one))


def path_of(url: str) -> str:
    """The path of an address, the same with and without a final slash or `index.html`."""
    path = urlsplit(url).path.removesuffix("index.html").removesuffix("index.htm")
    return path.rstrip("/") or "/"
