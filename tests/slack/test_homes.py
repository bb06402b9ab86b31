"""Who has App Home in front of them, and that it is drawn in order."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bot.slack.homes import OPEN_FOR, REMEMBERED, Homes

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_it_counts_as_open_for_half_a_day_from_when_it_was_seen_last() -> None:
    homes = Homes()
    assert not homes.is_open("U1", NOON)
    homes.opened("U1", NOON)
    homes.opened("U1", NOON + OPEN_FOR / 2)
    assert homes.is_open("U1", NOON + OPEN_FOR)
    assert not homes.is_open("U1", NOON + OPEN_FOR * 3 / 2)


def test_whoever_opened_it_longest_ago_is_forgotten_first() -> None:
    homes = Homes()
    for count in range(REMEMBERED):
        homes.opened(f"U{count}", NOON)
    homes.opened("U0", NOON)
    homes.opened("U-new", NOON)
    assert homes.is_open("U0", NOON)
    assert not homes.is_open("U1", NOON)


async def test_what_changed_while_it_was_drawn_is_drawn_once_more() -> None:
    drawn: list[int] = []
    homes, go_on = Homes(), asyncio.Event()

    async def draw() -> None:
        drawn.append(len(drawn))
        await go_on.wait()

    first = asyncio.create_task(homes.drawn("U1", draw))
    other = asyncio.create_task(homes.drawn("U2", draw))
    await asyncio.sleep(0)
    for _ in range(5):
        await homes.drawn("U1", draw)
    assert len(drawn) == 2, "one at a time for each person"
    go_on.set()
    await asyncio.gather(first, other)
    assert len(drawn) == 3, "however often it changed"


async def test_a_drawing_that_failed_stands_in_nobodys_way() -> None:
    drawn: list[int] = []
    homes = Homes()

    async def fails() -> None:
        raise RuntimeError("no Slack")

    async def draws() -> None:
        drawn.append(1)

    with pytest.raises(RuntimeError):
        await homes.drawn("U1", fails)
    await homes.drawn("U1", draws)
    assert drawn == [1]
