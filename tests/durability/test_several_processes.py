"""Four processes on one PostgreSQL, one killed in the middle; all of them replaced, one after the other."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.app import Pace
from bot.cases import log, queries
from bot.cases.database import Database
from bot.outbox.dispatcher import LOOK_AROUND
from bot.outbox.hands import LEASE
from bot.workspace import Workspace
from tests.databases import TEMPLATE, Postgres
from tests.durability.processes import BotProcess, Death, at_rest
from tests.durability.whole_case import kind_of
from tests.world import LOST_USB

PEOPLE = ("reporter", "legal", "privacy", "deputy")
TRIES = 5
SLOW = 3.0  # seconds Slack takes for a message


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of a PostgreSQL database with the newest schema."""
    name = postgres.create(TEMPLATE)
    yield postgres.url(name)
    postgres.drop(name)


async def reports(workspace: Workspace, who: str) -> None:
    """Somebody reports, and sends the form again where it was not taken."""
    person = workspace.person(who)
    for _ in range(TRIES):
        if person.modal is None:
            await person.command("/leak", "")
        if person.modal is not None and (await person.submit({**LOST_USB, "department": "sales"})).ok:
            await person.close_view(all_of_them=True)
            return
    raise AssertionError(f"{who} gives up")


async def everything_once(workspace: Workspace, url: str, cases: int) -> None:
    """Every case has its room, card and first pages; no key stands twice; the records are sound."""
    database = Database.open(url)
    async with database.reading() as db:
        numbers = [case.number for case in await queries.all_cases(db)]
        assert numbers == [f"2026-{count:04}" for count in range(1, cases + 1)]
        assert [p for number in numbers for p in await log.verify(db, number)] == []
    await database.close()
    for person in workspace.people:
        for line in person.conversations():
            said = [m.metadata for m in person.messages(line.id) if m.metadata]
            keys = Counter(str(each["event_payload"]["key"]) for each in said)
            assert [key for key, times in keys.items() if times > 1] == []
    rooms = [c for c in workspace.person("privacy").conversations() if c.name.startswith("leak-")]
    assert sorted(room.name for room in rooms) == [f"leak-{number}" for number in numbers]
    for room in rooms:
        kinds = [kind_of(m) for m in workspace.person("privacy").messages(room.id) if m.metadata]
        assert kinds[:2] == ["leak_card", "leak_page"]
    called = [m for m in workspace.person("manager").messages("bot") if kind_of(m) == "leak_page"]
    assert len(called) == cases


async def test_four_share_the_work_and_when_one_dies_with_its_hands_full_the_others_take_over(
    workspace: Workspace, postgres_url: str
) -> None:
    assert LEASE + LOOK_AROUND < 10, "what a dead process held is another's within ten seconds"
    four = [BotProcess(workspace, postgres_url, Pace(rehearse=False)) for _ in range(4)]
    await asyncio.gather(*(each.start() for each in four))
    await four[0].dies_at(Death("after", "*", 3))  # a report is stored, what follows from it is in hand
    await asyncio.gather(*(reports(workspace, who) for who in PEOPLE))
    await asyncio.wait_for(four[0].died.wait(), 30)
    died = time.monotonic()
    await at_rest(postgres_url, workspace.clock.now(), within=60)
    print(f"taken over and said after {time.monotonic() - died:.1f} s")
    for each in four:
        await each.kill()
    await everything_once(workspace, postgres_url, cases=len(PEOPLE))
    workspace.violations[:] = [v for v in workspace.violations if v.error != "not_acknowledged"]


async def test_all_are_replaced_one_by_one_and_nobody_misses_a_page(
    workspace: Workspace, postgres_url: str
) -> None:
    """Each ends while Slack takes its time with what it says, as soon as the next one is ready."""
    old = BotProcess(workspace, postgres_url)
    await old.start()
    for who in PEOPLE[:3]:
        saying = asyncio.Event()

        async def begins(saying: asyncio.Event = saying) -> None:
            saying.set()

        workspace.faults.add("chat.postMessage", run=begins)
        workspace.faults.add("chat.postMessage", times=None, latency=SLOW)
        await reports(workspace, who)
        await asyncio.wait_for(saying.wait(), 20)
        new = BotProcess(workspace, postgres_url)
        await new.start()
        await old.stop()
        workspace.faults.clear()
        old = new
    await at_rest(postgres_url, workspace.clock.now())
    workspace.clock.advance(timedelta(minutes=10))
    new = BotProcess(workspace, postgres_url)
    await asyncio.gather(new.start(), old.sees_the_clock())
    await old.stop()
    await at_rest(postgres_url, workspace.clock.now())
    called = [m for m in workspace.person("deputy").messages("bot") if kind_of(m) == "leak_page"]
    assert len(called) == 3, "nobody answered: each case calls the next one, once"
    await new.kill()
    await everything_once(workspace, postgres_url, cases=3)
