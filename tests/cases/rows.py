"""Situations of a case for the tests of storage."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.log import append
from bot.cases.numbers import next_numbers
from bot.cases.states import chain_rows, report_row
from bot.cases.tables import Case
from bot.policy.state import ChainLevel, ChainPerson, ReportState
from bot.vocabulary import Indicator, LogKind, Role, Status

NOON = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)
CHAIN = (
    ChainLevel(Role.MANAGER, (ChainPerson("buchou@example.co.jp", "U0BUCHOU"),)),
    ChainLevel(Role.DEPUTY, (ChainPerson("dairi@example.co.jp", None, active=False),)),
    ChainLevel(Role.LAST_RESORT, (ChainPerson("U0CISO", "U0CISO"), ChainPerson("U0CEO", "U0CEO"))),
)
REPORT = ReportState(summary="USBメモリを電車に置き忘れた", medium="portable_media", files=("F0A", "F0B"))


def new_case(number: str, view_id: str = "V0", **other: Any) -> Case:
    """A case as it stands right after the first report, not stored yet."""
    values: dict[str, Any] = {
        "number": number,
        "status": Status.REPORTED.value,
        "department": "sales",
        "department_name": "営業部",
        "indicator": Indicator.MEDIA_LOST.value,
        "reporter": "U0REPORTER",
        "view_id": view_id,
        "aware_at": NOON,
        "reported_at": NOON + timedelta(minutes=8),
        "report": report_row(REPORT),
        "facts": {"persons": {"exact": 1200}},
        "chain": chain_rows(CHAIN),
    }
    return Case(**{**values, **other})


async def reported(db: AsyncSession, view_id: str = "V0", **other: Any) -> Case:
    """A case that was just reported, with its number and its first log entry."""
    number = (await db.run_sync(next_numbers, 2026, bool(other.get("drill")), 1))[0]
    case = new_case(number, view_id, **other)
    await append(db, case, LogKind.REPORTED, case.reporter, NOON, {"summary": REPORT.summary})
    return case
