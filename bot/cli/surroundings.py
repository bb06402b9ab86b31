"""What the commands share: the words of their arguments, the database and organisation they work on."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import typer

from bot.errors import ConfigurationError

if TYPE_CHECKING:
    from bot.cases.database import Database
    from bot.organisation import Organisation
    from bot.settings import Settings

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)]
Number = Annotated[str, typer.Argument(help="The case number, for example 2026-0001.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

TOKYO = ZoneInfo("Asia/Tokyo")


def serve(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run until Ctrl+C or SIGTERM, then end in good order."""

    async def until_stopped() -> None:
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for which in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(which, stopped.set)
        await work(stopped)

    asyncio.run(until_stopped())


def with_database(work: Callable[[Database], Coroutine[Any, Any, None]], *, ready: bool = True) -> None:
    from bot.cases.database import Database
    from bot.outbox import table  # noqa: F401 - what copies tables must know all of them
    from bot.settings import Settings

    settings = Settings.read()

    async def inside() -> None:
        database = Database.open(settings.database_url, settings.encryption_keys)
        try:
            if ready:
                await database.ensure_ready()
            await work(database)
        finally:
            await database.close()

    asyncio.run(inside())


def organisation() -> Organisation | None:
    """None where only the database is at hand, as on an auditor's machine; Japanese and Tokyo count then."""
    from bot.organisation import read
    from bot.settings import Settings

    try:
        return read(Settings.read().organisation)
    except ConfigurationError:
        return None


def is_local(settings: Settings) -> bool:
    return urlsplit(settings.slack_api_url).hostname in ("127.0.0.1", "localhost", "::1")


def stay_local() -> None:
    """The SDK takes proxies from the environment and ignores NO_PROXY; loopback needs none."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        os.environ.pop(name, None)
