"""The case as one JSON value: for `case show --json`, the export for auditors, and anybody's own scripts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.document_rows import document_json, is_submission, ref_of, submission_json, versions_in
from bot.cases.inquiry_rows import inquiry_json
from bot.cases.log import BLANKED
from bot.cases.notice_rows import notices_json, publication_json
from bot.cases.queries import (
    case_row,
    documents_of,
    inquiries_of,
    log_of,
    members_of,
    obligations_of,
    pages_of,
    tasks_of,
)
from bot.cases.tables import Case, LogEntry, Member, Obligation, Page
from bot.cases.task_rows import task_json
from bot.errors import NotFound
from bot.vocabulary import LogKind

#: The law counts in Japan's time, so the file shows it, whatever the organisation's own zone.
_TOKYO: Final = ZoneInfo("Asia/Tokyo")


async def case_json(db: AsyncSession, number: str, assessment: Mapping[str, Any]) -> dict[str, Any]:
    """Everything known of a case, as JSON values; times are ISO 8601 with Tokyo's offset.

    What was blanked after its retention period is null, and `{"blanked": true}` in the log.

    In: the duty as the law floor judges it from the case's facts: `reportable`, `triggers`, `confirmed_by`,
    `reasons`. `NotFound` where there is no such case. `obligations` are those standing, `removed_obligations`
    those that a later assessment took away.
    """
    case = await case_row(db, number)
    if case is None or case.id is None:
        raise NotFound(f"There is no case {number}.", "`leakbot case list` shows them.")
    obligations = await obligations_of(db, case.id)
    entries = await log_of(db, case.id)
    approved = versions_in(entries)
    return {
        **_head(case),
        "facts": case.facts,
        "assessment": dict(assessment),
        "obligations": [_obligation(o) for o in obligations if o.removed_at is None],
        "removed_obligations": [_obligation(o) for o in obligations if o.removed_at is not None],
        "pages": [_page(page) for page in await pages_of(db, case.id)],
        "members": [_member(member) for member in await members_of(db, case.id)],
        "tasks": [task_json(task, _TOKYO) for task in await tasks_of(db, case.id)],
        "inquiries": [inquiry_json(each, _TOKYO) for each in await inquiries_of(db, case.id)],
        "company_wide": {"at": _moment(case.company_wide_at), "by": case.company_wide_by},
        "deviations": case.deviations or {},
        "notices": notices_json(case.notices, _TOKYO),
        "publication": publication_json(case.publication, _TOKYO),
        "documents": [
            document_json(row, approved.get(ref_of(row)), _TOKYO) for row in await documents_of(db, case.id)
        ],
        "submissions": [submission_json(entry, _TOKYO) for entry in entries if is_submission(entry)],
        "files": [_file(entry) for entry in entries if _lists_a_file(entry)],
        "log": [_entry(entry) for entry in entries],
        "log_head": case.log_head,
    }


def _head(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "status": case.status,
        "drill": case.drill,
        "department": case.department,
        "department_name": case.department_name,
        "indicator": case.indicator,
        "reporter": case.reporter,
        "confidential": case.confidential,
        # The last one it had where that is archived or gone: people may still read it.
        "channel": case.channel or next(reversed(case.former_channels), None),
        "former_channels": case.former_channels,
        "aware_at": _moment(case.aware_at),
        "occurred_at": _moment(case.occurred_at),
        "reported_at": _moment(case.reported_at),
        "acknowledged_at": _moment(case.acknowledged_at),
        "acknowledged_by": case.acknowledged_by,
        "closed_at": _moment(case.closed_at),
        "blanked_at": _moment(case.blanked_at),
        "report": case.report,
        "closure": case.closure,
        "joined_into": case.joined_into,
        "informants": case.informants,
        "items": case.items,
    }


def _obligation(row: Obligation) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "recipient": row.recipient,
        "due_at": _moment(row.due_at),
        "aim_on": _day(row.aim_on),
        "nominal_on": _day(row.nominal_on),
        "clock_start": _day(row.clock_start),
        "days": row.days,
        "provisional": row.provisional,
        "submitted_at": _moment(row.submitted_at),
        "receipt": row.receipt,
        "document": row.document,
        "removed_at": _moment(row.removed_at),
    }


def _page(row: Page) -> dict[str, Any]:
    return {
        "level": row.level,
        "attempt": row.attempt,
        "user": row.user,
        "sent_at": _moment(row.sent_at),
        "acknowledged_at": _moment(row.acknowledged_at),
        "skipped": row.skipped,
    }


def _member(row: Member) -> dict[str, Any]:
    return {"user": row.user, "role": row.role, "invited_at": _moment(row.invited_at), "error": row.error}


def _lists_a_file(row: LogEntry) -> bool:
    return row.kind == LogKind.FILE_LISTED and row.data != BLANKED


def _file(row: LogEntry) -> dict[str, Any]:
    """A file that was shared. Where `stored`, its bytes stand under its hash in `evidence/`."""
    return {**row.data, "by": row.actor, "listed_at": _moment(row.at)}


def _entry(row: LogEntry) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "at": _moment(row.at),
        "actor": row.actor,
        "kind": row.kind,
        "data": row.data,
        "salt": row.salt,
        "digest": row.digest,
        "previous": row.previous,
        "hash": row.hash,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(_TOKYO).isoformat()


def _day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()
