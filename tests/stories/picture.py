"""Makes the picture in README (`python -m tests.stories.picture`): the moment a countdown is heard."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

from bot.resources import resource
from bot.workspace import Workspace
from tests.browser import chromium, chromium_page
from tests.world import SUNDAY_EVENING, World, the_company

PICTURE = Path(__file__).with_name("demo.png")
SIZE = (1280, 940)


async def main() -> None:
    """Tell the story up to the first countdown, and take the picture."""
    local = Workspace(manifest=resource("app_manifest.yml"))
    await local.start()
    local.clock.freeze(SUNDAY_EVENING)
    where = f"{local.url}/#/U0PRIVACY"
    with tempfile.TemporaryDirectory() as folder:
        world = World(
            local,
            f"sqlite:///{folder}/picture.db",
            the_company(**{"repeat_every: 10m": "repeat_every: 10m, step_within: 30d"}),
        )
        await world.bot_starts()
        number = await world.reports(
            summary="帰りの電車に、お客様リストの入ったUSBメモリを置き忘れました",
            aware_at=int((SUNDAY_EVENING - timedelta(minutes=8)).timestamp()),
            persons="約800人",
            medium="portable_media",
        )
        await world.acknowledges("manager")
        await world.passes(days=2)
        room = world.room(number)
        async with (
            chromium() as browser,
            chromium_page(browser, f"{where}/{room}", SIZE) as page,
        ):
            await page.get_by_test_id("message").last.wait_for()
            await page.get_by_test_id("guide-dismiss").click()
            await page.wait_for_timeout(500)
            await page.screenshot(path=PICTURE)
        await world.bot_stops()
    await local.stop()


if __name__ == "__main__":
    asyncio.run(main())
