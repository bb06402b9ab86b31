"""What the room hears of tasks, inquiries and criteria: who got one, which are forgotten, what is met."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.organisation import Organisation
from bot.policy.inquiries import inquiries_due, is_for_the_room
from bot.policy.need import Need, Priority, Say
from bot.policy.rooms import is_without_room
from bot.policy.state import CaseState, EventState
from bot.policy.tasks import is_live, overdue, owners
from bot.vocabulary import LogKind, Notice

#: Entries about inquiries, see `inquiries.is_for_the_room`.
ABOUT_INQUIRIES = frozenset({LogKind.INQUIRY_RECORDED, LogKind.INQUIRY_ASSIGNED, LogKind.INQUIRY_ANSWERED})


def is_held_back(case: CaseState, event: EventState) -> bool:
    """Nobody needs to hear that somebody took a task themselves; a mention rings only for members."""
    if event.kind is LogKind.TASK_ASSIGNED:
        return bool(event.data.get("to") == event.actor)
    if event.kind in ABOUT_INQUIRIES:
        return not is_for_the_room(event)
    if event.kind is LogKind.ROOM_LOST:
        # Of a case that had ended there is nothing to say before it is reopened, which is said by itself.
        return bool(event.data["closed"]) or event.data["channel"] == case.channel
    if event.kind is LogKind.DOCUMENT_SENT:
        return "way" not in event.data  # the recorded submission says it
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
    Of a closed case whose room is archived or gone, whoever is asked for a task hears of theirs in person.
    """
    if is_without_room(case):
        return _tasks_in_person(case, organisation, now)
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


def tasks_are_handed_on(case: CaseState) -> Iterator[Need]:
    """Whoever is named for a task of a closed case without a room hears it in person."""
    lost = case.events_of(LogKind.ROOM_LOST)
    if not lost or not is_without_room(case):
        return
    for event in case.events_of(LogKind.TASK_ASSIGNED):
        if event.seq > lost[-1].seq and not is_held_back(case, event):
            user = str(event.data["to"])
            yield Need(
                f"{case.number}/{Notice.TASK_ASSIGNED}/{event.seq}",
                Say.NOTICE,
                f"user:{user}",
                Priority.WORD,
                {"notice": Notice.TASK_ASSIGNED, "seq": event.seq, "to": user},
            )


def _tasks_in_person(
    case: CaseState, organisation: Organisation, now: datetime
) -> tuple[list[Need], datetime | None]:
    asked = {user for task in case.tasks if is_live(case, task) for user in owners(case, task)}
    wanted, moments = [], []
    for user in sorted(asked):
        word, next_at = overdue(case, organisation, now, to=user)
        moments += [next_at] if next_at else []
        if word is None:
            continue
        moment = word.moment.isoformat()
        need = Need(
            f"{case.number}/{Notice.TASKS_OVERDUE}/{moment}/{user}",
            Say.TASKS_OVERDUE,
            f"user:{user}",
            Priority.WORD,
            {"moment": moment, "tasks": list(word.tasks), "fresh": list(word.fresh), "to": user},
        )
        wanted.append(need)
    return wanted, min(moments, default=None)


def inquiries_are_not_forgotten(
    case: CaseState, organisation: Organisation, now: datetime
) -> tuple[list[Need], datetime | None]:
    """One word for all inquiries whose answer is due since the last one, and the moment of the next.

    Its key names the newest of them too: one that is recorded late may be as old as what was said before.
    """
    word, next_at = inquiries_due(case, organisation, now)
    if word is None or case.card is None:
        return [], next_at
    moment = word.moment.isoformat()
    need = Need(
        f"{case.number}/{Notice.INQUIRIES_DUE}/{moment}/{max(word.fresh, default=0)}",
        Say.INQUIRIES_DUE,
        f"room:{case.number}",
        Priority.WORD,
        {"moment": moment, "inquiries": list(word.inquiries), "fresh": list(word.fresh)},
    )
    return [need], next_at
