"""Rows of inquiries (問い合わせ) as values, and as they stand in the case file."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.cases.tables import Inquiry
from bot.policy.state import InquiryState
from bot.vocabulary import InquiryChannel, InquirySource, InquiryStatus


def inquiry_state(row: Inquiry) -> InquiryState:
    """An inquiry as policy and screens read it."""
    words = row.words or {}
    return InquiryState(
        number=row.number,
        source=InquirySource.of(row.source),
        channel=InquiryChannel.of(row.channel),
        received_at=row.received_at,
        due_at=row.due_at,
        recorded_by=row.recorded_by,
        status=InquiryStatus.of(row.status),
        owner=row.owner,
        who=words.get("who"),
        question=words.get("question"),
        answer=words.get("answer"),
        reason=words.get("reason"),
        faq=row.faq,
        answered_at=row.answered_at,
        by=row.changed_by,
        at=row.changed_at,
    )


def inquiry_json(row: Inquiry, zone: ZoneInfo) -> dict[str, Any]:
    """An inquiry as it stands in `case.json`, times with the offset of `zone`."""
    words = row.words or {}

    def moment(at: datetime | None) -> str | None:
        return None if at is None else at.astimezone(zone).isoformat()

    return {
        "number": row.number,
        "source": row.source,
        "who": words.get("who"),
        "channel": row.channel,
        "received_at": moment(row.received_at),
        "due_at": moment(row.due_at),
        "question": words.get("question"),
        "state": row.status,
        "owner": row.owner,
        "answer": words.get("answer"),
        "answered_at": moment(row.answered_at),
        "reason": words.get("reason"),
        "faq": row.faq,
        "recorded_by": row.recorded_by,
        "by": row.changed_by,
        "at": moment(row.changed_at),
    }
