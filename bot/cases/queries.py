"""Every select, by name. What policy reads (`CaseState`) is built in `states.py`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlmodel import col

from bot.cases.statements import run
from bot.cases.tables import (
    Absence,
    Case,
    Document,
    Inquiry,
    LogEntry,
    Member,
    Obligation,
    Page,
    PageLink,
    Task,
)
from bot.vocabulary import Status

# What is asked again and again is made once.
_REVISION: Final = select(col(Case.revision)).where(col(Case.number) == bindparam("number"))
_BY_VIEW: Final = select(Case).where(col(Case.view_id) == bindparam("view_id"))
_LIKE: Final = (
    select(
        col(Case.id),
        col(Case.number),
        col(Case.drill),
        col(Case.department),
        col(Case.indicator),
        col(Case.reported_at),
        col(Case.closed_at),
    )
    .where(
        col(Case.status) != Status.CLOSED.value,
        col(Case.department) == bindparam("department"),
        col(Case.indicator) == bindparam("indicator"),
        col(Case.drill) == bindparam("drill"),
        col(Case.reported_at).between(bindparam("since"), bindparam("until")),
    )
    .order_by(col(Case.id))
    .limit(bindparam("limit"))
)
_SET_WAKE: Final = (
    update(Case.__table__)  # type: ignore[attr-defined]
    .where(col(Case.id) == bindparam("case_id"))
    .values(wake_at=bindparam("at"))
)
_EARLIEST: Final = select(func.min(col(Case.wake_at)))
_DUE: Final = (
    select(Case.__table__)  # type: ignore[attr-defined]
    .where(col(Case.wake_at) <= bindparam("now"))
    .order_by(col(Case.wake_at), col(Case.id))
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)


async def case_row(db: AsyncSession, number: str, lock: bool = False) -> Case | None:
    """The case of this number. With `lock`, nobody else changes it until the transaction ends.

    One that this transaction holds already is as it was left, and not read again.
    """
    if lock and (held := _held(db).get(number)) is not None:
        return held
    return await _one_case(db, select(Case).where(col(Case.number) == number), lock)


async def revision_of(db: AsyncSession | AsyncConnection, number: str) -> int | None:
    """How often the case has changed so far: the one number to look at before anything is done for it."""
    revision: int | None = await db.scalar(_REVISION, {"number": number})
    return revision


async def case_by_id(db: AsyncSession, case_id: int, lock: bool = False) -> Case | None:
    """The case of this row id. With `lock`, nobody else changes it until the transaction ends."""
    return await _one_case(db, select(Case).where(col(Case.id) == case_id), lock)


async def case_by_view(db: AsyncSession, view_id: str) -> Case | None:
    """The case that this submitted form became."""
    case: Case | None = await db.scalar(_BY_VIEW, {"view_id": view_id})
    return case


async def case_by_channel(db: AsyncSession, channel: str) -> Case | None:
    """The case whose room this conversation is."""
    return await _one_case(db, select(Case).where(col(Case.channel) == channel))


async def add_case(db: AsyncSession, case: Case) -> None:
    """Stores a new case; nobody else sees it until the transaction ends, so this one holds it."""
    db.add(case)
    await db.flush()
    _held(db)[case.number] = case


async def hold(db: AsyncSession, case: Case) -> None:
    """Locks the case's row until the transaction ends, and brings its log position up to date.

    Does nothing where this transaction holds it already. SQLite needs no such lock: its writers queue.
    """
    held = _held(db)
    if case.id is None or case.number in held:
        return
    await db.refresh(case, attribute_names=["revision", "log_head"], with_for_update=True)
    held[case.number] = case


async def due_cases(db: AsyncSession, now: datetime, limit: int) -> Sequence[Any]:
    """The rows, read only, of cases to be asked what they need: the longest waiting first, at most `limit`.

    They are held until the transaction ends; those that somebody else holds are left out. In: a session that
    has changed nothing yet.
    """
    return (await run(db, _DUE, {"now": now, "limit": limit})).all()


async def earliest_wake(db: AsyncSession | AsyncConnection) -> datetime | None:
    """When the next case is to be asked; None where all are quiet."""
    earliest: datetime | None = await db.scalar(_EARLIEST)
    return earliest


async def set_wake(db: AsyncSession, case_id: int, at: datetime | None) -> None:
    """Says when the case is next to be asked what it needs. Not a change of the case: needs no log entry.

    Whoever puts it off holds the case's row first, or a step's "ask now" in between would be lost.
    """
    if db.dirty or db.new:
        await db.flush()  # what the step itself wrote there comes before
    await run(db, _SET_WAKE, {"case_id": case_id, "at": at})
    if (read := db.identity_map.get(identity_key(Case, case_id))) is not None:
        set_committed_value(read, "wake_at", at)


async def cases_ahead(db: AsyncSession) -> list[Case]:
    """Cases and drills that want something by themselves some day, closed ones too; oldest first."""
    query = select(Case).where(col(Case.wake_at).is_not(None)).order_by(col(Case.id))
    return list(await db.scalars(query))


async def newest_open_cases(db: AsyncSession, drill: bool, but: str, limit: int) -> list[Case]:
    """Open cases, or drills, without the one of the number `but`: the newest first, at most `limit`."""
    query = select(Case).where(
        col(Case.status) != Status.CLOSED.value, col(Case.drill) == drill, col(Case.number) != but
    )
    return list(await db.scalars(query.order_by(col(Case.id).desc()).limit(limit)))


async def open_rooms(db: AsyncSession, after: int, limit: int) -> list[Case]:
    """Open cases that have a room, by their row's id, from the first one after that of `after`."""
    query = select(Case).where(
        col(Case.status) != Status.CLOSED.value,
        col(Case.closed_at).is_(None),  # as the index has it
        col(Case.channel).is_not(None),
        col(Case.id) > after,
    )
    return list(await db.scalars(query.order_by(col(Case.id)).limit(limit)))


async def all_cases(db: AsyncSession) -> list[Case]:
    """Every case and drill, oldest first."""
    return list(await db.scalars(select(Case).order_by(col(Case.id))))


async def newest_case(db: AsyncSession) -> Case | None:
    """The case reported last; `ConfigurationError` where it is encrypted and the right key is missing."""
    case: Case | None = await db.scalar(select(Case).order_by(col(Case.id).desc()).limit(1))
    return case


async def concerning(db: AsyncSession, user: str) -> ColumnElement[bool]:
    """The condition for cases that somebody reported, was called into, or was paged for.

    And for those that a case they reported was joined to.
    """
    return or_(
        col(Case.reporter) == user,
        col(Case.number).in_(await _joined_cases_of(db, user)),
        col(Case.id).in_(select(col(Member.case_id)).where(col(Member.user) == user)),
        col(Case.id).in_(select(col(Page.case_id)).where(col(Page.user) == user)),
    )


async def _joined_cases_of(db: AsyncSession, user: str) -> set[str]:
    """The numbers of the cases that somebody's reports were joined to, one after the other."""
    found: set[str] = set()
    joined_to = select(col(Case.joined_into)).where(col(Case.joined_into).is_not(None))
    further = await db.scalars(joined_to.where(col(Case.reporter) == user))
    while numbers := {number for number in further if number} - found:
        found |= numbers
        further = await db.scalars(joined_to.where(col(Case.number).in_(numbers)))
    return found


async def open_cases_like(
    db: AsyncSession,
    department: str,
    indicator: str,
    drill: bool,
    since: datetime,
    until: datetime,
    limit: int,
) -> Sequence[Any]:
    """Open cases of this department and kind reported from `since` to `until`, the `limit` oldest first.

    Out: of each row what is compared (`policy.similar.Reported`), with its `id`.
    """
    like = {"department": department, "indicator": indicator, "drill": drill}
    span = {"since": since, "until": until, "limit": limit}
    return (await run(db, _LIKE, {**like, **span})).all()


async def expired_cases(
    db: AsyncSession, closed_before: datetime, limit: int, after: tuple[datetime, int] | None = None
) -> list[tuple[datetime, int]]:
    """When closed, and id, of cases closed before then that still hold personal data; at most `limit`.

    In: `after`, one of these, where those that come after it are wanted. A case that was reopened and closed
    again since it was blanked counts by its last closure.
    """
    place = tuple_(col(Case.closed_at), col(Case.id))
    query = (
        select(col(Case.closed_at), col(Case.id))
        .where(
            col(Case.closed_at) < closed_before,
            or_(col(Case.blanked_at).is_(None), col(Case.blanked_at) < col(Case.closed_at)),
        )
        .order_by(*place.clauses)
        .limit(limit)
    )
    if after is not None:
        query = query.where(place > after)
    return [(closed_at, case_id) for closed_at, case_id in await db.execute(query) if closed_at and case_id]


async def newest_blanking(db: AsyncSession) -> datetime | None:
    """When the personal data of a case was blanked last; None where it never was."""
    return await db.scalar(select(func.max(col(Case.blanked_at))))


async def members_of(db: AsyncSession, case_id: int) -> list[Member]:
    """Everybody called into the room, in the order they were called."""
    query = select(Member).where(col(Member.case_id) == case_id).order_by(col(Member.id))
    return list(await db.scalars(query))


async def member_of(db: AsyncSession, case_id: int, user: str) -> Member | None:
    """Somebody called into the room, None where they never were."""
    query = select(Member).where(col(Member.case_id) == case_id, col(Member.user) == user)
    member: Member | None = await db.scalar(query)
    return member


async def absences_of(db: AsyncSession, people: Collection[str] | None, after: datetime) -> list[Absence]:
    """Absences that were not ended and reach beyond `after`, of these people; of everybody where None."""
    query = select(Absence).where(col(Absence.ended_at).is_(None), col(Absence.until) > after)
    if people is not None:
        query = query.where(col(Absence.person).in_(people))
    return list(await db.scalars(query.order_by(col(Absence.since), col(Absence.id))))


async def absence_by_id(db: AsyncSession, absence_id: int) -> Absence | None:
    """The absence of this number."""
    absence: Absence | None = await db.scalar(select(Absence).where(col(Absence.id) == absence_id))
    return absence


async def link_of(db: AsyncSession, digest: str, again: bool = False) -> PageLink | None:
    """The link whose token has this digest. `again` reads it anew where this transaction read it before."""
    query = select(PageLink).where(col(PageLink.digest) == digest)
    if again:
        query = query.execution_options(populate_existing=True)
    link: PageLink | None = await db.scalar(query)
    return link


async def forget_links(db: AsyncSession, now: datetime) -> None:
    """Removes the links that answer no more because their time is over."""
    await db.execute(delete(PageLink).where(col(PageLink.expires_at) <= now))


async def pages_of(db: AsyncSession, case_id: int) -> list[Page]:
    """Every page, in the order they were noted."""
    return list(await db.scalars(select(Page).where(col(Page.case_id) == case_id).order_by(col(Page.id))))


async def obligations_of(db: AsyncSession, case_id: int) -> list[Obligation]:
    """Every obligation, the removed ones too, in the order they arose."""
    query = select(Obligation).where(col(Obligation.case_id) == case_id).order_by(col(Obligation.id))
    return list(await db.scalars(query))


async def documents_of(
    db: AsyncSession, case_id: int, kind: str | None = None, locale: str | None = None
) -> list[Document]:
    """Every version of the case's documents, oldest first; of one kind, in one language where given."""
    query = select(Document).where(col(Document.case_id) == case_id).order_by(col(Document.id))
    if kind is not None:
        query = query.where(col(Document.kind) == kind)
    if locale is not None:
        query = query.where(col(Document.locale) == locale)
    return list(await db.scalars(query))


async def tasks_of(db: AsyncSession, case_id: int) -> list[Task]:
    """Every task, the done and dropped ones too, in the order they came up."""
    return list(await db.scalars(select(Task).where(col(Task.case_id) == case_id).order_by(col(Task.id))))


async def inquiries_of(db: AsyncSession, case_id: int) -> list[Inquiry]:
    """Every inquiry, the answered ones too, in the order they were recorded."""
    query = select(Inquiry).where(col(Inquiry.case_id) == case_id).order_by(col(Inquiry.number))
    return list(await db.scalars(query))


async def log_of(db: AsyncSession, case_id: int, kinds: Sequence[str] | None = None) -> list[LogEntry]:
    """The case's log in order; only entries of `kinds` where given."""
    query = select(LogEntry).where(col(LogEntry.case_id) == case_id).order_by(col(LogEntry.seq))
    if kinds is not None:
        query = query.where(col(LogEntry.kind).in_(kinds))
    return list(await db.scalars(query))


async def _one_case(db: AsyncSession, query: Select[Any], lock: bool = False) -> Case | None:
    if lock:
        # A row this session read before is read again: it may be old by the time the lock is ours.
        query = query.with_for_update().execution_options(populate_existing=True)
    case: Case | None = await db.scalar(query)
    if lock and case is not None:
        _held(db)[case.number] = case
    return case


def _held(db: AsyncSession) -> dict[str, Case]:
    """The cases whose rows this transaction holds, by number. A session lives for one transaction only."""
    held: dict[str, Case] = db.info.setdefault("leakbot_held", {})
    return held
