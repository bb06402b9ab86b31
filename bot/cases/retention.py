"""Personal data is kept no longer than needed: what of a closed case is blanked, and what stays.

Blanked is whatever people typed, and what was masked where they typed it. What stays is what happened when
and by whom: times, identifiers, Slack ids, the facts the law asks for, obligations with their receipts, and
the record, whose chain still verifies. (Act on the Protection of Personal Information, Article 22: what is no
longer needed is to be erased without delay.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log
from bot.cases.tables import Case, Document, Inquiry, LogEntry, Task
from bot.law.facts import FACT_NAMES
from bot.policy.tasks import LEFT_OPEN, NO_LONGER_FITS
from bot.vocabulary import LogKind

#: Log entries whose data stays: nobody typed any of it. Whatever is not named here loses its data.
KEPT_IN_LOG: Final = frozenset(
    {
        LogKind.RECEIPT_SENT,
        LogKind.ROOM_OPENED,
        LogKind.ROOM_LOST,
        LogKind.MEMBERS_INVITED,
        LogKind.CARD_POSTED,
        LogKind.PAGE_SENT,
        LogKind.PAGE_DELAYED,
        LogKind.CHANNEL_SENT,
        LogKind.CHANNEL_FAILED,
        LogKind.ACCOUNT_CHANGED,
        LogKind.HOLDER_GONE,
        LogKind.ACKNOWLEDGED,
        LogKind.CANNOT,
        LogKind.ASKED,
        LogKind.STILL_WORKING,
        LogKind.LAPSED,
        LogKind.SIMILAR_FOUND,
        LogKind.JOINED_INTO,
        LogKind.MEMBER_LEFT,
        LogKind.MEMBER_JOINED,
        LogKind.OUTSIDER_JOINED,
        LogKind.WORDS_MASKED,
        LogKind.OBLIGATIONS_CHANGED,
        LogKind.REASSESSED,
        LogKind.REMINDED,
        LogKind.TASKS_GROWN,
        LogKind.TASK_ASSIGNED,
        LogKind.TASK_DONE,
        LogKind.TASK_REOPENED,
        LogKind.TASKS_REMINDED,
        LogKind.CRITERION_MET,
        LogKind.DOCUMENT_DRAFTED,
        LogKind.DOCUMENT_CIRCULATED,
        LogKind.APPROVAL_ASKED,
        LogKind.DOCUMENT_APPROVED,
        LogKind.INQUIRY_ASSIGNED,
        LogKind.INQUIRY_REOPENED,
        LogKind.INQUIRIES_REMINDED,
        LogKind.TIMELINE_WANTED,
        LogKind.FILE_SHARED,
        LogKind.EXPORTED,
        LogKind.BLANKED,
    }
)
_KEPT_OF_REPORT: Final = ("medium", "protection")
_KEPT_OF_CLOSURE: Final = ("outcome",)


def is_due(case: Case, closed_before: datetime) -> bool:
    """Whether it was closed before then and still holds personal data, as `queries.expired_cases` has it."""
    if case.closed_at is None or case.closed_at >= closed_before:
        return False
    return case.blanked_at is None or case.blanked_at < case.closed_at


async def blank(db: AsyncSession, case: Case, kept_for: timedelta, now: datetime) -> None:
    """Blanks the personal data of a closed case and says so in its log.

    In: the case, locked by this transaction; how long it was kept after it was closed, for the record; now.
    """
    assert case.id is not None  # noqa: S101 - a stored row has its id
    entries: list[int] = []
    for table, columns in BLANKED_COLUMNS.items():
        for row in await _rows(db, table, case):
            for name, stays in columns.items():
                if (left := stays(row, value := getattr(row, name))) != value:
                    setattr(row, name, left)
                    if isinstance(row, LogEntry):
                        entries.append(row.seq)
    case.blanked_at = now
    data = {"entries": sorted(entries), "kept_for_days": kept_for.days}
    await log.append(db, case, LogKind.BLANKED, log.LEAKBOT, now, data)


async def _rows(db: AsyncSession, table: type[Any], case: Case) -> list[Any]:
    if table is Case:
        return [case]
    return list(await db.scalars(select(table).where(table.case_id == case.id).order_by(table.id)))


def _report(case: Case, report: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if name in _KEPT_OF_REPORT else None for name, value in report.items()}


def _facts(case: Case, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name in FACT_NAMES}


def _assessment(case: Case, assessment: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {**assessment, "remark": None} if assessment else None


def _closure(case: Case, closure: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if closure is None:
        return None
    return {name: value if name in _KEPT_OF_CLOSURE else None for name, value in closure.items()}


def _chain(case: Case, chain: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The organisation file may name people by their e-mail addresses; the id they stand for is enough."""
    return [
        {**level, "people": [{**person, "reference": person["user"] or ""} for person in level["people"]]}
        for level in chain
    ]


def _ids(case: Case, users: list[str]) -> list[str]:
    return list(users)


def _log_data(entry: LogEntry, data: Mapping[str, Any]) -> dict[str, Any]:
    return dict(data if entry.kind in KEPT_IN_LOG else log.BLANKED)


def _deviations(case: Case, deviations: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {kind: {**each, "reason": None} for kind, each in deviations.items()} if deviations else None


def _notices(case: Case, notices: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """How many were told when and how stays; reasons and remarks go."""
    if not notices:
        return None
    return {**notices, "entries": [{**each, "why": None} for each in notices["entries"]]}


def _publication(case: Case, publication: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {**publication, "reason": None} if publication else None


def _task_words(task: Task, words: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Why leakbot itself set a task aside is nobody's word."""
    ours = (words or {}).get("reason") in (NO_LONGER_FITS, LEFT_OPEN)
    return {"reason": words["reason"]} if words and ours else None


def _as_it_is(row: object, value: Any) -> Any:
    """The organisation's own rules: nobody typed them about a case."""
    return value


def _nothing(row: object, value: object) -> None:
    return None


#: For each column of a case that can hold what people typed: what stays of it, given row and value. Every
#: encrypted or JSON column of a case's tables stands here; a table beside `case` has a column `case_id`.
BLANKED_COLUMNS: Final[Mapping[type[Any], Mapping[str, Callable[[Any, Any], Any]]]] = {
    Case: {
        "report": _report,
        "facts": _facts,
        "assessment": _assessment,
        "closure": _closure,
        "items": _nothing,
        "rules": _as_it_is,
        "deviations": _deviations,
        "notices": _notices,
        "publication": _publication,
        "typed": _nothing,
        "chain": _chain,
        "informants": _ids,
        "former_channels": _ids,
    },
    Document: {"content": _nothing},  # its hash stays
    Task: {"words": _task_words},
    Inquiry: {"words": _nothing},
    LogEntry: {"data": _log_data},
}
