"""What is taken in hand, and in which order: lanes, hands kept for pages, leases."""

from __future__ import annotations

import pytest

from bot.cases import queries
from bot.cases.database import Database
from bot.outbox import deliveries
from bot.outbox.table import Delivery, DeliveryState
from tests.cases.rows import reported

NOW = 1000.0


@pytest.fixture
async def shelf(database: Database) -> Database:
    """A database with one case and nothing said for it yet."""
    async with database.transaction() as db:
        await reported(db)
    return database


async def put(shelf: Database, *waiting: tuple[str, str, int]) -> None:
    """Lay out deliveries: key, lane, priority."""
    async with shelf.transaction() as db:
        [case] = await queries.all_cases(db)
        assert case.id
        for key, lane, priority in waiting:
            db.add(
                Delivery(
                    key=key, case_id=case.id, kind="notice", lane=lane, priority=priority, data={},
                    wanted_at=case.reported_at,
                )
            )  # fmt: skip


async def take(
    shelf: Database, limit: int = 16, kept: int = 0, owner: str = "me", now: float = NOW
) -> list[str]:
    """The keys somebody gets."""
    async with shelf.transaction() as db:
        await deliveries.lapse(db, now)
        claims = await deliveries.claim(db, owner, now, now + 6, limit, kept)
        return [claim.delivery.key for claim in claims]


async def id_of(shelf: Database, key: str) -> int:
    """The row id of a delivery."""
    async with shelf.reading() as db:
        claims = await db.execute(Delivery.__table__.select().where(Delivery.__table__.c.key == key))  # type: ignore[attr-defined]
        return int(claims.one().id)


async def test_of_one_lane_only_the_first_is_taken_whatever_holds_it_up(shelf: Database) -> None:
    await put(shelf, ("first", "room", 5), ("second", "room", 5), ("elsewhere", "other", 5))
    assert await take(shelf) == ["first", "elsewhere"]
    assert await take(shelf) == [], "it is under way"
    first = await id_of(shelf, "first")
    async with shelf.transaction() as db:
        await deliveries.put_back(db, first, "me", NOW + 50, "internal_error", surely_not_said=False)
    assert await take(shelf) == [], "it waits for its next try"
    assert await take(shelf, now=NOW + 51) == ["first", "elsewhere"]
    async with shelf.transaction() as db:
        assert await deliveries.finish(
            db, first, "me", DeliveryState.DONE, (await queries.all_cases(db))[0].reported_at, None
        )
    assert await take(shelf, now=NOW + 51) == ["second"]


async def test_pages_come_first_and_have_hands_of_their_own(shelf: Database) -> None:
    await put(shelf, *((f"card {count}", f"lane {count}", 7) for count in range(20)))
    assert len(await take(shelf, limit=16, kept=4)) == 12
    await put(shelf, ("page", "user", 0), ("word", "room", 5))
    assert await take(shelf, limit=4, kept=4) == ["page"]


async def test_what_another_has_taken_over_is_no_longer_ours_to_finish(shelf: Database) -> None:
    await put(shelf, ("word", "room", 5))
    assert await take(shelf, owner="slow") == ["word"]
    assert await take(shelf, owner="quick", now=NOW + 5) == [], "the lease holds"
    assert await take(shelf, owner="quick", now=NOW + 7) == ["word"]
    word = await id_of(shelf, "word")
    async with shelf.transaction() as db:
        now = (await queries.all_cases(db))[0].reported_at
        assert not await deliveries.finish(db, word, "slow", DeliveryState.DONE, now, None)
        assert await deliveries.finish(db, word, "quick", DeliveryState.DONE, now, None)


async def test_waiting_does_not_keep_the_database_busy(shelf: Database) -> None:
    """What waits behind the first of its lane is no reason to look before that one may be tried."""
    await put(shelf, ("first", "blocked", 5), ("second", "blocked", 5))
    assert await take(shelf) == ["first"]
    first = await id_of(shelf, "first")
    async with shelf.transaction() as db:
        await deliveries.put_back(db, first, "me", NOW + 50, "internal_error", surely_not_said=False)
    async with shelf.reading() as db:
        assert await deliveries.next_try(db) == NOW + 50
