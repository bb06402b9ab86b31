"""Measures against recurrence: when they are spoken of, before and after the case is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.policy.needs import needs
from bot.policy.prevention import end_of, measures
from bot.policy.state import CaseState, EventState, MemberState, TaskState
from bot.policy.tasks import overdue
from bot.vocabulary import LogKind, Role, Status, TaskPhase, TaskStatus
from tests.policy.situations import ORGANISATION, REPORTED, TOKYO, a_case, with_room

DAY = timedelta(days=1)
FAR = date(2027, 1, 20)


def measure(on: date, number: int = 1, user: str = "U0MANAGER", **changes: Any) -> TaskState:
    """A measure promised for this day."""
    key = f"measure-{number}"
    task = TaskState(key, TaskPhase.AFTERCARE, Role.PRIVACY_OFFICE, end_of(on, TOKYO), user=user, title="x")
    return replace(task, **changes)


def promised(*tasks: TaskState, **changes: Any) -> CaseState:
    """A closed case with these measures, added the day after the report."""
    case = with_room(a_case(status=Status.CLOSED, closed_at=REPORTED + DAY))
    members = {u: replace(m, role=Role.MANAGER) for u, m in case.members.items()}
    added = [
        EventState(10 + n, REPORTED + DAY, "U0PRIVACY", LogKind.TASK_ADDED, {"task": task.key})
        for n, task in enumerate(tasks)
    ]
    return replace(case, **{"tasks": tasks, "members": members, "events": (*case.events, *added), **changes})


def said(case: CaseState, word: Any, now: datetime, to: str | None = None) -> CaseState:
    """The case once that word was said."""
    data = {"moment": word.moment.isoformat(), "tasks": list(word.tasks), "fresh": list(word.fresh)}
    data |= {"to": to} if to else {}
    event = EventState(90 + len(case.events), now, "leakbot", LogKind.TASKS_REMINDED, data)
    return replace(case, events=(*case.events, event))


def words(case: CaseState, until: date, to: str | None = None) -> list[str]:
    """The days on which the measures are spoken of, as time goes by."""
    now, told = REPORTED + DAY, []
    while now < datetime(until.year, until.month, until.day, tzinfo=UTC):
        word, next_at = overdue(case, ORGANISATION, now, to)
        if word:
            told.append(f"{now.astimezone(TOKYO):%m-%d %H:%M} {' '.join(word.tasks)}")
            case = said(case, word, now, to)
            continue
        assert next_at is None or next_at > now
        if next_at is None:
            break
        now = next_at
    return told


def test_a_day_ends_with_its_last_second() -> None:
    assert end_of(date(2026, 11, 30), TOKYO) == datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC)


def test_a_week_before_on_the_day_the_day_after_and_then_once_a_week() -> None:
    assert words(promised(measure(FAR)), date(2027, 2, 6)) == [
        "01-13 07:00 measure-1",
        "01-20 07:00 measure-1",
        "01-21 07:00 measure-1",
        "01-28 07:00 measure-1",
        "02-04 07:00 measure-1",
    ]


def test_what_is_promised_for_the_next_days_is_not_called_to_mind_at_once() -> None:
    case = promised(measure(date(2026, 11, 26)))
    assert words(case, date(2026, 11, 28)) == ["11-26 07:00 measure-1", "11-27 07:00 measure-1"]
    today = promised(measure(date(2026, 11, 23)))
    assert words(today, date(2026, 11, 25)) == ["11-24 07:00 measure-1"]


def test_one_that_is_near_does_not_put_off_the_word_on_what_is_late() -> None:
    case = promised(measure(date(2026, 12, 1)), measure(date(2026, 12, 14), 2))
    assert words(case, date(2026, 12, 11)) == [
        "11-24 07:00 measure-1",
        "12-01 07:00 measure-1",
        "12-02 07:00 measure-1",
        "12-07 07:00 measure-2",
        "12-09 07:00 measure-1",
    ]


def test_after_months_of_silence_it_is_one_word() -> None:
    case = promised(measure(FAR), measure(FAR + DAY, 2))
    now = datetime(2027, 3, 1, 3, 0, tzinfo=UTC)
    word, _ = overdue(case, ORGANISATION, now)
    assert word is not None
    assert word.tasks == ("measure-1", "measure-2")
    again, next_at = overdue(said(case, word, now), ORGANISATION, now)
    assert again is None
    assert next_at is not None
    assert next_at > now + 5 * DAY


def test_nothing_is_said_of_what_is_done_or_set_aside() -> None:
    done = measure(FAR, status=TaskStatus.DONE)
    aside = measure(FAR, 2, status=TaskStatus.NOT_APPLICABLE)
    case = promised(done, aside)
    assert overdue(case, ORGANISATION, datetime(2027, 3, 1, tzinfo=UTC)) == (None, None)
    assert measures(case) == (done,)


def without_room(case: CaseState) -> CaseState:
    """The same case after its room was archived."""
    return replace(case, channel=None, card=None, former_rooms=("C0ROOM",))


def direct(case: CaseState, now: datetime) -> dict[str, list[str]]:
    """Who is told of which measures in person."""
    wanted = needs(case, ORGANISATION, now).wanted
    return {n.data["to"]: n.data["tasks"] for n in wanted if n.data.get("to") and "moment" in n.data}


def test_without_a_room_each_hears_of_their_own_in_person() -> None:
    mine, theirs = measure(FAR), measure(FAR, 2, user="U0DEPUTY")
    case = without_room(promised(mine, theirs))
    now = datetime(2027, 1, 20, 3, 0, tzinfo=UTC)
    wanted = [n for n in needs(case, ORGANISATION, now).wanted if "moment" in n.data]
    assert {n.lane for n in wanted} == {"user:U0MANAGER", "user:U0DEPUTY"}
    assert len({n.key for n in wanted}) == 2
    assert direct(case, now) == {"U0MANAGER": ["measure-1"], "U0DEPUTY": ["measure-2"]}
    # One of them was told: the other is told all the same, and nobody twice.
    word, _ = overdue(case, ORGANISATION, now, "U0MANAGER")
    assert direct(said(case, word, now, "U0MANAGER"), now) == {"U0DEPUTY": ["measure-2"]}
    assert needs(case, ORGANISATION, now).next_at is not None


def test_what_one_was_told_puts_off_the_word_to_nobody_else() -> None:
    case = without_room(promised(measure(FAR), measure(FAR, 2, user="U0DEPUTY")))
    now = datetime(2027, 1, 21, 3, 0, tzinfo=UTC)
    for _ in range(2):  # each is told, and a week later each again
        for user in ("U0MANAGER", "U0DEPUTY"):
            word, _ = overdue(case, ORGANISATION, now, user)
            assert word is not None, (user, now)
            case = said(case, word, now, user)
        now += 7 * DAY


def test_without_a_room_whoever_is_named_hears_it_in_person() -> None:
    lost = EventState(
        50, REPORTED + 2 * DAY, "leakbot", LogKind.ROOM_LOST, {"channel": "C0ROOM", "closed": True}
    )
    named = [
        EventState(seq, REPORTED, "U0PRIVACY", LogKind.TASK_ASSIGNED, {"task": "measure-1", "to": to})
        for seq, to in ((49, "U0DEPUTY"), (51, "U0MANAGER"), (52, "U0PRIVACY"))
    ]
    case = without_room(promised(measure(FAR)))
    case = replace(case, events=(*case.events, named[0], lost, *named[1:]))
    wanted = [n for n in needs(case, ORGANISATION, REPORTED + 3 * DAY).wanted if "seq" in n.data]
    assert [(n.lane, n.data["seq"]) for n in wanted if n.data.get("to")] == [("user:U0MANAGER", 51)], (
        "what was said in the room stays said, and nobody is told what they did themselves"
    )


def test_somebody_who_left_is_not_asked_any_more() -> None:
    gone = MemberState("U0MANAGER", Role.MANAGER, invited_at=REPORTED, left_at=REPORTED + DAY)
    office = MemberState("U0PRIVACY", Role.PRIVACY_OFFICE, invited_at=REPORTED)
    case = promised(measure(FAR), members={"U0MANAGER": gone, "U0PRIVACY": office})
    now = datetime(2027, 1, 20, 3, 0, tzinfo=UTC)
    assert direct(without_room(case), now) == {"U0PRIVACY": ["measure-1"]}
