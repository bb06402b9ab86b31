"""Opening, reaching, writing and reading, on both databases alike."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.cases.database import Database
from bot.cases.log import append
from bot.cases.queries import all_cases, case_row
from bot.cases.tables import Member
from bot.errors import ConfigurationError
from bot.vocabulary import LogKind
from tests.cases.rows import NOON, reported

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("", "is not a database URL"),
        ("leakbot.db", "is not a database URL"),
        (f"postgresql://leakbot:{SECRET}@host:port/db", "is not a database URL"),
        (f"mysql://leakbot:{SECRET}@host/db", "does not know: mysql"),
        (f"postgresql://leakbot:{SECRET}@host", "does not say which database"),
        ("sqlite://", "names no SQLite file"),
        ("sqlite:///:memory:", "names no SQLite file"),
        ("sqlite://leakbot.db", "names no SQLite file"),
        ("sqlite:////no/such/folder/leakbot.db", "folder /no/such/folder does not exist"),
    ],
)
def test_a_wrong_url_is_one_clear_line_without_the_password(url: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint) as error:
        Database.open(url)
    assert error.value.remedy
    assert SECRET not in error.value.line()
    assert "\n" not in error.value.line()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+asyncpg"])
async def test_the_driver_is_our_own_affair(scheme: str) -> None:
    database = Database.open(f"{scheme}://leakbot:{SECRET}@db.example/leakbot?password={SECRET}")
    assert str(database) == "postgresql+psycopg://leakbot:***@db.example/leakbot"
    await database.close()


async def test_a_server_that_is_not_there_is_one_clear_line() -> None:
    database = Database.open(f"postgresql://leakbot:{SECRET}@127.0.0.1:1/leakbot")
    for ask in (database.ping, database.schema, database.ensure_ready, database.upgrade):
        with pytest.raises(ConfigurationError, match="cannot be used") as error:
            await ask()
        assert SECRET not in error.value.line()
        assert "\n" not in error.value.line()
        assert "LEAKBOT_DATABASE_URL" in error.value.remedy
    await database.close()


async def test_a_file_that_is_no_database_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Sir or Madam, this is not a database.\n" * 100)
    database = Database.open(f"sqlite:///{path}")
    with pytest.raises(ConfigurationError, match="not a database"):
        await database.ensure_ready()
    await database.close()


async def test_a_new_sqlite_file_is_for_its_owner_only(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'new.db'}")
    await database.ensure_ready()
    async with database.transaction() as db:
        await reported(db)
    modes = {path.name: path.stat().st_mode & 0o777 for path in files(tmp_path)}
    assert modes == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}
    await database.close()


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_ping_answers(database: Database) -> None:
    await database.ping()


async def test_an_error_leaves_nothing_behind(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as db:
            await reported(db)
            await db.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with database.transaction() as db:
        assert await all_cases(db) == []
        assert (await reported(db)).number == "2026-0001"  # the number was given back


async def test_rows_stay_readable_after_the_commit(database: Database) -> None:
    async with database.transaction() as db:
        case = await reported(db)
    assert case.number == "2026-0001"
    assert case.revision == 1


async def test_the_same_form_sent_twice_cannot_become_two_cases(database: Database) -> None:
    async with database.transaction() as db:
        await reported(db, "V-same")
    with pytest.raises(IntegrityError):
        async with database.transaction() as db:
            await reported(db, "V-same")
    async with database.transaction() as db:
        assert (await reported(db, "V-other")).number == "2026-0002"


async def test_a_row_needs_its_case(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.transaction() as db:
            db.add(Member(case_id=404, user="U0", role="manager"))


async def test_a_reader_neither_waits_for_a_writer_nor_sees_half_of_it(database: Database) -> None:
    async with database.transaction() as db:
        case = await reported(db)
    async with database.reading() as reading:
        before = await case_row(reading, case.number)
        assert before is not None
        async with asyncio.timeout(5), database.transaction() as db:
            row = await case_row(db, case.number, lock=True)
            assert row is not None
            row.channel = "C0ROOM"
            await append(db, row, LogKind.ROOM_OPENED, "leakbot", NOON, {})
            await db.flush()
            async with database.reading() as other:
                meanwhile = await case_row(other, case.number)
                assert meanwhile is not None
                assert meanwhile.channel is None
        # The commit has come in between, but one reading sees one moment.
        assert await reading.scalar(text("SELECT count(*) FROM log_entry")) == 1
    async with database.reading() as reading:
        after = await case_row(reading, case.number)
        assert after is not None
        assert after.channel == "C0ROOM"


async def test_what_is_read_is_never_stored(database: Database) -> None:
    async with database.transaction() as db:
        case = await reported(db)
    async with database.reading() as db:
        row = await case_row(db, case.number)
        assert row is not None
        row.status = "closed"
    async with database.reading() as db:
        again = await case_row(db, case.number)
        assert again is not None
        assert again.status == "reported"


async def test_a_transaction_inside_a_transaction_is_a_mistake_not_a_deadlock(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    async with database.transaction():
        with pytest.raises(RuntimeError, match="already has a transaction"):
            async with asyncio.timeout(5), database.transaction():
                pass
    async with database.transaction() as db:
        await reported(db)
    await database.close()


async def test_sqlite_keeps_what_it_acknowledged(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    async with database.reading() as db:
        settings = {
            name: await db.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}
    await database.close()


async def test_two_processes_on_one_sqlite_file_wait_for_each_other(sqlite_url: str) -> None:
    # Two engines stand for two processes: they share no lock but the file's.
    databases = Database.open(sqlite_url), Database.open(sqlite_url)

    async def report(count: int) -> str:
        async with databases[count % 2].transaction() as db:
            return (await reported(db, f"V{count}")).number

    numbers = await asyncio.gather(*(report(count) for count in range(12)))
    assert sorted(numbers) == [f"2026-{count:04d}" for count in range(1, 13)]
    for database in databases:
        await database.close()


async def test_a_cancelled_writer_leaves_the_door_open(database: Database) -> None:
    entered = asyncio.Event()

    async def stuck() -> None:
        async with database.transaction() as db:
            await reported(db, "V-stuck")
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5), database.transaction() as db:
        assert (await reported(db)).number == "2026-0001"
