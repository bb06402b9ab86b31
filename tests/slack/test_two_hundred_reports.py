"""Two hundred reports within one minute of Slack's tiers, whose minute never ends here.

What needs no more of Slack than it gives in a minute is done: receipts, pages, the first rooms. The rest
waits by its priority, and nobody asks for it meanwhile. `LEAKBOT_CROWD=200` takes all two hundred of them;
`make bench ARGS="crowd"` does it by the clock.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter

import aiohttp

from bot.slack.pacing import A_MINUTE
from bot.workspace import Workspace
from bot.workspace.rate_limits import TIERS
from tests.crowd import WITH_DEPARTMENTS, heads, report_of, reporters
from tests.world import World, payload, the_company

ENDLESS = 36000.0  # seconds
REPORTS = int(os.environ.get("LEAKBOT_CROWD", "60"))
AT_ONCE = 2  # people who send at the same moment; the next one sends when one of them has the receipt


async def waiting(world: World) -> dict[str, int]:
    """What still is to be said, by kind, as operators see it."""
    async with aiohttp.ClientSession() as session, session.get(f"{world.bot.address}/metrics") as got:
        lines = (await got.text()).splitlines()
    name = 'leakbot_deliveries_waiting{kind="'
    found = (line.removeprefix(name).split('"} ') for line in lines if line.startswith(name))
    return {kind: int(float(count)) for kind, count in found}


async def test_all_managers_are_called_before_any_case_waits_for_its_room(
    workspace: Workspace, sqlite_url: str
) -> None:
    managers, people = heads(workspace), reporters(workspace, REPORTS)
    world = World(workspace, sqlite_url, the_company(**WITH_DEPARTMENTS), minute=ENDLESS)
    await world.bot_starts()
    for person in people:
        assert (await person.command("/leak", "")).ok
    workspace.rate_limits.minute, workspace.rate_limits.on = ENDLESS, True
    before = len(workspace.calls)

    line = iter(range(REPORTS))

    async def sends() -> None:
        for n in line:
            sent = await people[n].submit(report_of(n))
            assert sent.ok, (n, sent.errors, sent.trouble)  # within Slack's three seconds, or it is listed

    await asyncio.gather(*(sends() for _ in range(AT_ONCE)))
    async with asyncio.timeout(120):
        while not await _only_rooms_wait(world):  # noqa: ASYNC110 - looked for from outside, nobody rings
            await asyncio.sleep(0.1)

    pages = [payload(m)["case"] for head in managers for m in world.said_to(head.handle, "leak_page")]
    assert len(set(pages)) == REPORTS, "every manager was called for every case"
    assert len(pages) == REPORTS, "once"
    receipts = Counter(payload(m)["kind"] for person in people for m in person.messages("bot") if m.metadata)
    assert receipts == {"receipt": REPORTS}
    calls = workspace.calls[before:]
    answered = Counter((call.method, call.answered) for call in calls)
    rooms = A_MINUTE["conversations.create"]
    assert answered["conversations.create", "ok"] == rooms, "as many as Slack opens in a minute"
    assert [key for key in answered if key[1] == "http 429"] == [], "nobody asks for more than there is"
    for method, most in TIERS.items():
        assert answered[method, "ok"] <= most
    figures = await waiting(world)
    assert figures["room"] == REPORTS - rooms
    assert not {"page_direct", "receipt"} & set(figures), "what waits is less urgent"
    await world.bot_stops()


async def _only_rooms_wait(world: World) -> bool:
    """Whether nothing more urgent is to be said, and every room of this minute has been opened."""
    figures = await waiting(world)
    created = Counter(c.answered for c in world.workspace.calls if c.method == "conversations.create")
    return (
        sum(figures.get(kind, 0) for kind in ("page_direct", "receipt")) == 0
        and created["ok"] == A_MINUTE["conversations.create"]
    )
