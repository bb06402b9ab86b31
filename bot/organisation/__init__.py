"""The organisation file: who is called, how patiently, and what the company asks of itself."""

from bot.organisation.reading import parse, place, read
from bot.organisation.values import (
    AddedTask,
    Channel,
    Criteria,
    Criterion,
    Department,
    Evidence,
    Organisation,
    Paging,
    QuietHours,
    Reminders,
    Retention,
    Step,
    TaskRules,
)

__all__ = [
    "AddedTask",
    "Channel",
    "Criteria",
    "Criterion",
    "Department",
    "Evidence",
    "Organisation",
    "Paging",
    "QuietHours",
    "Reminders",
    "Retention",
    "Step",
    "TaskRules",
    "parse",
    "place",
    "read",
]
