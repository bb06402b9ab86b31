"""Every statement on the table of deliveries, by name. Times here are machine time, in seconds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import CursorResult, and_, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.cases.tables import Case
from bot.outbox.table import Delivery, DeliveryState
from bot.policy.need import Priority

UNDONE = (DeliveryState.WAITING.value, DeliveryState.CLAIMED.value)
NAMED_A_TIME = ("ratelimited", "rate_limited", "http_429")  # Slack's answers that come with a Retry-After


def _claimable(machine_now: float) -> Any:
    return or_(
        and_(col(Delivery.state) == DeliveryState.WAITING.value, col(Delivery.retry_at) <= machine_now),
        and_(col(Delivery.state) == DeliveryState.CLAIMED.value, col(Delivery.lease_until) <= machine_now),
    )


@cache
def _nothing_before_it_in_its_lane() -> Any:
    before = aliased(Delivery)
    return ~(
        select(col(before.id))
        .where(
            col(before.lane) == col(Delivery.lane),
            col(before.state).in_(UNDONE),
            tuple_(col(before.priority), col(before.id)) < tuple_(col(Delivery.priority), col(Delivery.id)),
        )
        .exists()
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery taken, and whether an earlier attempt may have taken effect without our knowing."""

    delivery: Delivery
    may_have_been_said: bool


async def claim(
    db: AsyncSession, owner: str, machine_now: float, lease_until: float, limit: int, kept_for_pages: int = 0
) -> Sequence[Claim]:
    """Take up to `limit` deliveries that are first in their lane, most urgent first.

    Of these `limit`, the last `kept_for_pages` are for pages alone. One conditional update each: of several
    processes only one wins a row. A claim whose lease ran out (its process died) is taken over. From the
    claim on the outcome may be unknown.
    """
    candidates = (
        await db.execute(
            select(col(Delivery.id), col(Delivery.begun_at), col(Delivery.priority))
            .where(_claimable(machine_now), _nothing_before_it_in_its_lane())
            .order_by(col(Delivery.priority), col(Delivery.id))
            .limit(limit)
            # What another process is at is not waited for: two that wait for each other would deadlock.
            .with_for_update(skip_locked=True, of=Delivery)
        )
    ).all()
    claimed: list[Claim] = []
    for delivery_id, begun_at, priority in candidates:
        if priority > Priority.PAGE and len(claimed) >= limit - kept_for_pages:
            break
        row = (
            await db.execute(
                update(Delivery)
                .where(col(Delivery.id) == delivery_id, _claimable(machine_now))
                .values(
                    state=DeliveryState.CLAIMED.value,
                    owner=owner,
                    lease_until=lease_until,
                    attempts=col(Delivery.attempts) + 1,
                    begun_at=begun_at if begun_at is not None else machine_now,
                )
                .returning(Delivery)
                .execution_options(synchronize_session=False, populate_existing=True)
            )
        ).scalar_one_or_none()
        if row is not None:
            claimed.append(Claim(row, may_have_been_said=begun_at is not None))
    return claimed


async def finish(
    db: AsyncSession, delivery_id: int, owner: str, state: DeliveryState, now: datetime, error: str | None
) -> bool:
    """The delivery came to its end: said, moot, or refused for good.

    Out: whether it was still `owner`'s. One that another process has taken over is that one's to finish.
    """
    return await _set(
        db, delivery_id, owner, state=state.value, done_at=now, lease_until=None, owner=None, error=error
    )


async def put_back(
    db: AsyncSession, delivery_id: int, owner: str, retry_at: float, error: str, *, surely_not_said: bool
) -> bool:
    """Try again later. `surely_not_said`: no attempt so far can have had effect, nobody needs to look.

    Out: whether it was still `owner`'s.
    """
    values: dict[str, Any] = {
        "state": DeliveryState.WAITING.value,
        "retry_at": retry_at,
        "lease_until": None,
        "owner": None,
        "error": error,
    }
    if surely_not_said:
        values["begun_at"] = None
    return await _set(db, delivery_id, owner, **values)


async def renew(db: AsyncSession, owner: str, ids: Collection[int], lease_until: float) -> None:
    """The process lives and is still at these: they stay its own. One being finished now needs no lease."""
    ours = select(col(Delivery.id)).where(col(Delivery.id).in_(ids)).order_by(col(Delivery.id))
    free = (await db.execute(ours.with_for_update(skip_locked=True))).scalars().all()
    await db.execute(
        update(Delivery)
        .where(
            col(Delivery.id).in_(free),
            col(Delivery.owner) == owner,
            col(Delivery.state) == DeliveryState.CLAIMED.value,
        )
        .values(lease_until=lease_until)
        .execution_options(synchronize_session=False)
    )


async def release_all(db: AsyncSession) -> int:
    """Free every claim: on SQLite there is one process, so at its start all claims are a dead one's."""
    result = await db.execute(
        update(Delivery)
        .where(col(Delivery.state) == DeliveryState.CLAIMED.value)
        .values(state=DeliveryState.WAITING.value, lease_until=None, owner=None)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], result).rowcount


async def hurry(db: AsyncSession) -> None:
    """A fresh start is a fresh chance: what waits after a failure is tried now, unless Slack named a time."""
    await db.execute(
        update(Delivery)
        .where(
            col(Delivery.state) == DeliveryState.WAITING.value,
            col(Delivery.retry_at) > 0.0,
            col(Delivery.error).not_in(NAMED_A_TIME),
        )
        .values(retry_at=0.0)
        .execution_options(synchronize_session=False)
    )


async def next_try(db: AsyncSession, but_of: str | None = None) -> float | None:
    """When the next undone delivery may be tried (machine time); in the past: at once.

    Only the first of each lane counts: the others wait for it, however long that takes. Not counted is what
    the owner `but_of` is at: it will say when it is done.
    """
    tries = select(func.min(func.coalesce(col(Delivery.lease_until), col(Delivery.retry_at)))).where(
        col(Delivery.state).in_(UNDONE), _nothing_before_it_in_its_lane()
    )
    if but_of is not None:
        tries = tries.where(or_(col(Delivery.owner).is_(None), col(Delivery.owner) != but_of))
    return (await db.execute(tries)).scalar_one()


async def undone_by_kind(db: AsyncSession) -> dict[str, int]:
    """How much still waits, by kind (for the metrics)."""
    rows = await db.execute(
        select(col(Delivery.kind), func.count().label("waiting"))
        .where(col(Delivery.state).in_(UNDONE))
        .group_by(Delivery.kind)
    )
    return {row.kind: row.waiting for row in rows}


async def case_number_of(db: AsyncSession, case_id: int) -> str:
    """The number of the case a delivery speaks of."""
    return (await db.execute(select(col(Case.number)).where(col(Case.id) == case_id))).scalar_one()


async def _set(db: AsyncSession, delivery_id: int, held_by: str, /, **values: Any) -> bool:
    result = await db.execute(
        update(Delivery)
        .where(
            col(Delivery.id) == delivery_id,
            col(Delivery.owner) == held_by,
            col(Delivery.state) == DeliveryState.CLAIMED.value,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], result).rowcount == 1
