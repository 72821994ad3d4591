"""B1, the yardstick: the bot one would write in an afternoon with aiohttp, uvloop and redis-py, and write well.

A platform posts each message to a webhook; the bot sorts it into one of a few kinds, moves the conversation's state
with one script (one round trip), and posts the answer to the platform over a shared keep-alive session. It stores no
message, removes no duplicates, keeps no order and hands nothing over.
"""

from __future__ import annotations

import argparse
import json
import re
from typing import Any

import aiohttp
import uvloop
from aiohttp import web
from redis.asyncio import Redis

SESSION_SECONDS = 24 * 3600

KINDS = (
    ("email", re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")),
    ("price", re.compile(r"\b(?:pric\w+|costs?|how much|plan|trial|budget)\b", re.IGNORECASE)),
    ("safety", re.compile(r"\b(?:security|gdpr|hipaa|soc 2|sso|encrypt\w*|audit)\b", re.IGNORECASE)),
    ("number", re.compile(r"\d")),
    ("greeting", re.compile(r"^(?:hi|hey|hello|yo|good \w+)\b", re.IGNORECASE)),
)
OTHER = "other"

# For each kind of message: the state that follows states 0 to 4 (new, needs, size, address, done).
MOVES = {
    "email": "44444",
    "price": "11334",
    "safety": "11334",
    "number": "12334",
    "greeting": "01234",
    OTHER: "12334",
}
QUESTIONS = (
    "What brings you here today?",
    "How many people answer your customers?",
    "How many conversations do you get in a month?",
    "Where can we send you an offer?",
    "Our team will write to you soon.",
)
OPENINGS = {
    "email": "Thank you, noted.",
    "price": "Plans start at 49 a month.",
    "safety": "Everything is encrypted and stays in the EU.",
    "number": "Good to know.",
    "greeting": "Hello!",
    OTHER: "I see.",
}

# One round trip: read the state, move it, write it, count the turn.
MOVE = """
local held = redis.call('GET', KEYS[1])
local state, turns = 0, 0
if held then
  local session = cjson.decode(held)
  state, turns = session.state, session.turns
end
local to = tonumber(string.sub(ARGV[1], state + 1, state + 1))
redis.call('SET', KEYS[1], cjson.encode({state = to, turns = turns + 1, said = ARGV[2]}), 'EX', ARGV[3])
return {to, turns + 1}
"""


def kind_of(text: str) -> str:
    return next((kind for kind, pattern in KINDS if pattern.search(text)), OTHER)


class BareBot:
    """Answers `POST /webhook` and posts the reply to `platform`."""

    def __init__(self, redis: Redis, platform: str, http: aiohttp.ClientSession, script: str) -> None:
        self._redis = redis
        self._platform = platform
        self._http = http
        self._script = script

    async def webhook(self, request: web.Request) -> web.Response:
        update: dict[str, Any] = json.loads(await request.read())
        chat, text = update["chat"], update["text"]
        kind = kind_of(text)
        key = f"session:{chat}"
        state, turn = await self._redis.evalsha(self._script, 1, key, MOVES[kind], text, str(SESSION_SECONDS))
        reply = {
            "chat": chat,
            "reply_to": update["id"],
            "text": f"{OPENINGS[kind]} {QUESTIONS[state]}",
            "turn": turn,
            "buttons": ["Pricing", "Book a demo"] if state else [],
        }
        async with self._http.post(self._platform, json=reply) as response:
            await response.read()
        return web.Response()


async def serve(store: str, platform: str) -> web.Application:
    """The bot as an application; `store` is a redis-py URL, `platform` the address that takes replies."""
    redis = Redis.from_url(store, max_connections=1_000)
    script = await redis.script_load(MOVE)
    http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def close(_application: web.Application) -> None:
        await http.close()
        await redis.aclose()

    application = web.Application()
    application.add_routes([web.post("/webhook", BareBot(redis, platform, http, script).webhook)])
    application.on_cleanup.append(close)
    return application


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", required=True)
    parser.add_argument("--platform", required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    web.run_app(
        serve(options.store, options.platform),
        host="127.0.0.1",
        port=options.port,
        access_log=None,
        print=None,
        loop=uvloop.new_event_loop(),
    )


if __name__ == "__main__":
    main()
