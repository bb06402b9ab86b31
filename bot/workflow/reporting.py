"""From the first report to a room with people in it: report_leak · receipt_sent · members_invited · …"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.hanging import Hanging
from bot.cases.numbers import next_number
from bot.cases.rules import rules_row
from bot.cases.states import chain_rows, state_with
from bot.cases.tables import Case, Member
from bot.law.obligations import obligations
from bot.organisation import Criteria, TaskRules
from bot.policy.similar import MOST_OFFERS, WITHIN, similar
from bot.policy.state import ChainLevel, MessageRef
from bot.vocabulary import LogKind, Role, Status
from bot.workflow.inputs import FirstReport
from bot.workflow.masking import words_masked
from bot.workflow.obligations import assessment_of_case, first_obligations
from bot.workflow.opening import LEAKBOT, case_for_change, key_of
from bot.workflow.tasks import grow_by


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


async def report_leak(
    db: AsyncSession,
    report: FirstReport,
    *,
    reporter: str,
    view_id: str,
    roster: Roster,
    zone: ZoneInfo,
    drill: bool,
    now: datetime,
) -> Case:
    """Take a first report. The same form (`view_id`) sent twice gives the same case.

    In: the report as read from the form, who sent it, the roster, the organisation's zone (it decides
    the year of the number), `now` in UTC. Out: the case. Two at the very same moment meet at the unique
    `view_id`: the later one raises IntegrityError and its caller finds the case of the first.
    """
    if known := await queries.case_by_view(db, view_id):
        return known
    case = Case(
        number=await next_number(db, now.astimezone(zone).year, drill),
        drill=drill,
        status=Status.REPORTED,
        department=report.department,
        department_name=roster.department_name,
        indicator=report.indicator,
        reporter=reporter,
        confidential=report.confidential,
        view_id=view_id,
        aware_at=report.aware_at,
        reported_at=now,
        occurred_at=report.occurred_at,
        report=_words(report),
        facts=_facts(report, roster),
        chain=chain_rows(roster.chain),
        acknowledge_within=roster.acknowledge_within,
        repeat_every=roster.repeat_every,
        rules=rules_row(roster.criteria, roster.tasks),
        wake_at=now,
    )
    await queries.add_case(db, case)
    members = [Member(case_id=key_of(case), user=user, role=role) for user, role in roster.members.items()]
    db.add_all(members)
    await log.append(
        db,
        case,
        LogKind.REPORTED,
        reporter,
        now,
        {
            **_words(report),
            "indicator": report.indicator,
            "department": report.department,
            "aware_at": report.aware_at.isoformat(),
            "occurred_at": report.occurred_at.isoformat() if report.occurred_at else None,
            "facts": case.facts,
            "confidential": report.confidential,
        },
    )
    law = assessment_of_case(case)
    due = await first_obligations(db, case, law, obligations(law), now)
    # Nothing else hangs on it yet, so nothing needs to be read.
    await grow_by(db, case, state_with(case, Hanging(members=members, obligations=due)), now)
    with db.no_autoflush:  # what is looked for are other cases
        await _compare(db, case, roster, now)
    await words_masked(db, case.number, report.typed, person=reporter, form=view_id, now=now)
    return case


async def _compare(db: AsyncSession, case: Case, roster: Roster, now: datetime) -> None:
    """Note which open case this one looks like, and who of both is to be asked whether it is the same."""
    at = case.reported_at
    # With one more than there may be offers, and the case itself, the answer is known.
    enough = MOST_OFFERS + 2
    others = await queries.open_cases_like(
        db, case.department, case.indicator, case.drill, at - WITHIN, at + WITHIN, enough
    )
    other = similar(case, others)
    if other is None:
        return
    asked = _leading(roster, await queries.members_of(db, other.id))
    if asked:
        data = {"other": other.number, "reported_at": other.reported_at.isoformat(), "ask": asked}
        await log.append(db, case, LogKind.SIMILAR_FOUND, LEAKBOT, now, data)


def _leading(roster: Roster, others: Sequence[Member]) -> list[str]:
    """The manager and the privacy office of the new case, as far as they may know of the other one."""
    there = {member.user for member in others if member.left_at is None}
    leads = {user for user, role in roster.members.items() if role is Role.MANAGER and user in there}
    return sorted(leads | {user for user, role in roster.members.items() if role is Role.PRIVACY_OFFICE})


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
