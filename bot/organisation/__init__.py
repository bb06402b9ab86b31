"""The organisation file: who is called, how patiently, and what the company asks of itself."""

from bot.organisation.reading import parse, read
from bot.organisation.values import (
    Criteria,
    Criterion,
    Department,
    Organisation,
    Paging,
    QuietHours,
    Reminders,
    Step,
)

__all__ = [
    "Criteria",
    "Criterion",
    "Department",
    "Organisation",
    "Paging",
    "QuietHours",
    "Reminders",
    "Step",
    "parse",
    "read",
]
