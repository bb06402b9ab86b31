"""A real browser for tests of the page: one headless Chromium for the run, a fresh page for each test."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Request, async_playwright, expect

CHROMIUM = Path("/usr/bin/chromium")
INSTALLED = CHROMIUM.exists()
expect.set_options(
    timeout=20_000
)  # ms; a loaded machine draws slowly, and a test waits no longer than it must
DESKTOP = (1280, 800)
PHONE = (390, 844)
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium, headless, until the block ends."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for the run; a test that needs it is skipped on machines that have none."""
    if not INSTALLED:
        pytest.skip(f"no browser on this machine: {CHROMIUM} is missing")
    async with chromium() as running:
        yield running


@asynccontextmanager
async def chromium_page(
    browser: Browser, url: str, size: tuple[int, int] = DESKTOP, touch: bool = False
) -> AsyncIterator[Page]:
    """A page of its own (no cookies, nothing remembered) that shows `url`, until the block ends.

    In: the window's width and height in CSS pixels; `touch` for a phone. A script error on the page fails
    the test.
    """
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        has_touch=touch,
        is_mobile=touch,
        locale="ja-JP",
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(20_000)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        await page.goto(url)
        yield page
    finally:
        await context.close()
    assert errors == []


def posted(request: Request) -> dict[str, Any]:
    """The JSON object that the page sent with a request."""
    body: dict[str, Any] = json.loads(request.post_data or "{}")
    return body
