"""Who is away: declare_absence · end_absence. An absence is its own record: who declared it, who ended it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import queries
from bot.cases.tables import Absence
from bot.errors import InvalidField, Refused
from bot.policy.access import check_absence


@dataclass(frozen=True, slots=True)
class Absent:
    """What the form says: who is away, from when until when (UTC), and who is called instead."""

    person: str
    since: datetime
    until: datetime
    deputy: str | None


async def declare_absence(
    db: AsyncSession, absent: Absent, *, person: str, privacy_office: Collection[str], now: datetime
) -> None:
    """From `since` to `until` the chain passes over this person at once. The same declared twice is one.

    In: `person`, who declares it. Raises Refused where they may not for somebody else, InvalidField where
    the time is over or ends before it begins, or where somebody is to stand in for themselves.
    """
    check_absence(absent.person, person, privacy_office)
    if absent.until <= absent.since:
        raise InvalidField("until", "absence_ends_before_it_begins")
    if absent.until <= now:
        raise InvalidField("until", "absence_is_over")
    if absent.deputy == absent.person:
        raise InvalidField("deputy", "absence_deputy_is_absent")
    known = await queries.absences_of(db, [absent.person], now)
    if any((a.since, a.until, a.deputy) == (absent.since, absent.until, absent.deputy) for a in known):
        return
    db.add(
        Absence(
            person=absent.person,
            since=absent.since,
            until=absent.until,
            deputy=absent.deputy,
            declared_by=person,
            declared_at=now,
        )
    )


async def end_absence(
    db: AsyncSession, number: int, *, person: str, privacy_office: Collection[str], now: datetime
) -> None:
    """Somebody is back, or does not go. Ended again, it changes nothing. Raises Refused as declaring does."""
    absence = await queries.absence_by_id(db, number)
    if absence is None:
        raise Refused("absence_not_yours")
    check_absence(absence.person, person, privacy_office)
    if absence.ended_at is None:
        absence.ended_at, absence.ended_by = now, person
