"""Database URLs: which ones we take, which driver they get, and one clear line when nobody answers there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import ConfigurationError

VARIABLE: Final = "LEAKBOT_DATABASE_URL"
_REMEDY: Final = "Write sqlite:///leakbot.db or postgresql://USER:PASSWORD@HOST/DATABASE."
_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}


def address_of(url: str) -> URL:
    """The URL with our own driver. `ConfigurationError` (without the password) where it is none of ours.

    A SQLite file that does not exist yet is made, empty and readable by its owner only.
    """
    try:
        address = make_url(url.strip())
    except (ArgumentError, ValueError):
        raise ConfigurationError(f"{VARIABLE} is not a database URL.", _REMEDY) from None
    backend = address.drivername.partition("+")[0]
    if backend not in _DRIVERS:
        raise ConfigurationError(f"{VARIABLE} names a database leakbot does not know: {backend}.", _REMEDY)
    if backend == "sqlite":
        _prepare_file(address)
    elif not address.database:
        raise ConfigurationError(f"{VARIABLE} does not say which database.", _REMEDY)
    return address.set(drivername=_DRIVERS[backend])


def _prepare_file(address: URL) -> None:
    if address.host or not address.database or address.database == ":memory:":
        raise ConfigurationError(
            f"{VARIABLE} names no SQLite file; cases must outlive the program.",
            "Write three slashes for a relative path (sqlite:///leakbot.db), four for an absolute one.",
        )
    file = Path(address.database)
    if not file.parent.is_dir():
        raise ConfigurationError(f"{VARIABLE}: the folder {file.parent} does not exist.", "Create it first.")
    try:
        # SQLite would make it readable for everybody on the machine; its side files follow this one's mode.
        file.touch(mode=0o600)
    except OSError as error:
        raise ConfigurationError(
            f"{VARIABLE}: the file {file} cannot be written: {error.strerror}.",
            "Name a file in a folder that leakbot may write to.",
        ) from None


def shown(address: URL) -> str:
    """The address as people may see it: without password and options."""
    return address.set(query={}).render_as_string(hide_password=True)


@asynccontextmanager
async def reachable(address: URL, patience: float | None = None) -> AsyncIterator[None]:
    """Turns every failure to reach the database, or silence for `patience` seconds, into one clear line."""
    try:
        async with asyncio.timeout(patience):
            yield
    except (DBAPIError, PoolTimeout, OSError) as error:
        cause = str(getattr(error, "orig", None) or error) or "no answer in time"
        line = " ".join(cause.split("\n")[0].split())
        if address.password:
            line = line.replace(str(address.password), "***")
        raise ConfigurationError(
            f"The database {shown(address)} cannot be used: {line}.".replace("..", "."), f"Check {VARIABLE}."
        ) from None
