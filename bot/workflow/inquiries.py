"""Inquiries (問い合わせ): record, assign, answer, close without one, reopen, and what the room heard."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.log import LEAKBOT
from bot.cases.states import state_of
from bot.cases.tables import Case, Inquiry, key_of
from bot.errors import InvalidField, Refused
from bot.policy.access import check_answer, check_inquiries, may_answer
from bot.policy.inquiries import FOR_THE_FAQ, GOES_ON, is_here
from bot.policy.standing import Kind
from bot.policy.state import CaseState
from bot.vocabulary import InquiryChannel, InquirySource, InquiryStatus, LogKind
from bot.workflow.opening import case_for_change


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts: the person, what they are to the workspace, the privacy office, and who speaks for the
    case's department.
    """

    person: str
    privacy_office: Collection[str]
    speakers: Collection[str] = ()
    kind: Kind = Kind.MEMBER


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked, all times UTC. `form` is the view's id: sent twice, it is one inquiry."""

    source: InquirySource
    channel: InquiryChannel
    received_at: datetime
    due_at: datetime
    question: str
    form: str
    who: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered and when (UTC); `faq`: it may stand in the questions and answers for the press."""

    text: str
    answered_at: datetime
    faq: bool = False


async def record_inquiry(
    db: AsyncSession, number: str, asked: Asked, answer: Answer | None = None, *, who: Who, now: datetime
) -> None:
    """Somebody asked something; `answer` where they were answered at once.

    Raises Refused where the person may not, InvalidField where the answer is due before the question came, or
    whoever is named is not in the room or may not answer.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case, ())
    check_inquiries(state, who.person, who.privacy_office, who.kind)
    rows = await queries.inquiries_of(db, key_of(case))
    if any((row.words or {}).get("form") == asked.form for row in rows):
        return
    if answer is not None:
        _check_may_answer(state, asked.source, who)
        _check_after(asked.received_at, answer)
    if asked.due_at < asked.received_at:
        raise InvalidField("due_at", "before_received")
    _check_owner(state, asked.source, asked.owner, who)
    new = 1 + max((row.number for row in rows), default=0)
    row = await _record(db, case, new, asked, who.person, now, answered=answer is not None)
    if answer is not None:
        await _answer(db, case, row, answer, who.person, now)


async def assign_inquiry(
    db: AsyncSession,
    number: str,
    inquiry: int,
    *,
    owner: str | None,
    due_at: datetime,
    who: Who,
    now: datetime,
) -> None:
    """Who answers, and by when. Nothing happens where both are so already. Raises as `record_inquiry`."""
    case, state, row = await _inquiry(db, number, inquiry, who, now)
    if due_at < row.received_at:
        raise InvalidField("due_at", "before_received")
    changed: dict[str, Any] = {}
    if owner != row.owner:
        _check_owner(state, InquirySource.of(row.source), owner, who)
        changed["to"] = owner
    if due_at != row.due_at:
        changed["due_at"] = due_at.isoformat()
    if not changed:
        return
    row.owner, row.due_at, row.changed_by, row.changed_at = owner, due_at, who.person, now
    data = {"inquiry": inquiry, "source": row.source, **changed}
    await log.append(db, case, LogKind.INQUIRY_ASSIGNED, who.person, now, data)


async def answer_inquiry(
    db: AsyncSession, number: str, inquiry: int, answer: Answer, *, who: Who, now: datetime
) -> None:
    """What was answered; told again with other words, it puts the answer right.

    Raises Refused where the person may not speak to whoever asked, InvalidField where the answer came before
    the question.
    """
    case, state, row = await _inquiry(db, number, inquiry, who, now)
    _check_may_answer(state, InquirySource.of(row.source), who)
    _check_after(row.received_at, answer)
    words = row.words or {}
    known = (words.get("answer"), row.answered_at, row.faq)
    if row.status == InquiryStatus.ANSWERED and known == (answer.text, answer.answered_at, _faq(row, answer)):
        return
    await _answer(db, case, row, answer, who.person, now)


async def close_inquiry(
    db: AsyncSession, number: str, inquiry: int, reason: str, *, who: Who, now: datetime
) -> None:
    """No answer is needed, for a reason in somebody's own words. Raises Refused as `answer_inquiry`."""
    case, state, row = await _inquiry(db, number, inquiry, who, now)
    source = InquirySource.of(row.source)
    _check_may_answer(state, source, who)
    if row.status == InquiryStatus.CLOSED and (row.words or {}).get("reason") == reason:
        return
    _mark(row, InquiryStatus.CLOSED, who.person, now, reason=reason)
    data = {"inquiry": inquiry, "source": source, "why_not": reason}
    await log.append(db, case, LogKind.INQUIRY_CLOSED, who.person, now, data)


async def reopen_inquiry(db: AsyncSession, number: str, inquiry: int, *, who: Who, now: datetime) -> None:
    """It is to be answered after all. What was answered before stands in the record."""
    case, _, row = await _inquiry(db, number, inquiry, who, now)
    if row.status == InquiryStatus.OPEN:
        return
    _mark(row, InquiryStatus.OPEN, who.person, now)
    data = {"inquiry": inquiry, "source": row.source}
    await log.append(db, case, LogKind.INQUIRY_REOPENED, who.person, now, data)


async def inquiries_reminded(
    db: AsyncSession,
    number: str,
    *,
    moment: str,
    inquiries: Sequence[int],
    fresh: Sequence[int],
    now: datetime,
) -> None:
    """The room has been told of inquiries whose answer is due, as of `moment` (ISO 8601)."""
    case = await case_for_change(db, number, now)
    data = {"moment": moment, "inquiries": list(inquiries), "fresh": list(fresh)}
    await log.append(db, case, LogKind.INQUIRIES_REMINDED, LEAKBOT, now, data)


async def bring_inquiries(
    db: AsyncSession, joined: Case, first: Case, stays: CaseState, *, person: str, now: datetime
) -> None:
    """What waits for an answer goes on in the case that its own is joined to, with a new number there."""
    number = max((row.number for row in await queries.inquiries_of(db, key_of(first))), default=0)
    for row in await queries.inquiries_of(db, key_of(joined)):
        if row.status != InquiryStatus.OPEN:
            continue
        number += 1
        words = row.words or {}
        owner = row.owner if row.owner and is_here(stays, row.owner) else None
        asked = Asked(
            source=InquirySource.of(row.source),
            channel=InquiryChannel.of(row.channel),
            received_at=row.received_at,
            due_at=row.due_at,
            question=words.get("question") or "",
            form=words.get("form") or "",
            who=words.get("who"),
            owner=owner,
        )
        new = await _record(db, first, number, asked, person, now, other=joined.number)
        new.recorded_by = row.recorded_by
        _mark(row, InquiryStatus.CLOSED, person, now, reason=GOES_ON)
        data = {"inquiry": row.number, "source": row.source, "into": first.number}
        await log.append(db, joined, LogKind.INQUIRY_CLOSED, person, now, data)


async def _record(
    db: AsyncSession, case: Case, number: int, asked: Asked, person: str, now: datetime, **more: Any
) -> Inquiry:
    row = Inquiry(
        case_id=key_of(case),
        number=number,
        source=asked.source,
        channel=asked.channel,
        received_at=asked.received_at,
        due_at=asked.due_at,
        status=InquiryStatus.OPEN,
        owner=asked.owner,
        words={"question": asked.question, "who": asked.who, "form": asked.form},
        recorded_by=person,
        changed_by=person,
        changed_at=now,
    )
    db.add(row)
    data = {
        "inquiry": number,
        "source": asked.source,
        "channel": asked.channel,
        "received_at": asked.received_at.isoformat(),
        "due_at": asked.due_at.isoformat(),
        "who": asked.who,
        "question": asked.question,
        "to": asked.owner,
        **more,
    }
    await log.append(db, case, LogKind.INQUIRY_RECORDED, person, now, data)
    return row


async def _inquiry(
    db: AsyncSession, number: str, inquiry: int, who: Who, now: datetime
) -> tuple[Case, CaseState, Inquiry]:
    """The case, locked, and its inquiry; Refused where the person may not know of it."""
    case = await case_for_change(db, number, now)
    state = await state_of(db, case, ())
    check_inquiries(state, who.person, who.privacy_office, who.kind)
    rows = await queries.inquiries_of(db, key_of(case))
    if (row := next((row for row in rows if row.number == inquiry), None)) is None:
        raise Refused("no_such_inquiry")
    return case, state, row


async def _answer(
    db: AsyncSession, case: Case, row: Inquiry, answer: Answer, person: str, now: datetime
) -> None:
    corrected = row.status == InquiryStatus.ANSWERED
    _mark(row, InquiryStatus.ANSWERED, person, now, answer=answer.text)
    row.answered_at, row.faq = answer.answered_at, _faq(row, answer)
    data = {
        "inquiry": row.number,
        "source": row.source,
        "answer": answer.text,
        "answered_at": answer.answered_at.isoformat(),
        "faq": row.faq,
        "corrected": corrected,
    }
    await log.append(db, case, LogKind.INQUIRY_ANSWERED, person, now, data)


def _mark(
    row: Inquiry,
    status: InquiryStatus,
    by: str,
    now: datetime,
    *,
    answer: str | None = None,
    reason: str | None = None,
) -> None:
    kept = {name: value for name, value in (row.words or {}).items() if name not in ("answer", "reason")}
    new = {name: value for name, value in {"answer": answer, "reason": reason}.items() if value}
    row.words = {**kept, **new}
    row.status, row.changed_by, row.changed_at = status, by, now
    row.answered_at, row.faq = None, False


def _faq(row: Inquiry, answer: Answer) -> bool:
    return answer.faq and InquirySource.of(row.source) in FOR_THE_FAQ


def _check_may_answer(state: CaseState, source: InquirySource, who: Who) -> None:
    check_answer(state, source, who.person, who.privacy_office, who.speakers, who.kind)


def _check_owner(state: CaseState, source: InquirySource, owner: str | None, who: Who) -> None:
    """Nobody is asked for an answer who could not give it."""
    if owner is None:
        return
    if not is_here(state, owner):
        raise InvalidField("owner", "not_in_the_room")
    if not may_answer(state, source, owner, who.privacy_office, who.speakers):
        raise InvalidField("owner", "may_not_speak")


def _check_after(received_at: datetime, answer: Answer) -> None:
    if answer.answered_at < received_at:
        raise InvalidField("answered_at", "before_received")
