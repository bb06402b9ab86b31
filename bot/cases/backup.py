"""A consistent copy of the database while everybody goes on working: always one SQLite file; and back again.

Point `LEAKBOT_DATABASE_URL` at the copy and leakbot runs on it, whichever database it was taken from.
`restore` brings it into an empty database of either kind.
What is encrypted stays encrypted, under the same keys.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table, Text, bindparam, func, insert, inspect, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from bot.cases.columns import EncryptedJson
from bot.cases.database import Database
from bot.cases.schema import SchemaState
from bot.cases.tables import Counter
from bot.errors import CheckFailed, ConfigurationError

_ROWS_AT_ONCE: Final = 500
_NAME_A_COPY: Final = "Name the file that `leakbot db backup` wrote."


async def back_up(database: Database, path: Path) -> None:
    """Writes the copy to `path`, readable by its owner only; nothing appears there before it is complete.

    `ConfigurationError` where the file exists already, cannot be written, or the database is empty or not
    ready; `CheckFailed` where copying fails half way.
    """
    if await database.schema() is SchemaState.EMPTY:
        # Copied quietly, the emptiness would be noticed on the day the copy is needed.
        raise ConfigurationError(f"The database {database} is empty.", "Check LEAKBOT_DATABASE_URL.")
    await database.ensure_ready()
    part = beside(path)
    try:
        if database.file is not None:
            await asyncio.to_thread(_copy_file, database.file, part)
        else:
            await _copy_rows(database, part)
        part.rename(path)
    except (sqlite3.Error, OSError) as error:
        raise CheckFailed(f"{database} cannot be copied to {path}: {error}.", "Is the disk full?") from None
    finally:
        for leftover in (part, *(part.with_name(part.name + suffix) for suffix in ("-wal", "-shm"))):
            leftover.unlink(missing_ok=True)


async def restore(database: Database, path: Path) -> None:
    """Fills an empty database from a copy that `back_up` made; the copy may be of an older schema.

    In: any database without cases, SQLite or on a server. `ConfigurationError` where it holds something
    already, or the file is no such copy; `CheckFailed` where copying fails, and then nothing is stored.
    """
    if not await asyncio.to_thread(path.is_file):
        raise ConfigurationError(f"{path} does not exist.", _NAME_A_COPY)
    if await database.schema() is SchemaState.EMPTY:
        await database.upgrade()
    await database.ensure_ready()
    async with database.reading() as db:
        if await db.scalar(select(func.count()).select_from(Counter)):
            raise ConfigurationError(
                f"The database {database} holds cases already.",
                "Restore into an empty one: nothing that is there is overwritten.",
            )
    # The copy itself is left as it was taken, also where it must be brought to the newest schema first.
    with _folder_beside(path) as folder:
        taken = folder / "copy.db"
        try:
            await asyncio.to_thread(_copy_file, path, taken)
        except sqlite3.Error as error:
            raise ConfigurationError(f"{path} is not a copy of leakbot: {error}.", _NAME_A_COPY) from None
        copy = Database.open(f"sqlite:///{taken}")
        try:
            if await copy.schema() is SchemaState.EMPTY:
                raise ConfigurationError(f"{path} is not a copy of leakbot: it is empty.", _NAME_A_COPY)
            await copy.upgrade()
            async with copy.reading() as source, database.transaction() as sink:
                await _copy_tables(source, sink)
        except (DBAPIError, OSError) as error:
            cause = type(getattr(error, "orig", None) or error).__name__
            raise CheckFailed(f"{path} cannot be restored: {cause}.", "Is the disk full?") from None
        finally:
            await copy.close()


@contextmanager
def _folder_beside(path: Path) -> Iterator[Path]:
    """A folder of our own next to `path`, for its owner only, removed at the end."""
    try:
        folder = tempfile.TemporaryDirectory(dir=path.parent, prefix=".leakbot-")
    except OSError as error:
        raise ConfigurationError(
            f"{path.parent} cannot be written to: {error.strerror}.",
            "Put the copy into a folder that can be written to.",
        ) from None
    with folder as name:
        yield Path(name)


def beside(path: Path) -> Path:
    """An empty file of our own next to `path`, for its owner only, to be renamed when it is complete.

    `ConfigurationError` where `path` exists already, or cannot be written.
    """
    if path.exists():
        raise ConfigurationError(f"{path} exists already.", "Name a file that does not exist yet.")
    part = path.parent / f".leakbot-{secrets.token_hex(8)}.part"
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror}.", "Name a file in a folder that can be written to."
        ) from None
    return part


def _copy_file(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source, timeout=30)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


async def _copy_rows(database: Database, target: Path) -> None:
    copy = Database.open(f"sqlite:///{target}")
    try:
        await copy.ensure_ready()
        async with database.reading() as source, copy.transaction() as sink:
            await _copy_tables(source, sink)
    finally:
        await copy.close()


async def _copy_tables(source: AsyncSession, sink: AsyncSession) -> None:
    names = await (await source.connection()).run_sync(lambda c: inspect(c).get_table_names())
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name in names]
    assert len(tables) == len(names) - 1, "every table but Alembic's own is copied"  # noqa: S101
    for table in tables:
        await _copy_table(table, source, sink)
        if sink.get_bind().dialect.name == "postgresql" and "id" in table.c:
            await _count_on(table, sink)


async def _count_on(table: Table, sink: AsyncSession) -> None:
    """Rows were brought with their ids; the server's own counting goes on behind them."""
    last = select(func.max(table.c.id)).scalar_subquery()
    sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
    await (await sink.connection()).execute(select(func.setval(sequence, last)).where(last.is_not(None)))


async def _copy_table(table: Table, source: AsyncSession, sink: AsyncSession) -> None:
    # Sealed columns are moved as the text they are: a copy needs no keys.
    read = [type_coerce(c, Text) if isinstance(c.type, EncryptedJson) else c for c in table.columns]
    write: dict[str, Any] = {
        c.name: bindparam(f"_{c.name}", type_=Text() if isinstance(c.type, EncryptedJson) else c.type)
        for c in table.columns
    }
    # By the connection: this is not somebody changing cases, so there is nothing to log.
    connection = await sink.connection()
    rows = await source.stream(select(*read))
    async for some in rows.partitions(_ROWS_AT_ONCE):
        values = [{f"_{name}": value for name, value in zip(write, row, strict=True)} for row in some]
        await connection.execute(insert(table).values(write), values)
