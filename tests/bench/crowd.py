"""Two hundred reports in one minute, by the clock and within Slack's tiers: it takes a quarter of an hour.

Slack opens twenty rooms a minute, so the last of two hundred is there after ten. What is measured is who
waits for whom: the receipts, the calls to the managers, and how often Slack had to say no.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bot.resources import resource
from bot.workspace import Call, Workspace
from tests.bench.bots import bot
from tests.bench.figure import Figure, percentile
from tests.bench.lived import fresh
from tests.crowd import REPORTS, WITH_DEPARTMENTS, heads, report_of, reporters

MINUTE = 60.0  # seconds
LATENCY = 0.05  # seconds for one call of Slack
PATIENCE = 20 * MINUTE


async def crowd(folder: Path) -> list[Figure]:
    """Receipts, pages, rooms and refusals while two hundred people report in a minute."""
    async with Workspace(manifest=resource("app_manifest.yml")) as local:
        heads(local)
        people = reporters(local)
        async with bot(local, await fresh(folder / "crowd.db"), timedelta(), **WITH_DEPARTMENTS):
            for person in people:
                assert (await person.command("/leak", "")).ok
            local.faults.latency, local.rate_limits.on = LATENCY, True
            before, began = len(local.calls), time.monotonic()
            sent_at: dict[int, float] = {}
            again: list[int] = []

            async def sends(n: int) -> float:
                await asyncio.sleep(n * MINUTE / REPORTS)
                sent_at[n] = time.monotonic()
                while not (sent := await people[n].submit(report_of(n))).ok:
                    assert sent.trouble, sent.errors
                    again.append(n)  # Slack waited three seconds; the person tries again, with the same form
                return time.monotonic() - sent_at[n]

            waited = await asyncio.gather(*(sends(n) for n in range(REPORTS)))
            await _until(local, before, lambda calls: len(_pages(calls)) >= REPORTS)
            in_a_minute = _rooms(local.calls[before:], began + MINUTE)
            await _until(local, before, lambda calls: len(_rooms(calls)) >= REPORTS)
            await _until(local, before, lambda calls: len(_done(calls, "pins.add")) >= REPORTS)
    calls = local.calls[before:]
    pages, rooms = _pages(calls), _rooms(calls)
    late = [_began(page) - sent_at[n] for page, n in zip(pages, sorted(sent_at), strict=False)]
    refused = Counter(call.method for call in calls if call.answered == "http 429")
    many = f"{REPORTS} in a minute"
    return [
        Figure(f"ack of a report, p99, {many}", percentile(waited, 0.99) * 1000, "ms", 1000),
        Figure(f"ack of a report, median, {many}", statistics.median(waited) * 1000, "ms"),
        Figure(f"submit → the nth manager's message, longest, {many}", max(late), "s", 5),
        Figure("forms that Slack did not see acknowledged within 3 s", len(again), "forms", 0),
        Figure("rooms opened in that minute", len(in_a_minute), "rooms", 21, "Slack's tier: 20"),
        Figure(
            "managers not yet called when the tier of rooms was used up",
            sum(_began(page) > _began(rooms[20]) for page in pages),
            "managers",
            0,
        ),
        Figure("calls refused with 429", refused.total(), "calls", 20, _by_method(refused)),
        Figure(
            "the last report → the last room is complete",
            (_began(_done(calls, "pins.add")[-1]) - max(sent_at.values())) / MINUTE,
            "min",
            11,
            "Slack's tier allows 9 to 10",
        ),
    ]


async def _until(local: Workspace, before: int, holds: Callable[[list[Call]], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds(local.calls[before:]):  # noqa: ASYNC110 - looked for from outside, nobody rings
            await asyncio.sleep(0.5)


def _done(calls: list[Call], method: str) -> list[Call]:
    return [call for call in calls if call.method == method and call.answered == "ok"]


def _pages(calls: list[Call]) -> list[Call]:
    """The messages to the managers; the page in the room comes later."""
    posted = _done(calls, "chat.postMessage")
    return [call for call in posted if str(call.arguments["channel"]).startswith("U0HEAD")]


def _rooms(calls: list[Call], until: float = float("inf")) -> list[Call]:
    return [call for call in _done(calls, "conversations.create") if _began(call) <= until]


def _by_method(counted: Counter[str]) -> str:
    return ", ".join(f"{method} {times}" for method, times in counted.most_common())


def _began(call: Call) -> float:
    return call.began_at
