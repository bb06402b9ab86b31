"""When a case waits too long without anybody seeing it: what raises an alarm about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.policy.paging import this_turn
from bot.policy.state import CaseState
from bot.vocabulary import LogKind

#: After this long what should have happened at once has not: an alarm is raised.
TOO_LONG: Final = timedelta(minutes=10)

#: What begins the time without a room, beside the first report.
WITHOUT_ROOM_SINCE: Final = frozenset({LogKind.ROOM_LOST, LogKind.REOPENED})


def waits_without_room(case: CaseState, now: datetime) -> bool:
    """Whether the case still has no room. A case that was joined to another one goes on there."""
    if case.channel is not None or case.joined_into is not None or case.closed_at is not None:
        return False
    since = [event.at for event in case.events if event.kind in WITHOUT_ROOM_SINCE]
    return now - max([case.reported_at, *since]) > TOO_LONG


def is_unanswered(case: CaseState, now: datetime) -> bool:
    """Whether the whole chain was given its time, and the time of one more, and still nobody has the case.

    Counted from the first page of the present walk; from the report where nobody could be called. A drill in
    which nobody answers has taught what it was held for.
    """
    if case.drill or case.acknowledged_at is not None or case.closed_at is not None:
        return False
    sent = [page.sent_at for page in this_turn(case) if page.sent_at is not None]
    called_since = min(sent, default=case.reported_at)
    levels = len(case.chain) - case.turn_level
    patience = case.acknowledge_within * (levels + 1)
    return now - called_since > max(patience, TOO_LONG)
