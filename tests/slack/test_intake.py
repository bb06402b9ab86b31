"""Reports that come together are stored together, and none of them is another one's trouble."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.cases import log
from bot.cases.database import Database
from bot.cases.queries import all_cases
from bot.cases.states import case_state
from bot.policy.state import CaseState
from bot.slack.intake import Intake
from bot.vocabulary import Indicator, LogKind
from bot.workflow.inputs import FirstReport
from bot.workflow.receiving import Received
from tests.cases.closed import ROSTER
from tests.cases.rows import NOON


def sent(view_id: str, *, drill: bool = False, **more: Any) -> Received:
    report = FirstReport(Indicator.MEDIA_LOST, f"{view_id}を紛失しました", NOON, "sales", **more)
    return Received(report, f"U{view_id}", view_id, ROSTER, drill)


def an_intake(database: Database) -> Intake:
    return Intake(database, ZoneInfo("Asia/Tokyo"), lambda: NOON)


async def stored(database: Database) -> list[str]:
    async with database.reading() as db:
        return [case.number for case in await all_cases(db)]


@contextmanager
def commits(database: Database) -> Iterator[list[None]]:
    """One for each commit until the block ends."""
    counted: list[None] = []

    def count(_connection: object) -> None:
        counted.append(None)

    engine = database._engine.sync_engine
    event.listen(engine, "commit", count)
    yield counted
    event.remove(engine, "commit", count)


async def test_whoever_comes_while_another_is_being_stored_shares_the_next_commit(database: Database) -> None:
    intake = an_intake(database)
    with commits(database) as counted:
        cases = await asyncio.gather(*(intake.take(sent(f"V{n}", drill=n % 5 == 0)) for n in range(20)))
    assert len(counted) <= 2
    real = [case.number for case in cases if not case.drill]
    drills = [case.number for case in cases if case.drill]
    assert real == [f"2026-{n:04d}" for n in range(1, 17)], "in the order in which they came"
    assert drills == [f"D2026-{n:04d}" for n in range(1, 5)]
    async with database.reading() as db:
        for n, case in enumerate(cases):
            read = await case_state(db, case.number)
            assert read is not None
            assert (read.reporter, read.report.summary) == (f"UV{n}", f"V{n}を紛失しました"), "each its own"
            assert [event.kind for event in read.events] == [LogKind.REPORTED]
            assert read.members == case.members
            assert await log.verify(db, case.number) == []


async def test_one_that_cannot_be_stored_keeps_nobody_else_waiting(database: Database) -> None:
    intake = an_intake(database)
    impossible: Any = {"exact": object()}
    reports = [sent("V0"), sent("V1", persons_fact=impossible), sent("V2")]
    first, failed, last = await asyncio.gather(*map(intake.take, reports), return_exceptions=True)
    assert isinstance(failed, TypeError)
    assert isinstance(first, CaseState)
    assert isinstance(last, CaseState)
    assert sorted([first.number, last.number]) == await stored(database) == ["2026-0001", "2026-0002"]


async def test_the_same_form_is_one_case_in_one_commit_and_later(database: Database) -> None:
    intake = an_intake(database)
    together = await asyncio.gather(*(intake.take(sent(view)) for view in ("V0", "V0", "V1", "V0")))
    later = await intake.take(sent("V1"))
    assert len({case.number for case in together}) == 2
    assert together[0].number == together[1].number == together[3].number
    assert later.number == together[2].number
    assert await stored(database) == ["2026-0001", "2026-0002"], "and no number is missing"


async def test_whoever_is_called_off_does_not_take_the_others_along(database: Database) -> None:
    intake = an_intake(database)
    takers = [asyncio.create_task(intake.take(sent(f"V{n}"))) for n in range(4)]
    await asyncio.sleep(0)
    takers[1].cancel()
    came = await asyncio.gather(*takers, return_exceptions=True)
    assert isinstance(came[1], asyncio.CancelledError)
    assert {each.number for each in came if isinstance(each, CaseState)} <= set(await stored(database))
    assert sum(isinstance(each, CaseState) for each in came) == 3


@contextmanager
def refusing(database: Database, statement_begins: str, error: Exception) -> Iterator[list[None]]:
    """Every such statement is refused until the block ends; one for each that was tried."""
    tried: list[None] = []

    def refuse(_connection: Any, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(statement_begins):
            tried.append(None)
            raise error

    engine = database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", refuse)
    yield tried
    event.remove(engine, "before_cursor_execute", refuse)


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("INSERT", {}, Exception("database or disk is full")),
        InterfaceError("INSERT", {}, Exception("connection already closed")),
        PoolTimeout("QueuePool limit reached"),
        ConnectionResetError("connection reset by peer"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_where_the_database_takes_nothing_all_are_told_at_once(
    database: Database, error: Exception
) -> None:
    """Trying each by itself would take the last one past Slack's three seconds."""
    intake = an_intake(database)
    with refusing(database, "INSERT", error) as tried:
        came = await asyncio.gather(*(intake.take(sent(f"V{n}")) for n in range(9)), return_exceptions=True)
    assert all(isinstance(each, type(error)) for each in came)
    assert len(tried) <= 2
    assert (await intake.take(sent("V0"))).number == "2026-0001", "and the next one finds it mended"


async def test_a_known_form_that_cannot_be_looked_up_is_told_so_and_nobody_is_taken_along(
    database: Database,
) -> None:
    intake = an_intake(database)
    await intake.take(sent("V0"))
    gone = OperationalError("SELECT", {}, Exception("gone"))
    with refusing(database, 'SELECT "case".id, "case".number, "case".drill', gone) as tried:
        async with asyncio.timeout(10):
            again, other = await asyncio.gather(
                intake.take(sent("V0")), intake.take(sent("V1")), return_exceptions=True
            )
    assert tried, "the form was looked for"
    assert isinstance(again, OperationalError), "said in the form, not left without an answer"
    assert isinstance(other, CaseState)


async def test_what_is_being_stored_when_the_bot_stops_is_stored_whole_or_not_at_all(
    database: Database,
) -> None:
    for moment in range(10):
        intake = an_intake(database)
        before = len(await stored(database))
        taker = asyncio.create_task(intake.take(sent(f"V{moment}")))
        for _ in range(moment):
            await asyncio.sleep(0)
        await intake.close()
        async with asyncio.timeout(5):
            (came,) = await asyncio.gather(taker, return_exceptions=True)
        numbers = await stored(database)
        assert len(numbers) - before in (0, 1)
        if isinstance(came, CaseState):
            assert came.number == numbers[-1], "whoever has a receipt has a case"
        async with database.reading() as db:
            for number in numbers[before:]:
                assert await log.verify(db, number) == []
