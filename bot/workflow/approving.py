"""Versions of documents on their way: circulate · approval_asked · approve · send_back · record_sent.

An approval is of exactly the words whose hash the record names: they are hashed again as they are approved.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.log import LEAKBOT
from bot.cases.states import state_of
from bot.cases.tables import Case, Document, key_of
from bot.errors import InvalidField, Refused
from bot.law.calendar import LAST_YEAR, ONE_DAY, closed
from bot.policy.access import check_circulate, check_record_sent
from bot.policy.approval import APPROVED, Ref, Version, asked, check_turn, is_of_the_role, version_of
from bot.policy.state import CaseState, MessageRef
from bot.vocabulary import DocumentState, LogKind, Role, SendingWay
from bot.workflow.opening import case_for_change
from bot.workflow.paging import joins_the_room

#: When the office opens: then, on working days, somebody who has not answered is asked again.
OFFICE_OPENS: Final = time(9, 0)


@dataclass(frozen=True, slots=True)
class Turn:
    """One step of one circulation of a version, as a button or form names it (`Version.turn`, `.step`)."""

    ref: Ref
    turn: int
    step: int


@dataclass(frozen=True, slots=True)
class Sending:
    """To whom a version was sent, when and how. `form` is the form's view id: sent twice, it is one."""

    recipient: str
    sent_at: datetime
    way: SendingWay
    form: str


async def circulate(
    db: AsyncSession,
    number: str,
    ref: Ref,
    *,
    route: Sequence[Role],
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """A version begins its way along `route`. Circulating already, it changes nothing.

    Raises Refused: newer words took its place, it is approved already, or nobody is there but its author.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    check_circulate(state, person, privacy_office)
    version = _version(state, ref)
    if version.is_old:
        raise Refused("document_superseded", version=ref.version, newest=version.newest)
    if version.waits:
        return
    if version.state in APPROVED:
        raise Refused("already_approved")
    row = await _row(db, case, version)
    row.state = DocumentState.CIRCULATING
    await log.append(
        db, case, LogKind.DOCUMENT_CIRCULATED, person, now, {**_named(version), "route": list(route)}
    )
    await _call_in(db, case, ref, now, or_refuse=True)


async def approval_asked(
    db: AsyncSession,
    number: str,
    turn: Turn,
    *,
    user: str | None,
    where: MessageRef | None,
    again_at: datetime | None = None,
    error: str | None = None,
    now: datetime,
) -> None:
    """Somebody was asked to approve, or the room (`user` None) was told who is.

    In: where the message stands, or Slack's `error`: then somebody else is asked; when a person without an
    answer is asked again (`working_morning_after`).
    """
    case = await case_for_change(db, number, now)
    data: dict[str, Any] = {
        "kind": turn.ref.kind,
        "locale": turn.ref.locale,
        "version": turn.ref.version,
        "turn": turn.turn,
        "step": turn.step,
    }
    data |= {"user": user} if user else {}
    data |= {"channel": where.channel, "ts": where.ts} if where else {}
    data |= {"error": error} if error else {}
    data |= {"again_at": again_at.isoformat()} if again_at else {}
    await log.append(db, case, LogKind.APPROVAL_ASKED, LEAKBOT, now, data)
    # Whoever is asked belongs to the room; whose turn it is may have changed since it was circulated.
    await _call_in(db, case, turn.ref, now)


async def approve(
    db: AsyncSession,
    number: str,
    turn: Turn,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """A step of the route is approved, once however often it is pressed. Raises Refused as `check_turn`."""
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    version = _version(state, turn.ref)
    if not check_turn(state, version, turn.turn, turn.step, person, privacy_office, now):
        return
    row = await _row(db, case, version)
    left = len(version.route) - version.step - 1
    row.state = DocumentState.CIRCULATING if left else DocumentState.APPROVED
    role = version.route[version.step]
    of_the_role = is_of_the_role(state, version, person, privacy_office)
    instead = None if of_the_role else asked(state, version, now).instead
    data = {**_named(version), "step": version.step, "role": role, "left": left}
    data |= {"instead": instead} if instead else {}
    await log.append(db, case, LogKind.DOCUMENT_APPROVED, person, now, data)
    await _call_in(db, case, turn.ref, now)


async def send_back(
    db: AsyncSession,
    number: str,
    turn: Turn,
    remark: str,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """A step is not approved: the circulation ends, and the author reads the remark."""
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    version = _version(state, turn.ref)
    if not check_turn(state, version, turn.turn, turn.step, person, privacy_office, now):
        return
    row = await _row(db, case, version)
    row.state = DocumentState.SENT_BACK
    role = version.route[version.step]
    data = {**_named(version), "step": version.step, "role": role, "remark": remark}
    await log.append(db, case, LogKind.DOCUMENT_SENT_BACK, person, now, data)


async def record_sent(
    db: AsyncSession,
    number: str,
    ref: Ref,
    sending: Sending,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """An approved version was sent; several times to several people is as many entries.

    Raises Refused where it is not approved; InvalidField for a time before its approval or still to come.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    check_record_sent(state, person, privacy_office)
    version = _version(state, ref)
    if version.state not in APPROVED:
        raise Refused("not_approved")
    if any(e.data.get("form") == sending.form for e in state.events_of(LogKind.DOCUMENT_SENT)):
        return
    if sending.sent_at > now:
        raise InvalidField("sent_at", "in_future_sent")
    # The form knows minutes only.
    if sending.sent_at < version.approvals[-1].at.replace(second=0, microsecond=0):
        raise InvalidField("sent_at", "before_approval")
    data = {
        "recipient": sending.recipient,
        "sent_at": sending.sent_at.isoformat(),
        "way": sending.way,
        "form": sending.form,
    }
    await note_sent(db, case, version, data, person=person, now=now)


async def note_sent(
    db: AsyncSession, case: Case, version: Version, data: dict[str, Any], *, person: str, now: datetime
) -> None:
    """The version went out: `data` holds `recipient` and `sent_at` (ISO 8601)."""
    for row in await queries.documents_of(db, key_of(case), version.ref.kind, version.ref.locale):
        if row.version == version.ref.version:
            row.state = DocumentState.SENT
    await log.append(db, case, LogKind.DOCUMENT_SENT, person, now, {**_named(version), **data})


def working_morning_after(now: datetime, zone: ZoneInfo, *, weekly: bool = False) -> datetime:
    """When the office next opens after `now`, in UTC; `weekly`: on the first working day of a week."""
    day = now.astimezone(zone).date()
    while day.year <= LAST_YEAR:
        at = datetime.combine(day, OFFICE_OPENS, tzinfo=zone)
        first = all(closed(day - n * ONE_DAY) for n in range(1, day.weekday() + 1))
        if at > now and closed(day) is None and (first or not weekly):
            break
        day += ONE_DAY
    return at.astimezone(now.tzinfo)


def _version(state: CaseState, ref: Ref) -> Version:
    version = version_of(state, ref)
    if version is None:
        raise Refused("no_such_document")
    return version


def _named(version: Version) -> dict[str, Any]:
    ref = version.ref
    return {"kind": ref.kind, "locale": ref.locale, "version": ref.version, "hash": version.hash}


async def _row(db: AsyncSession, case: Case, version: Version) -> Document:
    """The stored words of a version, as long as they are those that the record named when it was drafted."""
    for row in await queries.documents_of(db, key_of(case), version.ref.kind, version.ref.locale):
        if row.version == version.ref.version and row.content is not None:
            words = json.dumps(row.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            if sha256(words.encode()).hexdigest() != version.hash:
                raise Refused("document_changed")
            return row
    raise Refused("no_such_document")


async def _call_in(db: AsyncSession, case: Case, ref: Ref, now: datetime, *, or_refuse: bool = False) -> None:
    """Whoever is to approve next belongs to the room."""
    await db.flush()
    state = await state_of(db, case)
    version = _version(state, ref)
    turn = asked(state, version, now)
    if or_refuse and not turn.users:
        raise Refused("nobody_to_approve")
    for user in turn.users:
        await joins_the_room(db, case, _role_of(state, user), user)


def _role_of(state: CaseState, user: str) -> Role:
    """What somebody of the chain is to the room; everybody else who is asked is in it already."""
    roles = (level.role for level in state.chain for person in level.people if person.user == user)
    return next(roles, Role.VISITOR)
