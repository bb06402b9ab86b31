"""New keys for old: every sealed column is sealed anew with the newest key while everybody goes on working.

Nothing is remembered between two runs: what is sealed with the newest key is left alone, so a run that was
broken off is simply run again. A value is replaced only if it is still the one that was read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Table, Text, inspect, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from bot.cases import log, unseen
from bot.cases.columns import EncryptedJson
from bot.cases.database import Database
from bot.cases.encryption import VARIABLE, Vault
from bot.errors import CheckFailed, ConfigurationError

AT_ONCE: Final = 100  # rows of one transaction: whoever reports a leak meanwhile waits no longer than that
ROUNDS: Final = 20  # over a table whose rows somebody else keeps in hand

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What came of it: rows looked at, rows sealed anew, and the cases whose record was verified."""

    rows: int
    renewed: int
    verified: int


async def rekey(database: Database, vault: Vault, progress: Progress) -> Rekeyed:
    """Seal every sealed column anew with the newest key, then verify the record of every case.

    In: the database, opened with the same keys as `vault`; `progress` is told of each batch: table, rows
    looked at so far, rows sealed anew so far. `ConfigurationError` where no key is set, or a value's key is
    missing; `CheckFailed` where a record does not verify, or rows were never to be had.
    """
    if not vault.has_keys:
        raise ConfigurationError(
            f"{VARIABLE} is not set, so there is nothing to seal with.",
            "Make a key with `leakbot keys new`, put it first in that variable, and restart leakbot.",
        )
    rows = renewed = 0
    for table in await _tables(database):
        seen, anew = await _rekey_table(database, vault, table, progress)
        rows, renewed = rows + seen, renewed + anew
    verified = await _verify(database)
    # What was replaced would otherwise lie in the file's free pages, under the old key.
    if not await database.forget_leftovers():
        raise CheckFailed(
            "Everything is sealed anew, but the bytes of the old values are not all overwritten.",
            "Run `leakbot keys rotate` again; somebody was reading at that moment.",
        )
    return Rekeyed(rows, renewed, verified)


async def _tables(database: Database) -> list[Table]:
    """Every table that has a sealed column."""
    async with database.reading() as db:
        names = await (await db.connection()).run_sync(lambda c: inspect(c).get_table_names())
    return [t for t in SQLModel.metadata.sorted_tables if t.name in names and _sealed_columns(t)]


def _sealed_columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, EncryptedJson)]


async def _rekey_table(database: Database, vault: Vault, table: Table, progress: Progress) -> tuple[int, int]:
    renewed = 0
    for _ in range(ROUNDS):
        seen, missed, after = 0, 0, 0
        while batch := await _read(database, table, after):
            changes = {row_id: new for row_id, old in batch.items() if (new := _renewed(vault, old))}
            if changes:
                anew = await _replace(database, table, {i: batch[i] for i in changes}, changes)
                renewed, missed = renewed + anew, missed + len(changes) - anew
            seen, after = seen + len(batch), max(batch)
            progress(table.name, seen, renewed)
        if not missed:
            return seen, renewed
    raise CheckFailed(
        f"Some rows of {table.name} were in use all the time and keep their old key.",
        "Run `leakbot keys rotate` again.",
    )


async def _read(database: Database, table: Table, after: int) -> dict[int, dict[str, str | None]]:
    """The next rows by their id: the stored text of each sealed column."""
    columns = _sealed_columns(table)
    query = select(table.c.id, *(type_coerce(column, Text).label(column.name) for column in columns))
    async with database.reading() as db:
        rows = (
            await db.execute(query.where(table.c.id > after).order_by(table.c.id).limit(AT_ONCE))
        ).mappings()
        return {row["id"]: {column.name: row[column.name] for column in columns} for row in rows}


def _renewed(vault: Vault, stored: dict[str, str | None]) -> dict[str, str]:
    """The columns of a row that are not sealed with the newest key, sealed anew."""
    return {
        name: new
        for name, text in stored.items()
        if text is not None and (new := vault.renewed(text)) is not None
    }


async def _replace(
    database: Database,
    table: Table,
    read: dict[int, dict[str, str | None]],
    changes: dict[int, dict[str, str]],
) -> int:
    """Store what was sealed anew, where the row is still as it was read. Out: how many rows."""
    async with database.transaction() as db:
        # By the connection: this is not somebody changing cases, so there is nothing to log.
        connection = await db.connection()
        free = await _not_in_use(db, table, sorted(changes))
        stored = 0
        for row_id in free:
            columns = {name: table.c[name] for name in changes[row_id]}
            as_read = (type_coerce(c, Text) == read[row_id][name] for name, c in columns.items())
            values = {c: type_coerce(changes[row_id][name], Text) for name, c in columns.items()}
            statement = update(table).where(table.c.id == row_id, *as_read).values(values)
            stored += (await connection.execute(statement)).rowcount
    return stored


async def _not_in_use(db: AsyncSession, table: Table, ids: list[int]) -> list[int]:
    # What a step holds is not waited for: it may be waiting for another row of this batch.
    query = select(table.c.id).where(table.c.id.in_(ids)).order_by(table.c.id)
    return list(await db.scalars(query.with_for_update(skip_locked=True)))


async def _verify(database: Database) -> int:
    """Verify the record of every case. Out: how many. `CheckFailed` names those that are not sound."""
    async with database.reading() as db:
        numbers = await unseen.all_numbers(db)
    unsound = []
    for number in numbers:
        async with database.reading() as db:
            if await log.verify(db, number):
                unsound.append(number)
    if unsound:
        raise CheckFailed(
            f"Sealed anew, but {len(unsound)} of {len(numbers)} records are not as they were written.",
            f"`leakbot case verify {unsound[0]}` says where; keep the old keys until this is understood.",
        )
    return len(numbers)
