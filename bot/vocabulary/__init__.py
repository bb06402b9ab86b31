"""Every word of the trade, once, with the label people see in Japanese and English.

The English identifier is the code's word, the value stored, and the value in Slack's options and
message metadata. Labels are what screens and documents show. Import words from here; the files
beside this one only keep them apart by what they are about.
"""

from __future__ import annotations

from bot.vocabulary.alarms import Alarm
from bot.vocabulary.case import Indicator, Medium, Outcome, PersonalData, Protection, Role, SkipReason, Status
from bot.vocabulary.documents import DocumentKind, DocumentState, FileTrouble, SendingWay
from bot.vocabulary.inquiries import InquiryChannel, InquirySource, InquiryStatus
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
from bot.vocabulary.notices import NoticeWay, Publication, PublicationStage, PublicationWay
from bot.vocabulary.slack import Action, Callback, EventType
from bot.vocabulary.tasks import CriterionKind, TaskName, TaskPhase, TaskStatus
from bot.vocabulary.word import Locale, Word

__all__ = [
    "Action",
    "Alarm",
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
    "InquiryChannel",
    "InquirySource",
    "InquiryStatus",
    "ItemField",
    "Locale",
    "LogKind",
    "Measures",
    "Medium",
    "Notice",
    "NoticeWay",
    "ObligationKind",
    "Origin",
    "Outcome",
    "PersonalData",
    "Protection",
    "Publication",
    "PublicationStage",
    "PublicationWay",
    "ReminderKind",
    "ReportItem",
    "ReportKind",
    "Role",
    "SendingWay",
    "SkipReason",
    "Stage",
    "Status",
    "TaskName",
    "TaskPhase",
    "TaskStatus",
    "Word",
]
