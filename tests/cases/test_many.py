"""What is asked again and again finds what it looks for by an index, however many cases there are.

Asked is the database how it would go about it. A plan that reads every case of a table is refused; its cost
would grow with every case that was ever reported.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries, register, unseen
from bot.cases.database import Database
from bot.cases.tables import Case, Obligation
from bot.outbox import deliveries
from bot.vocabulary import LogKind, Status
from tests.cases.rows import NOON, reported

DAY = timedelta(days=1)
Ask = Callable[[AsyncSession], Awaitable[Any]]
#: What a start, every minute, every quarter of an hour, every night, the metrics and a first report ask.
ASKED: dict[str, Ask] = {
    "the cases that are due": lambda db: queries.due_cases(db, NOON, 50),
    "the next wake-up": queries.earliest_wake,
    "rooms to look into": lambda db: queries.open_rooms(db, 7, 50),
    "cases like a new one": lambda db: queries.open_cases_like(
        db, "sales", "media_lost", False, NOON - DAY, NOON, 5
    ),
    "the case of a form": lambda db: queries.case_by_view(db, "V1"),
    "the case of a room": lambda db: queries.case_by_channel(db, "C1"),
    "cases without room or answer": unseen.cases_without_room_or_answer,
    "cases not planned": lambda db: unseen.numbers_unplanned(db, NOON, {1, 2}),
    "cases to be blanked": lambda db: queries.expired_cases(db, NOON, 50),
    "the next cases to be blanked": lambda db: queries.expired_cases(db, NOON, 50, (NOON - DAY, 7)),
    "the last blanking": queries.newest_blanking,
    "what waits to be said": deliveries.undone_by_kind,
    "since when the oldest waits": deliveries.oldest,
    "what is stuck": lambda db: deliveries.numbers_stuck(db, NOON),
    "what was refused": lambda db: deliveries.numbers_refused(db, NOON, {"card"}),
    "the next try": deliveries.next_try,
}
#: A table read from beginning to end, or from some row on to its end, as SQLite words it.
EVERYTHING = re.compile(
    r"SCAN (?!CONSTANT|anon_|case USING INDEX ix_case_unanswered)|SEARCH (?!anon_)\w+$|\(rowid>\?\)"
)


@pytest.mark.parametrize("asked", ASKED)
async def test_no_question_goes_through_every_case(sqlite_url: str, asked: str) -> None:
    """On SQLite: PostgreSQL chooses by what the tables hold, and of few cases it reads them all."""
    plans: list[str] = []

    def explain(connection: Connection, _: Any, statement: str, parameters: Any, *__: Any) -> None:
        if statement.startswith("SELECT"):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(str(row.detail) for row in plan)

    database = Database.open(sqlite_url)
    async with database.reading() as db:
        event.listen((await db.connection()).sync_connection, "before_cursor_execute", explain)
        await ASKED[asked](db)
    await database.close()
    assert plans
    assert [line for line in plans if EVERYTHING.search(line)] == []


async def test_cases_not_planned_are_named_once_each_by_their_number(database: Database) -> None:
    async with database.transaction() as db:
        cases = [await reported(db, f"V{n}") for n in range(4)]
        for case, wake in zip(cases, (NOON - DAY, None, NOON + DAY, NOON - 2 * DAY), strict=True):
            await queries.set_wake(db, case.id or 0, wake)
    ids = [case.id or 0 for case in cases]
    async with database.reading() as db:
        assert await unseen.numbers_unplanned(db, NOON, set()) == [cases[0].number, cases[3].number]
        assert await unseen.numbers_unplanned(db, NOON, {ids[3], ids[2]}) == [
            cases[0].number,
            cases[2].number,
            cases[3].number,
        ]


async def closed(db: AsyncSession, form: str, **values: Any) -> Case:
    case = await reported(db, form)
    case.status = Status.CLOSED.value
    for name, value in values.items():
        setattr(case, name, value)
    await log.append(db, case, LogKind.CLOSED, "U0Y", NOON, {})
    return case


async def test_cases_to_be_blanked_come_by_their_closing_and_each_once(database: Database) -> None:
    async with database.transaction() as db:
        second = await closed(db, "V1", closed_at=NOON - DAY)
        first = await closed(db, "V2", closed_at=NOON - 2 * DAY)
        third = await closed(db, "V3", closed_at=NOON - DAY, blanked_at=NOON - 3 * DAY)  # reopened since
        await closed(db, "V4", closed_at=NOON - DAY, blanked_at=NOON)
        await closed(db, "V5", closed_at=NOON)
        await reported(db, "V6")
    wanted = [(case.closed_at, case.id) for case in (first, second, third)]
    async with database.reading() as db:
        assert await queries.expired_cases(db, NOON, 9) == wanted
        found, after = [], None
        while some := await queries.expired_cases(db, NOON, 1, after):
            found += some
            after = some[-1]
        assert found == wanted
        assert all(closed_at.tzinfo is UTC for closed_at, _ in found)


async def test_the_newest_open_cases_stand_in_the_join_form_and_no_drill_among_them(
    database: Database,
) -> None:
    async with database.transaction() as db:
        cases = [await reported(db, f"V{n}") for n in range(5)]
        await closed(db, "V8", closed_at=NOON)
        drill = await reported(db, "V9", drill=True)
    async with database.reading() as db:
        found = await queries.newest_open_cases(db, False, cases[3].number, 3)
        assert [case.number for case in found] == [cases[n].number for n in (4, 2, 1)]
        assert [case.number for case in await queries.newest_open_cases(db, True, "", 3)] == [drill.number]


async def test_of_very_many_open_cases_the_newest_are_read_and_those_due_next(database: Database) -> None:
    """App Home is drawn while others are paged: it may not read a hundred thousand cases for one look."""
    async with database.transaction() as db:
        cases = [await reported(db, f"V{n}", reporter=f"U{n % 2}") for n in range(8)]
        for case, days in ((cases[2], 3), (cases[0], 5)):
            db.add(Obligation(case_id=case.id or 0, kind="final", recipient="ppc", due_at=NOON + days * DAY))
            await log.append(db, case, LogKind.OBLIGATIONS_CHANGED, "leakbot", NOON, {})
    ids = [case.id or 0 for case in cases]
    async with database.browsing() as db:
        assert await register.open_of(db, None, 8) == (ids[::-1], False)
        assert await register.open_of(db, None, 3) == ([ids[n] for n in (7, 6, 5, 2, 0, 1)], True)
        assert await register.open_of(db, "U1", 2) == ([ids[n] for n in (7, 5, 1, 3)], True)
        assert await register.open_of(db, "U9", 2) == ([], False)
