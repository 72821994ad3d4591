"""A headless Chromium driven by Playwright, or one clear line where there is none."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

CHROMIUM = Path("/usr/bin/chromium")
INSTALLED = CHROMIUM.exists()
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A browser of its own for one test; skips without Chromium, fails instead under FRONTDESK_REQUIRE_ALL=1."""
    if not INSTALLED:
        reason = f"no browser: install Debian's chromium, which puts it at {CHROMIUM}"
        if os.environ.get("FRONTDESK_REQUIRE_ALL") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()
