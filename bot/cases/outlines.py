"""Many cases at once, as far as a list needs them: the same few queries however many there are.

An outline is a `CaseState` without words, facts and most of its history: what may be known of it, where it
stands, what is due next, and what `policy/waiting.py` reads. Nothing is decided from one; whoever presses a
button in a list meets the whole case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Executable, Row, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from bot.cases.queries import absences_of
from bot.cases.states import absence_state, chain_of
from bot.cases.tables import Case, Document, Inquiry, LogEntry, Member, Obligation, Page, Task
from bot.policy.approval import TOLD_BY
from bot.policy.state import (
    AbsenceState,
    CaseState,
    EventState,
    InquiryState,
    MemberState,
    ObligationState,
    PageState,
    ReportState,
    TaskState,
)
from bot.policy.steps import STEPS
from bot.policy.waiting import SOON
from bot.vocabulary import (
    DocumentState,
    Indicator,
    InquiryChannel,
    InquirySource,
    InquiryStatus,
    LogKind,
    ObligationKind,
    Role,
    SkipReason,
    Status,
    TaskPhase,
    TaskStatus,
)

#: Columns by which a case stands in a list; what people typed is in none of them.
_CASE: Final = (
    *(col(Case.id), col(Case.number), col(Case.drill), col(Case.status), col(Case.department)),
    *(col(Case.department_name), col(Case.indicator), col(Case.reporter), col(Case.confidential)),
    *(col(Case.aware_at), col(Case.reported_at), col(Case.acknowledged_at), col(Case.acknowledged_by)),
    *(col(Case.closed_at), col(Case.assessment), col(Case.joined_into), col(Case.informants)),
    *(col(Case.blanked_at), col(Case.chain), col(Case.acknowledge_within), col(Case.repeat_every)),
    *(col(Case.turn), col(Case.turn_level), col(Case.channel), col(Case.revision)),
)
_OBLIGATION: Final = (
    *(col(Obligation.case_id), col(Obligation.kind), col(Obligation.recipient), col(Obligation.due_at)),
    *(col(Obligation.aim_on), col(Obligation.nominal_on), col(Obligation.clock_start)),
    *(col(Obligation.days), col(Obligation.provisional), col(Obligation.submitted_at)),
)
_MEMBER: Final = (
    *(col(Member.case_id), col(Member.user), col(Member.role), col(Member.invited_at), col(Member.error)),
    *(col(Member.left_at), col(Member.outsider)),
)
_PAGE: Final = (
    *(col(Page.case_id), col(Page.level), col(Page.attempt), col(Page.user), col(Page.sent_at)),
    *(col(Page.skipped), col(Page.acknowledged_at), col(Page.turn), col(Page.handed_by)),
    *(col(Page.handed_at), col(Page.cannot_at), col(Page.dnd)),
)
_TASK: Final = (
    *(col(Task.case_id), col(Task.key), col(Task.phase), col(Task.owner), col(Task.due_at)),
    *(col(Task.status), col(Task.user)),
)
_INQUIRY: Final = (
    *(col(Inquiry.case_id), col(Inquiry.number), col(Inquiry.source), col(Inquiry.channel)),
    *(col(Inquiry.received_at), col(Inquiry.due_at), col(Inquiry.recorded_by), col(Inquiry.owner)),
)
_EVENT: Final = (
    *(col(LogEntry.case_id), col(LogEntry.seq), col(LogEntry.at), col(LogEntry.actor)),
    col(LogEntry.kind),
)
#: What tells whether somebody was called beside a person who fell silent.
_SILENCE: Final = sorted(kind.value for kind in STEPS | {LogKind.LAPSED})
#: What tells how far a document is.
_CIRCULATION: Final = sorted(kind.value for kind in TOLD_BY)

Rows = Mapping[int, Sequence[Row[Any]]]


async def outlines(
    db: AsyncSession, ids: Sequence[int], person: str, now: datetime | None = None
) -> list[CaseState]:
    """The cases of these row ids as `person` would list them, in the order of `ids`.

    In: with `now` (UTC) what may wait for the person then is read too: tasks and inquiries due soon,
    documents that are circulated, who is away. Of the pages only those about `person` are read.
    """
    called = select(*_MEMBER).where(col(Member.case_id).in_(ids))
    members = await _by_case(db, called.order_by(col(Member.id)))
    pages = await _pages(db, ids, person)
    due = select(*_OBLIGATION).where(col(Obligation.case_id).in_(ids), col(Obligation.removed_at).is_(None))
    obligations = await _by_case(db, due.order_by(col(Obligation.id)))
    events = await _silences(db, [case_id for case_id in ids if case_id in pages])
    tasks: Rows = {}
    inquiries: Rows = {}
    away: list[AbsenceState] = []
    if now is not None:
        todo = select(*_TASK).where(col(Task.case_id).in_(ids), col(Task.status) == TaskStatus.OPEN.value)
        tasks = await _by_case(db, todo.where(col(Task.due_at) <= now + SOON).order_by(col(Task.id)))
        asked = select(*_INQUIRY).where(
            col(Inquiry.case_id).in_(ids), col(Inquiry.status) == InquiryStatus.OPEN.value
        )
        inquiries = await _by_case(db, asked.where(col(Inquiry.due_at) <= now + SOON))
        away = [absence_state(row) for row in await absences_of(db, None, now)]
        for case_id, circulated in (await _circulated(db, ids)).items():
            events[case_id] = (*events.get(case_id, ()), *circulated)
    return [
        _outline(
            row,
            members={m.user: _member(m) for m in members.get(row.id, ())},
            pages=tuple(_page(page) for page in pages.get(row.id, ())),
            obligations=tuple(_obligation(each) for each in obligations.get(row.id, ())),
            tasks=tuple(_task(task) for task in tasks.get(row.id, ())),
            inquiries=tuple(_inquiry(each) for each in inquiries.get(row.id, ())),
            absences=tuple(away),
            events=events.get(row.id, ()),
        )
        for row in await _cases(db, ids)
    ]


async def standings_in(db: AsyncSession, ids: Sequence[int], person: str) -> dict[int, CaseState]:
    """By row id, as much of each case as tells what `person` is to it, and nothing else."""
    query = select(*_MEMBER).where(col(Member.case_id).in_(ids), col(Member.user) == person)
    members, pages = await _by_case(db, query), await _pages(db, ids, person)
    return {
        row.id: _outline(
            row,
            members={m.user: _member(m) for m in members.get(row.id, ())},
            pages=tuple(_page(page) for page in pages.get(row.id, ())),
        )
        for row in await _cases(db, ids)
    }


async def _cases(db: AsyncSession, ids: Sequence[int]) -> list[Row[Any]]:
    """Their rows, in the order of `ids`."""
    found = {row.id: row for row in await db.execute(select(*_CASE).where(col(Case.id).in_(ids)))}
    return [found[case_id] for case_id in ids if case_id in found]


async def _pages(db: AsyncSession, ids: Sequence[int], person: str) -> Rows:
    about = or_(col(Page.user) == person, col(Page.handed_by) == person)
    return await _by_case(db, select(*_PAGE).where(col(Page.case_id).in_(ids), about).order_by(col(Page.id)))


async def _silences(db: AsyncSession, ids: Sequence[int]) -> dict[int, tuple[EventState, ...]]:
    """Steps and lapses, without their data."""
    query = select(*_EVENT).where(col(LogEntry.case_id).in_(ids), col(LogEntry.kind).in_(_SILENCE))
    found = await _by_case(db, query.order_by(col(LogEntry.seq)))
    return {
        case_id: tuple(EventState(row.seq, row.at, row.actor, LogKind.of(row.kind), {}) for row in rows)
        for case_id, rows in found.items()
    }


async def _circulated(db: AsyncSession, ids: Sequence[int]) -> dict[int, tuple[EventState, ...]]:
    """What tells how far its documents are, of the cases in which one is being circulated."""
    some = select(col(Document.case_id)).where(
        col(Document.case_id).in_(ids), col(Document.state) == DocumentState.CIRCULATING.value
    )
    query = select(*_EVENT, col(LogEntry.data)).where(
        col(LogEntry.case_id).in_(some), col(LogEntry.kind).in_(_CIRCULATION)
    )
    found = await _by_case(db, query.order_by(col(LogEntry.seq)))
    return {
        case_id: tuple(EventState(row.seq, row.at, row.actor, LogKind.of(row.kind), row.data) for row in rows)
        for case_id, rows in found.items()
    }


async def _by_case(db: AsyncSession, query: Executable) -> Rows:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in await db.execute(query):
        found[row.case_id].append(row)
    return found


def _outline(row: Row[Any], **parts: Any) -> CaseState:
    return CaseState(
        number=row.number,
        drill=row.drill,
        status=Status.of(row.status),
        department=row.department,
        department_name=row.department_name,
        indicator=Indicator.of(row.indicator),
        reporter=row.reporter,
        aware_at=row.aware_at,
        reported_at=row.reported_at,
        occurred_at=None,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        closed_at=row.closed_at,
        report=ReportState(summary=""),
        facts={},
        assessment=row.assessment,
        confidential=row.confidential,
        joined_into=row.joined_into,
        informants=tuple(row.informants),
        blanked_at=row.blanked_at,
        channel=row.channel,
        card=None,
        revision=row.revision,
        chain=chain_of(row.chain),
        acknowledge_within=timedelta(seconds=row.acknowledge_within),
        repeat_every=timedelta(seconds=row.repeat_every),
        turn=row.turn,
        turn_level=row.turn_level,
        **parts,
    )


def _member(row: Row[Any]) -> MemberState:
    return MemberState(row.user, Role.of(row.role), row.invited_at, row.error, row.left_at, row.outsider)


def _page(row: Row[Any]) -> PageState:
    return PageState(
        level=row.level,
        attempt=row.attempt,
        user=row.user,
        sent_at=row.sent_at,
        skipped=None if row.skipped is None else SkipReason.of(row.skipped),
        acknowledged_at=row.acknowledged_at,
        turn=row.turn,
        handed_by=row.handed_by,
        handed_at=row.handed_at,
        cannot_at=row.cannot_at,
        dnd=row.dnd,
    )


def _obligation(row: Row[Any]) -> ObligationState:
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
    )


def _task(row: Row[Any]) -> TaskState:
    return TaskState(
        key=row.key,
        phase=TaskPhase.of(row.phase),
        owner=Role.of(row.owner),
        due_at=row.due_at,
        status=TaskStatus.of(row.status),
        user=row.user,
    )


def _inquiry(row: Row[Any]) -> InquiryState:
    return InquiryState(
        number=row.number,
        source=InquirySource.of(row.source),
        channel=InquiryChannel.of(row.channel),
        received_at=row.received_at,
        due_at=row.due_at,
        recorded_by=row.recorded_by,
        owner=row.owner,
    )
