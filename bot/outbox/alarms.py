"""Alarms as rows: raised once, cleared once, and said to the privacy office through the outbox.

The key of what is said names alarm, episode, day and person, so that each is told once when an alarm is
raised, again each day while it stands, and once when it is over.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from bot.outbox.table import AlarmRow, Delivery, DeliveryState
from bot.policy.need import Priority
from bot.vocabulary import Alarm

logger = structlog.get_logger(__name__)

KIND: Final = "alarm"  # of the deliveries that say one
#: What one process sees of itself is cleared by another only after it was not seen for so long: it has ended.
FORGOTTEN_AFTER: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)

#: By alarm what it is about, an empty list where all is well. Alarms not named were not looked at.
Found = Mapping[Alarm, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Word:
    """What is said to one person about one alarm."""

    alarm: Alarm
    user: str
    since: datetime
    about: tuple[str, ...]
    days: int  # since it was raised
    over: bool


async def note(db: AsyncSession, found: Found, own: Collection[Alarm], owner: str, now: datetime) -> None:
    """Raise and clear alarms by what was found.

    In: `own` are those that only this process can see of itself. Several processes may look at once.
    """
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    for alarm, about in sorted(found.items()):
        query = select(AlarmRow).where(col(AlarmRow.name) == alarm.value).with_for_update()
        row = await db.scalar(query)
        if row is None:
            if about:
                new = {"name": alarm.value, "episode": 1, "since": now, "seen_at": now, "owner": owner}
                insert = dialect.insert(AlarmRow).values({**new, "about": list(about)})
                await db.execute(insert.on_conflict_do_nothing(index_elements=["name"]))
                _tell(alarm, about)
        elif about:
            if not row.stands:
                row.episode, row.since, row.cleared_at = row.episode + 1, now, None
                _tell(alarm, about)
            row.seen_at, row.owner, row.about = now, owner, list(about)
        elif row.stands and not _is_anothers(row, alarm in own, owner, now):
            row.cleared_at = now
            logger.info("alarm_cleared", alarm=alarm.value)
    await db.flush()


def _is_anothers(row: AlarmRow, own: bool, owner: str, now: datetime) -> bool:
    return own and row.owner != owner and now - row.seen_at < FORGOTTEN_AFTER


def _tell(alarm: Alarm, about: Sequence[str]) -> None:
    logger.error("alarm_raised", alarm=alarm.value, about=list(about))


async def standing(db: AsyncSession) -> set[Alarm]:
    """The alarms that stand."""
    rows = await db.scalars(select(col(AlarmRow.name)).where(col(AlarmRow.cleared_at).is_(None)))
    return {alarm for name in rows if (alarm := Alarm.named(name))}


async def leave_words(db: AsyncSession, office: Collection[str], now: datetime) -> bool:
    """Leave a delivery for all that the privacy office is to be told. Out: whether there was any."""
    rows = list(await db.scalars(select(AlarmRow)))
    wanted = {_key(row, user, now): user for row in rows for user in sorted(office)}
    known = set(await db.scalars(select(col(Delivery.key)).where(col(Delivery.key).in_(wanted))))
    new = [
        {
            "key": key,
            "kind": KIND,
            "lane": f"alarm:{user}",
            "priority": int(Priority.WORD),
            "data": {"alarm": row.name, "user": user},
            "state": DeliveryState.WAITING.value,
            "wanted_at": now,
            "retry_at": 0.0,
            "attempts": 0,
        }
        for row in rows
        for user in sorted(office)
        if (key := _key(row, user, now)) not in known
    ]
    if new:
        dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
        await db.execute(dialect.insert(Delivery).values(new).on_conflict_do_nothing(index_elements=["key"]))
    return bool(new)


async def word_of(db: AsyncSession, delivery: Delivery, now: datetime) -> Word | None:
    """What this delivery says, None where it is no longer to be said."""
    alarm, user = Alarm.named(delivery.data["alarm"]), str(delivery.data["user"])
    row = await db.get(AlarmRow, delivery.data["alarm"])
    if alarm is None or row is None or _key(row, user, now) != delivery.key:
        return None
    if not row.stands and not await _was_told(db, row, user):
        return None  # whoever never heard of it need not hear that it is over
    return Word(alarm, user, row.since, tuple(row.about), _days(row, now), over=not row.stands)


async def _was_told(db: AsyncSession, row: AlarmRow, user: str) -> bool:
    told = select(col(Delivery.id)).where(
        col(Delivery.kind) == KIND,
        col(Delivery.lane) == f"alarm:{user}",
        col(Delivery.key).startswith(f"{KIND}/{row.name}/{row.episode}/", autoescape=True),
        col(Delivery.state) == DeliveryState.DONE.value,
    )
    return await db.scalar(told.limit(1)) is not None


def _key(row: AlarmRow, user: str, now: datetime) -> str:
    """What is to be said of this alarm to somebody now."""
    which: Any = _days(row, now) if row.stands else "over"
    return f"{KIND}/{row.name}/{row.episode}/{which}/{user}"


def _days(row: AlarmRow, now: datetime) -> int:
    return max(0, math.floor((now - row.since) / DAY))  # a clock may be set back
