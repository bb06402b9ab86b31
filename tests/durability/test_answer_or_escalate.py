"""Somebody answers in the very moment in which the next is to be called: never a page after the answer.

`LEAKBOT_INTERLEAVINGS=100` tries more moments by hand.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from datetime import timedelta

from tests.world import World, payload

INTERLEAVINGS = int(os.environ.get("LEAKBOT_INTERLEAVINGS", "15"))


async def test_no_page_begins_after_the_answer(world: World) -> None:
    dice = random.Random(5)  # noqa: S311 - a plan of moments
    for count in range(INTERLEAVINGS):
        number = await world.reports()
        if count % 3 == 0:  # the deputy's page fails at first and waits for its second try
            world.workspace.faults.add("chat.postMessage", nth=1, times=3, status=503)
        answered = 0.0

        async def answers(number: str = number, pause: float = dice.random() / 15) -> None:
            nonlocal answered
            await asyncio.sleep(pause)
            page = next(m for m in world.said_to("manager", "leak_page") if payload(m)["case"] == number)
            await world.person("manager").click(page, "page_acknowledge")
            answered = time.monotonic()

        async def silence_ends(pause: float = dice.random() / 20) -> None:
            await asyncio.sleep(pause)
            world.workspace.clock.advance(timedelta(minutes=10))

        await asyncio.gather(answers(), silence_ends())
        await world.bot.settled()
        world.workspace.faults.clear()
        late = [
            call
            for call in world.workspace.calls
            if call.method == "chat.postMessage"
            and call.arguments["metadata"]["event_payload"].get("case") == number
            and call.arguments["metadata"]["event_payload"].get("level") == 1
            and call.arguments["channel"] == "U0DEPUTY"
            and call.began_at > answered
        ]
        assert late == []
        for page in world.said_to("deputy", "leak_page"):
            if payload(page)["case"] == number:
                assert "page_acknowledge" not in page.buttons, "one that was under way shows the answer"
