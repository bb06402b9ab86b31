"""The schema: made by migrations, the same as the tables say, and never guessed at."""

from __future__ import annotations

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

import bot.outbox.table  # its table belongs to the schema too
from bot.cases import tables
from bot.cases.database import Database
from bot.cases.schema import SchemaState
from bot.errors import ConfigurationError

TABLES = {"absence", "case", "counter", "member", "page", "obligation", "log_entry", "delivery"}


async def execute(database: Database, statement: str) -> None:
    async with database.transaction() as db:
        await db.execute(text(statement))


async def test_migrations_give_what_the_tables_say(database: Database) -> None:
    assert {tables.Case.__tablename__, bot.outbox.table.Delivery.__tablename__} <= TABLES
    metadata = SQLModel.metadata
    assert set(metadata.tables) >= TABLES

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.reading() as db:
        assert await (await db.connection()).run_sync(differences) == []


async def test_an_empty_database_is_known_as_empty_and_upgraded_to_the_newest(
    empty_database_url: str,
) -> None:
    database = Database.open(empty_database_url)
    assert await database.schema() is SchemaState.EMPTY
    await database.upgrade()
    assert await database.schema() is SchemaState.NEWEST
    await database.upgrade()
    await database.ensure_ready()
    await database.close()


async def test_run_makes_the_schema_in_an_empty_sqlite_only(empty_database_url: str, backend: str) -> None:
    database = Database.open(empty_database_url)
    if backend == "sqlite":
        await database.ensure_ready()
        assert await database.schema() is SchemaState.NEWEST
    else:
        with pytest.raises(ConfigurationError, match="is empty") as refused:
            await database.ensure_ready()
        assert "leakbot db upgrade" in refused.value.line()
        assert await database.schema() is SchemaState.EMPTY
    await database.close()


async def test_a_schema_of_a_newer_leakbot_is_refused(database: Database) -> None:
    await execute(database, "UPDATE alembic_version SET version_num = '9999'")
    assert await database.schema() is SchemaState.UNKNOWN
    for refused in (database.ensure_ready, database.upgrade):
        with pytest.raises(ConfigurationError, match="does not know") as error:
            await refused()
        assert "leakbot db upgrade" in error.value.line()


async def test_somebody_elses_database_is_left_alone(empty_database_url: str) -> None:
    database = Database.open(empty_database_url)
    await execute(database, "CREATE TABLE accounts (id INTEGER)")
    assert await database.schema() is SchemaState.UNKNOWN
    with pytest.raises(ConfigurationError, match="another program"):
        await database.upgrade()
    await database.close()


async def test_two_processes_may_upgrade_at_the_same_moment(empty_database_url: str) -> None:
    first, second = Database.open(empty_database_url), Database.open(empty_database_url)
    await asyncio.gather(first.upgrade(), second.upgrade())
    assert await first.schema() is SchemaState.NEWEST
    await first.close()
    await second.close()
