"""The connection to the SQLite file: what takes microseconds is done at once, what may wait in a thread.

aiosqlite hands every single step (a cursor, its statement, its rows, its end) to a thread and back. That
costs ten times what SQLite takes, and on a busy machine each handover waits for the other thread's turn. With
a write-ahead log only two things wait: a writer that begins while another process writes, and a commit, for
the disk. These, opening and closing stay with the thread. So does all that a reader does who looks through
many cases (`in_thread`): that takes SQLite long, and everybody else would have to wait for it.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import aiosqlite

#: How a writing transaction begins. One that began as a reader could be refused half way ("database is
#: locked"); this one queues.
BEGIN_TO_WRITE: Final = "BEGIN IMMEDIATE"
BEGIN_TO_READ: Final = "BEGIN"

_ROWS_AT_ONCE: Final = 64  # asked for by aiosqlite; we always take all of them
_CACHED_STATEMENTS: Final = 512  # each is parsed once in the life of a connection


class SqliteConnection(aiosqlite.Connection):
    """A connection as SQLAlchemy's dialect for aiosqlite uses it: one user at a time."""

    def __init__(self, file: Path, patience: float) -> None:
        super().__init__(partial(_open, file, patience), _ROWS_AT_ONCE)
        self._patience_ms = int(patience * 1000)
        self._thread.daemon = True  # as SQLAlchemy has it: a thread that waits keeps no process alive
        # Each counts in one thread only. Equal: the thread has nothing left to do.
        self._handed_over = 0
        self._handed_back = 0
        self._ending: asyncio.Future[Any] | None = None
        self.in_thread = False  # whether every step is left to the thread

    def stop(self) -> asyncio.Future[Any] | None:
        """As aiosqlite has it: the thread ends by itself."""
        self._ending = super().stop()
        return self._ending

    async def ended(self) -> None:
        """Wait until the thread has nothing more to tell a loop that may be gone by then."""
        if self._ending is not None:
            await self._ending

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        connection = self._connection
        if connection is None or not self._running:
            return await self._hand_over(fn, *args, **kwargs)  # says that it is closed
        may_wait = fn in (connection.commit, connection.close)
        # Whoever was cancelled while the thread was at work has left it behind; everything else comes after.
        behind = self._handed_over != self._handed_back
        if args[:1] == (BEGIN_TO_WRITE,) and not behind:
            try:
                return self._without_waiting(fn, *args, **kwargs)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                may_wait = True  # another process writes
        if may_wait or self.in_thread or behind:
            self._handed_over += 1
            return await self._hand_over(self._counted, fn, *args, **kwargs)
        return fn(*args, **kwargs)

    def _without_waiting(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Raises sqlite3.OperationalError at once where somebody else writes."""
        connection = self._conn
        connection.execute("PRAGMA busy_timeout = 0").close()
        try:
            return fn(*args, **kwargs)
        finally:
            connection.execute(f"PRAGMA busy_timeout = {self._patience_ms}").close()

    async def _hand_over(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]

    def _counted(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return fn(*args, **kwargs)
        finally:
            self._handed_back += 1


async def connected(file: Path, patience: float) -> SqliteConnection:
    """A connection to this file, open.

    In: `patience`, how long somebody else's lock is waited for, in seconds; then `sqlite3.OperationalError`.
    """
    connection = SqliteConnection(file, patience)
    try:
        await connection
    except sqlite3.Error:
        await connection.ended()
        raise
    return connection


def _open(file: Path, patience: float) -> sqlite3.Connection:
    # Used by the loop and by the thread, one after the other. Transactions are begun and ended from above.
    connection = sqlite3.connect(
        file,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_CACHED_STATEMENTS,
    )
    # FULL: what has been acknowledged to a person must survive a power cut; NORMAL may lose it in WAL mode.
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()
    _write_ahead(connection, patience)
    return connection


def _write_ahead(connection: sqlite3.Connection, patience: float) -> None:
    """Turn on the write-ahead log, which the file keeps from then on.

    That needs the file alone for a moment, and SQLite does not wait for it as it does for other locks
    (https://sqlite.org/wal.html). Called in a thread.
    """
    until = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
