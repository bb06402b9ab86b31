"""Measures against recurrence (再発防止策): tasks of the aftercare that somebody promised for a day.

They are spoken of before their day, on it and after it, however long ago the case was closed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.organisation import Organisation
from bot.policy.reminders import morning
from bot.policy.state import CaseState, TaskState
from bot.vocabulary import LogKind, TaskStatus

#: The keys of these tasks begin like this.
MEASURE: Final = "measure-"
#: A promise for a day months away is called to mind this long before it.
AHEAD: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)


def is_measure(task: TaskState) -> bool:
    """Whether the task is a measure against recurrence."""
    return task.key.startswith(MEASURE)


def measures(case: CaseState) -> tuple[TaskState, ...]:
    """The measures of the case as they were added, without those set aside."""
    return tuple(t for t in case.tasks if is_measure(t) and t.status is not TaskStatus.NOT_APPLICABLE)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second of this day in `zone`, in UTC: until then the measure is in time."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=zone).astimezone(UTC)


def moments(case: CaseState, task: TaskState, organisation: Organisation) -> tuple[datetime, ...]:
    """When a measure is spoken of, earliest first: a week before its day, on its morning, and the day after.

    What lies before it was added is left away; the last one always stays. In UTC.
    """
    zone = organisation.timezone
    on = task.due_at.astimezone(zone).date()
    mornings = [
        datetime.combine(day, morning(organisation.reminders), tzinfo=zone).astimezone(UTC)
        for day in (on - AHEAD, on, on + _DAY)
    ]
    added = next((e.at for e in case.events_of(LogKind.TASK_ADDED) if e.data.get("task") == task.key), None)
    return (*(at for at in mornings[:-1] if added is None or at > added), mornings[-1])
