"""`${env:NAME}` and `${file:PATH}`: how a file names a value that is kept elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.problems import FlawError, printable
from config.reading import read_regular

SECRET_LIMIT = 16_384
"""Bytes of a secret."""

_ANY = re.compile(r"\$\{([^{}]*)(\}?)")
_ENV = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]{0,127})")
_FILE = re.compile(r"file:([^\s\x00-\x1f\x7f]{1,500})")
_HOW = "write ${env:NAME} for an environment variable, or ${file:PATH} for a secret file"


@dataclass(frozen=True, slots=True)
class Reference:
    """One `${kind:name}`."""

    kind: str  # env | file
    name: str

    def __str__(self) -> str:
        return f"${{{self.kind}:{self.name}}}"


def parse(text: str) -> tuple[str | Reference, ...]:
    """The text cut into literal parts and references. Raises `FlawError` for a `${` that begins neither kind."""
    parts: list[str | Reference] = []
    after = 0
    for found in _ANY.finditer(text):
        parts += [text[after : found.start()], _reference(found)]
        after = found.end()
    parts.append(text[after:])
    return tuple(part for part in parts if part)


def _reference(found: re.Match[str]) -> Reference:
    inner, closed = found.groups()
    if closed and (env := _ENV.fullmatch(inner)):
        return Reference("env", env.group(1))
    if closed and (file := _FILE.fullmatch(inner)):
        return Reference("file", file.group(1))
    if inner.startswith("env:") and ":" in inner.removeprefix("env:"):
        raise FlawError("a reference has no default value", "write ${env:NAME} and set the variable")
    raise FlawError("`${` does not begin a reference Frontdesk knows", _HOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """Where references lead: the environment as it was given, and the folder relative paths start from."""

    environment: Mapping[str, str]
    directory: Path

    def resolve(self, reference: Reference) -> str:
        """The value behind a reference. Raises `FlawError`, which names the reference and never the value."""
        return self._variable(reference) if reference.kind == "env" else self._file(reference)

    def _variable(self, reference: Reference) -> str:
        value = self.environment.get(reference.name)
        if value is None:
            hint = f"set it before the start, for example `export {reference.name}=...`"
            raise FlawError(f"the environment variable {reference.name} is not set", hint)
        if not value:
            raise FlawError(f"the environment variable {reference.name} is empty", "give it a value")
        return value

    def _file(self, reference: Reference) -> str:
        try:
            data = read_regular(self.directory / reference.name, limit=SECRET_LIMIT, private=True)
            text = data.decode()
        except FlawError as error:
            raise FlawError(f"{printable(str(reference))}: {error.flaw.message}", error.flaw.hint) from None
        except UnicodeDecodeError:
            raise FlawError(
                f"{printable(str(reference))}: the file is not UTF-8 text", "write the value alone"
            ) from None
        if not (value := text.removesuffix("\n").removesuffix("\r")):
            raise FlawError(f"{printable(str(reference))}: the file is empty", "write the value into it")
        return value


def interpolate(text: str, resolve: Callable[[Reference], str]) -> str:
    """The text with its references replaced. Raises `FlawError`."""
    return "".join(part if isinstance(part, str) else resolve(part) for part in parse(text))
