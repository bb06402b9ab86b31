"""The watcher: looks every quarter of an hour for what waits without being seen, and raises alarms by name.

What is raised is a log line, a figure for the metrics, and a direct message to the privacy office. While
all is well a sign of life goes to somebody outside (`LEAKBOT_HEARTBEAT_URL`), who notices when even the
watcher is gone.
"""

from __future__ import annotations

import asyncio
import shutil
import uuid
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, unseen
from bot.cases.database import Database
from bot.cases.states import state_of
from bot.cases.tables import Case
from bot.clock import Clock
from bot.errors import BotError
from bot.outbox import alarms, deliveries, heartbeat
from bot.policy.alarms import TOO_LONG, WITHOUT_ROOM_SINCE, is_unanswered, waits_without_room
from bot.policy.state import CaseState
from bot.vocabulary import Alarm

logger = structlog.get_logger(__name__)

EVERY: Final = 900  # seconds between two looks
#: Seconds after which what was found is looked for again, and raised only if it is still so: a machine that
#: slept, or a Slack that was away, has that long to catch up.
CONFIRM: Final = 60.0
CLOCK_TOLERANCE: Final = 60.0  # seconds; Slack refuses signatures that are five minutes off
KEPT_FREE: Final = 256 * 2**20  # bytes of a disk
#: What a process can only see of itself.
OWN: Final = frozenset(
    {Alarm.SLACK_REFUSES, Alarm.CASE_NOT_PLANNED, Alarm.RETENTION_FAILED}
    | {Alarm.DISK_NEARLY_FULL, Alarm.CLOCK_WRONG}
)


@dataclass(frozen=True, slots=True)
class Signs:
    """What the watcher asks of the others. Slack's codes and case ids only, no words of a case."""

    slack: Callable[[], Sequence[str]]  # what keeps Slack from being used
    clock_off: Callable[[], float | None]  # seconds by which this machine is ahead of Slack
    unplanned: Callable[[], Collection[int]]  # ids of cases that could not be planned
    retention_failed: Callable[[], bool]
    office: Callable[[], Collection[str]]  # who is told
    noted: Collection[str]  # kinds of deliveries whose refusal the case is told of: somebody sees it
    folders: Sequence[Path]  # where this machine writes cases and evidence


class Watcher:
    """Looks, raises and clears alarms, and has the privacy office told. Nothing here ever raises."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        signs: Signs,
        *,
        ring: Callable[[], None],
        heartbeat_url: str | None = None,
        confirm: float = CONFIRM,
        kept_free: int = KEPT_FREE,
    ) -> None:
        self._database = database
        self._clock = clock
        self._signs = signs
        self._ring = ring
        self._heartbeat_url = heartbeat_url
        self._confirm = confirm
        self._kept_free = kept_free
        self._owner = uuid.uuid4().hex
        self._away = False

    async def look(self) -> None:
        """The work of every quarter of an hour."""
        await self._guarded(self._look)

    async def verify(self) -> None:
        """The work of every night: whether the record of every case is as it was written."""
        await self._guarded(self._verify)

    async def standing(self) -> set[Alarm]:
        """The alarms that stand now. Never raises.

        A database that does not answer is one by itself; so is one that could not be written when last
        looked: a full disk can still be read.
        """
        try:
            noted = await self._noted()
        except (SQLAlchemyError, OSError, BotError):
            return {Alarm.DATABASE_AWAY}
        return noted | {Alarm.DATABASE_AWAY} if self._away else noted

    async def _noted(self) -> set[Alarm]:
        async with self._database.reading() as db:
            return await alarms.standing(db)

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except (SQLAlchemyError, OSError, BotError) as error:
            # Nobody can be told through a database that is away: the log and the metrics have to do.
            self._away = True
            logger.error("alarm_raised", alarm=Alarm.DATABASE_AWAY.value, error=type(error).__name__)
        except Exception as error:
            logger.error("watching_failed", error=type(error).__name__, exc_info=error)
        else:
            if self._away:
                self._away = False
                logger.info("alarm_cleared", alarm=Alarm.DATABASE_AWAY.value)

    async def _look(self) -> None:
        await self._database.ping()
        found = await self._find()
        if any(found.values()):
            await asyncio.sleep(self._confirm)
            again = await self._find()
            found = {alarm: [each for each in again[alarm] if each in found[alarm]] for alarm in found}
        await self._note(found)
        if self._heartbeat_url and not await self._noted() and not self._signs.slack():
            await heartbeat.beat(self._heartbeat_url)

    async def _verify(self) -> None:
        async with self._database.browsing() as db:
            numbers = await unseen.all_numbers(db)
        unsound = []
        for number in numbers:
            async with self._database.browsing() as db:
                if await log.verify(db, number):
                    unsound.append(number)
        await self._note({Alarm.RECORD_BROKEN: unsound})

    async def _note(self, found: alarms.Found) -> None:
        now = self._clock.now()
        async with self._database.transaction() as db:
            await alarms.note(db, found, OWN, self._owner, now)
            left = await alarms.leave_words(db, self._signs.office(), now)
        if left:
            self._ring()

    async def _find(self) -> Mapping[Alarm, Sequence[str]]:
        now = self._clock.now()
        unplanned = set(self._signs.unplanned())
        async with self._database.browsing() as db:
            cases, unreadable = await _read(db, await unseen.cases_without_room_or_answer(db))
            stuck = await deliveries.numbers_stuck(db, now - TOO_LONG)
            refused = await deliveries.numbers_refused(db, now - alarms.DAY, self._signs.noted)
            late = await unseen.numbers_unplanned(db, now - TOO_LONG, unplanned | unreadable)
        return {
            Alarm.PAGE_WITHOUT_ANSWER: [case.number for case in cases if is_unanswered(case, now)],
            Alarm.CASE_WITHOUT_ROOM: [case.number for case in cases if waits_without_room(case, now)],
            Alarm.CASE_NOT_PLANNED: late,
            Alarm.DELIVERY_STUCK: stuck,
            Alarm.DELIVERY_REFUSED: refused,
            Alarm.SLACK_REFUSES: list(self._signs.slack()),
            Alarm.CLOCK_WRONG: _wrong(self._signs.clock_off()),
            Alarm.RETENTION_FAILED: ["retention"] if self._signs.retention_failed() else [],
            Alarm.DISK_NEARLY_FULL: await asyncio.to_thread(
                _nearly_full, self._signs.folders, self._kept_free
            ),
        }


async def _read(db: AsyncSession, rows: Sequence[Case]) -> tuple[list[CaseState], set[int]]:
    """Cases as values, and the ids of those that cannot be read: they hide no other."""
    cases, unreadable = [], set()
    for row in rows:
        try:
            kinds = WITHOUT_ROOM_SINCE if row.former_channels else ()
            cases.append(await state_of(db, row, announced=kinds))
        except (SQLAlchemyError, OSError):
            raise  # the database itself
        except Exception:
            unreadable.add(row.id or 0)
    return cases, unreadable


def _wrong(clock_off: float | None) -> list[str]:
    if clock_off is None or abs(clock_off) <= CLOCK_TOLERANCE:
        return []
    return [f"{round(clock_off / 60):+d} min"]


def _nearly_full(folders: Sequence[Path], kept_free: int) -> list[str]:
    return [folder.name or str(folder) for folder in folders if shutil.disk_usage(folder).free < kept_free]
