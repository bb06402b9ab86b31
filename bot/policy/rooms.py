"""The case's rooms: what each is called, and when an open case needs another one.

A room can be archived by anybody who is in it, and a bot can be removed from one; it can undo neither. What
is still to be said of an open case is then said in a new room, which is linked to the old one. A closed case
gets a new room when it is reopened.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.policy.need import ROOM_WORDS, Say
from bot.policy.state import CaseState
from bot.vocabulary import LogKind

LOST_TOO_OFTEN: Final = 3
FIRST_PAUSE: Final = timedelta(hours=1)
LONGEST_PAUSE: Final = timedelta(days=1)


def room_name(case: CaseState) -> str:
    """The name of the first room; further ones get their number after it, see `room_number`."""
    return f"drill-{case.number.removeprefix('D')}" if case.drill else f"leak-{case.number}"


def room_number(case: CaseState) -> int:
    """Which room of the case the present one is, or the one that is to be opened next; from 1."""
    return len(case.former_rooms) + 1


def of_room(case: CaseState) -> str:
    """What makes a key of a later room another one than that of the first."""
    return f"/room-{room_number(case)}" if case.former_rooms else ""


def room_to_enter_again(case: CaseState) -> str | None:
    """The room that was lost last: somebody may have brought it back meanwhile. Never the same one twice."""
    last = case.former_rooms[-1:]
    return last[0] if last and case.former_rooms.count(last[0]) == 1 else None


def old_rooms(case: CaseState) -> tuple[str, ...]:
    """The rooms before the present one, oldest first, for whoever looks for what was said there."""
    return tuple(room for room in dict.fromkeys(case.former_rooms) if room != case.channel)


def is_without_room(case: CaseState) -> bool:
    """Whether the case ended and its room is archived or gone: what there is to say goes to people."""
    return case.closed_at is not None and case.channel is None and bool(case.former_rooms)


def needs_a_room(case: CaseState) -> bool:
    """Whether a room is to be opened: for every case, but not for one that ended and lost its room."""
    return case.channel is None and case.joined_into is None and not is_without_room(case)


def next_room_at(case: CaseState) -> datetime | None:
    """When a room may be opened at the earliest; None: at once.

    Where rooms are lost again and again, some program archives them: people are not to be invited every few
    seconds. From the third loss on it takes an hour, then twice as long each time, a day at most.
    """
    lost = case.events_of(LogKind.ROOM_LOST)
    if len(lost) < LOST_TOO_OFTEN:
        return None
    return lost[-1].at + min(FIRST_PAUSE * (1 << (len(lost) - LOST_TOO_OFTEN)), LONGEST_PAUSE)


def waits_for_the_room(case: CaseState, say: Say) -> bool:
    """Whether this is to be said in the next room, which is not ready before its card and its people."""
    if say not in ROOM_WORDS or not case.former_rooms:
        return False
    asked = all(m.invited_at or m.error or m.left_at for m in case.members.values())
    return needs_a_room(case) or (case.closed_at is None and not (case.card and asked))
