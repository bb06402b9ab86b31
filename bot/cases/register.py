"""Cases found in the database by what they are, without reading them: the register, and what is whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from bot.cases.queries import concerning
from bot.cases.tables import Case, Document, Inquiry, Obligation, Task
from bot.vocabulary import DocumentState, Indicator, InquiryStatus, Status, TaskPhase, TaskStatus

_OPEN: Final = [status.value for status in Status if status is not Status.CLOSED]
_IS_OPEN: Final = col(Case.status).in_(_OPEN)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases are looked for; None where it makes no difference.

    `year` is that of the first report in the organisation's zone, `number` any part of the case number.
    """

    open: bool | None = None
    status: Status | None = None
    department: str | None = None
    indicator: Indicator | None = None
    year: int | None = None
    drill: bool | None = None
    number: str | None = None


async def search(
    db: AsyncSession, wanted: Filter, zone: ZoneInfo, offset: int, limit: int
) -> tuple[list[int], int]:
    """Row ids of the cases that fit, from the place `offset` on, and how many fit altogether.

    Open ones by their next deadline (without one: after those), then by their reports; then closed ones,
    newest first.
    """
    fits = _conditions(wanted, zone)
    total = await db.scalar(select(func.count()).select_from(Case).where(*fits)) or 0
    due = case((_IS_OPEN, _next_due()), else_=None)
    since = case((_IS_OPEN, col(Case.reported_at)), else_=None)
    newest = (col(Case.reported_at).desc(), col(Case.id).desc())
    order = (_IS_OPEN.desc(), due.is_(None), due, since, *newest)
    found = await db.scalars(select(col(Case.id)).where(*fits).order_by(*order).offset(offset).limit(limit))
    return _ids(found.all()), total


async def departments(db: AsyncSession) -> list[tuple[str, str]]:
    """Id and name of every department that ever had a case, as it was last called; by name."""
    newest = select(func.max(col(Case.id))).group_by(col(Case.department))
    query = select(col(Case.department), col(Case.department_name)).where(col(Case.id).in_(newest))
    return [(row[0], row[1]) for row in await db.execute(query.order_by(col(Case.department_name)))]


async def first_report(db: AsyncSession) -> datetime | None:
    """When the oldest case was reported, UTC."""
    return await db.scalar(select(func.min(col(Case.reported_at))))


async def cases_of(
    db: AsyncSession,
    user: str | None,
    *,
    open_only: bool = False,
    going_on_before: datetime | None = None,
    limit: int | None = None,
) -> list[int]:
    """Row ids of the cases that concern somebody (all of them where None), newest first.

    In: with `open_only` just those that are not closed; with `going_on_before` (UTC) also closed ones whose
    prevention or inquiries have something due before then, or a document that is circulated. What of them
    the person may know is for `policy.access` to say.
    """
    query = select(col(Case.id)).order_by(col(Case.id).desc()).limit(limit)
    if user is not None:
        query = query.where(await concerning(db, user))
    if open_only:
        goes_on = [] if going_on_before is None else _goes_on(going_on_before)
        query = query.where(or_(_IS_OPEN, *goes_on))
    return _ids((await db.scalars(query)).all())


async def next_due(db: AsyncSession, user: str | None, limit: int) -> list[int]:
    """Row ids of the open cases that concern somebody (all of them where None), the next deadline first."""
    due = _next_due()
    order = (due.is_(None), due, col(Case.reported_at), col(Case.id))
    query = select(col(Case.id)).where(_IS_OPEN).order_by(*order)
    if user is not None:
        query = query.where(await concerning(db, user))
    return _ids((await db.scalars(query.limit(limit))).all())


async def open_of(
    db: AsyncSession, user: str | None, most: int, going_on_before: datetime | None = None
) -> tuple[list[int], bool]:
    """Row ids of the open cases that concern somebody, as `cases_of` finds them, and whether there are more.

    Of more than `most` the newest so many, and as many with the next deadlines.
    """
    newest = await cases_of(db, user, open_only=True, going_on_before=going_on_before, limit=most + 1)
    if len(newest) <= most:
        return newest, False
    return list(dict.fromkeys([*newest[:most], *await next_due(db, user, most)])), True


async def reports_of(db: AsyncSession, user: str, limit: int) -> list[int]:
    """Row ids of the cases somebody reported, newest first."""
    query = select(col(Case.id)).where(col(Case.reporter) == user).order_by(col(Case.id).desc())
    return _ids((await db.scalars(query.limit(limit))).all())


async def how_many(db: AsyncSession) -> int:
    """How many cases and drills there are."""
    return await db.scalar(select(func.count()).select_from(Case)) or 0


def _conditions(wanted: Filter, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    fits: list[ColumnElement[bool]] = []
    if wanted.open is not None:
        fits.append(_IS_OPEN if wanted.open else ~_IS_OPEN)
    if wanted.status is not None:
        fits.append(col(Case.status) == wanted.status.value)
    if wanted.department is not None:
        fits.append(col(Case.department) == wanted.department)
    if wanted.indicator is not None:
        fits.append(col(Case.indicator) == wanted.indicator.value)
    if wanted.year is not None:
        begins, ends = (datetime(year, 1, 1, tzinfo=zone) for year in (wanted.year, wanted.year + 1))
        fits += [col(Case.reported_at) >= begins, col(Case.reported_at) < ends]
    if wanted.drill is not None:
        fits.append(col(Case.drill) == wanted.drill)
    if wanted.number:
        fits.append(col(Case.number).contains(wanted.number, autoescape=True))
    return fits


def _next_due() -> ColumnElement[datetime | None]:
    """The next deadline of the case that is neither submitted nor removed."""
    is_open = and_(col(Obligation.submitted_at).is_(None), col(Obligation.removed_at).is_(None))
    query = select(func.min(col(Obligation.due_at))).where(col(Obligation.case_id) == col(Case.id), is_open)
    return query.correlate(Case).scalar_subquery()


def _goes_on(before: datetime) -> list[ColumnElement[bool]]:
    """What may still wait for somebody after the end of the case."""
    prevention = select(col(Task.case_id)).where(
        col(Task.phase) == TaskPhase.AFTERCARE.value,
        col(Task.status) == TaskStatus.OPEN.value,
        col(Task.due_at) <= before,
    )
    asked = select(col(Inquiry.case_id)).where(
        col(Inquiry.status) == InquiryStatus.OPEN.value, col(Inquiry.due_at) <= before
    )
    circulated = select(col(Document.case_id)).where(col(Document.state) == DocumentState.CIRCULATING.value)
    return [col(Case.id).in_(some) for some in (prevention, asked, circulated)]


def _ids(found: Sequence[int | None]) -> list[int]:
    return [case_id for case_id in found if case_id is not None]
