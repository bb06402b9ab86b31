"""Every statement on the table of deliveries, by name. Times here are machine time, in seconds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    CursorResult,
    Select,
    Update,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.cases.statements import run
from bot.cases.tables import Case
from bot.outbox.table import Delivery, DeliveryState
from bot.policy.need import Priority

UNDONE = (DeliveryState.WAITING.value, DeliveryState.CLAIMED.value)
_TABLE: Any = Delivery.__table__  # type: ignore[attr-defined]  # what is asked again and again is made once
FAR_AHEAD = 600.0  # seconds; our own pauses and leases are far shorter
NAMED_A_TIME = ("ratelimited", "rate_limited", "http_429")  # Slack's answers that come with a Retry-After


def _undone(row: Any) -> Any:
    # Two words, not a list of any length: that would be written out anew each time.
    waiting, claimed = UNDONE
    return or_(col(row.state) == waiting, col(row.state) == claimed)


def _claimable() -> Any:
    now: Any = bindparam("machine_now")
    # Not by the index on this moment: nearly all that waits may be tried, and would have to be put in order.
    may_be_tried = col(Delivery.retry_at) + 0.0 <= now
    return and_(col(Delivery.state) == DeliveryState.WAITING.value, may_be_tried)


def _nothing_before_it_in_its_lane() -> Any:
    before = aliased(Delivery)
    return ~(
        select(col(before.id))
        .where(
            col(before.lane) == col(Delivery.lane),
            _undone(before),
            tuple_(col(before.priority), col(before.id)) < tuple_(col(Delivery.priority), col(Delivery.id)),
        )
        .exists()
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery taken, and whether an earlier attempt may have taken effect without our knowing.

    `delivery` is its row as it was read, with the attributes of `Delivery`.
    """

    delivery: Any
    may_have_been_said: bool


async def claim(
    db: AsyncSession, owner: str, machine_now: float, lease_until: float, limit: int, kept_for_pages: int = 0
) -> Sequence[Claim]:
    """Take up to `limit` deliveries that are first in their lane, most urgent first.

    Of these `limit`, the last `kept_for_pages` are for pages alone. One conditional update: of several
    processes only one wins a row. From the claim on the outcome may be unknown.
    """
    # Nothing that was changed through the session is a delivery.
    candidates: Sequence[Any] = (
        await run(db, _candidates(), {"machine_now": machine_now, "limit": limit})
    ).all()
    for_all = limit - kept_for_pages
    wanted = [
        delivery_id
        for place, (delivery_id, priority) in enumerate(candidates)
        if priority <= Priority.PAGE or place < for_all
    ]
    if not wanted:
        return ()
    taken = {"rows": wanted, "machine_now": machine_now, "by": owner, "until": lease_until}
    rows = await run(db, _take(), taken)
    # Written at the first attempt and emptied only where that surely had no effect.
    claims = [Claim(row, may_have_been_said=row.begun_at != machine_now) for row in rows]
    return sorted(claims, key=lambda claim: (claim.delivery.priority, claim.delivery.id))


@cache
def _candidates() -> Any:
    # One state, in the order of `ix_delivery_todo`: of a thousand that wait only the first few are looked at.
    return (
        select(col(Delivery.id), col(Delivery.priority))
        .where(_claimable(), _nothing_before_it_in_its_lane())
        .order_by(col(Delivery.priority), col(Delivery.id))
        .limit(bindparam("limit"))
        # What another process is at is not waited for: two that wait for each other would deadlock.
        .with_for_update(skip_locked=True, of=Delivery)
    )


@cache
def _take() -> Any:
    return (
        update(_TABLE)
        .where(_TABLE.c.id.in_(bindparam("rows", expanding=True)), _claimable())
        .values(
            state=DeliveryState.CLAIMED.value,
            owner=bindparam("by"),
            lease_until=bindparam("until"),
            attempts=_TABLE.c.attempts + 1,
            begun_at=func.coalesce(_TABLE.c.begun_at, bindparam("machine_now")),
        )
        .returning(_TABLE)
    )


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


async def release(db: AsyncSession, owner: str | None = None) -> int:
    """Free the claims of `owner`; None: every claim. What may have been said is looked for by the next one.

    On SQLite there is one process, so at its start all claims are a dead one's.
    """
    claimed = col(Delivery.state) == DeliveryState.CLAIMED.value
    theirs = claimed if owner is None else claimed & (col(Delivery.owner) == owner)
    result = await db.execute(
        update(Delivery)
        .where(theirs)
        .values(state=DeliveryState.WAITING.value, lease_until=None, owner=None)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], result).rowcount


async def lapse(db: AsyncSession, machine_now: float) -> None:
    """Free the claims whose lease ran out: their process died. They may have been said."""
    over = and_(col(Delivery.state) == DeliveryState.CLAIMED.value, col(Delivery.lease_until) <= machine_now)
    ids = select(col(Delivery.id)).where(over).order_by(col(Delivery.id)).with_for_update(skip_locked=True)
    if free := (await db.execute(ids)).scalars().all():
        await db.execute(
            update(Delivery)
            .where(col(Delivery.id).in_(free), over)
            .values(state=DeliveryState.WAITING.value, retry_at=0.0, lease_until=None, owner=None)
            .execution_options(synchronize_session=False)
        )


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


async def bring_back(db: AsyncSession, machine_now: float) -> None:
    """What was put off far ahead by a clock that was set back since is due now, unless Slack named a time."""
    far = machine_now + FAR_AHEAD
    waiting = and_(col(Delivery.state) == DeliveryState.WAITING.value, col(Delivery.retry_at) > far)
    not_named = func.coalesce(col(Delivery.error), "").not_in(NAMED_A_TIME)
    claimed = and_(col(Delivery.state) == DeliveryState.CLAIMED.value, col(Delivery.lease_until) > far)
    for rows, values in (
        (and_(waiting, not_named), {"retry_at": 0.0}),
        (claimed, {"lease_until": machine_now}),
    ):
        await db.execute(
            update(Delivery).where(rows).values(values).execution_options(synchronize_session=False)
        )


async def next_try(db: AsyncSession | AsyncConnection, but_of: str | None = None) -> float | None:
    """When the next undone delivery may be tried (machine time); in the past: at once.

    Only the first of each lane counts: the others wait for it, however long that takes. Not counted is what
    the owner `but_of` is at: it will say when it is done.
    """
    earliest: float | None = await db.scalar(_tries(but_of is not None), {"but_of": but_of} if but_of else {})
    return earliest


@cache
def _tries(of_others: bool) -> Select[Any]:
    # Of what waits, the first by `ix_delivery_retry` that nothing stands before; what is claimed is not much.
    waiting = (
        select(col(Delivery.retry_at).label("moment"))
        .where(col(Delivery.state) == DeliveryState.WAITING.value, _nothing_before_it_in_its_lane())
        .order_by(col(Delivery.retry_at))
        .limit(1)
        .subquery()
    )
    claimed = select(func.min(col(Delivery.lease_until))).where(
        col(Delivery.state) == DeliveryState.CLAIMED.value
    )
    if of_others:
        claimed = claimed.where(col(Delivery.owner) != bindparam("but_of"))
    both = union_all(select(waiting.c.moment), claimed).subquery()
    return select(func.min(both.c[0]))


async def undone_by_kind(db: AsyncSession) -> dict[str, int]:
    """How much still waits, by kind (for the metrics)."""
    rows = await db.execute(
        select(col(Delivery.kind), func.count().label("waiting"))
        .where(col(Delivery.state).in_(UNDONE))
        .group_by(Delivery.kind)
    )
    return {row.kind: row.waiting for row in rows}


async def numbers_stuck(db: AsyncSession, before: datetime) -> list[str]:
    """The numbers of the cases of which something wanted before then is not said yet."""
    return await _numbers(
        db,
        col(Delivery.state).in_(UNDONE),
        col(Delivery.wanted_at) < before,
        col(Delivery.case_id).is_not(None),
    )


async def numbers_refused(db: AsyncSession, since: datetime, but: Collection[str]) -> list[str]:
    """The numbers of the cases of which Slack refused something for good since then.

    Not counted are the kinds `but`, and messages that could only not be drawn again.
    """
    return await _numbers(
        db,
        col(Delivery.state) == DeliveryState.FAILED.value,
        col(Delivery.done_at) > since,
        col(Delivery.kind).not_in(but),
        col(Delivery.priority) < Priority.REDRAW,
    )


async def _numbers(db: AsyncSession, *conditions: Any) -> list[str]:
    cases = select(col(Delivery.case_id)).where(*conditions)
    return list(
        await db.scalars(select(col(Case.number)).where(col(Case.id).in_(cases)).order_by(col(Case.id)))
    )


async def oldest(db: AsyncSession) -> datetime | None:
    """Since when the oldest thing that is not said yet was wanted; None where nothing waits."""
    return await db.scalar(select(func.min(col(Delivery.wanted_at))).where(col(Delivery.state).in_(UNDONE)))


async def _set(db: AsyncSession, delivery_id: int, held_by: str, /, **values: Any) -> bool:
    new = {f"new_{name}": value for name, value in values.items()}
    held = {"row": delivery_id, "held_by": held_by}
    result = await run(db, _setting(tuple(values)), {**held, **new})
    return result.rowcount == 1


@cache
def _setting(names: tuple[str, ...]) -> Update:
    return (
        update(_TABLE)
        .where(
            _TABLE.c.id == bindparam("row"),
            _TABLE.c.owner == bindparam("held_by"),
            _TABLE.c.state == DeliveryState.CLAIMED.value,
        )
        .values({name: bindparam(f"new_{name}") for name in names})
    )
