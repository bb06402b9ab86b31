"""A clock set back, a machine that slept, a full disk: late rather than never, and never twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import structlog
from sqlalchemy import event

from bot.app import Pace, running
from bot.cases import log, queries
from bot.cases.database import Database
from bot.clock import SystemClock
from bot.outbox import deliveries
from bot.outbox.scheduler import SAFETY
from bot.outbox.setback import Reading, watch
from bot.outbox.table import Delivery
from tests.cases.rows import reported
from tests.durability.test_claims import NOW, id_of, put, take
from tests.world import LOST_USB, World, payload

HOUR = timedelta(hours=1)


def said_twice(world: World) -> list[tuple[str, str]]:
    """The keys that somebody saw more than once in a conversation."""
    counted: Counter[tuple[str, str]] = Counter()
    for someone in world.workspace.people:
        mine = {(m.channel, payload(m)["key"], m.ts) for m in someone.everything() if m.metadata}
        counted |= Counter((channel, key) for channel, key, _ in mine)
    return [key for key, times in counted.items() if times > 1]


async def record_is_sound(world: World) -> bool:
    async with world.bot.database.reading() as db:
        return not [p for case in await queries.all_cases(db) for p in await log.verify(db, case.number)]


@pytest.fixture
async def shelf(database: Database) -> Database:
    """A database with one case and nothing said for it yet."""
    async with database.transaction() as db:
        await reported(db)
    return database


async def test_what_was_put_off_before_the_clock_was_set_back_is_due(shelf: Database) -> None:
    """Pauses and leases are seconds; what lies an hour ahead was written by the clock of before."""
    await put(shelf, ("failed", "one", 5), ("of the dead", "two", 5), ("Slack named a time", "three", 5))
    later = NOW + 3600
    assert len(await take(shelf, now=later)) == 3
    async with shelf.transaction() as db:
        for key, error in (("failed", "internal_error"), ("Slack named a time", "ratelimited")):
            delivery = await id_of(shelf, key)
            await deliveries.put_back(db, delivery, "me", later + 50, error, surely_not_said=False)
    assert await take(shelf, owner="another", now=NOW) == []
    async with shelf.transaction() as db:
        await deliveries.bring_back(db, NOW)
    assert await take(shelf, owner="another", now=NOW) == ["failed", "of the dead"]


async def test_pauses_and_leases_of_the_everyday_are_left_alone(shelf: Database) -> None:
    await put(shelf, ("failed", "one", 5), ("under way", "two", 5))
    assert len(await take(shelf)) == 2
    async with shelf.transaction() as db:
        failed = await id_of(shelf, "failed")
        await deliveries.put_back(db, failed, "me", NOW + 72, "internal_error", surely_not_said=False)
        await deliveries.bring_back(db, NOW)
    assert await take(shelf, owner="another") == []


async def test_it_is_noticed_by_the_clock_that_only_runs() -> None:
    readings = iter([Reading(1000, 10), Reading(1002, 12), Reading(1003, 14), Reading(-2595, 16)])
    heard = asyncio.Event()

    async def on_set_back() -> None:
        heard.set()

    with structlog.testing.capture_logs() as logged:
        watching = asyncio.create_task(watch(on_set_back, lambda: next(readings, Reading(0, 2611)), 0.001))
        await asyncio.wait_for(heard.wait(), 10)
        watching.cancel()
    assert [line["seconds"] for line in logged if line["event"] == "clock_set_back"] == [3600]
    assert Reading(5000, 20).set_back_since(Reading(1000, 18)) == 0, (
        "forward, as after a sleep, is no trouble"
    )


async def test_nothing_waits_longer_than_its_interval_after_that(world: World) -> None:
    scheduler = world.bot._scheduler
    now = SystemClock().now()
    scheduler._jobs.modify_job(SAFETY, next_run_time=now + HOUR)
    scheduler.start_anew()
    assert scheduler._jobs.get_job(SAFETY).next_run_time <= SystemClock().now() + timedelta(seconds=3)
    await world.bot._clock_was_set_back()
    assert await world.reports()


async def test_a_clock_set_back_an_hour_loses_nothing_and_repeats_nothing(world: World) -> None:
    number = await world.reports()
    await world.passes(minutes=5)
    before = world.now()
    world.workspace.clock.set(before - HOUR)
    await world.bot.settled()
    await world.bot_stops()
    await world.bot_starts()
    other = await world.reports("deputy")
    assert [payload(m)["case"] for m in world.said_to("manager", "leak_page")] == [number, other]
    await world.until(before + timedelta(minutes=6))
    assert {payload(m)["case"] for m in world.said_to("deputy", "leak_page")} >= {number}, (
        "and the chain goes on"
    )
    await world.acknowledges()
    await world.passes(hours=2)  # nobody answered the first: it is called out again and again past the hour
    assert len(world.said_to("ciso", "leak_page")) > 6
    await world.acknowledges("ciso")
    await world.passes(hours=22)
    assert said_twice(world) == []
    assert await record_is_sound(world)


async def test_a_machine_that_slept_three_days_says_the_newest_only(world: World) -> None:
    number = await world.reports()
    await world.acknowledges()
    heard = world.reminders(number)
    world.workspace.clock.advance(timedelta(days=3, hours=1))  # in one go: nobody was awake in between
    await world.bot.settled()
    late = world.reminders(number)[len(heard) :]
    assert len([each for each in late if each.startswith("preliminary ")]) == 1, late
    assert said_twice(world) == []
    await world.bot.watcher.look()
    await world.bot.settled()
    assert not [m for m in world.said_to("privacy") if m.metadata and "alarm" in payload(m)]


async def test_a_machine_that_slept_through_a_deadline_says_once_that_it_has_passed(world: World) -> None:
    number = await world.reports()
    await world.acknowledges()
    await world.passes(days=2)
    heard = world.reminders(number)
    world.workspace.clock.advance(timedelta(days=3))
    await world.bot_stops()  # as a machine does that was switched off, not only asleep
    await world.bot_starts()

    def late() -> list[str]:
        return [each for each in world.reminders(number)[len(heard) :] if each.startswith("preliminary ")]

    assert late() == ["preliminary overdue overdue-3"], "21 hours late: one word, no countdown before it"
    await world.passes(hours=2)
    assert len(late()) == 1
    await world.passes(hours=2)
    assert late() == [f"preliminary overdue overdue-{nth}" for nth in (3, 4)], "and every six hours"
    assert said_twice(world) == []


async def test_nobody_answered_and_the_machine_slept_the_next_is_called_and_not_everybody(
    world: World,
) -> None:
    await world.reports()
    world.workspace.clock.advance(timedelta(days=3))
    await world.bot.settled()
    assert len(world.said_to("deputy", "leak_page")) == 1
    assert said_twice(world) == []


@contextmanager
def full_disk(database: Database) -> Iterator[None]:
    """No page more for the SQLite file, whoever writes: SQLite says the same as on a full disk."""
    engine = database._engine.sync_engine

    def limit(connection: Any, _record: object, _proxy: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        cursor.close()

    def no_limit(connection: Any, _record: object, _proxy: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA max_page_count = 1073741823")
        cursor.close()

    event.listen(engine, "checkout", limit)
    try:
        yield
    finally:
        event.remove(engine, "checkout", limit)
        event.listen(engine, "checkout", no_limit)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_full_disk_is_said_in_the_form_and_nothing_is_half_stored(world: World) -> None:
    await world.reports()
    with structlog.testing.capture_logs() as logged, full_disk(world.bot.database):
        refused = None
        for _ in range(40):  # what is free in the file is used up first
            await world.opens_form("deputy")
            sent = await world.sends("deputy", **{**LOST_USB, "summary": "鞄ごと置き忘れた。" * 200})
            if not sent.ok:
                refused = sent
                break
        assert refused is not None, "the disk never was full"
        assert refused.trouble or refused.errors, "whoever reports is not told that all is well"
        stored = await world.numbers()
    assert "鞄ごと" not in str(logged)
    sent = await world.sends("deputy", **LOST_USB)  # the form is still open, and now there is room
    assert sent.ok, (sent.errors, sent.trouble)
    await world.bot.settled()
    assert len(await world.numbers()) == len(stored) + 1
    assert said_twice(world) == []
    assert await record_is_sound(world)
    for number in await world.numbers():
        assert world.card(number)


@pytest.mark.parametrize("backend", ["postgres"], indirect=True)
async def test_a_bot_that_is_replaced_by_the_next_one_while_a_case_goes_on(world: World) -> None:
    """A rolling restart: the new one begins before the old one ends."""
    await world.reports()
    old = world.bot
    async with running(
        old.settings, old.organisation, world.workspace.clock, Pace(first_retry=0.02, rehearse=False)
    ) as new:
        await world.opens_form("deputy")
        sending = asyncio.create_task(world.sends("deputy", **LOST_USB))
        await asyncio.sleep(0)
        await world.bot_stops()
        sent = await sending
        world.bot = new
        if not sent.ok:  # it came too late for the old one, and is sent again as people do
            assert (await world.sends("deputy", **LOST_USB)).ok
        await new.settled()
        await world.acknowledges()
        await world.passes(minutes=30)
        _, second = await world.numbers()
        assert world.notices(second)[:1] == ["acknowledged"]
        assert said_twice(world) == []
        assert await record_is_sound(world)
        async with new.database.reading() as db:
            assert await deliveries.next_try(db) is None
            assert await db.get(Delivery, 1) is not None
