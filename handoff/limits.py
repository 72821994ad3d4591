"""Slack's limits on messages and views, in characters; the sources are pages of docs.slack.dev."""

from __future__ import annotations

MAX_BLOCKS = 50  # reference/block-kit/blocks
HOME_BLOCKS = 100  # reference/block-kit/blocks: modals and App Homes
HEADER_TEXT = 150  # reference/block-kit/blocks/header-block
SECTION_TEXT = 3_000  # reference/block-kit/blocks/section-block
ALL_BLOCKS_TEXT = 12_000  # measured: msg_blocks_too_long from about 13,200 over all blocks; kept well below
MESSAGE_TEXT = 4_000  # reference/methods/chat.postMessage: recommended, cut at 40,000
BLOCK_ID = 255  # reference/block-kit/blocks/actions-block
BUTTON_TEXT = 75  # reference/block-kit/block-elements/button-element
BUTTON_VALUE = 2_000
OPTION_TEXT = 75  # reference/block-kit/composition-objects/option-object
OPTION_VALUE = 150
OVERFLOW_OPTIONS = 5  # reference/block-kit/block-elements/overflow-menu-element
VIEW_TITLE = 24  # reference/views: of title, submit and close
PRIVATE_METADATA = 3_000  # reference/views
INPUT_LABEL = 2_000  # reference/block-kit/blocks/input-block: of label and hint
INPUT_TEXT = 3_000  # reference/block-kit/block-elements/plain-text-input-element: of max_length and initial_value
HISTORY_PAGE = 200  # reference/methods/conversations.history: "no more than 200 results at a time"
POST_INTERVAL = 1.0  # seconds between posts to one channel; apis/web-api/rate-limits
CARD_LINES = 12  # ours: what a rep takes in within five seconds
