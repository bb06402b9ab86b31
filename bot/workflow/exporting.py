"""Somebody takes the case file away: export_case."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log
from bot.cases.export import CaseFile, case_file
from bot.cases.states import state_of
from bot.policy.access import check_export
from bot.vocabulary import Locale, LogKind
from bot.workflow.assessing import assessment_json
from bot.workflow.opening import case_for_change


async def export_case(
    db: AsyncSession,
    number: str,
    *,
    person: str,
    privacy_office: Collection[str],
    locale: Locale,
    zone: ZoneInfo,
    now: datetime,
) -> CaseFile:
    """Note that the person takes the case file, and gather it: it holds this step too.

    In: language and zone of the timeline. Raises Refused where the person may not.
    """
    case = await case_for_change(db, number, now)
    check_export(await state_of(db, case), person, privacy_office)
    await log.append(db, case, LogKind.EXPORTED, person, now, {})
    await db.flush()
    return await case_file(db, number, assessment_json(case), locale, zone)
