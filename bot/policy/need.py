"""One thing to say or do, and the words for it: what `needs` answers with and the outbox keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from bot.policy.state import CaseState


class Say(StrEnum):
    """Everything that can be said or done; each has its function in `slack/deliveries.py`."""

    PAGE_DIRECT = "page_direct"
    PAGE_CHANNEL = "page_channel"
    ROOM = "room"
    RECEIPT = "receipt"
    INVITE = "invite"
    CARD = "card"
    PAGE_ROOM = "page_room"
    ASK_DIRECT = "ask_direct"
    ASK_ROOM = "ask_room"
    LAPSE = "lapse"
    TOPIC = "topic"
    PIN = "pin"
    SKIP = "skip"
    NOTICE = "notice"
    REMINDER = "reminder"
    DOCUMENT = "document"
    APPROVAL_DIRECT = "approval_direct"
    APPROVAL_ROOM = "approval_room"
    APPROVAL_REDRAW = "approval_redraw"
    SENT_BACK = "sent_back"
    TASKS_OVERDUE = "tasks_overdue"
    PUBLICATION_DUE = "publication_due"
    INQUIRIES_DUE = "inquiries_due"
    TIMELINE = "timeline"
    FILE = "file"
    CARD_REDRAW = "card_redraw"
    PAGE_REDRAW = "page_redraw"
    PAGE_ROOM_REDRAW = "page_room_redraw"
    RECEIPT_REDRAW = "receipt_redraw"
    TELL_REPORTER = "tell_reporter"
    OFFER_JOIN = "offer_join"


#: Said in the case's room. Where that is archived or gone, they wait for the next room of an open case.
ROOM_WORDS = frozenset(
    {Say.NOTICE, Say.REMINDER, Say.ASK_ROOM, Say.TASKS_OVERDUE, Say.INQUIRIES_DUE, Say.PUBLICATION_DUE}
    | {Say.DOCUMENT}
)
#: What belongs to one room: the next one gets its own.
ROOM_FURNITURE = frozenset(
    {Say.INVITE, Say.CARD, Say.PIN, Say.TOPIC, Say.PAGE_ROOM, Say.CARD_REDRAW, Say.PAGE_ROOM_REDRAW}
    | {Say.APPROVAL_ROOM}
)


class Priority(IntEnum):
    """Paging goes before everything else, redrawing comes last."""

    PAGE = 0
    ROOM = 1
    RECEIPT = 2
    CARD = 3
    ROOM_PAGE = 4
    WORD = 5
    FURNITURE = 6
    REDRAW = 7


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to say. `key` says what it is for; things of one `lane` are said in order."""

    key: str
    say: Say
    lane: str
    priority: Priority
    data: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)


@dataclass(frozen=True, slots=True)
class Needs:
    """What is wanted at this moment, and when to ask again (None: not before somebody does something)."""

    wanted: tuple[Need, ...]
    next_at: datetime | None
    next_word_at: datetime | None  # the same for words that people hear; drawing the card again is none

    def wants(self, key: str) -> bool:
        """Whether this is (still) to be said."""
        return any(need.key == key for need in self.wanted)


def page_key(case: CaseState, level: int, attempt: int, user: str) -> str:
    """The key of one person's page."""
    return f"{case.number}/page/{level}/{attempt}/{user}"


def room_page_key(case: CaseState, level: int, attempt: int) -> str:
    """The key of the page in the room, which calls everybody of the level."""
    return f"{case.number}/page/{level}/{attempt}"


def of_turn(case: CaseState) -> str:
    """What makes a key of a later walk through the chain another one than that of the walk before."""
    return f"/{case.turn}" if case.turn else ""
