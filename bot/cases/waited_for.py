"""Whom the open cases wait for, asked of all of them at once: there may be a hundred thousand."""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from bot.cases.states import chain_of
from bot.cases.tables import Case, Page
from bot.vocabulary import Status

# Of many cases few are open: named one by one, the index on the status finds them.
_OPEN = col(Case.status).in_([status.value for status in Status if status is not Status.CLOSED])
#: JSON has no equality in PostgreSQL. Departments are few, so there are few different chains.
_CHAIN = cast(col(Case.chain), Text)


async def people_of_open_cases(db: AsyncSession) -> tuple[set[str], set[str]]:
    """Out: everybody whom an open case may wait for, and those of them whose account it counts as closed."""
    waited_for: set[str] = set()
    closed: set[str] = set()
    for people in (await _chains(db)).values():
        waited_for |= set(people)
        closed |= {user for user, active in people.items() if not active}
    paged = select(col(Page.user)).distinct().join(Case, col(Case.id) == col(Page.case_id)).where(_OPEN)
    waited_for |= set(await db.scalars(paged))
    holders = (
        select(col(Case.acknowledged_by)).distinct().where(_OPEN, col(Case.acknowledged_by).is_not(None))
    )
    waited_for |= {str(user) for user in await db.scalars(holders)}
    return waited_for, closed


async def open_cases_of(db: AsyncSession, users: Collection[str]) -> list[Case]:
    """The open cases that may wait for one of these users, oldest first."""
    if not users:
        return []
    chains = [text for text, people in (await _chains(db)).items() if not people.keys().isdisjoint(users)]
    query = select(Case).where(
        _OPEN,
        or_(
            col(Case.acknowledged_by).in_(users),
            col(Case.id).in_(select(col(Page.case_id)).where(col(Page.user).in_(users))),
            _CHAIN.in_(chains),
        ),
    )
    return list(await db.scalars(query.order_by(col(Case.id))))


async def _chains(db: AsyncSession) -> dict[str, dict[str, bool]]:
    """The different chains of open cases as they are stored: their people, and whether they are active."""
    stored = await db.scalars(select(_CHAIN).distinct().where(_OPEN))
    return {
        chain: {
            person.user: person.active
            for level in chain_of(json.loads(chain))
            for person in level.people
            if person.user
        }
        for chain in stored
    }
