"""Deadlines kept and deadlines spoken of: record_submission · reminded."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.log import LEAKBOT
from bot.cases.states import state_of
from bot.cases.tables import key_of
from bot.errors import InvalidField, Refused
from bot.law.obligations import REPORTS
from bot.policy.access import check_decide
from bot.policy.approval import APPROVED, FITTING, Version, version_of
from bot.policy.state import CaseState
from bot.vocabulary import LogKind, ObligationKind, ReminderKind, ReportKind
from bot.workflow import assessing
from bot.workflow.approving import note_sent
from bot.workflow.growing import grow
from bot.workflow.inputs import Submission
from bot.workflow.obligations import settle_status
from bot.workflow.opening import case_for_change

FINALS = frozenset({ObligationKind.FINAL, ObligationKind.MN_FINAL})


async def record_submission(
    db: AsyncSession,
    number: str,
    submission: Submission,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """Write down that a report was filed or a notice given; it ends the reminders of its obligation.

    A follow-up report never ends the duty of the final one. A processor's notice to its controller replaces
    the reports; a report of its own replaces that notice. An approved version that was filed counts as sent.
    Raises Refused where the person may not, or
    where that obligation was submitted already; InvalidField when the time given cannot be right.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    check_decide(state, person, privacy_office)
    if submission.submitted_at > now:
        raise InvalidField("submitted_at", "in_future")
    if submission.submitted_at < case.aware_at:
        raise InvalidField("submitted_at", "before_aware")
    rows = [
        o
        for o in await queries.obligations_of(db, key_of(case))
        if o.kind == submission.obligation and o.removed_at is None
    ]
    if not rows:
        raise Refused("nothing_open")
    obligation = rows[-1]
    follow_up = submission.report_kind is ReportKind.FOLLOW_UP
    if obligation.submitted_at is not None and not follow_up:
        raise Refused(
            "already_submitted", obligation=submission.obligation, submitted_at=obligation.submitted_at
        )
    filed = _filed(state, submission)
    ends_the_duty = not (follow_up and submission.obligation in FINALS)
    ended = obligation.submitted_at is None and ends_the_duty
    if ended:
        obligation.submitted_at = submission.submitted_at
        obligation.receipt = submission.receipt_no
        obligation.document = str(filed.ref) if filed else None
    reported_instead = ended and submission.obligation in REPORTS and state.replacing_notice is not None
    await log.append(
        db,
        case,
        LogKind.SUBMISSION_RECORDED,
        person,
        now,
        {
            "obligation": submission.obligation,
            "report_kind": submission.report_kind,
            "submitted_at": submission.submitted_at.isoformat(),
            "recipient": submission.recipient,
            "receipt_no": submission.receipt_no,
            "ends_the_duty": ends_the_duty,
            "reported_instead": reported_instead,
            **(_named(filed) if filed else {}),
        },
    )
    if filed is not None and filed.state in APPROVED:
        sent = {
            "recipient": submission.recipient,
            "sent_at": submission.submitted_at.isoformat(),
        }
        await note_sent(db, case, filed, sent, person=person, now=now)
    if ended and submission.obligation == ObligationKind.CONTROLLER_NOTICE:
        await assessing.notice_recorded(
            db, case, submission, person=person, privacy_office=privacy_office, now=now
        )
    elif reported_instead:
        await assessing.report_recorded(db, case, now)
    await settle_status(db, case)
    await grow(db, case, now)


def _filed(state: CaseState, submission: Submission) -> Version | None:
    """The version that was filed or given, None where none was named."""
    if submission.document is None:
        return None
    version = version_of(state, submission.document)
    if version is None:
        raise InvalidField("document", "unknown_choice")
    if version.ref.kind not in FITTING[submission.obligation]:
        raise InvalidField("document", "document_does_not_fit")
    return version


def _named(filed: Version) -> dict[str, Any]:
    """The version as the record of a submission names it."""
    return {
        "document": filed.ref.kind,
        "locale": filed.ref.locale,
        "version": filed.ref.version,
        "hash": filed.hash,
        "approved": filed.state in APPROVED,
    }


async def reminded(
    db: AsyncSession,
    number: str,
    *,
    obligation: ObligationKind,
    kind: ReminderKind,
    step: str,
    now: datetime,
) -> None:
    """The room has been reminded of an obligation."""
    case = await case_for_change(db, number, now)
    await log.append(
        db, case, LogKind.REMINDED, LEAKBOT, now, {"obligation": obligation, "kind": kind, "step": step}
    )
