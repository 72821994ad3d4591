"""The calls to Slack's Web API that working with reps needs, beside those of the card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import DependencyError
from platforms.slack.client import SlackClient
from platforms.slack.files import share

NOTE_TYPE = "frontdesk_note"
"""Type of the message metadata by which a note in a thread is found again."""
RECENT = 200
"""Messages of a thread looked through for a note that may have arrived."""

Block = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The workspace the sales team works in, and who we are there."""

    user: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A user as Slack describes them."""

    id: str
    team: str
    name: str
    picture: str  # https address of a small one, "" without
    zone: str  # IANA name, "" when unknown
    is_member: bool  # a person of the workspace itself: no bot, no guest, not gone


class TeamApi:
    """Raises the `DeliveryError`s; none holds the token or anybody's words."""

    def __init__(self, client: SlackClient) -> None:
        self._client = client

    async def whoami(self) -> Home:
        """Raises `DependencyError` for an answer that does not say."""
        data = await self._client.call("auth.test", lambda sdk: sdk.auth_test(), writes=False)
        user, team = data.get("user_id"), data.get("team_id")
        if not isinstance(user, str) or not isinstance(team, str):
            raise DependencyError("Slack did not say whose token this is; check handoff.slack.api_base_url")
        return Home(user=user, team=team)

    async def profile(self, user: str) -> Profile:
        data = await self._client.call("users.info", lambda sdk: sdk.users_info(user=user), writes=False)
        return _profile(user, _object(data.get("user")))

    async def open_form(self, trigger: str, form: Block) -> None:
        """Within three seconds of the click. A form that may have opened is not opened again."""
        await self._client.call("views.open", lambda sdk: sdk.views_open(trigger_id=trigger, view=form))

    async def show_home(self, user: str, home: Block) -> None:
        """Doing it again does no harm."""
        await self._client.call("views.publish", lambda sdk: sdk.views_publish(user_id=user, view=home))

    async def whisper(
        self, channel: str, user: str, text: str, blocks: Sequence[Block] = (), *, thread: str = ""
    ) -> None:
        """A message only `user` sees; Slack neither keeps it nor lets it be found again."""
        await self._client.call(
            "chat.postEphemeral",
            lambda sdk: sdk.chat_postEphemeral(
                channel=channel,
                user=user,
                text=text,
                blocks=list(blocks) or None,
                thread_ts=thread or None,
                parse="none",
                link_names=False,
            ),
        )

    async def share(self, channel: str, thread: str, name: str, content: bytes, comment: str) -> None:
        """Put a file into a thread; see `platforms.slack.files.share`."""
        await share(self._client, channel, thread, name, content, comment)

    async def note(self, channel: str, thread: str, text: str, blocks: Sequence[Block], *, effect: str) -> None:
        """A message in a thread, with `effect` to find it by."""
        await self._client.call(
            "chat.postMessage",
            lambda sdk: sdk.chat_postMessage(
                channel=channel,
                thread_ts=thread,
                text=text,
                blocks=list(blocks),
                metadata={"event_type": NOTE_TYPE, "event_payload": {"effect": effect}},
                unfurl_links=False,
                unfurl_media=False,
                parse="none",
                link_names=False,
            ),
        )

    async def message(self, user: str, text: str, blocks: Sequence[Block]) -> None:
        """A direct message to a member: Slack takes their id for a channel."""
        await self._client.call(
            "chat.postMessage",
            lambda sdk: sdk.chat_postMessage(
                channel=user,
                text=text,
                blocks=list(blocks),
                unfurl_links=False,
                unfurl_media=False,
                parse="none",
                link_names=False,
            ),
        )

    async def has_note(self, channel: str, thread: str, effect: str) -> bool:
        """Whether the note of an effect is among the newest of a thread."""
        data = await self._client.call(
            "conversations.replies",
            lambda sdk: sdk.conversations_replies(channel=channel, ts=thread, limit=RECENT, include_all_metadata=True),
            writes=False,
        )
        found = data.get("messages")
        return any(_effect_of(one) == effect for one in (found if isinstance(found, list) else []))


def _profile(user: str, data: Mapping[str, Any]) -> Profile:
    shown = _object(data.get("profile"))
    names = (shown.get("display_name"), shown.get("real_name"), data.get("real_name"), data.get("name"))
    outside = ("is_bot", "is_app_user", "is_restricted", "is_ultra_restricted", "is_stranger", "deleted")
    return Profile(
        id=user,
        team=_text(data.get("team_id")),
        name=next((name for name in names if isinstance(name, str) and name.strip()), ""),
        picture=_text(shown.get("image_72")),
        zone=_text(data.get("tz")),
        is_member=data.get("id") == user and not any(data.get(one) for one in outside),
    )


def _effect_of(message: object) -> str:
    metadata = _object(_object(message).get("metadata"))
    if metadata.get("event_type") != NOTE_TYPE:
        return ""
    return _text(_object(metadata.get("event_payload")).get("effect"))


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
