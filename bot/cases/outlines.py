"""Many cases at once, as far as a list needs them: the same few queries however many there are.

An outline is a `CaseState` without words, facts and most of its history: what may be known of it, where it
stands, what is due next, and what `policy/waiting.py` reads. Nothing is decided from one; whoever presses a
button in a list meets the whole case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Executable, Row, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from bot.cases.hanging import Hanging
from bot.cases.queries import absences_of
from bot.cases.rows import as_read, row_of
from bot.cases.states import state_with
from bot.cases.tables import Case, Document, Inquiry, LogEntry, Member, Obligation, Page, Task
from bot.policy.approval import TOLD_BY
from bot.policy.state import CaseState
from bot.policy.steps import STEPS
from bot.policy.waiting import SOON
from bot.vocabulary import DocumentState, InquiryStatus, LogKind, TaskStatus

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
    col(Inquiry.status),
)
_EVENT: Final = (
    *(col(LogEntry.case_id), col(LogEntry.seq), col(LogEntry.at), col(LogEntry.actor)),
    col(LogEntry.kind),
)
#: What tells whether somebody was called beside a person who fell silent.
_SILENCE: Final = sorted(kind.value for kind in STEPS | {LogKind.LAPSED})
#: What tells how far a document is.
_CIRCULATION: Final = sorted(kind.value for kind in TOLD_BY)

#: What an outline has in place of what it leaves out.
_UNREAD: Final = {"report": {"summary": ""}, "facts": {}}

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
    silent = await _silences(db, [case_id for case_id in ids if case_id in pages])
    tasks: Rows = {}
    inquiries: Rows = {}
    away: Sequence[Any] = ()
    told: Rows = {}
    if now is not None:
        todo = select(*_TASK).where(col(Task.case_id).in_(ids), col(Task.status) == TaskStatus.OPEN.value)
        tasks = await _by_case(db, todo.where(col(Task.due_at) <= now + SOON).order_by(col(Task.id)))
        asked = select(*_INQUIRY).where(
            col(Inquiry.case_id).in_(ids), col(Inquiry.status) == InquiryStatus.OPEN.value
        )
        inquiries = await _by_case(db, asked.where(col(Inquiry.due_at) <= now + SOON))
        away = await absences_of(db, None, now)
        told = await _circulated(db, ids)
    return [
        _outline(
            row,
            Hanging(
                members=_filled(Member, members.get(row.id, ())),
                pages=_filled(Page, pages.get(row.id, ())),
                obligations=_filled(Obligation, obligations.get(row.id, ())),
                tasks=_filled(Task, tasks.get(row.id, ())),
                inquiries=_filled(Inquiry, inquiries.get(row.id, ())),
                absences=away,
                events=_filled(LogEntry, (*silent.get(row.id, ()), *told.get(row.id, ()))),
            ),
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
            Hanging(
                members=_filled(Member, members.get(row.id, ())), pages=_filled(Page, pages.get(row.id, ()))
            ),
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


async def _silences(db: AsyncSession, ids: Sequence[int]) -> Rows:
    """Steps and lapses, without their data."""
    query = select(*_EVENT).where(col(LogEntry.case_id).in_(ids), col(LogEntry.kind).in_(_SILENCE))
    return await _by_case(db, query.order_by(col(LogEntry.seq)))


async def _circulated(db: AsyncSession, ids: Sequence[int]) -> Rows:
    """What tells how far its documents are, of the cases in which one is being circulated."""
    some = select(col(Document.case_id)).where(
        col(Document.case_id).in_(ids), col(Document.state) == DocumentState.CIRCULATING.value
    )
    query = select(*_EVENT, col(LogEntry.data)).where(
        col(LogEntry.case_id).in_(some), col(LogEntry.kind).in_(_CIRCULATION)
    )
    return await _by_case(db, query.order_by(col(LogEntry.seq)))


async def _by_case(db: AsyncSession, query: Executable) -> Rows:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in await db.execute(query):
        found[row.case_id].append(row)
    return found


def _outline(row: Row[Any], hanging: Hanging) -> CaseState:
    return state_with(as_read([row_of(Case, **_UNREAD, **row._mapping)])[0], hanging)


def _filled(table: type[SQLModel], rows: Sequence[Row[Any]]) -> list[Any]:
    """Rows with what was not read of them as in an empty one."""
    return as_read({"data": {}, **row_of(table, **row._mapping)} for row in rows)
