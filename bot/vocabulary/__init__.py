"""Every word of the trade, once, with the label people see in Japanese and English.

The English identifier is the code's word, the value stored, and the value in Slack's options and
message metadata. Labels are what screens and documents show. Import words from here; the files
beside this one only keep them apart by what they are about.
"""

from __future__ import annotations

from bot.vocabulary.case import Indicator, Medium, Outcome, PersonalData, Protection, Role, SkipReason, Status
from bot.vocabulary.documents import DocumentKind, DocumentState, FileTrouble
from bot.vocabulary.items import (
    Discoverer,
    Entrustment,
    FollowUp,
    HarmRisk,
    Incident,
    ItemField,
    Measures,
    Origin,
    ReportItem,
    Stage,
)
from bot.vocabulary.law import ObligationKind, ReminderKind, ReportKind
from bot.vocabulary.log import LogKind, Notice
from bot.vocabulary.slack import Action, Callback, EventType
from bot.vocabulary.tasks import CriterionKind, TaskName, TaskPhase, TaskStatus
from bot.vocabulary.word import Locale, Word

__all__ = [
    "Action",
    "Callback",
    "CriterionKind",
    "Discoverer",
    "DocumentKind",
    "DocumentState",
    "Entrustment",
    "EventType",
    "FileTrouble",
    "FollowUp",
    "HarmRisk",
    "Incident",
    "Indicator",
    "ItemField",
    "Locale",
    "LogKind",
    "Measures",
    "Medium",
    "Notice",
    "ObligationKind",
    "Origin",
    "Outcome",
    "PersonalData",
    "Protection",
    "ReminderKind",
    "ReportItem",
    "ReportKind",
    "Role",
    "SkipReason",
    "Stage",
    "Status",
    "TaskName",
    "TaskPhase",
    "TaskStatus",
    "Word",
]
