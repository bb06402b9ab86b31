"""Two reports of one thing become one case: join_cases.

The second case ends, its record stays and says where it went on; the first one keeps the words of both. The
law counts from when any department of the company knew (GL 3-5-3-3): the earlier of the two moments counts.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.states import state_of
from bot.cases.tables import Case
from bot.errors import Refused
from bot.policy.access import check_join
from bot.policy.confidential import is_in_the_room
from bot.policy.state import CaseState
from bot.vocabulary import LogKind, Role, Status
from bot.workflow.assessing import NO_DUTY, reassess
from bot.workflow.inquiries import bring_inquiries
from bot.workflow.obligations import assessment_of_case, settle_obligations
from bot.workflow.opening import case_for_change
from bot.workflow.paging import joins_the_room


async def join_cases(
    db: AsyncSession,
    number: str,
    into: str,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """Case `number` goes on as part of case `into`. Joined there already, it changes nothing.

    Inquiries that wait for an answer go on there. Its open obligations are removed and its pages stop. Raises
    Refused where the person may not, where either is closed, where one is a drill and the other none, where
    anything of the second was decided or filed, and where the first was found to need no report: a clock that
    runs must not end without a decision.
    """
    second, first = await _both(db, number, into, now)
    joined, stays = await state_of(db, second), await state_of(db, first)
    if joined.joined_into == into:
        return  # the same form, sent twice
    check_join(joined, stays, person, privacy_office)
    if stays.assessment is not None and stays.assessment["decision"] in NO_DUTY:
        raise Refused("join_no_duty", number=into)
    before = assessment_of_case(first)
    data = _report_of(joined)
    if joined.aware_at < first.aware_at:
        data["moved_from"] = first.aware_at.isoformat()
        first.aware_at = joined.aware_at
    informants = await _bring_reporters(db, joined, first, stays)
    first.informants = [*first.informants, *informants]
    data["informants"] = len(informants)
    await log.append(db, first, LogKind.JOINED, person, now, data)
    await reassess(db, first, before, privacy_office=privacy_office, now=now)
    await bring_inquiries(db, second, first, stays, person=person, now=now)
    await settle_obligations(db, second, assessment_of_case(second), (), now)
    second.closed_at, second.status, second.joined_into = now, Status.CLOSED, into
    await log.append(db, second, LogKind.JOINED_INTO, person, now, {"into": into, "channel": first.channel})


async def _both(db: AsyncSession, number: str, into: str, now: datetime) -> tuple[Case, Case]:
    """Both cases for change. In one order everywhere: whoever locks several never waits in a circle."""
    found = [await queries.case_row(db, each) for each in (number, into)]
    if None in found:
        raise Refused("not_found")
    rows = sorted((case for case in found if case), key=lambda case: case.id or 0)
    locked = {case.number: await case_for_change(db, case.number, now) for case in rows}
    return locked[number], locked[into]


def _report_of(case: CaseState) -> dict[str, Any]:
    """What the first case keeps of the report, the reporter's name only where it is not to be kept."""
    report = case.report
    words = {
        "summary": report.summary,
        "data_items": report.data_items,
        "persons": report.persons,
        "medium": report.medium,
        "protection": report.protection,
        "immediate_actions": report.immediate_actions,
        "on_behalf_of": report.on_behalf_of,
        "occurred_at": case.occurred_at.isoformat() if case.occurred_at else None,
    }
    return {
        "other": case.number,
        "channel": case.channel,
        "reporter": None if case.confidential else case.reporter,
        "aware_at": case.aware_at.isoformat(),
        "reported_at": case.reported_at.isoformat(),
        "words": {name: value for name, value in words.items() if value},
    }


async def _bring_reporters(db: AsyncSession, joined: CaseState, first: Case, stays: CaseState) -> list[str]:
    """Its reporter comes into the first case's room. Out: those who do not, and are kept informed."""
    outside = [*joined.informants]
    if joined.confidential or joined.reporter not in joined.members:
        outside.insert(0, joined.reporter)
    elif is_in_the_room(joined, joined.reporter) and not is_in_the_room(stays, joined.reporter):
        await joins_the_room(db, first, Role.VISITOR, joined.reporter)
    return [user for user in outside if user not in (stays.reporter, *stays.informants)]
