"""The nightly work: personal data of cases closed long enough is blanked, and its bytes are overwritten."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.cases import queries, retention
from bot.cases.database import Database
from bot.cases.evidence import EvidenceStore
from bot.clock import Clock
from bot.organisation import Organisation

logger = structlog.get_logger(__name__)

AT_ONCE: Final = 50  # cases looked up together; each has a transaction of its own
#: Bytes are overwritten after a blanking, and again the night after: a process may have died in between.
OVERWRITTEN_FOR: Final = timedelta(days=2)


class Retention:
    """Blanks what the organisation no longer keeps (`retention.personal_data_after`; never where absent)."""

    def __init__(
        self,
        database: Database,
        organisation: Organisation,
        clock: Clock,
        evidence: EvidenceStore | None = None,
    ) -> None:
        self._database = database
        self._evidence = evidence
        self._kept_for = organisation.retention.personal_data_after
        self._clock = clock
        self.failed = False  # whether anything went wrong in the night that was last

    async def run(self) -> None:
        """The work of one night. What goes wrong is logged: the next night tries again."""
        self.failed = False
        try:
            await self.blank_expired()
        except Exception as error:
            self.failed = True
            logger.error("retention_failed", error=type(error).__name__)

    async def blank_expired(self) -> int:
        """Blank every case whose time has come. Out: how many. One that cannot be read holds up no other."""
        if self._kept_for is None:
            return 0
        now = self._clock.now()
        blanked = 0
        seen: tuple[datetime, int] | None = None
        while due := await self._due(now - self._kept_for, seen):
            for _, case_id in due:
                try:
                    blanked += await self._blank(case_id, self._kept_for, now)
                except Exception as error:
                    self.failed = True
                    logger.error("case_not_blanked", case_id=case_id, error=type(error).__name__)
            seen = due[-1]
        await self._overwrite(now)
        return blanked

    async def _due(
        self, closed_before: datetime, seen: tuple[datetime, int] | None
    ) -> list[tuple[datetime, int]]:
        async with self._database.reading() as db:
            return await queries.expired_cases(db, closed_before, AT_ONCE, seen)

    async def _blank(self, case_id: int, kept_for: timedelta, now: datetime) -> bool:
        async with self._database.transaction() as db:
            case = await queries.case_by_id(db, case_id, lock=True)
            # Another process was quicker, or somebody reopened the case meanwhile.
            if case is None or not retention.is_due(case, now - kept_for):
                return False
            await retention.blank(db, case, kept_for, now)
            # Before the commit: a folder that cannot be emptied leaves the case for the next night.
            if self._evidence is not None:
                await asyncio.to_thread(self._evidence.forget, case.number)
        logger.info("case_blanked", case=case.number)
        return True

    async def _overwrite(self, now: datetime) -> None:
        async with self._database.reading() as db:
            last = await queries.newest_blanking(db)
        if last is not None and last > now - OVERWRITTEN_FOR and not await self._database.forget_leftovers():
            logger.warning("leftovers_not_overwritten")
