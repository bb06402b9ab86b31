"""New keys for old: everything at rest is sealed anew while people go on working, nothing else changes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Text, select, text, type_coerce
from sqlmodel import SQLModel, col

from bot.cases import rekeying
from bot.cases.columns import EncryptedJson
from bot.cases.database import Database
from bot.cases.encryption import Vault
from bot.cases.log import append, verify
from bot.cases.queries import case_row
from bot.cases.rekeying import Rekeyed, rekey
from bot.cases.states import case_state
from bot.cases.tables import Case, Task
from bot.errors import CheckFailed, ConfigurationError
from bot.vocabulary import LogKind
from tests.cases.rows import NOON, reported

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def quiet(table: str, rows: int, renewed: int) -> None:
    """Nobody watches."""


async def renewed(url: str, *keys: str) -> Rekeyed:
    """Rotate as `leakbot keys rotate` would with these keys set."""
    database = Database.open(url, keys)
    try:
        return await rekey(database, Vault(keys), quiet)
    finally:
        await database.close()


async def filled(url: str, count: int, *keys: str) -> None:
    """Store so many cases, each with a task."""
    database = Database.open(url, keys)
    for number in range(count):
        async with database.transaction() as db:
            case = await reported(db, f"{keys}{number}")
            task: dict[str, Any] = {"phase": "report", "owner": "manager", "due_at": NOON, "status": "open"}
            db.add(Task(case_id=case.id or 0, key="t", words={"title": "保険会社に連絡"}, **task))
    await database.close()


async def stored(url: str) -> list[str]:
    """Every sealed column as it lies in the database."""
    database = Database.open(url)
    found: list[str] = []
    async with database.reading() as db:
        for name in ("case", "log_entry", "task"):
            for column in SQLModel.metadata.tables[name].columns:
                if isinstance(column.type, EncryptedJson):
                    found += [each for each in await db.scalars(select(type_coerce(column, Text))) if each]
    await database.close()
    return found


async def test_everything_is_sealed_with_the_newest_key_and_the_old_one_can_go(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(database_url, 3)  # before there were keys
    await filled(database_url, 3, OLD)
    seen: list[tuple[str, int, int]] = []
    database = Database.open(database_url, [NEW, OLD])
    async with database.reading() as db:
        before = [await case_state(db, f"2026-000{n}") for n in range(1, 7)]
    done = await rekey(database, Vault([NEW, OLD]), lambda *told: seen.append(told))
    await database.close()
    assert done == Rekeyed(rows=18, renewed=18, verified=6)
    assert ("log_entry", 6, 6) in seen
    newest = Vault([NEW])
    assert len(await stored(database_url)) > 18
    assert all(newest.unseal(each) and each.startswith("gAAAA") for each in await stored(database_url))
    alone = Database.open(database_url, [NEW])
    async with alone.reading() as db:
        assert [await case_state(db, f"2026-000{n}") for n in range(1, 7)] == before
        assert await verify(db, "2026-0001") == []
    await alone.close()
    assert await renewed(database_url, NEW) == Rekeyed(rows=18, renewed=0, verified=6)


async def test_a_run_that_was_broken_off_goes_on_where_it_was(database_url: str) -> None:
    await filled(database_url, 2, OLD)

    def enough(table: str, rows: int, renewed: int) -> None:
        raise InterruptedError

    database = Database.open(database_url, [NEW, OLD])
    with pytest.raises(InterruptedError):
        await rekey(database, Vault([NEW, OLD]), enough)
    await database.close()
    done = await renewed(database_url, NEW, OLD)
    assert 0 < done.renewed < done.rows, "what was done stays done"
    assert (await renewed(database_url, NEW)).renewed == 0


async def test_what_people_write_meanwhile_is_kept(database_url: str) -> None:
    await filled(database_url, 4, OLD)
    database = Database.open(database_url, [NEW, OLD])

    async def goes_on(number: str) -> None:
        for step in range(5):
            async with database.transaction() as db:
                case = await case_row(db, number, lock=True)
                assert case
                case.facts = {"persons": {"exact": step}}
                await append(db, case, LogKind.FACTS_ADDED, "U0MANAGER", NOON, {"facts": case.facts})
            await asyncio.sleep(0)

    await asyncio.gather(
        rekey(database, Vault([NEW, OLD]), quiet), *(goes_on(f"2026-000{n}") for n in range(1, 5))
    )
    await database.close()
    await renewed(database_url, NEW, OLD)
    alone = Database.open(database_url, [NEW])
    async with alone.reading() as db:
        assert set(map(str, await db.scalars(select(col(Case.facts))))) == {"{'persons': {'exact': 4}}"}
        assert [await verify(db, f"2026-000{n}") for n in range(1, 5)] == [[]] * 4
    await alone.close()


async def test_a_value_that_was_changed_after_it_was_read_is_not_overwritten(database_url: str) -> None:
    await filled(database_url, 1, OLD)
    database = Database.open(database_url, [NEW, OLD])
    table = SQLModel.metadata.tables["case"]
    read = await rekeying._read(database, table, 0)
    async with database.transaction() as db:
        case = await case_row(db, "2026-0001", lock=True)
        assert case
        case.facts = {"persons": "unknown"}
        await append(db, case, LogKind.FACTS_ADDED, "U0MANAGER", NOON, {})
    changes = {i: rekeying._renewed(Vault([NEW, OLD]), row) for i, row in read.items()}
    assert await rekeying._replace(database, table, read, changes) == 0
    async with database.reading() as db:
        assert list(await db.scalars(select(col(Case.facts)))) == [{"persons": "unknown"}]
    await database.close()


async def test_a_missing_key_and_a_changed_record_are_said(database_url: str) -> None:
    await filled(database_url, 1, OLD)
    with pytest.raises(ConfigurationError, match="is not set"):
        await renewed(database_url)
    with pytest.raises(ConfigurationError, match="no key"):
        await renewed(database_url, NEW)
    assert (await renewed(database_url, OLD)).renewed == 0, "and nothing was touched"
    database = Database.open(database_url)
    async with database.transaction() as db:
        await (await db.connection()).execute(text("UPDATE log_entry SET actor = 'U0OTHER'"))
    await database.close()
    with pytest.raises(CheckFailed, match="1 of 1 records"):
        await renewed(database_url, NEW, OLD)
