"""Values that are kept out of files, logs, errors and dumps."""

from __future__ import annotations

import hmac
import re
from typing import Annotated, Any, NoReturn, Self

from pydantic import AfterValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from config.problems import FlawError
from config.references import SECRET_LIMIT, Reference, References, interpolate, parse
from config.tokens import credential, is_placeholder, kind_of

SECRET = "secret-reference"  # noqa: S105  the name of a JSON Schema format
CONNECTION = "connection-url"
PLAIN_SECRET = "password"  # noqa: S105  the format pydantic gives a SecretStr
RESOLVED_BY_FIELD = frozenset({SECRET, CONNECTION})
"""JSON Schema formats of the fields that resolve their own references."""

_ASK = "write ${env:NAME} and set that variable, or ${file:PATH} to a file with mode 0600"
_UNFIT = re.compile(r"[^\x21-\x7e]")
_QUOTES = ("'", '"', "`")


def refusal(message: str, hint: str = "", *, at: tuple[str | int, ...] = ()) -> PydanticCustomError:
    """What a validator raises to be reported in its own words; `at` leads on from the validated value."""
    return PydanticCustomError("refused", "{message}", {"message": message, "hint": hint, "at": at})


class _Guarded:
    """Holds a text that no representation shows. `origin` is what the file says, e.g. `${env:TOKEN}`."""

    __slots__ = ("_value", "origin")

    def __init__(self, value: str, *, origin: str = "***") -> None:
        self._value = value
        self.origin = origin

    def reveal(self) -> str:
        """The value itself, to be handed to a client and to nothing else."""
        return self._value

    def __str__(self) -> str:
        return self.origin

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.origin!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Guarded):
            return NotImplemented
        return type(self) is type(other) and hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._value))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not serialised")

    @classmethod
    def read(cls, text: str, references: References) -> Self:
        """The value behind what a file says. Raises `FlawError`, which never shows the value."""
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            cls._validate, serialization=core_schema.plain_serializer_function_ser_schema(str, when_used="json")
        )

    @classmethod
    def _validate(cls, value: object, info: ValidationInfo) -> Self:
        if isinstance(value, cls):
            return value
        if not isinstance(value, str):
            raise refusal("expected a text", _ASK)
        references = info.context
        if not isinstance(references, References):
            raise refusal(f"a {cls.__name__} is only read from a configuration file", "pass the value object instead")
        try:
            return cls.read(value, references)
        except FlawError as error:
            raise refusal(error.flaw.message, error.flaw.hint) from None


class Secret(_Guarded):
    """A credential. In a file only a reference is accepted; the value is one line of printable ASCII."""

    __slots__ = ()

    @classmethod
    def read(cls, text: str, references: References) -> Self:
        """Resolve a reference. Raises `FlawError`."""
        parts = parse(text)
        if len(parts) != 1 or not isinstance(parts[0], Reference):
            raise FlawError("a secret may not stand in the file itself", _ASK)
        value = references.resolve(parts[0])
        _require_usable(value, parts[0])
        return cls(value, origin=str(parts[0]))

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "format": SECRET, "pattern": r"^\$\{(env|file):[^{}\s]+\}$", "writeOnly": True}


def _require_usable(value: str, reference: Reference) -> None:
    where = f"the value of {reference}"
    if len(value) > SECRET_LIMIT:
        raise FlawError(f"{where} is longer than {SECRET_LIMIT:,} characters", "give the secret alone")
    if "\n" in value or "\r" in value:
        raise FlawError(f"{where} has more than one line", "give the secret alone, on one line")
    if value[0] in _QUOTES or value[-1] in _QUOTES:
        raise FlawError(f"{where} has quotes around it", "remove them; some env files keep quotes as they are")
    if is_placeholder(value):
        raise FlawError(f"{where} is a placeholder", "give the real value")
    if _UNFIT.search(value):
        raise FlawError(f"{where} holds spaces or characters no credential has", "copy it again, without spaces")


class ConnectionUrl(_Guarded):
    """An address that may carry a password. In a file the password is a reference; `origin` shows no value of one."""

    __slots__ = ()

    @classmethod
    def read(cls, text: str, references: References) -> Self:
        """Put the references' values into the address. Raises `FlawError`."""
        if credential(text):
            raise FlawError("a password may not stand in the file itself", "write it as ${env:NAME} within the address")
        value = interpolate(text, references.resolve).strip()
        if not value or _UNFIT.search(value):
            raise FlawError("the address holds spaces or unusual characters", "write it without them")
        return cls(value, origin=text)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "format": CONNECTION}


def _slack_bot(secret: Secret) -> Secret:
    token = secret.reveal()
    if token.startswith(("xoxb-", "xoxe.xoxb-")):
        return secret
    found = kind_of(token) or "something else"
    hint = "copy the Bot User OAuth Token (it begins with xoxb-) from OAuth & Permissions in the app's settings"
    raise refusal(f"{secret} holds {found} where a Slack bot token belongs", hint)


SlackBotToken = Annotated[Secret, AfterValidator(_slack_bot)]
"""A Slack bot token; app-level, user and session tokens are refused by name."""


def _app_level(secret: Secret) -> Secret:
    token = secret.reveal()
    if token.startswith("xapp-"):
        return secret
    found = kind_of(token) or "something else"
    hint = "copy the app-level token (it begins with xapp-) from Basic Information in the app's settings"
    raise refusal(f"{secret} holds {found} where a Slack app-level token belongs", hint)


SlackAppToken = Annotated[Secret, AfterValidator(_app_level)]
