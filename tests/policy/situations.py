"""Cases in the situations that policy has to judge, as plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.organisation import Organisation, parse
from bot.policy.state import (
    CaseState,
    ChainLevel,
    ChainPerson,
    EventState,
    MemberState,
    MessageRef,
    ObligationState,
    PageState,
    ReportState,
)
from bot.vocabulary import Indicator, LogKind, ObligationKind, Role, Status

TOKYO = ZoneInfo("Asia/Tokyo")
REPORTED = datetime(2026, 11, 22, 12, 18, tzinfo=UTC)  # Sunday 21:18 in Japan
MINUTE = timedelta(minutes=1)

ORGANISATION: Organisation = parse(
    """
name: 株式会社サンプル
locale: ja
timezone: Asia/Tokyo
privacy_office: [U0PRIVACY]
response_team: []
last_resort: [U0CISO]
crisis_team: []
departments:
  - {id: sales, name: 営業部, manager: U0MANAGER, deputies: [U0DEPUTY]}
reminders:
  quiet_hours: {from: "22:00", to: "07:00"}
""",
    "test.yaml",
)


def person(user: str | None, *, active: bool = True) -> ChainPerson:
    """Somebody of the chain."""
    return ChainPerson(reference=user or "nobody@sample.example", user=user, active=active)


CHAIN = (
    ChainLevel(Role.MANAGER, (person("U0MANAGER"),)),
    ChainLevel(Role.DEPUTY, (person("U0DEPUTY"),)),
    ChainLevel(Role.LAST_RESORT, (person("U0CISO"),)),
)


def a_case(**changes: Any) -> CaseState:
    """A case just reported: a lost USB stick in the sales department, nothing done yet."""
    case = CaseState(
        number="2026-0001",
        drill=False,
        status=Status.REPORTED,
        department="sales",
        department_name="営業部",
        indicator=Indicator.MEDIA_LOST,
        reporter="U0REPORTER",
        aware_at=REPORTED - 8 * MINUTE,
        reported_at=REPORTED,
        occurred_at=None,
        acknowledged_at=None,
        acknowledged_by=None,
        closed_at=None,
        report=ReportState(summary="USBメモリを電車に忘れた"),
        facts={},
        channel=None,
        card=None,
        revision=1,
        chain=CHAIN,
        acknowledge_within=10 * MINUTE,
        repeat_every=10 * MINUTE,
        members={"U0REPORTER": MemberState("U0REPORTER", Role.REPORTER)},
    )
    return replace(case, **changes)


def paged(level: int, user: str, after: timedelta, attempt: int = 1) -> PageState:
    """A page sent so long after the report."""
    return PageState(level=level, attempt=attempt, user=user, sent_at=REPORTED + after)


def with_room(case: CaseState) -> CaseState:
    """The same case with its room, card and people."""
    here = [m.user for m in case.members.values()] + [
        p.user for level in case.chain for p in level.people if p.user
    ]
    return replace(
        case,
        channel="C0ROOM",
        card=MessageRef("C0ROOM", "1.000001"),
        members={u: MemberState(u, Role.RESPONSE_TEAM, invited_at=REPORTED) for u in here},
        events=(
            EventState(3, REPORTED, "leakbot", LogKind.CARD_POSTED, {}),
            *case.events,
        ),
    )


def due(day: datetime, kind: ObligationKind = ObligationKind.PRELIMINARY, **changes: Any) -> ObligationState:
    """An obligation due at the last second of this day in Japan."""
    end = day.astimezone(TOKYO).replace(hour=23, minute=59, second=59, microsecond=0)
    obligation = ObligationState(
        kind=kind,
        recipient="ppc",
        due_at=end.astimezone(UTC),
        aim_on=None,
        nominal_on=None,
        clock_start=None,
        days=None,
        provisional=True,
    )
    return replace(obligation, **changes)
