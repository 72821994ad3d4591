"""Reading a folder of the admin's files: all of it or none, and every problem at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel, SecretStr

from config.desk import Desk, SourceFile
from config.document import Document, Syntax, apply_model, parse_document
from config.models.handoff import HandoffSettings
from config.models.personas import PersonasFile
from config.models.settings import FrontdeskSettings, KnowledgeSettings
from config.problems import ConfigErrors, Flaw, FlawError, Problem, Severity
from config.reading import read_regular
from config.references import References
from config.secret import Secret
from config.strays import CHANNELS, channel_files, stray_files
from config.tree import KeyPath, Scalar, Table
from config.wording import did_you_mean, shorten

Model = TypeVar("Model", bound=BaseModel)

SETTINGS, PERSONAS, HANDOFF = "frontdesk.yaml", "personas.yaml", "handoff.yaml"

_CREATE = {
    SETTINGS: "copy one from `examples/desk`; it needs at least `company:` with `name:` and `site:`",
    PERSONAS: "copy one from `examples/desk`, or write `personas: []` to begin without any",
}
_NO_SALES = Flaw(
    message="no sales channel is configured: leads are kept, and nobody is told",
    hint="add `slack:` with `bot_token:` and `channel:`",
    severity=Severity.WARNING,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What came out of reading a folder.

    `desk` is None when a problem of any file but a channel's is an error; a channel with an error is left out of it.
    `knowledge` is where the passages should be, known also where the settings are broken; None without a folder.
    """

    desk: Desk | None
    problems: tuple[Problem, ...]
    knowledge: Path | None = None

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


def load(
    directory: Path,
    *,
    environment: Mapping[str, str],
    files: Mapping[str, type[BaseModel]] | None = None,
    channels: Mapping[str, type[BaseModel]] | None = None,
) -> Desk:
    """The folder's content. Raises `ConfigErrors` with everything that is wrong; see `inspect` for the arguments."""
    inspection = inspect(directory, environment=environment, files=files, channels=channels)
    if inspection.desk is None or inspection.errors:
        raise ConfigErrors(inspection.problems)
    return inspection.desk


def inspect(
    directory: Path,
    *,
    environment: Mapping[str, str],
    files: Mapping[str, type[BaseModel]] | None = None,
    channels: Mapping[str, type[BaseModel]] | None = None,
    secrets: Path | None = None,
) -> Inspection:
    """Read and check everything, offline; never raises for anything a folder may hold.

    `files` are models of further files by name, each of them optional in the folder; `channels` are models of
    `channels/*.yaml` by their `kind`. `environment` is what `${env:NAME}` is looked up in, `secrets` the folder that
    relative paths of `${file:PATH}` start from, for a folder that is a copy of another.
    """
    if (flaw := _unfit(directory)) is not None:
        return Inspection(desk=None, problems=(_problem(directory, flaw),))
    folder = _Folder(directory, References(environment=environment, directory=secrets or directory))
    settings = folder.read(SETTINGS, FrontdeskSettings)
    personas = folder.read(PERSONAS, PersonasFile, interpolated=False)
    handoff = folder.read(HANDOFF, HandoffSettings)
    rooms = files or {}
    others = {name: value for name, model in rooms.items() if (value := folder.read(name, model, interpolated=False))}
    talks = folder.read_channels(channels or {})
    folder.look_around(settings, handoff, known=(SETTINGS, PERSONAS, HANDOFF, *rooms))
    if settings is not None:
        folder.look_for_channels(settings)
    knowledge = directory / (settings.knowledge if settings else KnowledgeSettings()).file
    of_channels = {_of(directory, name) for name, _ in channel_files(directory)}
    broken = {problem.file for problem in folder.problems if problem.severity is Severity.ERROR}
    if broken - of_channels or settings is None or personas is None:
        return Inspection(desk=None, problems=tuple(folder.problems), knowledge=knowledge)
    desk = Desk(
        directory=directory,
        settings=settings,
        personas=tuple(entry.to_persona() for entry in personas.personas),
        handoff=handoff,
        channels=MappingProxyType({name: one for name, one in talks.items() if _of(directory, name) not in broken}),
        extras=MappingProxyType(others),
        sources=MappingProxyType(folder.sources),
    )
    return Inspection(desk=desk, problems=tuple(folder.problems), knowledge=knowledge)


def _of(directory: Path, channel: str) -> str:
    return str(directory / CHANNELS / f"{channel}.yaml")


def _unfit(directory: Path) -> Flaw | None:
    try:
        if directory.is_dir():
            return None
        if directory.exists():
            return Flaw(message="this is a file, not a folder", hint=f"pass the folder that holds {SETTINGS}")
    except OSError as error:
        return Flaw(message=f"the folder cannot be read: {error.strerror}", hint="check the path")
    return Flaw(message="there is no such folder", hint="copy `examples/desk` there, or check the path")


def _problem(path: Path, flaw: Flaw) -> Problem:
    return Problem(
        file=str(path),
        line=flaw.line,
        column=flaw.column,
        message=flaw.message,
        hint=flaw.hint,
        severity=flaw.severity,
    )


class _Folder:
    def __init__(self, directory: Path, references: References) -> None:
        self.problems: list[Problem] = []
        self.sources: dict[str, SourceFile] = {}
        self._directory = directory
        self._references = references

    def read(self, name: str, model: type[Model], *, interpolated: bool = True) -> Model | None:
        """The content of one file; None when it is absent or has a problem, which is then recorded."""
        if (data := self._bytes(name)) is None:
            return None
        syntax = parse_document(data)
        document = apply_model(syntax, model, self._references, interpolated=interpolated)
        return self._keep(name, data, syntax, document)

    def read_channels(self, kinds: Mapping[str, type[BaseModel]]) -> dict[str, BaseModel]:
        """The settings of every channel, by name."""
        found: dict[str, BaseModel] = {}
        for name, flaw in channel_files(self._directory):
            path = f"{CHANNELS}/{name}.yaml"
            if flaw is not None:
                self._report(path, flaw)
            elif (data := self._bytes(path)) is not None and (value := self._channel(path, data, kinds)) is not None:
                found[name] = value
        self._refuse_shared_secrets(found)
        return found

    def look_around(
        self, settings: FrontdeskSettings | None, handoff: HandoffSettings | None, *, known: tuple[str, ...]
    ) -> None:
        """Warn of what is likely a slip: files nobody reads, and parts that are missing."""
        for name, flaw in stray_files(self._directory, known):
            self._report(name, flaw)
        unread = HANDOFF in {Path(problem.file).name for problem in self.problems}
        if not unread and (handoff is None or not handoff.tells_somebody):
            self._report(HANDOFF, _NO_SALES)
        if settings is not None and not (self._directory / settings.knowledge.file).is_file():
            hint = "write it with `frontdesk crawl URL --out DIR`"
            message = "there is no such file, so the assistant knows nothing of the site"
            self._report(settings.knowledge.file, Flaw(message=message, hint=hint, severity=Severity.WARNING))

    def look_for_channels(self, settings: FrontdeskSettings) -> None:
        """A rule for a channel that is not there would ask nobody, and nobody would notice."""
        names = [name for name, _ in channel_files(self._directory)]
        for number, rule in enumerate(settings.privacy.consent_rules):
            for place, name in enumerate(rule.channels):
                if name not in names:
                    path = ("privacy", "consent_rules", number, "channels", place)
                    hint = did_you_mean(name, names) or f"channels are files in {CHANNELS}/"
                    self.problems.append(self.sources[SETTINGS].problem(path, f"there is no channel `{name}`", hint))

    def _bytes(self, name: str) -> bytes | None:
        path = self._directory / name
        required = name in _CREATE
        if not required and not path.is_symlink() and not path.exists():
            return None
        try:
            return read_regular(path)
        except FlawError as error:
            absent = required and not path.is_symlink() and not path.exists()
            flaw = Flaw(message="this file is missing", hint=_CREATE[name]) if absent else error.flaw
            self._report(name, flaw)
            return None

    def _channel(self, name: str, data: bytes, kinds: Mapping[str, type[BaseModel]]) -> BaseModel | None:
        syntax = parse_document(data)
        model = self._kind(name, syntax, kinds)
        return None if model is None else self._keep(name, data, syntax, apply_model(syntax, model, self._references))

    def _kind(self, name: str, syntax: Syntax, kinds: Mapping[str, type[BaseModel]]) -> type[BaseModel] | None:
        entry = syntax.root.entries.get("kind") if syntax.root else None
        value = entry.value if entry else None
        if isinstance(value, Scalar) and isinstance(value.value, str) and value.value in kinds:
            return kinds[value.value]
        for flaw in syntax.flaws:
            self._report(name, flaw)
        if syntax.root is not None:
            self._report(name, _kind_flaw(value if isinstance(value, Scalar) else None, kinds))
        return None

    def _keep(self, name: str, data: bytes, syntax: Syntax, document: Document[Model]) -> Model | None:
        for flaw in document.flaws:
            self._report(name, flaw)
        digest, path = sha256(data).hexdigest(), self._directory / name
        root, text = syntax.root or Table(), data.decode(errors="replace")  # as written: no values of references
        self.sources[name] = SourceFile(path=path, digest=digest, root=root, text=text)
        return document.value

    def _refuse_shared_secrets(self, channels: Mapping[str, BaseModel]) -> None:
        owners: dict[str, str] = {}
        for name, settings in channels.items():
            for path, secret in _secrets(settings, ()):
                owner = owners.setdefault(secret, name)
                if owner != name:
                    message = f"channel `{owner}` uses the same secret"
                    source = self.sources[f"{CHANNELS}/{name}.yaml"]
                    self.problems.append(source.problem(path, message, "give each channel credentials of its own"))

    def _report(self, name: str, flaw: Flaw) -> None:
        self.problems.append(_problem(self._directory / name, flaw))


def _kind_flaw(value: Scalar | None, kinds: Mapping[str, type[BaseModel]]) -> Flaw:
    if value is None or value.value is None:
        hint = "say which: " + " or ".join(f"`kind: {kind}`" for kind in sorted(kinds))
        return Flaw(message="`kind` is missing", hint=hint, line=1, column=1)
    return Flaw(
        message=f"kind: there is no channel of kind '{shorten(value.text)}'",
        hint=did_you_mean(value.text, sorted(kinds)),
        line=value.place.line,
        column=value.place.column,
    )


def _secrets(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    match value:
        case Secret():
            yield path, value.reveal()
        case SecretStr():
            yield path, value.get_secret_value()
        case BaseModel():
            for name in type(value).model_fields:
                yield from _secrets(getattr(value, name), (*path, name))
        case tuple():
            for index, item in enumerate(value):
                yield from _secrets(item, (*path, index))
        case _:
            pass
