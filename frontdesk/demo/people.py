"""People of a Slack workspace: what they click, fill in and write, sent to an app as Slack sends it.

Written from docs.slack.dev: interactivity payloads, events and slash commands, signed with the app's signing secret.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp

from core.ports import Clock
from frontdesk.demo.slack import APP, TEAM, Json, Member, SlackStandIn
from platforms.slack.signature import signed_headers

FORM = "application/x-www-form-urlencoded"


class SlackPeople:
    """`address` is the app's request URL for everything."""

    def __init__(
        self, slack: SlackStandIn, http: aiohttp.ClientSession, *, address: str, secret: str, clock: Clock
    ) -> None:
        self._slack = slack
        self._http = http
        self._address = address
        self._secret = secret
        self._clock = clock
        self._numbers = itertools.count(1)

    def invite(self, *members: Member) -> None:
        """Have these in the workspace from now on."""
        self._slack.members |= {member.id: member for member in members}

    async def act(self, user: str, channel: str, ts: str, action: Mapping[str, Any]) -> Json | None:
        """Use a button or a menu of a message, or of the App Home where `ts` is ""; the form that opens, if one does.

        `action` is Slack's: `action_id`, `block_id`, `type`, and `value` or `selected_option`.
        """
        trigger = self._trigger()
        message = next((one for one in self._slack.messages(channel) if one["ts"] == ts), None) if ts else None
        container = {"type": "message", "message_ts": ts, "channel_id": channel} if ts else {"type": "view"}
        payload = {
            "type": "block_actions",
            "trigger_id": trigger,
            "container": container,
            **({"channel": {"id": channel, "name": "x"}, "message": message} if message else {}),
            "actions": [{**action, "action_ts": f"{self._clock.now():.6f}"}],
            **self._who(user),
        }
        await self.send(payload)
        return next((view for view in self._slack.views.values() if view["trigger_id"] == trigger), None)

    async def submit(self, user: str, view: Mapping[str, Any], values: Mapping[str, Any]) -> Json:
        """Send a form off. `values` as Slack's `view.state.values`; what is wrong by block, {} when it was taken."""
        told = {key: value for key, value in view.items() if key != "trigger_id"}
        payload = {
            "type": "view_submission",
            "trigger_id": self._trigger(),
            "view": {**told, "state": {"values": dict(values)}},
            **self._who(user),
        }
        answer = await self.send(payload)
        errors: Json = answer.get("errors", {})
        if not errors:
            self._slack.views.pop(str(view.get("id")), None)
        return errors

    async def write(self, user: str, channel: str, thread: str, text: str) -> str:
        """Write into a thread; the message's `ts`."""
        message = self._slack.foreign_message(channel, user=user, text=text, thread_ts=thread)
        event = {**message, "channel": channel, "channel_type": "channel", "team": TEAM}
        await self.tell(event)
        return str(message["ts"])

    async def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """Change what one wrote; "" deletes it."""
        message = next(one for one in self._slack.messages(channel) if one["ts"] == ts)
        before = {**message, "user": user}
        event: Json = {"type": "message", "channel": channel, "channel_type": "channel", "previous_message": before}
        if text:
            message |= {"text": text, "edited": {"user": user, "ts": f"{self._clock.now():.6f}"}}
            await self.tell({**event, "subtype": "message_changed", "message": dict(message)})
        else:
            self._slack.delete(channel, ts)
            await self.tell({**event, "subtype": "message_deleted", "deleted_ts": ts})

    async def open_home(self, user: str) -> Json | None:
        """Look at the app's home; what is shown there."""
        await self.tell({"type": "app_home_opened", "user": user, "tab": "home", "channel": "D0HOME"})
        return self._slack.homes.get(user)

    async def tell(self, event: Mapping[str, Any]) -> None:
        """Deliver an event."""
        number = next(self._numbers)
        envelope = {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": APP,
            "event_id": f"Ev{number:08d}",
            "event_time": int(self._clock.now()),
            "event": event,
        }
        body = json.dumps(envelope).encode()
        await self._post(body, "application/json")

    async def command(self, user: str, command: str, text: str, *, channel: str = "C0ANY") -> Json:
        """Use a slash command; what is answered."""
        fields = {
            "command": command,
            "text": text,
            "user_id": user,
            "team_id": TEAM,
            "channel_id": channel,
            "trigger_id": self._trigger(),
            "response_url": "https://slack.invalid/never-used",
        }
        return await self._post(urlencode(fields).encode(), FORM)

    async def send(self, payload: Mapping[str, Any]) -> Json:
        """Deliver an interactivity payload; what is answered, {} for an empty answer."""
        return await self._post(urlencode({"payload": json.dumps(payload)}).encode(), FORM)

    async def _post(self, body: bytes, kind: str) -> Json:
        headers = {**signed_headers(self._secret, body, now=self._clock.now()), "Content-Type": kind}
        async with self._http.post(self._address, data=body, headers=headers) as response:
            text = await response.text()
            response.raise_for_status()
        return dict(json.loads(text)) if text else {}

    def _who(self, user: str) -> Json:
        member = self._slack.members.get(user)
        name = member.name if member else user
        return {
            "user": {"id": user, "name": name, "username": name, "team_id": TEAM},
            "team": {"id": TEAM, "domain": "demo"},
            "api_app_id": APP,
        }

    def _trigger(self) -> str:
        return f"{next(self._numbers)}.{int(self._clock.now() * 1000)}.trigger"
