"""A workspace with the echo bot in it, and pages that look at it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.workspace import Workspace
from tests.browser import PHONE, browser, chromium_page
from tests.workspace import echo_bot

__all__ = ["browser"]


@pytest_asyncio.fixture(loop_scope="session")
async def workspace(tmp_path: Path) -> AsyncIterator[Workspace]:
    """A fresh workspace with the echo bot; waits one second only where the app does not answer."""
    workspace = Workspace(echo_bot.wide_manifest(tmp_path))
    workspace.patience.ack = 1.0
    async with workspace:
        handler = await echo_bot.connect(workspace)
        yield workspace
        await handler.close_async()  # type: ignore[no-untyped-call]


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, workspace: Workspace) -> AsyncIterator[Page]:
    """The reporter's page, at #general."""
    async with chromium_page(browser, f"{workspace.url}/#/U0REPORTER/C0GENERAL") as shown:
        await shown.get_by_test_id("composer").wait_for()
        yield shown


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser, workspace: Workspace) -> AsyncIterator[Page]:
    """The reporter's phone, at #general."""
    address = f"{workspace.url}/#/U0REPORTER/C0GENERAL"
    async with chromium_page(browser, address, PHONE, touch=True) as shown:
        await shown.get_by_test_id("composer").wait_for()
        yield shown
