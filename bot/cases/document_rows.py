"""Versions of documents with their approvals, and recorded submissions, as they stand in the case file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.cases.log import BLANKED
from bot.cases.tables import Document, LogEntry
from bot.policy.approval import Ref, Version, versions
from bot.policy.state import EventState
from bot.vocabulary import DocumentKind, LogKind


def versions_in(entries: Iterable[LogEntry]) -> dict[Ref, Version]:
    """How far each version came, as the log tells it; what was blanked tells nothing."""
    known = (entry for entry in entries if LogKind.named(entry.kind) and entry.data != BLANKED)
    events = (EventState(e.seq, e.at, e.actor, LogKind.of(e.kind), e.data) for e in known)
    return {version.ref: version for version in versions(events)}


def ref_of(row: Document) -> Ref:
    """Which version a row is."""
    return Ref(DocumentKind.of(row.kind), "en" if row.locale == "en" else "ja", row.version)


def document_json(row: Document, version: Version | None, zone: ZoneInfo) -> dict[str, Any]:
    """One version; its words stand beside this value in the case file, under the same hash."""
    back = version.sent_back if version else None
    return {
        "kind": row.kind,
        "locale": row.locale,
        "version": row.version,
        "state": row.state,
        "hash": row.hash,
        "author": row.author,
        "at": _moment(row.at, zone),
        "circulated_by": (version.circulated_by or None) if version else None,
        "circulated_at": _moment(version.circulated_at, zone) if version else None,
        "route": [role.value for role in version.route] if version else [],
        "approvals": [
            {
                "role": each.role.value,
                "instead": each.instead.value if each.instead else None,
                "by": each.by,
                "at": _moment(each.at, zone),
            }
            for each in (version.approvals if version else ())
        ],
        "sent_back": {"by": back.by, "at": _moment(back.at, zone), "remark": back.remark} if back else None,
        "sent": [
            {
                "recipient": each.to,
                "sent_at": _moment(each.sent_at, zone),
                "way": each.way.value if each.way else None,
                "by": each.by,
            }
            for each in (version.sent if version else ())
        ],
    }


def submission_json(entry: LogEntry, zone: ZoneInfo) -> dict[str, Any]:
    """A recorded submission: what, with whom, when, under which number, and which version it was."""
    data = entry.data
    return {
        "obligation": data["obligation"],
        "report_kind": data["report_kind"],
        "recipient": data.get("recipient"),
        "submitted_at": _moment(datetime.fromisoformat(data["submitted_at"]), zone),
        "receipt_no": data.get("receipt_no"),
        "document": _filed(data),
        "by": entry.actor,
        "at": _moment(entry.at, zone),
    }


def is_submission(entry: LogEntry) -> bool:
    """Whether the entry records one and its words are still there."""
    return entry.kind == LogKind.SUBMISSION_RECORDED and entry.data != BLANKED


def _filed(data: Mapping[str, Any]) -> dict[str, Any] | None:
    if "document" not in data:
        return None
    named = ("locale", "version", "hash", "approved")
    return {"kind": data["document"], **{name: data[name] for name in named}}


def _moment(at: datetime | None, zone: ZoneInfo) -> str | None:
    return None if at is None else at.astimezone(zone).isoformat()
