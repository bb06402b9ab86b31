"""Tasks of a case (やること): which come up or fall away, whose they are, and which are forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.organisation import Organisation
from bot.policy.checklist import DAY, Wanted, checklist
from bot.policy.prevention import is_measure, moments
from bot.policy.reminders import mornings
from bot.policy.state import CaseState, TaskState
from bot.vocabulary import LogKind, Role, TaskName, TaskPhase, TaskStatus

#: The reason of a task that leakbot itself set aside; people write theirs in their own words.
NO_LONGER_FITS: Final = "no_longer_fits"
#: The reason of a task that was open when the case was closed, where whoever closed it gave none.
LEFT_OPEN: Final = "left_open"
LEAKBOT: Final = "leakbot"
#: In the first hours of a case its first tasks are asked after at night too.
FIRST_HOURS: Final = timedelta(hours=12)
_PHASES: Final = {phase: place for place, phase in enumerate(TaskPhase)}
_PLACES: Final = {name.value: place for place, name in enumerate(TaskName)}


@dataclass(frozen=True, slots=True)
class Growth:
    """What the facts changed: tasks that come up, those that fit no more, and those that fit again."""

    new: tuple[Wanted, ...]
    dropped: tuple[str, ...]
    back: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.dropped or self.back)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the tasks are; what is not applicable counts for nothing."""

    done: int
    total: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """What is to be said about tasks past their time, as of `moment`: their keys, and which are new."""

    moment: datetime
    tasks: tuple[str, ...]
    fresh: tuple[str, ...]


def growth(case: CaseState, now: datetime) -> Growth:
    """Bring the tasks up to the facts.

    Only what nobody touched falls away: what is done, was given to somebody, or was set aside by a person
    stays as it is.
    """
    wanted = {each.key: each for each in checklist(case, now)}
    known = {task.key: task for task in case.tasks}
    program = {*TaskName, *(each.id for each in case.task_rules.add)}
    untouched = (t for t in case.tasks if t.status is TaskStatus.OPEN and t.user is None and t.key in program)
    ours = (t for t in case.tasks if t.reason == NO_LONGER_FITS and t.by == LEAKBOT)
    return Growth(
        new=tuple(each for key, each in wanted.items() if key not in known),
        dropped=tuple(task.key for task in untouched if task.key not in wanted),
        back=tuple(t.key for t in ours if t.status is TaskStatus.NOT_APPLICABLE and t.key in wanted),
    )


def ordered(tasks: Iterable[TaskState]) -> list[TaskState]:
    """By phase, then as in the checklist, then as they were added."""
    return sorted(tasks, key=lambda task: (_PHASES[task.phase], _PLACES.get(task.key, len(_PLACES))))


def is_live(case: CaseState, task: TaskState) -> bool:
    """Still to be done. After a case is closed only its aftercare goes on: prevention has its own dates."""
    if task.status is not TaskStatus.OPEN:
        return False
    after = task.phase is TaskPhase.AFTERCARE and case.joined_into is None
    return case.closed_at is None or after


def progress(case: CaseState, now: datetime) -> Progress:
    """How far the tasks are at `now`."""
    counted = [task for task in case.tasks if task.status is not TaskStatus.NOT_APPLICABLE]
    return Progress(
        done=sum(task.status is TaskStatus.DONE for task in counted),
        total=len(counted),
        overdue=sum(is_live(case, task) and task.due_at <= now for task in counted),
    )


def owners(case: CaseState, task: TaskState) -> tuple[str, ...]:
    """Who is asked for a task: whoever was named, else those of the room with its role, else the office.

    A mention rings only for members, so whoever left the room is not asked any more.
    """
    named = case.members.get(task.user or "")
    if named is not None and named.left_at is None:
        return (named.user,)
    if task.owner is Role.MANAGER:
        found = (case.acknowledged_by,) if case.acknowledged_by else _of_the_manager(case)
    else:
        found = in_the_room(case, task.owner)
    return found or in_the_room(case, Role.PRIVACY_OFFICE)


def _of_the_manager(case: CaseState) -> tuple[str, ...]:
    """Whoever is the manager, as long as nobody has the case and as far as they are in the room."""
    first = case.chain[0].people if case.chain else ()
    users = (person.user for person in first if person.user)
    return tuple(user for user in users if user in case.members and case.members[user].left_at is None)


def in_the_room(case: CaseState, role: Role) -> tuple[str, ...]:
    """Those who were called into the room with this role, and have not left it."""
    return tuple(
        m.user for m in case.members.values() if m.role is role and m.left_at is None and not m.error
    )


def overdue(
    case: CaseState, organisation: Organisation, now: datetime, to: str | None = None
) -> tuple[Overdue | None, datetime | None]:
    """What is to be said of tasks past their time, and the moment of the next word.

    Each is said once when its time has come (in the morning where that is at night, but for the first hours),
    then all of them together each morning, of a closed case once a week. However much was missed meanwhile,
    it is one message. Measures against recurrence are called to mind before their day too.
    In: `to`, whoever is told by direct message, of their own tasks alone; None for the room.
    """
    theirs = [t for t in case.tasks if is_live(case, t) and (to is None or to in owners(case, t))]
    heard = {task.key: _heard_at(case, task, organisation) for task in theirs}
    come = {key: max(at for at in times if at <= now) for key, times in heard.items() if times[0] <= now}
    ahead = [at for times in heard.values() for at in times if at > now]
    if not come:
        return None, min(ahead, default=None)
    this_morning, next_morning = mornings(organisation.reminders, organisation.timezone, now)
    told = [event.data for event in case.events_of(LogKind.TASKS_REMINDED)]
    told = [data for data in told if to is None or data.get("to") in (None, to)]
    last = {key: datetime.fromisoformat(data["moment"]) for data in told for key in data.get("tasks") or ()}
    fresh = tuple(key for key, at in come.items() if key not in last or last[key] < at)
    again = tuple(key for key, times in heard.items() if times[-1] < this_morning)
    # Prevention after the end of a case has weeks and months: once a week is enough.
    pause = 6 * DAY if case.closed_at else timedelta(0)
    early = {key for key, times in heard.items() if times[-1] > now}
    words = [at for key, at in last.items() if key not in early]
    quiet_until = max(words, default=this_morning - 7 * DAY) + pause
    repeated = bool(again) and quiet_until < this_morning
    following = next_morning + max(0, (quiet_until - this_morning) // DAY) * DAY
    next_at = min([*ahead, *([following] if come.keys() - early else [])], default=None)
    if not fresh and not repeated:
        return None, next_at
    moment = max([*(come[key] for key in fresh), *([this_morning] if repeated else [])])
    said = tuple(key for key in come if key in fresh or (repeated and key in again))
    return Overdue(moment, said, fresh), next_at


def _heard_at(case: CaseState, task: TaskState, organisation: Organisation) -> tuple[datetime, ...]:
    """When it is asked after, earliest first; measures more than once."""
    if is_measure(task):
        return moments(case, task, organisation)
    return (_asked_at(case, task, organisation),)


def _asked_at(case: CaseState, task: TaskState, organisation: Organisation) -> datetime:
    """When it is asked after: the first tasks on the moment, the others on the hour, by day.

    What falls due a few minutes apart (counted from noticing, from the report) is then one message.
    """
    if task.phase is TaskPhase.FIRST_HOUR and task.due_at <= case.reported_at + FIRST_HOURS:
        return task.due_at
    quiet = organisation.reminders.quiet_hours
    local = _full_hour(task.due_at.astimezone(organisation.timezone))
    if quiet is not None and quiet.holds(local.time()):
        local = quiet.end_after(local)
    return local.astimezone(task.due_at.tzinfo)


def _full_hour(moment: datetime) -> datetime:
    """The moment itself on the hour, else the next full hour."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    return hour if hour == moment else hour + timedelta(hours=1)
