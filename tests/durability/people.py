"""People who do not give up: they repeat what did not work, as people do when Slack is having a bad day."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.workspace import Submission
from tests.world import World

PATIENCE = 8  # times


async def insists(world: World, who: str, opens: Callable[[], Awaitable[Any]], **values: Any) -> Submission:
    """Opens a form and sends it, until that works; gives the answer that ended it."""
    person, seen = world.person(who), []
    for _ in range(PATIENCE):
        await connected(world)
        if person.modal is None:
            await opens()
        if person.modal is None:
            seen.append("no form")
            continue
        if not values.keys() <= {block.get("block_id") for block in person.modal["blocks"]}:
            # A press that Slack delivered twice opened its form once more, late; nobody wants it any more.
            seen.append("another form")
            await person.close_view(all_of_them=True)
            continue
        sent = await person.submit(values)
        if sent.ok:
            while person.modal is not None:  # the confirmation, and a form that opened twice
                await person.close_view(all_of_them=True)
            return sent
        seen.append(f"{sent.errors} {sent.trouble}")
    raise AssertionError(f"{who} gives up: {seen}")


async def insists_on_answering(world: World, who: str) -> None:
    """Presses 「対応します」 until the button is gone."""
    for _ in range(PATIENCE):
        await connected(world)
        page = world.said_to(who, "leak_page")[-1]
        if "page_acknowledge" not in page.buttons:
            return
        await world.person(who).click(page, "page_acknowledge")
        await world.bot.settled()
    raise AssertionError(f"{who} cannot take the case")


async def connected(world: World) -> None:
    """The bot's socket is there (it may just be coming back)."""
    async with asyncio.timeout(20):
        await world.workspace.sockets.wait_for_connections()
