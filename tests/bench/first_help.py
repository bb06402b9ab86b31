"""From submit to help, and from `/leak` to the form: round trips to Slack, and what is added by ourselves.

The bot is a process of its own; the workspace answers every call after a latency that stands for the way to
Slack. What is ours is what is left when the round trips are taken off. Beside it stands what is left of them
by the least that an app on the same SDK can do: the rest of that is Slack's SDK and the workspace.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.resources import resource
from bot.workspace import Call, Workspace
from tests.bench.bare import FORM, bare_app
from tests.bench.bots import bot
from tests.bench.figure import Figure, percentile
from tests.bench.growth import quiet
from tests.bench.lived import fresh
from tests.world import LOST_USB

REPEATS = 15
AT_ONCE = 50
LATENCIES = (0.05, 0.1, 0.3)  # seconds for one call


async def first_help(folder: Path) -> list[Figure]:
    """At 50, 100 and 300 ms a call: the page, the usable room and the form; and 50 reports at once."""
    found: list[Figure] = []
    for latency in LATENCIES:
        found += await _alone(folder / f"alone-{latency}.db", latency)
    found += await _together(folder / "together.db")
    return found


async def _alone(file: Path, latency: float) -> list[Figure]:
    async with Workspace(manifest=resource("app_manifest.yml")) as local, bare_app(local, "U0MANAGER"):
        _, bare_page, bare_room = await _reports(local, FORM, latency)
    url = await fresh(file)
    async with Workspace(manifest=resource("app_manifest.yml")) as local, bot(local, url, timedelta()):
        form, page, room = await _reports(local, LOST_USB, latency)
    ms = f"{latency * 1000:.0f} ms a call"
    bare = "a bare app on the same SDK: {:.0f} ms"
    return [
        Figure(f"/leak → form, own part ({ms})", form, "ms", 10, "beside 1 round trip"),
        Figure(
            f"submit → manager's message, own part ({ms})",
            page,
            "ms",
            20,
            f"beside 1 round trip; {bare.format(bare_page)}",
        ),
        Figure(
            f"submit → usable room, own part ({ms})",
            room,
            "ms",
            20,
            f"beside 2 round trips; {bare.format(bare_room)}",
        ),
    ]


async def _reports(
    local: Workspace, answers: Mapping[str, Any], latency: float
) -> tuple[float, float, float]:
    """Until the form, the manager's message and the usable room: medians beyond the round trips, in ms."""
    form: list[float] = []
    page: list[float] = []
    room: list[float] = []
    reporter = local.person("reporter")
    for turn in range(REPEATS + 1):
        local.faults.latency = latency
        asked = time.monotonic()
        before = len(local.calls)
        assert (await reporter.command("/leak", "")).ok
        opened = _first(local.calls[before:], "views.open")
        before = len(local.calls)
        sent = time.monotonic()
        assert (await reporter.submit(dict(answers))).ok
        await quiet(local)
        calls = local.calls[before:]
        if reporter.modal is not None:
            await reporter.close_view()
        if turn == 0:
            continue  # the first one fills caches that every later one finds
        form.append(opened.began_at - asked)
        page.append(_posted(calls, "U0MANAGER").began_at - sent)
        usable = [_first(calls, "conversations.invite"), _posted(calls, "C")]
        room.append(max(call.began_at for call in usable) - sent - latency)
    return _ms(form), _ms(page), _ms(room)


async def _together(file: Path) -> list[Figure]:
    """So many people report in the same second. The ack is the form's receipt."""
    async with Workspace(manifest=resource("app_manifest.yml")) as local:
        people = [local.add_person(f"employee{n}", f"社員{n}") for n in range(AT_ONCE)]
        async with bot(local, await fresh(file), timedelta()):
            for person in people:
                assert (await person.command("/leak", "")).ok

            async def sends(n: int) -> float:
                began = time.monotonic()
                sent = await people[n].submit(
                    {**LOST_USB, "department": "sales", "summary": f"{n}番目の報告です"}
                )
                assert sent.ok, sent.errors
                return time.monotonic() - began

            waited = await asyncio.gather(*(sends(n) for n in range(AT_ONCE)))
    return [
        Figure(f"ack of a report, p99 of {AT_ONCE} at once", percentile(waited, 0.99) * 1000, "ms", 100),
        Figure(f"ack of a report, median of {AT_ONCE} at once", statistics.median(waited) * 1000, "ms"),
    ]


def _first(calls: list[Call], method: str) -> Call:
    return next(call for call in calls if call.method == method)


def _posted(calls: list[Call], to: str) -> Call:
    return next(
        call
        for call in calls
        if call.method == "chat.postMessage" and str(call.arguments["channel"]).startswith(to)
    )


def _ms(seconds: list[float]) -> float:
    return statistics.median(seconds) * 1000
