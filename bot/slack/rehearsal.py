"""A first report played through before the first person sends one, and taken back whole.

What Python imports, the templates and SQLAlchemy make at their first use takes longer than the report itself,
on a busy machine longer than Slack waits for a form. It is done in a transaction of the real database (what
SQLAlchemy makes belongs to it) that always ends in a rollback: nothing is stored, nothing is said.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import get_args

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.hanging import row_to_read
from bot.organisation import Organisation
from bot.outbox.planner import plan_case
from bot.policy.personal_data import masked
from bot.policy.state import CaseState, MessageRef, PageState
from bot.slack.desk import Desk
from bot.slack.screens.card import card
from bot.slack.screens.first_report import first_report, received
from bot.slack.screens.page import page
from bot.slack.screens.receipt import receipt
from bot.vocabulary import Indicator, Locale
from bot.workflow import paging, reporting, rooms
from bot.workflow.inputs import FirstReport
from bot.workflow.laying_out import lay_out
from bot.workflow.receiving import Received, receive

logger = structlog.get_logger(__name__)

_ROOM, _TS = "CREHEARSAL", "1.000001"


class _ItIsOver(Exception):
    """Take everything back."""


async def rehearse(desk: Desk) -> None:
    """Play a first report through, without a trace. Never raises: a bot that is not warm works too."""
    try:
        async with desk.database.transaction() as db:
            await _a_first_report(db, desk)
            raise _ItIsOver
    except _ItIsOver:
        return
    except Exception as error:
        logger.warning("rehearsal_failed", error=type(error).__name__)


async def _a_first_report(db: AsyncSession, desk: Desk) -> None:
    organisation, now = desk.organisation, desk.now()
    department = organisation.departments[0]
    masked("rehearsal")
    report = FirstReport(Indicator.MEDIA_LOST, "rehearsal", now, department.id)
    sent = Received(
        report,
        desk.bot_user,
        uuid.uuid4().hex,
        desk.people.roster(department, desk.bot_user),
        drill=True,  # the numbers of drills are their own: nobody who reports waits for this one
    )
    case = (await receive(db, [sent], organisation.timezone, now))[0]
    number, key = case.number, (await row_to_read(db, case.number)).id
    planned = await plan_case(db, organisation, key, now, lay_out)
    for locale in get_args(Locale):
        _draw(locale, organisation, planned.case if planned else case, desk)
    where = MessageRef(_ROOM, _TS)
    await paging.page_sent(
        db, number, level=0, attempt=1, user=desk.bot_user, where=where, linked=False, sent_at=now, now=now
    )
    await reporting.receipt_sent(db, number, where, False, now)
    await rooms.room_opened(db, number, _ROOM, now)
    await plan_case(db, organisation, key, now)
    await reporting.members_invited(db, number, {desk.bot_user: None}, now)
    await reporting.card_posted(db, number, where, now)
    await plan_case(db, organisation, key, now)


def _draw(locale: Locale, organisation: Organisation, case: CaseState, desk: Desk) -> None:
    zone, now = organisation.timezone, desk.now()
    first_report(locale, zone, organisation.departments, None, now)
    received(locale, case)
    receipt(locale, zone, case, now)
    called = PageState(level=0, attempt=1, user=desk.bot_user, sent_at=None)
    page(locale, zone, case, called, now, in_room=False)
    card(locale, zone, replace(case, channel=_ROOM), now)
