"""A copy taken while people go on working is complete, sealed, and can be run on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot.cases.backup import back_up, restore
from bot.cases.database import Database
from bot.cases.log import verify
from bot.cases.queries import all_cases
from bot.cases.states import case_state
from bot.errors import ConfigurationError
from bot.outbox.table import Delivery
from tests.cases.rows import NOON, reported


@pytest.mark.parametrize("keys", [[], [Fernet.generate_key().decode()]], ids=["plain", "sealed"])
async def test_the_copy_is_the_same_and_can_be_run_on(
    database_url: str, tmp_path: Path, keys: list[str]
) -> None:
    database = Database.open(database_url, keys)
    async with database.transaction() as db:
        case = await reported(db, wake_at=NOON)
        db.add(
            Delivery(
                key="k", case_id=case.id or 0, kind="page", lane="D0", priority=0, data={}, wanted_at=NOON
            )
        )
    path = tmp_path / "copy.db"
    keyless = Database.open(database_url)  # whoever makes copies need not know the keys
    await back_up(keyless, path)
    await keyless.close()
    assert path.stat().st_mode & 0o777 == 0o600
    assert (b"gAAAA" in path.read_bytes()) is bool(keys)
    copy = Database.open(f"sqlite:///{path}", keys)
    await copy.ensure_ready()
    async with copy.transaction() as there, database.reading() as here:
        assert await case_state(there, case.number) == await case_state(here, case.number)
        assert await verify(there, case.number) == []
        copied, original = await there.get(Delivery, 1), await here.get(Delivery, 1)
        assert copied is not None
        assert original is not None
        assert copied.model_dump() == original.model_dump()
        assert (await reported(there, "V-next")).number == "2026-0002"
    await copy.close()
    await database.close()


async def test_a_copy_taken_amid_reports_is_one_moment(database: Database, tmp_path: Path) -> None:
    async def report(count: int) -> None:
        async with database.transaction() as db:
            await reported(db, f"V{count}")

    path = tmp_path / "copy.db"
    await asyncio.gather(*(report(count) for count in range(10)), back_up(database, path))
    copy = Database.open(f"sqlite:///{path}")
    async with copy.reading() as db:
        cases = await all_cases(db)
        assert [case.number for case in cases] == [f"2026-{n:04d}" for n in range(1, len(cases) + 1)]
        for case in cases:
            assert await verify(db, case.number) == []
    await copy.close()
    assert leftovers(tmp_path) == []


def leftovers(folder: Path) -> list[Path]:
    return list(folder.glob(".leakbot-*"))


async def test_a_copy_overwrites_nothing_and_says_where_it_cannot_write(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("keep me")
    with pytest.raises(ConfigurationError, match="exists already"):
        await back_up(database, path)
    assert path.read_text() == "keep me"
    with pytest.raises(ConfigurationError, match="cannot be written: No such file or directory"):
        await back_up(database, tmp_path / "none" / "copy.db")


@pytest.mark.parametrize("keys", [[], [Fernet.generate_key().decode()]], ids=["plain", "sealed"])
async def test_a_copy_is_restored_into_an_empty_database_of_either_kind(
    sqlite_url: str, empty_database_url: str, tmp_path: Path, keys: list[str]
) -> None:
    origin = Database.open(sqlite_url, keys)
    async with origin.transaction() as db:
        case = await reported(db, wake_at=NOON)
        saying: dict[str, Any] = {"kind": "page", "lane": "D0", "priority": 0, "data": {}, "wanted_at": NOON}
        db.add(Delivery(key="k", case_id=case.id or 0, **saying))
    await back_up(origin, tmp_path / "copy.db")
    keyless = Database.open(empty_database_url)
    await restore(keyless, tmp_path / "copy.db")
    await keyless.close()
    database = Database.open(empty_database_url, keys)
    async with database.transaction() as there, origin.reading() as here:
        assert await case_state(there, case.number) == await case_state(here, case.number)
        assert await verify(there, case.number) == []
        assert (await reported(there, "V-next")).number == "2026-0002", "and people go on with it"
    with pytest.raises(ConfigurationError, match="holds cases already"):
        await restore(database, tmp_path / "copy.db")
    await database.close()
    await origin.close()
    assert leftovers(tmp_path) == []


async def test_what_is_no_copy_is_not_restored(empty_database_url: str, tmp_path: Path) -> None:
    database = Database.open(empty_database_url)
    letter = tmp_path / "letter.txt"
    letter.write_text("no database")
    for path, words in ((tmp_path / "none.db", "does not exist"), (letter, "is not a copy of leakbot")):
        with pytest.raises(ConfigurationError, match=words):
            await restore(database, path)
    (tmp_path / "nothing.db").touch()
    with pytest.raises(ConfigurationError, match="is empty"):
        await restore(database, tmp_path / "nothing.db")
    await database.close()
    assert leftovers(tmp_path) == []
