"""What can be checked on this machine: organisation file, time zone, templates, database."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.cases import queries
from bot.cases.database import Database
from bot.cases.schema import SchemaState
from bot.check.finding import Finding, failed
from bot.documents.checking import check_templates, own_templates
from bot.errors import ConfigurationError
from bot.organisation import Organisation
from bot.outbox.alarms import standing
from bot.outbox.heartbeat import beat
from bot.outbox.watcher import KEPT_FREE
from bot.settings import Settings
from bot.vocabulary import Alarm

DATABASE_PATIENCE: Final = 8.0  # seconds
HEARTBEAT_PATIENCE: Final = 5.0  # seconds


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


def encryption_is_on(settings: Settings) -> Finding:
    """Whether facts and free text are sealed at rest."""
    if count := len(settings.encryption_keys):
        more = (
            "" if count == 1 else f", and {count - 1} older to read with; `leakbot keys rotate` retires them"
        )
        return Finding("encryption", "ok", f"facts and free text are sealed with the newest key{more}.")
    return Finding(
        "encryption",
        "warning",
        "off: facts and free text are stored as they are.",
        "Set LEAKBOT_ENCRYPTION_KEYS; `leakbot keys new` makes a key.",
    )


def disk_has_room(settings: Settings, organisation: Organisation | None) -> list[Finding]:
    """The disks that hold the SQLite database and the files of evidence."""
    folders = {organisation.evidence.store} if organisation and organisation.evidence.store else set()
    scheme, _, path = settings.database_url.partition(":///")
    if scheme.startswith("sqlite"):
        folders.add(Path(path.partition("?")[0]).absolute().parent)
    found = []
    for folder in sorted(each for each in folders if each.is_dir()):
        free = shutil.disk_usage(folder).free
        said = f"{free / 2**30:.1f} GB are free in {folder}."
        if free < KEPT_FREE:
            remedy = "Make room: without it no first report can be taken."
            found.append(Finding("disk", "failed", said, remedy))
        else:
            found.append(Finding("disk", "ok", said))
    return found


async def heartbeat_is_heard(settings: Settings) -> list[Finding]:
    """Whether somebody outside hears the sign of life, where one is to be sent. Sends one."""
    if settings.heartbeat_url is None:
        return []
    if await beat(settings.heartbeat_url.get_secret_value(), HEARTBEAT_PATIENCE):
        return [Finding("heartbeat", "ok", "a sign of life was heard outside.")]
    remedy = "Correct LEAKBOT_HEARTBEAT_URL, or look at the network."
    return [Finding("heartbeat", "failed", "a sign of life was not heard outside.", remedy)]


async def database_is_usable(database: Database) -> list[Finding]:
    """Reachable, at the newest schema, readable with the keys that are set; and what alarms stand.

    Closes the database.
    """
    alarms: set[Alarm] = set()
    try:
        async with asyncio.timeout(DATABASE_PATIENCE):
            if database.is_sqlite and await database.schema() is SchemaState.EMPTY:
                return [Finding("database", "ok", f"{database}: empty; `leakbot run` makes its tables.")]
            await database.ensure_ready()
            async with database.reading() as db:
                await queries.newest_case(db)
                alarms = await standing(db)
    except ConfigurationError as error:
        return [failed("database", error)]
    except TimeoutError:
        remedy = "Look at the database server and the network."
        return [Finding("database", "failed", f"{database} does not answer.", remedy)]
    finally:
        await database.close()
    found = [Finding("database", "ok", f"{database}: reachable, the schema is the newest.")]
    remedy = "README, Operating, says what it means and what to do."
    return found + [
        Finding("alarms", "warning", f"{alarm.value}: {alarm.en}.", remedy) for alarm in sorted(alarms)
    ]
