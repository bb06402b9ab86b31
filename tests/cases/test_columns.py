"""Moments keep their zone, and what is sealed is sealed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, text
from sqlmodel import col

from bot.cases.columns import NaiveMoment
from bot.cases.database import Database
from bot.cases.queries import case_row, log_of
from bot.cases.tables import Case
from bot.errors import ConfigurationError
from tests.cases.rows import NOON, REPORT, new_case, reported

TOKYO = ZoneInfo("Asia/Tokyo")
OLD, NEW, FOREIGN = (Fernet.generate_key().decode() for _ in range(3))


async def stored_report(database: Database) -> str:
    async with database.reading() as db:
        return str(await db.scalar(text('SELECT report FROM "case"')))


async def test_a_moment_of_any_zone_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    here = datetime(2026, 11, 22, 21, 10, 0, 123456, tzinfo=TOKYO)
    async with database.transaction() as db:
        await reported(db, aware_at=here)
    async with database.reading() as db:
        case = await case_row(db, "2026-0001")
        assert case is not None
        assert case.aware_at == here
        assert case.aware_at.tzinfo is UTC
        assert case.closed_at is None
        assert list(await db.scalars(select(Case).where(col(Case.aware_at) <= here))) == [case]
        assert not list(await db.scalars(select(Case).where(col(Case.aware_at) < here)))


async def test_a_moment_without_zone_is_refused(database: Database) -> None:
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(NaiveMoment, match="no zone"):
        async with database.transaction() as db:
            db.add(new_case("2026-0001", aware_at=naive))
    async with database.reading() as db:
        with pytest.raises(ValueError, match="no zone"):
            await db.execute(select(Case).where(col(Case.aware_at) < naive))


async def test_without_keys_the_report_is_stored_as_json(database: Database) -> None:
    async with database.transaction() as db:
        await reported(db)
    assert (await stored_report(database)).startswith('{"summary":"USB')


async def test_with_keys_no_words_of_people_are_stored_readable(database_url: str) -> None:
    database = Database.open(database_url, [NEW])
    async with database.transaction() as db:
        case = await reported(db, closure={"root_cause": "置き忘れ"})
    async with database.reading() as db:
        for statement in ('SELECT report || facts || closure FROM "case"', "SELECT data FROM log_entry"):
            stored = str(await db.scalar(text(statement)))
            assert stored.startswith("gAAAA")
            assert "USB" not in stored
            assert "persons" not in stored
        again = await case_row(db, case.number)
        assert again is not None
        assert again.report["summary"] == REPORT.summary
        assert again.facts == {"persons": {"exact": 1200}}
        assert again.closure == {"root_cause": "置き忘れ"}
        assert (await log_of(db, case.id or 0))[0].data == {"summary": REPORT.summary}
    await database.close()


async def test_keys_are_turned_and_older_rows_stay_readable(database_url: str) -> None:
    for view_id, keys in (("V-plain", []), ("V-old", [OLD]), ("V-new", [NEW, OLD])):
        database = Database.open(database_url, keys)
        async with database.transaction() as db:
            await reported(db, view_id)
        await database.close()
    database = Database.open(database_url, [NEW, OLD])
    async with database.reading() as db:
        cases = list(await db.scalars(select(Case)))
        assert [case.report["summary"] for case in cases] == [REPORT.summary] * 3
        newest = await db.scalar(text("SELECT report FROM \"case\" WHERE view_id = 'V-new'"))
    Fernet(NEW).decrypt(str(newest))
    await database.close()


@pytest.mark.parametrize(("keys", "complaint"), [([], "is not set"), ([FOREIGN], "can decrypt")])
async def test_sealed_rows_without_their_key_are_a_clear_mistake(
    database_url: str, keys: list[str], complaint: str
) -> None:
    sealed = Database.open(database_url, [OLD])
    async with sealed.transaction() as db:
        await reported(db)
    await sealed.close()
    database = Database.open(database_url, keys)
    with pytest.raises(ConfigurationError, match=complaint) as error:
        async with database.reading() as db:
            await case_row(db, "2026-0001")
    assert "LEAKBOT_ENCRYPTION_KEYS" in error.value.line()
    await database.close()


async def test_two_databases_of_one_process_have_keys_of_their_own(tmp_path: Path, sqlite_url: str) -> None:
    other_url = f"sqlite:///{tmp_path / 'other.db'}"
    sealed, plain = Database.open(sqlite_url, [NEW]), Database.open(other_url)
    await plain.ensure_ready()
    for database in (sealed, plain, sealed):
        async with database.transaction() as db:
            await reported(db, view_id=str(id(db)))
    assert (await stored_report(sealed)).startswith("gAAAA")
    assert (await stored_report(plain)).startswith("{")
    await sealed.close()
    await plain.close()


def test_a_key_that_is_none_is_refused_without_showing_it(sqlite_url: str) -> None:
    with pytest.raises(ConfigurationError, match="key number 2 is not a Fernet key") as error:
        Database.open(sqlite_url, [NEW, "hunter2"])
    assert "hunter2" not in error.value.line()


async def test_hostile_text_survives_storage(database: Database) -> None:
    summary = "NUL \x00 half a pair \ud83d <!channel> ' \" \\ 😀"
    async with database.transaction() as db:
        await reported(db, report={"summary": summary})
    async with database.reading() as db:
        case = await case_row(db, "2026-0001")
        assert case is not None
        assert case.report == {"summary": summary}
