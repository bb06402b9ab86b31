"""Every statement on the table of deliveries, by name. Times here are machine time, in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, and_, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.cases.tables import Case
from bot.outbox.table import Delivery, DeliveryState

UNDONE = (DeliveryState.WAITING.value, DeliveryState.CLAIMED.value)


def _claimable(machine_now: float) -> Any:
    return or_(
        and_(col(Delivery.state) == DeliveryState.WAITING.value, col(Delivery.retry_at) <= machine_now),
        and_(col(Delivery.state) == DeliveryState.CLAIMED.value, col(Delivery.lease_until) <= machine_now),
    )


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
    db: AsyncSession, owner: str, machine_now: float, lease_until: float, limit: int
) -> Sequence[Claim]:
    """Take up to `limit` deliveries that are first in their lane, most urgent first.

    One conditional update each: of several processes only one wins a row. A claim whose lease ran out
    (its process died) is taken over. From the claim on the outcome may be unknown.
    """
    candidates = (
        await db.execute(
            select(col(Delivery.id), col(Delivery.begun_at))
            .where(_claimable(machine_now), _nothing_before_it_in_its_lane())
            .order_by(col(Delivery.priority), col(Delivery.id))
            .limit(limit)
        )
    ).all()
    claimed: list[Claim] = []
    for delivery_id, begun_at in candidates:
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
    db: AsyncSession, delivery_id: int, state: DeliveryState, now: datetime, error: str | None
) -> None:
    """The delivery came to its end: said, moot, or refused for good."""
    await _set(db, delivery_id, state=state.value, done_at=now, lease_until=None, owner=None, error=error)


async def put_back(
    db: AsyncSession, delivery_id: int, retry_at: float, error: str, *, surely_not_said: bool
) -> None:
    """Try again later. `surely_not_said`: Slack said so, nobody needs to look for it."""
    values: dict[str, Any] = {
        "state": DeliveryState.WAITING.value,
        "retry_at": retry_at,
        "lease_until": None,
        "owner": None,
        "error": error,
    }
    if surely_not_said:
        values["begun_at"] = None
    await _set(db, delivery_id, **values)


async def renew(db: AsyncSession, owner: str, lease_until: float) -> None:
    """The process lives: its claims stay its own."""
    await db.execute(
        update(Delivery)
        .where(col(Delivery.owner) == owner, col(Delivery.state) == DeliveryState.CLAIMED.value)
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


async def next_try(db: AsyncSession) -> float | None:
    """When the next undone delivery may be tried (machine time); in the past: at once."""
    return (
        await db.execute(
            select(func.min(func.coalesce(col(Delivery.lease_until), col(Delivery.retry_at)))).where(
                col(Delivery.state).in_(UNDONE)
            )
        )
    ).scalar_one()


async def undone_by_kind(db: AsyncSession) -> dict[str, int]:
    """How much still waits, by kind (for the metrics)."""
    rows = await db.execute(
        select(col(Delivery.kind), func.count())
        .where(col(Delivery.state).in_(UNDONE))
        .group_by(Delivery.kind)
    )
    return dict(rows.tuples().all())


async def case_number_of(db: AsyncSession, case_id: int) -> str:
    """The number of the case a delivery speaks of."""
    return (await db.execute(select(col(Case.number)).where(col(Case.id) == case_id))).scalar_one()


async def _set(db: AsyncSession, delivery_id: int, **values: Any) -> None:
    await db.execute(
        update(Delivery)
        .where(col(Delivery.id) == delivery_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
