"""No change of a case without a line in its log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from bot.cases.database import Database
from bot.cases.guard import UnloggedChange
from bot.cases.log import append
from bot.cases.queries import case_row, earliest_wake, log_of, set_wake
from bot.cases.tables import Case, LogEntry, Member, Obligation, Page
from bot.vocabulary import LogKind
from tests.cases.rows import NOON, new_case, reported


@pytest.fixture
async def stored(database: Database) -> Case:
    async with database.transaction() as db:
        return await reported(db)


@asynccontextmanager
async def changing(database: Database) -> AsyncIterator[tuple[AsyncSession, Case]]:
    """A transaction with the case in it."""
    async with database.transaction() as db:
        case = await case_row(db, "2026-0001", lock=True)
        assert case is not None
        yield db, case


async def log(db: AsyncSession, case: Case) -> None:
    await append(db, case, LogKind.FACTS_ADDED, "U0", NOON, {})


async def test_a_case_without_its_first_entry_is_refused(database: Database) -> None:
    with pytest.raises(UnloggedChange, match="Case added"):
        async with database.transaction() as db:
            db.add(new_case("2026-0001"))
    async with database.reading() as db:
        assert await case_row(db, "2026-0001") is None


async def test_a_changed_fact_without_entry_is_refused_and_not_stored(
    database: Database, stored: Case
) -> None:
    with pytest.raises(UnloggedChange, match=r"Case\.facts"):
        async with changing(database) as (_, case):
            case.facts = {**case.facts, "malicious": True}
    async with database.reading() as db:
        again = await case_row(db, stored.number)
        assert again is not None
        assert "malicious" not in again.facts


@pytest.mark.parametrize(
    "row",
    [
        Member(case_id=1, user="U0", role="manager"),
        Page(case_id=1, level=0, user="U0"),
        Obligation(case_id=1, kind="final", recipient="ppc"),
    ],
    ids=lambda row: type(row).__name__,
)
async def test_whatever_hangs_on_a_case_is_guarded(database: Database, stored: Case, row: object) -> None:
    assert stored.id == 1
    with pytest.raises(UnloggedChange, match=f"{type(row).__name__} added"):
        async with changing(database) as (db, _):
            db.add(type(row)(**row.model_dump()))  # type: ignore[attr-defined]


async def test_a_logged_change_is_stored(database: Database, stored: Case) -> None:
    async with changing(database) as (db, case):
        db.add(Page(case_id=case.id or 0, level=0, user="U0BUCHOU", sent_at=NOON))
        await append(db, case, LogKind.PAGE_SENT, "leakbot", NOON, {"level": 0})

    async def acknowledge_silently() -> None:
        async with changing(database) as (db, _):
            page = await db.get(Page, 1)
            assert page is not None
            page.acknowledged_at = NOON

    with pytest.raises(UnloggedChange, match=r"Page\.acknowledged_at"):
        await acknowledge_silently()
    with pytest.raises(UnloggedChange, match="Page deleted"):
        async with changing(database) as (db, case):
            await db.delete(await db.get(Page, 1))


async def test_an_entry_of_another_case_does_not_count(database: Database, stored: Case) -> None:
    async with database.transaction() as db:
        await reported(db, "V-other")

    async def log_the_wrong_case() -> None:
        async with changing(database) as (db, case):
            other = await case_row(db, "2026-0002", lock=True)
            assert other is not None
            await log(db, other)
            case.status = "closed"

    with pytest.raises(UnloggedChange, match=r"Case\.status"):
        await log_the_wrong_case()


async def test_a_change_flushed_long_before_the_commit_is_not_forgotten(
    database: Database, stored: Case
) -> None:
    async def flush_early() -> None:
        async with changing(database) as (db, case):
            case.channel = "C0"
            await db.flush()
            await db.execute(text("SELECT 1"))

    with pytest.raises(UnloggedChange, match=r"Case\.channel"):
        await flush_early()


async def test_when_a_case_is_next_asked_is_no_change_of_it(database: Database, stored: Case) -> None:
    async with changing(database) as (_, case):
        case.wake_at = NOON
    async with changing(database) as (db, case):
        await set_wake(db, case.id or 0, None)
        assert case.wake_at is None
    async with database.transaction() as db:
        assert await earliest_wake(db) is None
        await set_wake(db, stored.id or 0, NOON)
    async with database.reading() as db:
        assert await earliest_wake(db) == NOON


async def test_the_same_value_again_is_no_change(database: Database, stored: Case) -> None:
    async with changing(database) as (_, case):
        case.facts = dict(case.facts)
        case.status = case.status + ""


async def test_bulk_statements_do_not_slip_past(database: Database, stored: Case) -> None:
    statements = [
        update(Case).values(status="closed"),
        update(Case).values(wake_at=NOON),
        delete(LogEntry).where(col(LogEntry.seq) == 1),
        insert(Member).values(case_id=1, user="U0", role="manager"),
    ]
    for statement in statements:
        with pytest.raises(UnloggedChange, match="one by one"):
            async with changing(database) as (db, _):
                await db.execute(statement)


async def test_a_log_entry_is_not_rewritten_in_passing(database: Database, stored: Case) -> None:
    async def rewrite() -> None:
        async with database.transaction() as db:
            (entry,) = await log_of(db, stored.id or 0)
            entry.actor = "U0SOMEBODYELSE"

    with pytest.raises(UnloggedChange, match=r"LogEntry\.actor"):
        await rewrite()


async def test_a_rolled_back_savepoint_counts_neither_as_change_nor_as_entry(
    database: Database, stored: Case
) -> None:
    async with changing(database) as (db, case):
        savepoint = await db.begin_nested()
        case.status = "closed"
        await db.flush()
        await savepoint.rollback()

    async def lose_the_entry() -> None:
        async with changing(database) as (db, case):
            savepoint = await db.begin_nested()
            await log(db, case)
            await db.flush()
            await savepoint.rollback()
            case.status = "closed"

    with pytest.raises(UnloggedChange, match=r"Case\.status"):
        await lose_the_entry()
    async with changing(database) as (db, case):
        async with db.begin_nested():
            case.status = "acknowledged"
        await log(db, case)
