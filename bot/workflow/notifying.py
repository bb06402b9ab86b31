"""Telling the persons and the public: record_notice · complete_notices · decide_publication."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log
from bot.cases.states import state_of
from bot.cases.tables import Case
from bot.errors import InvalidField, Refused
from bot.policy import criteria
from bot.policy.access import check_decide, check_decide_publication, check_notify
from bot.policy.notifying import progress, standing_entries, total_of
from bot.policy.state import CaseState
from bot.vocabulary import (
    CriterionKind,
    LogKind,
    NoticeWay,
    ObligationKind,
    Publication,
    PublicationWay,
    ReportKind,
)
from bot.workflow.growing import grow
from bot.workflow.inputs import Submission
from bot.workflow.opening import case_for_change
from bot.workflow.submitting import record_submission


@dataclass(frozen=True, slots=True)
class Told:
    """Persons who were told (本人通知の記録). `form`: its view id; sent twice, it is one record.

    `persons` None: a substitute measure for all who cannot be told one by one. `total` None: not entered
    here. `corrects` is the number of the record this one replaces; nobody told (0) takes it back.
    """

    way: NoticeWay
    persons: int | None
    told_at: datetime
    why: str | None
    form: str
    total: int | None = None
    corrects: int | None = None
    complete: bool = False  # これで本人通知を完了とする


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision on publication (公表の判断), as somebody makes it."""

    decision: Publication
    reason: str
    ways: tuple[PublicationWay, ...] = ()
    publish_at: datetime | None = None
    review_on: date | None = None


async def record_notice(
    db: AsyncSession,
    number: str,
    told: Told,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """Write down who was told. Nothing is deleted: a correction is a record of its own.

    Raises Refused where the person may not, InvalidField for numbers, times and corrections that cannot be
    right, for a substitute measure without its reason, and at `complete` while somebody is still to be told.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    check_notify(state, person, privacy_office)
    kept = case.notices or {"total": None, "entries": []}
    if any(each.get("form") == told.form for each in kept["entries"]):
        return
    _check_told(state, told, now)
    entry: dict[str, Any] = {
        "number": len(kept["entries"]) + 1,
        "way": told.way.value,
        "persons": told.persons,
        "told_at": told.told_at.isoformat(),
        "why": told.why,
        "corrects": told.corrects,
        "by": person,
        "at": now.isoformat(),
    }
    total = told.total if told.total is not None else kept["total"]
    case.notices = {"total": total, "entries": [*kept["entries"], {**entry, "form": told.form}]}
    after = await state_of(db, case, announced=())
    _check_total(after)
    data = {
        "entry": entry["number"],
        "told_by": told.way,
        "told": told.persons,
        "told_at": entry["told_at"],
        "why": told.why,
        "corrects": told.corrects,
        "total": total_of(after)[0],
    }
    await log.append(db, case, LogKind.PERSONS_TOLD, person, now, data)
    if told.complete:
        await _complete(db, case, person, privacy_office, now)


async def complete_notices(
    db: AsyncSession, number: str, *, person: str, privacy_office: Collection[str], now: datetime
) -> None:
    """Everybody was told: the individual notice is recorded as given, at the time of the newest record.

    Raises Refused where the person may not, where it is recorded already or no duty, and while somebody is
    still to be told.
    """
    case = await case_for_change(db, number, now)
    try:
        await _complete(db, case, person, privacy_office, now)
    except InvalidField as error:
        raise Refused(error.reason) from error


async def decide_publication(
    db: AsyncSession,
    number: str,
    decided: Decided,
    *,
    today: date,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """Publish, do not publish, or look at it again on a day. A newer decision replaces the one before.

    Not publishing although the organisation's criterion is met deviates from it, for this very reason. In:
    `today` in the organisation's zone. Raises Refused where the person may not; InvalidField where a decision
    that is put off has no day to come, or a publication before the matter was noticed.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    check_decide_publication(state, person, privacy_office)
    later = decided.decision is Publication.LATER
    publishes = decided.decision is Publication.PUBLISH
    if later and decided.review_on is None:
        raise InvalidField("review_on", "required")
    if later and decided.review_on is not None and decided.review_on <= today:
        raise InvalidField("review_on", "is_past")
    if publishes and decided.publish_at is not None and decided.publish_at < case.aware_at:
        raise InvalidField("publish_at", "published_before_aware")
    words: dict[str, Any] = {
        "decision": decided.decision.value,
        "reason": decided.reason,
        "ways": [way.value for way in decided.ways] if publishes else [],
        "publish_at": decided.publish_at.isoformat() if publishes and decided.publish_at else None,
        "review_on": decided.review_on.isoformat() if later and decided.review_on else None,
    }
    if case.publication is not None and all(case.publication.get(name) == words[name] for name in words):
        return
    case.publication = {**words, "by": person, "at": now.isoformat()}
    deviates = decided.decision is Publication.DO_NOT_PUBLISH and CriterionKind.PUBLISH in criteria.met(state)
    others = {kind: each for kind, each in (case.deviations or {}).items() if kind != CriterionKind.PUBLISH}
    given = {"reason": decided.reason, "by": person, "at": now.isoformat()}
    case.deviations = {**others, **({CriterionKind.PUBLISH.value: given} if deviates else {})} or None
    data = {
        "publication": decided.decision,
        "reason": decided.reason,
        "ways": words["ways"],
        "publish_at": words["publish_at"],
        "review_on": words["review_on"],
        "deviates": deviates,
    }
    await log.append(db, case, LogKind.PUBLICATION_DECIDED, person, now, data)
    await grow(db, case, now)


def _check_told(state: CaseState, told: Told, now: datetime) -> None:
    if told.told_at > now:
        raise InvalidField("told_at", "told_in_future")
    if told.told_at < state.aware_at:
        raise InvalidField("told_at", "told_before_aware")
    if told.corrects is not None and told.corrects not in {e.number for e in standing_entries(state)}:
        raise InvalidField("way", "already_corrected")
    if told.persons is None and not told.way.stands_instead:
        raise InvalidField("persons", "required")
    if told.persons == 0 and told.corrects is None:
        raise InvalidField("persons", "nobody_told")
    if told.way.stands_instead and told.persons != 0 and not told.why:
        raise InvalidField("why", "substitute_needs_reason")


def _check_total(after: CaseState) -> None:
    """More persons told than there are is a slip of the finger, in one of the two numbers."""
    known = progress(after)
    if known.total is not None and known.told + known.replaced > known.total:
        raise InvalidField("persons", "more_told_than_persons", total=f"{known.total:,}")


async def _complete(
    db: AsyncSession, case: Case, person: str, privacy_office: Collection[str], now: datetime
) -> None:
    state = await state_of(db, case)
    check_decide(state, person, privacy_office)
    notice = state.obligation(ObligationKind.INDIVIDUAL_NOTICE)
    if notice is None:
        raise Refused("nothing_open")
    known = progress(state)
    if not known.complete or known.last_at is None:
        raise InvalidField("complete", "total_not_known" if known.total is None else "not_everybody_told")
    given = Submission(
        ObligationKind.INDIVIDUAL_NOTICE, ReportKind.FINAL, known.last_at, recipient=notice.recipient
    )
    await record_submission(db, case.number, given, person=person, privacy_office=privacy_office, now=now)
