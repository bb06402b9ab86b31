"""What a case keeps of notices and publication (`Case.notices`, `.publication`), as values and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.policy.notice_state import NoticeEntry, NoticesState, PublicationState
from bot.vocabulary import NoticeWay, Publication, PublicationWay


def notices_of(row: Mapping[str, Any] | None) -> NoticesState:
    """The records of persons being told."""
    if not row:
        return NoticesState()
    return NoticesState(tuple(_entry(each) for each in row["entries"]), row.get("total"))


def publication_of(row: Mapping[str, Any] | None) -> PublicationState | None:
    """The decision on publication; None as long as nobody made one."""
    if not row:
        return None
    return PublicationState(
        decision=Publication.of(row["decision"]),
        reason=row.get("reason"),
        by=row["by"],
        at=datetime.fromisoformat(row["at"]),
        ways=tuple(PublicationWay.of(way) for way in row.get("ways") or ()),
        publish_at=_moment(row.get("publish_at")),
        review_on=date.fromisoformat(row["review_on"]) if row.get("review_on") else None,
    )


def notices_json(row: Mapping[str, Any] | None, zone: ZoneInfo) -> dict[str, Any]:
    """The records as they stand in `case.json`, times with the offset of `zone`."""
    kept = row or {}
    entries = [{**each, **_local(each, zone, "told_at", "at")} for each in kept.get("entries") or ()]
    return {
        "total": kept.get("total"),
        "entries": [{name: value for name, value in each.items() if name != "form"} for each in entries],
    }


def publication_json(row: Mapping[str, Any] | None, zone: ZoneInfo) -> dict[str, Any] | None:
    """The decision as it stands in `case.json`, times with the offset of `zone`."""
    return {**row, **_local(row, zone, "at", "publish_at")} if row else None


def _local(values: Mapping[str, Any], zone: ZoneInfo, *names: str) -> dict[str, str]:
    moments = {name: _moment(values.get(name)) for name in names}
    return {name: at.astimezone(zone).isoformat() for name, at in moments.items() if at}


def _entry(row: Mapping[str, Any]) -> NoticeEntry:
    return NoticeEntry(
        number=row["number"],
        way=NoticeWay.of(row["way"]),
        persons=row["persons"],
        told_at=datetime.fromisoformat(row["told_at"]),
        by=row["by"],
        at=datetime.fromisoformat(row["at"]),
        why=row.get("why"),
        corrects=row.get("corrects"),
    )


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
