"""What the room hears of tasks and criteria: who got one, which are forgotten, which criterion is met."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.organisation import Organisation
from bot.policy.need import Need, Priority, Say
from bot.policy.state import CaseState, EventState
from bot.policy.tasks import overdue
from bot.vocabulary import LogKind, Notice


def is_held_back(case: CaseState, event: EventState) -> bool:
    """Nobody needs to hear that somebody took a task themselves; a mention rings only for members."""
    if event.kind is LogKind.TASK_ASSIGNED:
        return bool(event.data.get("to") == event.actor)
    if event.kind is LogKind.COMPANY_WIDE:
        called = (case.members.get(user) for user in event.data.get("crisis_team") or ())
        return any(m is not None and not m.invited_at and not m.error for m in called)
    return False


def criteria_are_told(case: CaseState) -> Iterator[Need]:
    """Once for each criterion, however often the number of people goes up and down."""
    if case.card is None:
        return
    first = {e.data["criterion"]: e for e in reversed(case.events_of(LogKind.CRITERION_MET))}
    for kind, event in first.items():
        yield Need(
            f"{case.number}/{Notice.CRITERION_MET}/{kind}",
            Say.NOTICE,
            f"room:{case.number}",
            Priority.WORD,
            {"notice": Notice.CRITERION_MET, "seq": event.seq},
        )


def tasks_are_not_forgotten(
    case: CaseState, organisation: Organisation, now: datetime
) -> tuple[list[Need], datetime | None]:
    """One word for all tasks whose time has come since the last one, and the moment of the next.

    Its key names the newest moment it speaks of, so that a task whose time comes meanwhile makes another.
    """
    word, next_at = overdue(case, organisation, now)
    if word is None or case.card is None:
        return [], next_at
    moment = word.moment.isoformat()
    need = Need(
        f"{case.number}/{Notice.TASKS_OVERDUE}/{moment}",
        Say.TASKS_OVERDUE,
        f"room:{case.number}",
        Priority.WORD,
        {"moment": moment, "tasks": list(word.tasks), "fresh": list(word.fresh)},
    )
    return [need], next_at
