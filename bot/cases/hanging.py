"""What hangs on a case, read for its plain value: the read that everything else waits for.

Every act, every delivery and every look at the clock begins with it. Hence statements made once, and rows as
they come: nobody changes them, so nobody keeps track of changes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from bot.cases.statements import run
from bot.cases.tables import Absence, Case, Inquiry, LogEntry, Member, Obligation, Page, Task
from bot.vocabulary import LogKind


@dataclass(frozen=True, slots=True)
class Hanging:
    """Rows of these tables, read only, each with the attributes of its table; oldest first."""

    members: Sequence[Any] = ()
    pages: Sequence[Any] = ()
    obligations: Sequence[Any] = ()
    tasks: Sequence[Any] = ()
    inquiries: Sequence[Any] = ()
    absences: Sequence[Any] = ()
    events: Sequence[Any] = ()


async def row_to_read(db: AsyncSession, number: str) -> Any:
    """The row of the case of this number, read only; None where there is none."""
    return await db.run_sync(_case_row, _case_of_number(), number)


async def row_behind(db: AsyncSession, case_id: int) -> Any:
    """The same by the row's id."""
    return await db.run_sync(_case_row, _case_of_id(), case_id)


async def row_to_plan(db: AsyncSession, case_id: int) -> Any:
    """The row of the case of this id, read only; nobody else changes it until the transaction ends.

    None where there is none, or where somebody else holds it: whoever that is rings when it is done.
    """
    return await db.run_sync(_case_row, _case_to_hold(), case_id)


async def hanging_on(
    db: AsyncSession,
    case_id: int,
    people: Collection[str],
    after: datetime,
    kinds: Collection[str] | None = None,
) -> Hanging:
    """The rows of a case, as this transaction sees them, with what it changed itself.

    In: the people whose absences count, and after when; the kinds of log entries wanted, all where None.
    """
    return await db.run_sync(_read, case_id, people, after, kinds)


async def people_of(db: AsyncSession, case_id: int, people: Collection[str], after: datetime) -> Hanging:
    """What hangs on a case that was only just reported: its members, and the absences as in `hanging_on`."""
    members = (await run(db, _of_case(Member), {"case_id": case_id})).all()
    return Hanging(members=members, absences=await absences_among(db, people, after))


async def absences_among(db: AsyncSession, people: Collection[str], after: datetime) -> Sequence[Any]:
    """The absences of these people that reach beyond `after`; nothing is written for it."""
    if not people:
        return ()
    absent = {"people": list(people), "after": after}
    return (await run(db, _absences(), absent)).all()


def _case_row(session: Session, query: Select[Any], name: str | int) -> Any:
    _store_changes(session)
    return session.connection().execute(query, {"name": name}).one_or_none()


def _read(
    session: Session,
    case_id: int,
    people: Collection[str],
    after: datetime,
    kinds: Collection[str] | None,
) -> Hanging:
    _store_changes(session)
    connection = session.connection()

    def rows(query: Select[Any], **more: Any) -> Sequence[Any]:
        return connection.execute(query, {"case_id": case_id, **more}).all()

    if kinds is None:
        events = rows(_events())
    else:
        events = rows(_events_of_kinds(tuple(sorted(kinds)))) if kinds else []
    absent = {"people": list(people), "after": after}
    absences = connection.execute(_absences(), absent).all() if people else []
    return Hanging(
        members=rows(_of_case(Member)),
        pages=rows(_of_case(Page)),
        obligations=rows(_of_case(Obligation)),
        tasks=rows(_of_case(Task)),
        inquiries=rows(_of_case(Inquiry)),
        absences=absences,
        events=events,
    )


def _store_changes(session: Session) -> None:
    # As every query of a session does by itself.
    if session.autoflush:
        session.flush()


@cache
def _case_of_number() -> Select[Any]:
    return select(_table(Case)).where(col(Case.number) == bindparam("name"))


@cache
def _case_of_id() -> Select[Any]:
    return select(_table(Case)).where(col(Case.id) == bindparam("name"))


@cache
def _case_to_hold() -> Select[Any]:
    return _case_of_id().with_for_update(skip_locked=True)


@cache
def _of_case(table: type[SQLModel]) -> Select[Any]:
    columns = _table(table).c
    return select(_table(table)).where(columns.case_id == bindparam("case_id")).order_by(columns.id)


@cache
def _absences() -> Select[Any]:
    return (
        select(_table(Absence))
        .where(
            col(Absence.ended_at).is_(None),
            col(Absence.until) > bindparam("after"),
            col(Absence.person).in_(bindparam("people", expanding=True)),
        )
        .order_by(col(Absence.since), col(Absence.id))
    )


@cache
def _events() -> Select[Any]:
    # Without its seal, which only an auditor reads.
    columns = _table(LogEntry).c
    wanted = (columns.seq, columns.at, columns.actor, columns.kind, columns.data)
    return select(*wanted).where(columns.case_id == bindparam("case_id")).order_by(columns.seq)


@cache
def _events_of_kinds(kinds: tuple[str, ...]) -> Select[Any]:
    # Written into the statement: as values of any number they would be put into it anew each time.
    words: list[Any] = [literal_column(f"'{LogKind.of(kind).value}'") for kind in kinds]
    return _events().where(_table(LogEntry).c.kind.in_(words))


def _table(table: type[SQLModel]) -> Any:
    return table.__table__  # type: ignore[attr-defined]
