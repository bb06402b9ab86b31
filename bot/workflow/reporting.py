"""From the first report to a room with people in it: receive · receipt_sent · members_invited · …"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.cases import log, queries
from bot.cases.adding import Row, add_cases, add_rows, as_read, row_of
from bot.cases.columns import seals
from bot.cases.hanging import Hanging, absences_among
from bot.cases.log import LEAKBOT, Line, sealed
from bot.cases.numbers import next_numbers
from bot.cases.rules import rules_row
from bot.cases.states import chain_rows, state_with
from bot.cases.tables import Case, LogEntry, Member, key_of
from bot.organisation import Criteria, TaskRules
from bot.policy.state import CaseState, ChainLevel, MessageRef
from bot.vocabulary import LogKind, Role, Status
from bot.workflow.inputs import FirstReport
from bot.workflow.masking import masked_words
from bot.workflow.opening import case_for_change

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
    kept = seals(db)
    chains = [each.roster.chain for each in reports]
    absences = await absences_among(db, {user for chain in chains for user in _called(chain)}, now)
    return await db.run_sync(_store, reports, absences, kept, now.astimezone(zone).year, now)


def _store(
    session: Session,
    reports: Sequence[Received],
    absences: Sequence[Any],
    kept: bool,
    year: int,
    now: datetime,
) -> list[CaseState]:
    many = Counter(each.drill for each in reports)
    numbers = {drill: iter(next_numbers(session, year, drill, many[drill])) for drill in sorted(many)}
    cases = [_case(each, next(numbers[each.drill]), kept, now) for each in reports]
    entries = [_begun(case, _lines(each, case, kept), now) for each, case in zip(reports, cases, strict=True)]
    ids = add_cases(session, cases)
    people: list[list[Row]] = []
    for each, case, lines in zip(reports, cases, entries, strict=True):
        case_id = ids[case["number"]]
        members = each.roster.members.items()
        people.append([row_of(Member, case_id=case_id, user=user, role=role) for user, role in members])
        for line in lines:
            line["case_id"] = case_id
    add_rows(session, Member, [row for rows in people for row in rows])
    add_rows(session, LogEntry, [row for rows in entries for row in rows])
    return [
        _state(each, case, rows, absences) for each, case, rows in zip(reports, cases, people, strict=True)
    ]


def _state(each: Received, case: Row, people: Sequence[Row], absences: Sequence[Any]) -> CaseState:
    called = _called(each.roster.chain)
    there = Hanging(members=as_read(people), absences=[a for a in absences if a.person in called])
    return state_with(as_read([case])[0], there, each.roster.chain)


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


def _begun(case: Row, lines: Sequence[Line], now: datetime) -> list[Row]:
    """The case's first log entries, which it is sealed with."""
    entries = sealed(0, case["number"], 0, "", now, lines)  # whose they are is known once the case is stored
    case["revision"], case["log_head"] = len(entries), entries[-1]["hash"]
    return entries


def _called(chain: Sequence[ChainLevel]) -> set[str]:
    return {person.user for level in chain for person in level.people if person.user}


async def receipt_sent(db: AsyncSession, number: str, where: MessageRef, linked: bool, now: datetime) -> None:
    """The reporter has been told that the report arrived; `linked` says whether with the way to the room."""
    case = await case_for_change(db, number, now)
    await log.append(db, case, LogKind.RECEIPT_SENT, LEAKBOT, now, {**asdict(where), "linked": linked})


async def members_invited(
    db: AsyncSession, number: str, answers: Mapping[str, str | None], now: datetime
) -> None:
    """People were invited into the room. In: person → None, or Slack's code where it cannot be done."""
    case = await case_for_change(db, number, now)
    for member in await queries.members_of(db, key_of(case)):
        if member.user in answers:
            member.error = answers[member.user]
            member.invited_at = None if member.error else now
            member.left_at = member.left_at if member.error else None
    await log.append(db, case, LogKind.MEMBERS_INVITED, LEAKBOT, now, {"people": dict(answers)})


async def card_posted(db: AsyncSession, number: str, where: MessageRef, now: datetime) -> None:
    """The card stands in the room as its first message."""
    case = await case_for_change(db, number, now)
    case.card_ts = where.ts
    await log.append(db, case, LogKind.CARD_POSTED, LEAKBOT, now, asdict(where))


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
