"""The admin's folder of a hub under test: the example company with limits that a load test fits into."""

from __future__ import annotations

import shutil
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "desk"
ORIGIN = "http://127.0.0.1:8080"
SALES = "C0FERNSALES"
TOKEN_VARIABLE = "FRONTDESK_SLACK_BOT_TOKEN"
TOKEN = "xoxb-stand-in"

_FRONTDESK = """\
company: {{name: Fernlight, site: "https://fernlight.example", assistant: Fern}}
store: {{url: "{store}", shards: {shards}}}
server: {{host: 127.0.0.1, port: 0}}
conversation: {{burst_quiet_seconds: {quiet}}}
models: {{builtin_embeddings: false}}
"""
_HANDOFF = f"""\
slack:
  bot_token: ${{{{env:{TOKEN_VARIABLE}}}}}
  channel: {SALES}
  api_base_url: "{{slack}}"
"""
_WEB = f"""\
kind: web
follow_ups: {{enabled: false}}
allowed_origins: ["{ORIGIN}"]
limits:
  messages_per_second: 1000
  message_burst: 1000
  messages_per_minute_per_ip: 1000000
  sessions_per_hour_per_ip: 1000000
"""


def write_desk(folder: Path, *, store: str, slack: str, shards: int = 64, quiet: float = 0.0) -> Path:
    """`slack` is the address of the stand-in's API."""
    (folder / "channels").mkdir(parents=True)
    for name in ("personas.yaml", "knowledge.jsonl", "qualification.yaml"):
        if (EXAMPLE / name).exists():
            shutil.copy(EXAMPLE / name, folder / name)
    (folder / "frontdesk.yaml").write_text(_FRONTDESK.format(store=store, shards=shards, quiet=quiet))
    (folder / "handoff.yaml").write_text(_HANDOFF.format(slack=slack))
    (folder / "channels" / "web.yaml").write_text(_WEB)
    return folder
