"""What the loop does by itself on the SQLite file, and what it leaves to a thread."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.cases.database import Database
from bot.cases.queries import all_cases
from bot.cases.sqlite_driver import connected
from tests.cases.rows import reported


@pytest.fixture
def file(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
async def shelf(sqlite_url: str) -> AsyncIterator[Database]:
    opened = Database.open(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
def other_process(file: Path) -> Iterator[sqlite3.Connection]:
    """Somebody else who is writing into the file, until they roll back."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


async def one_writes(shelf: Database, form: str = "V0") -> str:
    async with shelf.transaction() as db:
        return (await reported(db, form)).number


async def begun(work: asyncio.Task[str]) -> None:
    """Waits until a task has come as far as it can by itself."""
    for _ in range(20):
        await asyncio.sleep(0.01)
    assert not work.done()


async def test_a_read_is_answered_at_once(shelf: Database) -> None:
    await one_writes(shelf)  # the connection is open now
    others: list[str] = []
    asyncio.get_running_loop().call_soon(others.append, "had their turn")
    async with shelf.reading() as db:
        assert len(await all_cases(db)) == 1
        assert others == [], "each step in a thread costs ten times what SQLite takes for it"


async def test_whoever_looks_through_many_cases_lets_others_have_their_turn(shelf: Database) -> None:
    await one_writes(shelf)
    others: list[str] = []
    loop = asyncio.get_running_loop()
    async with shelf.browsing() as db:
        loop.call_soon(others.append, "had their turn")
        assert len(await all_cases(db)) == 1
        assert others == ["had their turn"]
    async with shelf.reading() as db:  # by the same connection
        loop.call_soon(others.append, "and had it again")
        assert len(await all_cases(db)) == 1
        assert others == ["had their turn"]


async def test_while_a_writer_waits_for_another_process_the_rest_goes_on(
    shelf: Database, other_process: sqlite3.Connection
) -> None:
    writer = asyncio.create_task(one_writes(shelf))
    await begun(writer)
    async with asyncio.timeout(5), shelf.reading() as db:
        assert await all_cases(db) == []
    other_process.execute("ROLLBACK")
    async with asyncio.timeout(5):
        assert await writer == "2026-0001"


async def test_whoever_gave_up_waiting_leaves_nothing_locked(
    shelf: Database, other_process: sqlite3.Connection
) -> None:
    writer = asyncio.create_task(one_writes(shelf))
    await begun(writer)
    writer.cancel()
    other_process.execute("ROLLBACK")
    with pytest.raises(asyncio.CancelledError):
        await writer
    async with asyncio.timeout(5):
        assert await one_writes(shelf) == "2026-0001"
    other_process.execute("BEGIN IMMEDIATE")  # nobody holds the file
    other_process.execute("ROLLBACK")


async def test_a_writer_cancelled_at_any_moment_leaves_the_next_one_its_way(shelf: Database) -> None:
    stored = 0
    for moment in range(12):  # before, at and after the commit
        writer = asyncio.create_task(one_writes(shelf, f"V-cancelled-{moment}"))
        for _ in range(moment):
            await asyncio.sleep(0)
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
        async with asyncio.timeout(5):
            await one_writes(shelf, f"V-{moment}")
        async with shelf.reading() as db:
            forms = [case.view_id for case in await all_cases(db)]
        assert len(forms) - stored in (1, 2), "kept whole, or not at all"
        assert forms[-1] == f"V-{moment}"
        stored = len(forms)


async def test_a_new_file_is_opened_while_another_process_writes_its_first_rows(tmp_path: Path) -> None:
    """Turning on the write-ahead log needs the file alone for a moment; SQLite does not wait for that."""
    with closing(sqlite3.connect(tmp_path / "new.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE first (id INTEGER)")
        opening = asyncio.create_task(connected(tmp_path / "new.db", 5.0))
        await asyncio.sleep(0.1)  # long enough to be refused
        other.execute("COMMIT")
        connection = await opening
    assert list(await connection.execute_fetchall("SELECT count(*) FROM first")) == [(0,)]
    await connection.close()
