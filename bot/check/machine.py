"""What can be checked on this machine: organisation file, time zone, templates, database."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import datetime
from typing import Final

from bot.cases import queries
from bot.cases.database import Database
from bot.cases.schema import SchemaState
from bot.check.finding import Finding, failed
from bot.documents.checking import check_templates, own_templates
from bot.errors import ConfigurationError
from bot.organisation import Organisation
from bot.settings import Settings

DATABASE_PATIENCE: Final = 8.0  # seconds


def organisation_is_read(settings: Settings, organisation: Organisation) -> Finding:
    count = len(organisation.departments)
    return Finding(
        "organisation", "ok", f"{settings.organisation}: {organisation.name}, {count} departments."
    )


def zone_is_known(organisation: Organisation, now: datetime) -> Finding:
    there = now.astimezone(organisation.timezone)
    return Finding("time_zone", "ok", f"{organisation.timezone.key}, where it is {there:%Y-%m-%d %H:%M %Z}.")


def templates_are_usable(organisation: Organisation) -> Finding:
    """The organisation's own templates of documents: each is composed and filled in."""
    try:
        check_templates(organisation)
    except ConfigurationError as error:
        return failed("templates", error)
    count = len(own_templates(organisation))
    return Finding("templates", "ok", f"{organisation.templates}: {count} of the company's own, all usable.")


def evidence_is_usable(organisation: Organisation) -> Finding:
    """The folder in which shared files are kept: the program may write there."""
    folder = organisation.evidence.store
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        remedy = "Let the user who runs leakbot write there."
        return Finding("evidence", "failed", f"{folder} cannot be written to ({error.strerror}).", remedy)
    return Finding("evidence", "ok", f"Shared files are kept in {folder}.")


async def database_is_usable(database: Database) -> Finding:
    """Reachable, at the newest schema, and readable with the keys that are set. Closes the database."""
    try:
        async with asyncio.timeout(DATABASE_PATIENCE):
            if database.is_sqlite and await database.schema() is SchemaState.EMPTY:
                return Finding("database", "ok", f"{database}: empty; `leakbot run` makes its tables.")
            await database.ensure_ready()
            async with database.reading() as db:
                await queries.newest_case(db)
    except ConfigurationError as error:
        return failed("database", error)
    except TimeoutError:
        return Finding(
            "database",
            "failed",
            f"{database} does not answer.",
            "Look at the database server and the network.",
        )
    finally:
        await database.close()
    return Finding("database", "ok", f"{database}: reachable, the schema is the newest.")
