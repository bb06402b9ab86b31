"""Selects for the watcher: cases that may be waiting without anybody seeing it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from bot.cases.tables import Case
from bot.vocabulary import Status

#: As many as are looked at in one look; of more than that nobody needs every number.
MOST = 200


async def all_numbers(db: AsyncSession) -> list[str]:
    """The number of every case and drill, oldest first, without reading anything of them."""
    return list(await db.scalars(select(col(Case.number)).order_by(col(Case.id))))


async def cases_without_room_or_answer(db: AsyncSession) -> list[Case]:
    """Open cases and drills that have no room yet, or that nobody has taken; oldest first."""
    query = select(Case).where(
        col(Case.status) != Status.CLOSED.value,
        col(Case.closed_at).is_(None),  # as the index has it
        col(Case.joined_into).is_(None),
        or_(col(Case.channel).is_(None), col(Case.acknowledged_at).is_(None)),
    )
    return list(await db.scalars(query.order_by(col(Case.id)).limit(MOST)))


async def numbers_unplanned(db: AsyncSession, before: datetime, unplanned: Collection[int]) -> list[str]:
    """The numbers of cases that should have been planned before then, and of those given by id."""
    some = select(col(Case.id), col(Case.number))
    # Each by its own index; both at once would be looked for in every case there is.
    waiting = some.where(col(Case.wake_at) < before).order_by(col(Case.wake_at), col(Case.id))
    given = some.where(col(Case.id).in_(sorted(unplanned)[:MOST]))
    found = {number: case_id for q in (waiting.limit(MOST), given) for case_id, number in await db.execute(q)}
    return sorted(found, key=lambda number: found[number] or 0)[:MOST]
