"""The plain value of a case that policy and screens read, built from its rows in eight queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.hanging import Hanging, hanging_on, row_to_read
from bot.cases.inquiry_rows import inquiry_state
from bot.cases.notice_rows import notices_of, publication_of
from bot.cases.rules import criteria_of, task_rules_of
from bot.cases.tables import Absence, Case, LogEntry, Member, Obligation, Page
from bot.cases.task_rows import task_state
from bot.policy.state import (
    AbsenceState,
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
from bot.policy.tasks import ordered
from bot.vocabulary import Indicator, LogKind, ObligationKind, Role, SkipReason, Status

_PERSON: Final = tuple(field.name for field in fields(ChainPerson))


async def case_state(
    db: AsyncSession, number: str, announced: Collection[LogKind] | None = None
) -> CaseState | None:
    """The case of this number as it stands, None where there is none. `announced` as in `state_of`."""
    case = await row_to_read(db, number)
    return None if case is None else await state_of(db, case, announced)


async def state_of(db: AsyncSession, case: Case, announced: Collection[LogKind] | None = None) -> CaseState:
    """A case row with everything that hangs on it, as a plain value.

    In: `announced`, the kinds of log entries that `events` is to hold; every kind where None.
    """
    assert case.id is not None  # noqa: S101 - a stored row has its id
    chain = chain_of(case.chain)
    called = {person.user for level in chain for person in level.people if person.user}
    kinds = None if announced is None else [kind.value for kind in announced]
    return state_with(case, await hanging_on(db, case.id, called, case.reported_at, kinds), chain)


def state_with(case: Case, hanging: Hanging, chain: tuple[ChainLevel, ...] | None = None) -> CaseState:
    """The same from rows in hand; in: the case's chain where that is read already."""
    return CaseState(
        number=case.number,
        drill=case.drill,
        status=Status.of(case.status),
        department=case.department,
        department_name=case.department_name,
        indicator=Indicator.of(case.indicator),
        reporter=case.reporter,
        aware_at=case.aware_at,
        reported_at=case.reported_at,
        occurred_at=case.occurred_at,
        acknowledged_at=case.acknowledged_at,
        acknowledged_by=case.acknowledged_by,
        closed_at=case.closed_at,
        report=report_of(case.report),
        facts=dict(case.facts),
        assessment=case.assessment,
        items=dict(case.items or {}),
        confidential=case.confidential,
        joined_into=case.joined_into,
        informants=tuple(case.informants),
        tasks=tuple(ordered(task_state(task) for task in hanging.tasks)),
        inquiries=tuple(inquiry_state(each) for each in hanging.inquiries),
        criteria=criteria_of(case.rules),
        task_rules=task_rules_of(case.rules),
        company_wide_at=case.company_wide_at,
        company_wide_by=case.company_wide_by,
        deviations=dict(case.deviations or {}),
        notices=notices_of(case.notices),
        publication=publication_of(case.publication),
        blanked_at=case.blanked_at,
        channel=case.channel,
        former_rooms=tuple(case.former_channels),
        card=_ref(case.channel, case.card_ts),
        revision=case.revision,
        chain=chain_of(case.chain) if chain is None else chain,
        acknowledge_within=timedelta(seconds=case.acknowledge_within),
        repeat_every=timedelta(seconds=case.repeat_every),
        turn=case.turn,
        turn_level=case.turn_level,
        members={member.user: _member(member) for member in hanging.members},
        pages=tuple(_page(page, case.channel) for page in hanging.pages),
        absences=tuple(absence_state(absence) for absence in hanging.absences),
        obligations=tuple(_obligation(obligation) for obligation in hanging.obligations),
        events=tuple(_event(entry) for entry in hanging.events),
    )


def chain_rows(chain: Sequence[ChainLevel]) -> list[dict[str, Any]]:
    """The chain as the case keeps it (`Case.chain`), read back by `chain_of`."""
    # By name: `asdict` copies in depth, while somebody waits for a receipt.
    return [
        {
            "role": level.role.value,
            "people": [{name: getattr(person, name) for name in _PERSON} for person in level.people],
        }
        for level in chain
    ]


def chain_of(rows: Sequence[Mapping[str, Any]]) -> tuple[ChainLevel, ...]:
    """The chain that the case was opened with. Later changes of the organisation file do not bend it."""
    return tuple(
        ChainLevel(Role.of(row["role"]), tuple(ChainPerson(**person) for person in row["people"]))
        for row in rows
    )


def report_row(report: ReportState) -> dict[str, Any]:
    """The reporter's words as the case keeps them (`Case.report`), read back by `report_of`."""
    return {**asdict(report), "files": list(report.files)}


def report_of(row: Mapping[str, Any]) -> ReportState:
    """The reporter's words. What an older version did not ask is empty, and so is what was blanked."""
    known = {field.name: row[field.name] for field in fields(ReportState) if field.name in row}
    words = {"summary": row["summary"] or "", "files": tuple(row.get("files") or ())}
    return ReportState(**{**known, **words})


def _member(row: Member) -> MemberState:
    return MemberState(row.user, Role.of(row.role), row.invited_at, row.error, row.left_at, row.outsider)


def absence_state(row: Absence) -> AbsenceState:
    """An absence as policy and screens read it."""
    return AbsenceState(row.id or 0, row.person, row.since, row.until, row.deputy, row.declared_by)


def _page(row: Page, room: str | None) -> PageState:
    return PageState(
        level=row.level,
        attempt=row.attempt,
        user=row.user,
        sent_at=row.sent_at,
        skipped=None if row.skipped is None else SkipReason.of(row.skipped),
        acknowledged_at=row.acknowledged_at,
        direct=_ref(row.direct_channel, row.direct_ts),
        room=_ref(room, row.room_ts),
        linked=row.linked,
        turn=row.turn,
        handed_by=row.handed_by,
        handed_at=row.handed_at,
        cannot_at=row.cannot_at,
        dnd=row.dnd,
    )


def _obligation(row: Obligation) -> ObligationState:
    return ObligationState(
        kind=ObligationKind.of(row.kind),
        recipient=row.recipient,
        due_at=row.due_at,
        aim_on=row.aim_on,
        nominal_on=row.nominal_on,
        clock_start=row.clock_start,
        days=row.days,
        provisional=row.provisional,
        submitted_at=row.submitted_at,
        receipt=row.receipt,
        document=row.document,
        removed_at=row.removed_at,
    )


def _event(row: LogEntry) -> EventState:
    return EventState(row.seq, row.at, row.actor, LogKind.of(row.kind), row.data)


def _ref(channel: str | None, ts: str | None) -> MessageRef | None:
    return MessageRef(channel, ts) if channel and ts else None
