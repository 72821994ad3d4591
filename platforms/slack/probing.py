"""Whose token it is, and what it may do: what `frontdesk doctor` asks Slack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.health import Diagnosis, broken, doubtful, fine, named
from platforms.slack.client import SlackClient

_SCOPES = "x-oauth-scopes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """A token's owner; `scopes` is None where Slack does not tell them."""

    shown: str
    scopes: frozenset[str] | None


async def introduce(client: SlackClient) -> Bearer:
    """Ask whose token it is. Raises the `DeliveryError`s."""
    answers: list[Any] = []

    async def ask(sdk: Any) -> Any:
        answers.append(await sdk.auth_test())
        return answers[-1]

    data = await client.call("auth.test", ask, writes=False)
    headers = {str(name).lower(): value for name, value in dict(answers[-1].headers).items()}
    told = str(headers[_SCOPES]) if _SCOPES in headers else None
    scopes = None if told is None else frozenset(one.strip() for one in told.split(",") if one.strip())
    return Bearer(shown=f"{named(data.get('user', '?'))} in {named(data.get('team', '?'))}", scopes=scopes)


def scopes_of(bearer: Bearer, needed: Iterable[frozenset[str]]) -> Diagnosis:
    """Whether the token has one scope of each set."""
    if bearer.scopes is None:
        return doubtful("Slack did not tell the token's scopes", "compare them with those the documentation names")
    missing = [" or ".join(sorted(each)) for each in needed if not each & bearer.scopes]
    if missing:
        step = "add them under OAuth & Permissions in the app's settings, and install the app again"
        return broken(f"the token lacks the scopes {', '.join(missing)}", step)
    return fine("the token has the scopes that the calls need")
