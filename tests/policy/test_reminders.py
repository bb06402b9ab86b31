"""Which reminder has come: steps, the morning of the day, and what comes after."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.organisation import QuietHours, Step
from bot.policy.reminders import mornings, reminder_now, schedule
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


def test_a_reminder_says_when_it_was_due_and_the_next_one_lies_ahead() -> None:
    reminder, next_at = reminder_now(PRELIMINARY, RULES, TOKYO, at(26, 7))
    assert reminder
    assert (reminder.at, next_at) == (at(26, 7), at(26, 11, 59, 59))
    late, again = reminder_now(PRELIMINARY, RULES, TOKYO, at(27, 13))
    assert late
    assert (late.at, again) == (at(27, 12), at(27, 18)), "every six hours from midnight on"


def test_of_two_that_come_together_the_one_nearer_the_deadline_is_the_newer() -> None:
    nearer, further = Step("44h", timedelta(hours=44)), Step("47h", timedelta(hours=47))  # wait for morning
    same = Step("17h", timedelta(hours=16, minutes=59, seconds=59))  # in the morning of the day itself
    rules = replace(RULES, preliminary=(same, nearer, further))
    assert PRELIMINARY.due_at
    way = schedule(ObligationKind.PRELIMINARY, PRELIMINARY.due_at, rules, TOKYO)
    assert [(r.step, r.at) for r in way] == [
        ("47h", at(25, 7)),
        ("44h", at(25, 7)),
        ("17h", at(26, 7)),
        ("due", at(26, 7)),
    ]
    assert all(r.at.tzinfo is UTC for r in way)


@pytest.mark.parametrize(
    ("hour", "quiet"),
    [(7, RULES.quiet_hours), (9, None)],
    ids=["when quiet hours end", "at nine where there are none"],
)
def test_the_morning_that_has_come_and_the_next(hour: int, quiet: QuietHours | None) -> None:
    rules = replace(RULES, quiet_hours=quiet)
    before = mornings(rules, TOKYO, at(24, hour - 1, 59, 59))
    assert before == (at(23, hour), at(24, hour))
    assert mornings(rules, TOKYO, at(24, hour)) == (at(24, hour), at(25, hour))
    assert all(moment.tzinfo is UTC for moment in before)


def test_a_step_of_the_day_is_not_held_back_and_the_day_is_that_of_japan() -> None:
    rules = replace(RULES, preliminary=(Step("30h", timedelta(hours=30)),))
    assert PRELIMINARY.due_at
    way = schedule(ObligationKind.PRELIMINARY, PRELIMINARY.due_at, rules, TOKYO)
    assert [(r.step, r.at) for r in way] == [("30h", at(25, 17, 59, 59)), ("due", at(26, 7))]
    at_night = schedule(ObligationKind.PRELIMINARY, at(27, 0, 30), rules, TOKYO)
    assert at_night[-1].at == at(27, 7), "in the night in Japan it is still the day before elsewhere"
