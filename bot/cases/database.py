"""The database: opened by its URL, one owner per transaction, readable while others write.

SQLite is the embedded default, PostgreSQL is for more than one process; everything above behaves the same.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from bot.cases import schema
from bot.cases.address import address_of, reachable, shown
from bot.cases.columns import give_vault
from bot.cases.encryption import Vault
from bot.cases.guard import GuardedSession
from bot.cases.schema import SchemaState
from bot.cases.sqlite_driver import BEGIN_TO_READ, BEGIN_TO_WRITE, SqliteConnection, connected
from bot.errors import ConfigurationError

#: How long a SQLite writer waits for another process, and how long PostgreSQL may take to answer, in seconds.
_SQLITE_PATIENCE: Final = 30
_CONNECT_PATIENCE: Final = 5
#: The same while bytes are overwritten: a first report waits behind that, and there is another night.
_TIDY_PATIENCE: Final = 1


class Database:
    """One database with its keys. Open it with `Database.open`, close it with `close`."""

    def __init__(self, engine: AsyncEngine, address: URL) -> None:
        self._engine = engine
        self._address = address
        self._sqlite = engine.dialect.name == "sqlite"
        # A case is read by several selects; on PostgreSQL only this level lets them see one moment.
        self._snapshot = (
            engine if self._sqlite else engine.execution_options(isolation_level="REPEATABLE READ")
        )
        # One statement sees one moment by itself, and needs nobody to begin and end it.
        self._looking = engine if self._sqlite else engine.execution_options(isolation_level="AUTOCOMMIT")
        # SQLite has one writer. Those of this process queue here in order, instead of polling the file.
        self._queue = asyncio.Lock()
        self._writer: asyncio.Task[Any] | None = None
        self._closed = False

    @classmethod
    def open(cls, url: str, keys: Sequence[str] = ()) -> Self:
        """Opens a database without connecting yet.

        In: `sqlite:///file.db` or `postgresql://…` (the driver is our own affair), and Fernet keys, newest
        first, with which facts and free text are sealed. A URL or key that is wrong raises
        `ConfigurationError`, which never shows a password or key.
        """
        vault = Vault(keys)
        address = address_of(url)
        if address.get_backend_name() == "sqlite":
            connect = partial(connected, Path(str(address.database)), _SQLITE_PATIENCE)
            engine = create_async_engine(address, async_creator=connect)
        else:
            # A restarted server must not cost the first report after it, hence the ping before each use.
            engine = create_async_engine(
                address, connect_args={"connect_timeout": _CONNECT_PATIENCE}, pool_pre_ping=True, pool_size=10
            )
        give_vault(engine.dialect, vault)
        return cls(engine, address)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One writing transaction: committed at the end, rolled back on any error.

        Opened in listeners and in `outbox/`, nowhere else, and never around a call of Slack. A case changed
        without a log entry raises `UnloggedChange` and nothing is stored.
        """
        if not self._sqlite:
            async with self._session(self._engine) as db, db.begin():
                yield db
            return
        task = asyncio.current_task()
        if task is self._writer:
            raise RuntimeError("This task already has a transaction open; pass its session on instead.")
        async with self._queue:
            self._writer = task
            try:
                async with self._session(self._engine) as db, db.begin():
                    await db.run_sync(_begun, BEGIN_TO_WRITE)
                    yield db
            finally:
                self._writer = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one moment of the database and stores nothing. Never waits for writers."""
        async with self._session(self._snapshot) as db:
            if self._sqlite:
                await db.run_sync(_begun, BEGIN_TO_READ)
            yield db

    @asynccontextmanager
    async def browsing(self) -> AsyncIterator[AsyncSession]:
        """A session as `reading` gives it, for what looks through many cases: nobody waits meanwhile."""
        async with self.reading() as db:
            if not self._sqlite:
                yield db
                return
            driver = await db.run_sync(_driver)
            driver.in_thread = True
            try:
                yield db
            finally:
                driver.in_thread = False

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[AsyncConnection]:
        """A connection for one single select: for what is asked again and again. Never waits for writers."""
        if self._closed:
            raise self._is_closed()
        async with self._looking.connect() as connection:
            yield connection

    async def upgrade(self) -> None:
        """Brings the schema to the newest. `ConfigurationError` where the schema is not one of ours."""
        async with reachable(self._address), self._engine.begin() as connection:
            if self._sqlite:
                await connection.exec_driver_sql(BEGIN_TO_WRITE)
            if await connection.run_sync(schema.state) is SchemaState.UNKNOWN:
                raise self._unknown()
            await connection.run_sync(schema.upgrade)

    async def schema(self) -> SchemaState:
        """What the database holds, seen from this version of the program."""
        async with reachable(self._address), self._engine.connect() as connection:
            return await connection.run_sync(schema.state)

    async def ensure_ready(self) -> None:
        """Returns where the schema is the newest; creates it in an empty SQLite database.

        Anything else, or a database out of reach, raises `ConfigurationError` with what to do.
        """
        match await self.schema():
            case SchemaState.NEWEST:
                return
            case SchemaState.EMPTY if self._sqlite:
                await self.upgrade()
            case SchemaState.EMPTY:
                raise ConfigurationError(f"The database {self} is empty.", "Run `leakbot db upgrade`.")
            case SchemaState.OLDER:
                raise ConfigurationError(
                    f"The database {self} has an older schema than this leakbot.",
                    "Make a copy with `leakbot db backup FILE`, then run `leakbot db upgrade`.",
                )
            case SchemaState.UNKNOWN:
                raise self._unknown()

    async def forget_leftovers(self) -> bool:
        """Overwrites what changed and deleted rows leave behind in the SQLite file and beside it.

        SQLite keeps the bytes of what was removed until their place is needed again. Out: whether all of
        them are gone; somebody who reads or writes at that moment can be in the way. A server cares for its
        own files.
        """
        if self.file is None:
            return True
        async with self._queue:
            return await asyncio.to_thread(_write_anew, self.file)

    async def ping(self) -> None:
        """Returns where the database answers within a few seconds, else raises `ConfigurationError`.

        So does a schema that was changed under us: another version of leakbot has upgraded it meanwhile.
        """
        if self.file is not None and not self.file.exists():
            # Connections that are open still write into the removed file, and all of it would be lost.
            raise ConfigurationError(f"The database {self} is gone.", "Put its file back and start again.")
        async with reachable(self._address, _CONNECT_PATIENCE), self._engine.connect() as connection:
            found = await connection.scalars(text("SELECT version_num FROM alembic_version"))
            if tuple(found) != schema.newest():
                raise ConfigurationError(
                    f"The schema of the database {self} is no longer the one this leakbot was started on.",
                    "Start the version of leakbot that upgraded it.",
                )

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database, which one process has for itself."""
        return self._sqlite

    @property
    def file(self) -> Path | None:
        """The file of the embedded database; None on a server."""
        return Path(str(self._address.database)) if self._sqlite else None

    async def close(self) -> None:
        """Closes every connection. Whoever still wants one afterwards gets RuntimeError.

        The engine by itself would open new ones, and nobody would ever close those.
        """
        self._closed = True
        await self._engine.dispose()

    def __str__(self) -> str:
        """The address as it may be shown: without its password."""
        return shown(self._address)

    def _session(self, engine: AsyncEngine) -> AsyncSession:
        if self._closed:
            raise self._is_closed()
        return AsyncSession(engine, expire_on_commit=False, sync_session_class=GuardedSession)

    def _is_closed(self) -> RuntimeError:
        return RuntimeError(f"The database {self} is closed.")

    def _unknown(self) -> ConfigurationError:
        return ConfigurationError(
            f"The database {self} has a schema this leakbot does not know: a newer leakbot or another "
            "program made it.",
            "Install the newest leakbot and run `leakbot db upgrade`, or give leakbot a database of its own.",
        )


def _write_anew(file: Path) -> bool:
    # The connection is of its own: VACUUM runs in no transaction.
    with closing(sqlite3.connect(file, timeout=_TIDY_PATIENCE, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA temp_store = MEMORY")  # no copy of other cases on some other disk
            connection.execute("VACUUM")
            # The log of changes beside the file holds the old pages until it is cut to nothing.
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return False
    return not busy


def _begun(session: Session, how: str) -> None:
    # Not by the engine's own event: it would ask for listeners at every single statement.
    session.connection().exec_driver_sql(how)


def _driver(session: Session) -> SqliteConnection:
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, SqliteConnection)  # noqa: S101 - as `open` made it
    return driver
