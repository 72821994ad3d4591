"""Slack's limits on a message, in characters; the sources are pages of docs.slack.dev."""

from __future__ import annotations

MAX_BLOCKS = 50  # reference/block-kit/blocks
HEADER_TEXT = 150  # reference/block-kit/blocks/header-block
SECTION_TEXT = 3_000  # reference/block-kit/blocks/section-block
ALL_BLOCKS_TEXT = 12_000  # measured: msg_blocks_too_long from about 13,200 over all blocks; kept well below
MESSAGE_TEXT = 4_000  # reference/methods/chat.postMessage: recommended, cut at 40,000
HISTORY_PAGE = 200  # reference/methods/conversations.history: "no more than 200 results at a time"
POST_INTERVAL = 1.0  # seconds between posts to one channel; apis/web-api/rate-limits
CARD_LINES = 12  # ours: what a rep takes in within five seconds
