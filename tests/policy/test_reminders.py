"""Which reminder has come: steps, the morning of the day, and what comes after."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.reminders import reminder_now, schedule
from bot.policy.state import ObligationState
from bot.vocabulary import ObligationKind, ReminderKind
from tests.policy.situations import ORGANISATION, TOKYO, due

RULES = ORGANISATION.reminders


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment of November 2026 in Japan."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=TOKYO).astimezone(UTC)


PRELIMINARY = due(at(26, 12))  # limit Thursday 26 November 23:59:59


def said(obligation: ObligationState, now: datetime) -> tuple[str, str] | None:
    reminder, _ = reminder_now(obligation, RULES, TOKYO, now)
    return (reminder.kind.value, reminder.step) if reminder else None


def test_the_whole_way_to_a_preliminary_limit() -> None:
    assert PRELIMINARY.due_at
    way = [
        (r.at.astimezone(TOKYO).strftime("%d %H:%M:%S"), r.kind.value, r.step)
        for r in schedule(ObligationKind.PRELIMINARY, PRELIMINARY.due_at, RULES, TOKYO)
    ]
    assert way == [
        (
            "24 07:00:00",
            "countdown",
            "3d",
        ),  # 23:59:59 of the 23rd lies in quiet hours: it waits for the morning
        ("25 07:00:00", "countdown", "2d"),
        ("25 23:59:59", "countdown", "1d"),  # not more than 24 hours ahead: it does not wait
        ("26 07:00:00", "due", "due"),
        ("26 11:59:59", "countdown", "12h"),
        ("26 17:59:59", "countdown", "6h"),
        ("26 20:59:59", "countdown", "3h"),
        ("26 22:59:59", "countdown", "1h"),
    ]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(24, 6, 59, 59), None),
        (at(24, 7), ("countdown", "3d")),
        (at(25, 23, 59, 58), ("countdown", "2d")),
        (at(26, 7), ("due", "due")),
        (at(26, 23, 59, 59), ("countdown", "1h")),
        (at(27, 0), ("overdue", "overdue-0")),
        (at(27, 5, 59, 59), ("overdue", "overdue-0")),
        (at(27, 6), ("overdue", "overdue-1")),
    ],
)
def test_the_newest_reminder_at_a_moment(now: datetime, expected: tuple[str, str] | None) -> None:
    assert said(PRELIMINARY, now) == expected


def test_after_a_pause_only_the_newest_missed_step_is_said() -> None:
    reminder, next_at = reminder_now(PRELIMINARY, RULES, TOKYO, at(26, 19))
    assert reminder
    assert reminder.step == "6h"
    assert next_at == at(26, 20, 59, 59)


def test_a_submitted_or_removed_or_undated_obligation_is_silent() -> None:
    for quiet in (
        replace(PRELIMINARY, submitted_at=at(25, 9)),
        replace(PRELIMINARY, removed_at=at(25, 9)),
        replace(PRELIMINARY, due_at=None),
    ):
        assert reminder_now(quiet, RULES, TOKYO, at(27, 9)) == (None, None)


def test_without_quiet_hours_the_day_is_announced_at_nine_and_steps_do_not_wait() -> None:
    rules = replace(RULES, quiet_hours=None)
    assert PRELIMINARY.due_at
    way = {r.step: r.at for r in schedule(ObligationKind.PRELIMINARY, PRELIMINARY.due_at, rules, TOKYO)}
    assert way["due"] == at(26, 9)
    assert way["3d"] == at(23, 23, 59, 59)


def test_the_final_report_has_its_own_steps() -> None:
    final = due(at(26, 12), ObligationKind.FINAL)
    assert final.due_at
    steps = [r.step for r in schedule(ObligationKind.FINAL, final.due_at, RULES, TOKYO)]
    assert steps == ["14d", "7d", "3d", "2d", "1d", "due", "6h", "1h"]


@given(st.integers(min_value=-20 * 24 * 60, max_value=5 * 24 * 60))
def test_the_next_moment_always_lies_ahead_and_changes_the_answer(minutes: int) -> None:
    assert PRELIMINARY.due_at
    now = PRELIMINARY.due_at + timedelta(minutes=minutes)
    reminder, next_at = reminder_now(PRELIMINARY, RULES, TOKYO, now)
    assert next_at is not None
    assert next_at > now
    then, _ = reminder_now(PRELIMINARY, RULES, TOKYO, next_at)
    assert then is not None
    assert then != reminder
    just_before, _ = reminder_now(PRELIMINARY, RULES, TOKYO, next_at - timedelta(microseconds=1))
    assert just_before == reminder, "nothing is missed between now and the next moment"
    assert then.kind in ReminderKind
