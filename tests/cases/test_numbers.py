"""Case numbers have no gaps, whoever reports at the same moment."""

from __future__ import annotations

import asyncio

import pytest

from bot.cases.database import Database
from bot.cases.log import verify
from bot.cases.numbers import next_numbers
from bot.cases.queries import all_cases
from bot.cases.tables import Counter
from tests.cases.rows import reported


async def test_each_year_and_its_drills_count_for_themselves(database: Database) -> None:
    async with database.transaction() as db:
        asked = [(2026, False), (2026, False), (2026, True), (2027, False), (2026, False), (2027, True)]
        numbers = [(await db.run_sync(next_numbers, year, drill, 1))[0] for year, drill in asked]
    assert numbers == ["2026-0001", "2026-0002", "D2026-0001", "2027-0001", "2026-0003", "D2027-0001"]


async def test_the_ten_thousandth_case_gets_a_fifth_digit(database: Database) -> None:
    async with database.transaction() as db:
        db.add(Counter(name="2026", value=9998))
    async with database.transaction() as db:
        numbers = [
            *await db.run_sync(next_numbers, 2026, False, 2),
            *await db.run_sync(next_numbers, 2026, False, 1),
        ]
    assert numbers == ["2026-9999", "2026-10000", "2026-10001"]


@pytest.mark.parametrize("people", [8, 30])
async def test_people_reporting_at_once_all_get_a_number_without_gaps(
    database: Database, people: int
) -> None:
    async def report(person: int) -> None:
        async with database.transaction() as db:
            await reported(db, f"V{person}", drill=person % 4 == 0)
            # Every fourth real report fails before its commit, and must leave no gap.
            if person % 4 == 1:
                raise ConnectionError

    results = await asyncio.gather(*(report(person) for person in range(people)), return_exceptions=True)
    lost = [result for result in results if result is not None]
    assert all(isinstance(result, ConnectionError) for result in lost)
    drills = len(range(0, people, 4))
    real = people - drills - len(lost)
    async with database.reading() as db:
        cases = await all_cases(db)
        assert sorted(case.number for case in cases) == [
            *(f"2026-{count:04d}" for count in range(1, real + 1)),
            *(f"D2026-{count:04d}" for count in range(1, drills + 1)),
        ]
        for case in cases:
            assert await verify(db, case.number) == []
