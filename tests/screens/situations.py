"""Cases as the screens meet them: just reported, half known, fully known, hostile, closed, a drill."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.organisation import Department
from bot.policy.state import (
    AbsenceState,
    CaseState,
    ChainLevel,
    ChainPerson,
    EventState,
    MemberState,
    ObligationState,
    PageState,
    ReportState,
)
from bot.vocabulary import Indicator, LogKind, ObligationKind, Role, Status
from bot.workflow.answers import answer_json
from bot.workflow.obligations import assessment_of

TOKYO = ZoneInfo("Asia/Tokyo")
AWARE = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)  # Sunday 21:10 in Tokyo
REPORTED = datetime(2026, 11, 22, 12, 18, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)

HOSTILE = (
    "<!channel> <@U1> <https://evil.example|x> ```*_~",
    "😀" * 3000,
    "&" * 3000,
    "あ" * 3000,
    "<" * 3000,
    "👩‍👩‍👧‍👦" * 400,
    "\n".join("x" * 1500),
)

CHAIN = (
    ChainLevel(Role.MANAGER, (ChainPerson("buchou@example.co.jp", "UMANAGER"),)),
    ChainLevel(Role.DEPUTY, (ChainPerson("dairi@example.co.jp", "UDEPUTY"),)),
    ChainLevel(Role.LAST_RESORT, (ChainPerson("ciso@example.co.jp", "UCISO"),)),
)

PRELIMINARY = ObligationState(
    kind=ObligationKind.PRELIMINARY,
    recipient="ppc",
    due_at=datetime(2026, 11, 26, 14, 59, 59, tzinfo=UTC),
    aim_on=date(2026, 11, 24),
    nominal_on=date(2026, 11, 26),
    clock_start=date(2026, 11, 22),
    days=5,
    provisional=True,
)
# Day 30 is Monday 21 December 2026.
FINAL = ObligationState(
    kind=ObligationKind.FINAL,
    recipient="ppc",
    due_at=datetime(2026, 12, 21, 14, 59, 59, tzinfo=UTC),
    aim_on=None,
    nominal_on=date(2026, 12, 21),
    clock_start=date(2026, 11, 22),
    days=30,
    provisional=True,
)
INDIVIDUAL_NOTICE = ObligationState(
    kind=ObligationKind.INDIVIDUAL_NOTICE,
    recipient="persons",
    due_at=None,
    aim_on=None,
    nominal_on=None,
    clock_start=None,
    days=None,
    provisional=True,
)
MY_NUMBER = (
    replace(PRELIMINARY, kind=ObligationKind.MN_PRELIMINARY, provisional=False),
    replace(
        FINAL,
        kind=ObligationKind.MN_FINAL,
        provisional=False,
        submitted_at=datetime(2026, 12, 1, 1, 0, tzinfo=UTC),
        receipt="R-123",
    ),
)

DEPARTMENTS = tuple(
    Department(
        id=name,
        name=label,
        manager="UMANAGER",
        deputies=("UDEPUTY",),
        members=(),
        acknowledge_within=timedelta(minutes=10),
        contact_point=None,
        authority=None,
    )
    for name, label in (("sales", "営業部"), ("hr", "人事部"))
)


AWAY = AbsenceState(
    number=1,
    person="UMANAGER",
    since=NOW,
    until=NOW + timedelta(days=3),
    deputy="UDEPUTY",
    declared_by="UPRIVACY",
)


def reported() -> CaseState:
    """The shortest report: one choice and one sentence; nobody has been paged yet, no room is open."""
    return CaseState(
        number="2026-0001",
        drill=False,
        status=Status.REPORTED,
        department="sales",
        department_name="営業部",
        indicator=Indicator.MEDIA_LOST,
        reporter="UREPORTER",
        aware_at=AWARE,
        reported_at=REPORTED,
        occurred_at=None,
        acknowledged_at=None,
        acknowledged_by=None,
        closed_at=None,
        report=ReportState(summary="帰りの電車に、顧客名簿の入ったカバンを置き忘れた"),
        facts={},
        channel=None,
        card=None,
        revision=1,
        chain=CHAIN,
        acknowledge_within=timedelta(minutes=10),
        repeat_every=timedelta(minutes=10),
        obligations=(PRELIMINARY, FINAL, INDIVIDUAL_NOTICE),
        members={"UREPORTER": MemberState("UREPORTER", Role.REPORTER)},
    )


def page(level: int = 0, attempt: int = 1, user: str = "UMANAGER") -> PageState:
    """One page that was sent at once."""
    return PageState(level=level, attempt=attempt, user=user, sent_at=REPORTED)


def in_hand() -> CaseState:
    """The room is open, everything is filled in, the manager has it."""
    return replace(
        reported(),
        status=Status.REPORTING,
        occurred_at=AWARE - timedelta(hours=2),
        acknowledged_at=REPORTED + timedelta(minutes=4),
        acknowledged_by="UMANAGER",
        report=ReportState(
            summary="帰りの電車に、顧客名簿の入ったカバンを置き忘れた",
            medium="paper",
            data_items="氏名、住所、電話番号",
            persons="約1,200人",
            protection="none",
            immediate_actions="駅の忘れ物センターに電話した",
            files=("F1", "F2"),
            source_permalink="https://example.slack.com/archives/C1/p1",
        ),
        facts={"persons": {"exact": 1200}, "sensitive": False, "cause": "電車に置き忘れ"},
        channel="CROOM",
        pages=(page(),),
        obligations=(replace(PRELIMINARY, provisional=False), FINAL, INDIVIDUAL_NOTICE, *MY_NUMBER),
    )


def hostile(text: str) -> CaseState:
    """Every field that somebody can type into holds `text`."""
    return replace(
        in_hand(),
        department_name=text[:75],  # the organisation file takes no more
        report=ReportState(
            summary=text,
            medium=text[:100],
            data_items=text,
            persons=text[:100],
            protection=text[:100],
            immediate_actions=text,
            files=(text,),
            source_permalink=text,
        ),
        facts={"persons": text[:100]},
        obligations=(
            replace(PRELIMINARY, recipient=text),
            replace(FINAL, recipient=text, receipt=text, submitted_at=NOW),
            INDIVIDUAL_NOTICE,
            *MY_NUMBER,
        ),
    )


def closed() -> CaseState:
    """Everything is submitted, the case is closed."""
    case = in_hand()
    return replace(
        case,
        status=Status.CLOSED,
        closed_at=NOW + timedelta(days=20),
        obligations=tuple(replace(o, submitted_at=NOW + timedelta(days=2)) for o in case.obligations),
    )


def confidential() -> CaseState:
    """Reported in confidence: the reporter is not in the room."""
    return replace(in_hand(), confidential=True, members={})


def entrusted(decided: bool = True) -> CaseState:
    """Another company's data: its notice may replace the reports, which stand provisionally until then."""
    notice = replace(
        PRELIMINARY,
        kind=ObligationKind.CONTROLLER_NOTICE,
        recipient="controller",
        provisional=not decided,
    )
    return replace(in_hand(), obligations=(PRELIMINARY, FINAL, INDIVIDUAL_NOTICE, notice))


def event(kind: LogKind, **data: object) -> EventState:
    """A log entry of the manager."""
    return EventState(seq=5, at=NOW, actor="UMANAGER", kind=kind, data=data)


#: Facts that lead to each decision, and to the longest answer.
ANSWERS: dict[str, dict[str, Any]] = {
    "no report": {
        "sensitive": False,
        "financial_harm": False,
        "malicious": False,
        "persons": {"exact": 30},
        "my_number": False,
    },
    "report": {
        "sensitive": True,
        "malicious": True,
        "persons": {"min": 800, "max": 12_000},
        "my_number": True,
        "my_number_persons": {"min": 50, "max": 500},
        "my_number_public_exposure": True,
        "my_number_system": True,
        "financial_harm": True,
        "role": "processor",
        "delegated_to_authority": "mhlw",
    },
    "undetermined": {},
    "exempt": {"sensitive": True, "role": "processor", "controller_notified": True},
}


def answer_of(facts: dict[str, Any]) -> dict[str, Any]:
    """The law's answer as a case keeps it."""
    law = assessment_of(Indicator.MEDIA_LOST, facts, AWARE)
    return answer_json(law, facts, AWARE)


def decided(case: CaseState, pending: bool = False) -> CaseState:
    """The same case with a confirmed decision, and with newer facts that nobody has confirmed yet."""
    stands = {
        **answer_of(ANSWERS["no report"]),
        "confirmed_by": "UPRIVACY",
        "confirmed_at": NOW.isoformat(),
        "remark": "x",
        "plans": [],
        "pending": answer_of(ANSWERS["report"]) if pending else None,
        "form": "V1",
    }
    return replace(case, assessment=stands)
