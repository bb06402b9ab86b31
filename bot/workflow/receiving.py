"""First reports are taken: receive. What follows from them is laid out later, see `laying_out.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.cases.adding import add_cases, add_rows
from bot.cases.columns import seals
from bot.cases.hanging import Hanging, absences_among
from bot.cases.log import Line, sealed
from bot.cases.numbers import next_numbers
from bot.cases.rows import Row, as_read, row_of
from bot.cases.rules import rules_row
from bot.cases.states import chain_rows, state_with
from bot.cases.tables import Case, LogEntry, Member
from bot.organisation import Criteria, TaskRules
from bot.policy.state import CaseState, ChainLevel
from bot.vocabulary import LogKind, Role, Status
from bot.workflow.inputs import FirstReport
from bot.workflow.masking import masked_words

#: The place in the log at which a first report says that words of it were masked.
MASKED_AT: Final = 2


@dataclass(frozen=True, slots=True)
class Roster:
    """Who belongs to a new case: the chain to page, and the people of the room with their roles.

    It is copied onto the case, so that editing the organisation file never bends a running one.
    """

    department_name: str
    chain: tuple[ChainLevel, ...]
    members: Mapping[str, Role]
    authority: str | None  # delegated authority (権限委任), None where reports go to the PPC
    acknowledge_within: int  # seconds
    repeat_every: int  # seconds
    criteria: Criteria = field(default_factory=Criteria)
    tasks: TaskRules = field(default_factory=TaskRules)


@dataclass(frozen=True, slots=True)
class Received:
    """A first report as it came in: who sent it, by which form (`view_id`), and who belongs to its case."""

    report: FirstReport
    reporter: str
    view_id: str
    roster: Roster
    drill: bool


async def receive(
    db: AsyncSession, reports: Sequence[Received], zone: ZoneInfo, now: datetime
) -> list[CaseState]:
    """Take first reports: what their receipts vouch for, and no more. The planner lays the cases out.

    In: the organisation's zone (it decides the year of a number), `now` in UTC. Out: their cases in the same
    order. A form that is a case already raises IntegrityError, and none is stored.
    """
    called = {user for each in reports for user in _called(each.roster.chain)}
    absences = await absences_among(db, called, now)
    kept, year = seals(db), now.astimezone(zone).year

    def store(session: Session) -> list[CaseState]:
        many = Counter(each.drill for each in reports)
        numbers = {drill: iter(next_numbers(session, year, drill, many[drill])) for drill in sorted(many)}
        new = [_New(each, next(numbers[each.drill]), kept, now) for each in reports]
        ids = add_cases(session, [each.case for each in new])
        for each in new:
            each.belong_to(ids[each.case["number"]])
        add_rows(session, Member, [row for each in new for row in each.members])
        add_rows(session, LogEntry, [row for each in new for row in each.entries])
        return [each.state(absences) for each in new]

    return await db.run_sync(store)


class _New:
    """The rows of one new case. In: its number, and whether what was masked is kept sealed."""

    def __init__(self, received: Received, number: str, kept: bool, now: datetime) -> None:
        members = received.roster.members.items()
        self._chain = received.roster.chain
        self.case = _case(received, number, kept, now)
        self.members = [row_of(Member, user=user, role=role) for user, role in members]
        # Whose they are is known once the case is stored.
        self.entries = sealed(0, number, 0, "", now, _lines(received, self.case, kept))
        self.case["revision"], self.case["log_head"] = len(self.entries), self.entries[-1]["hash"]

    def belong_to(self, case_id: int) -> None:
        """The case is stored, as this row."""
        for row in (*self.members, *self.entries):
            row["case_id"] = case_id

    def state(self, absences: Sequence[Any]) -> CaseState:
        """The case as it would be read, with none of its history."""
        called = _called(self._chain)
        there = Hanging(members=as_read(self.members), absences=[a for a in absences if a.person in called])
        return state_with(as_read([self.case])[0], there, self._chain)


def _case(received: Received, number: str, kept: bool, now: datetime) -> Row:
    report, roster = received.report, received.roster
    return row_of(
        Case,
        number=number,
        drill=received.drill,
        status=Status.REPORTED,
        department=report.department,
        department_name=roster.department_name,
        indicator=report.indicator,
        reporter=received.reporter,
        confidential=report.confidential,
        view_id=received.view_id,
        aware_at=report.aware_at,
        reported_at=now,
        occurred_at=report.occurred_at,
        report=_words(report),
        facts=_facts(report, roster),
        typed=[{"seq": MASKED_AT, "words": dict(report.typed)}] if kept and report.typed else None,
        chain=chain_rows(roster.chain),
        laid_out=False,
        acknowledge_within=roster.acknowledge_within,
        repeat_every=roster.repeat_every,
        rules=rules_row(roster.criteria, roster.tasks),
        wake_at=now,
    )


def _lines(received: Received, case: Row, kept: bool) -> list[Line]:
    report, reporter = received.report, received.reporter
    data = {
        **case["report"],
        "indicator": report.indicator,
        "department": report.department,
        "aware_at": report.aware_at.isoformat(),
        "occurred_at": report.occurred_at.isoformat() if report.occurred_at else None,
        "facts": case["facts"],
        "confidential": report.confidential,
    }
    lines = [Line(LogKind.REPORTED, reporter, data)]
    if report.typed:
        lines.append(masked_words(report.typed, reporter, received.view_id, kept=kept))
    return lines


def _called(chain: Sequence[ChainLevel]) -> set[str]:
    return {person.user for level in chain for person in level.people if person.user}


def _facts(report: FirstReport, roster: Roster) -> dict[str, Any]:
    facts = {"persons": report.persons_fact, "delegated_to_authority": roster.authority}
    return {name: value for name, value in facts.items() if value is not None}


def _words(report: FirstReport) -> dict[str, Any]:
    return {
        "summary": report.summary,
        "medium": report.medium,
        "data_items": report.data_items,
        "persons": report.persons,
        "protection": report.protection,
        "immediate_actions": report.immediate_actions,
        "files": list(report.files),
        "source_permalink": report.source_permalink,
        "on_behalf_of": report.on_behalf_of,
    }
