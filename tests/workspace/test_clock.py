"""The workspace's own time."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.workspace import WorkspaceClock

THEN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_it_jumps_and_keeps_ticking() -> None:
    clock = WorkspaceClock()
    clock.set(THEN)
    first = clock.now()
    assert THEN <= first < THEN + timedelta(seconds=5)
    clock.advance(timedelta(days=2))
    assert clock.now() - first >= timedelta(days=2)
    clock.reset()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.offset == timedelta()


def test_it_stands_still_when_frozen() -> None:
    clock = WorkspaceClock()
    clock.freeze(THEN)
    assert clock.now() == clock.now() == THEN
    clock.advance(timedelta(minutes=10))
    assert clock.now() == THEN + timedelta(minutes=10)


def test_every_jump_is_told_until_unsubscribed() -> None:
    clock = WorkspaceClock()
    told: list[datetime] = []
    unsubscribe = clock.subscribe(lambda: told.append(clock.now()))
    clock.freeze(THEN)
    clock.advance(timedelta(hours=1))
    unsubscribe()
    clock.reset()
    assert told == [THEN, THEN + timedelta(hours=1)]


def test_a_fixed_clock_and_a_moment_without_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="fixed"):
        WorkspaceClock(adjustable=False).advance(timedelta(hours=1))
    with pytest.raises(ValueError, match="zone"):
        WorkspaceClock().set(datetime(2026, 11, 22, 12, 0))  # noqa: DTZ001 - that is what is tested
