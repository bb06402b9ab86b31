"""Taken is not forgotten: whoever has a case that has come to a standstill is asked, then others are called.

Whoever took the case keeps it until somebody else takes it: the next level is called beside them, once, and
after the same time again the next. Nothing is taken back by itself, and nobody is called every ten minutes
about a case that somebody has answered for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.policy.paging import Call, chain_level, level_now, next_attempt, reachable_at
from bot.policy.state import CaseState, EventState
from bot.vocabulary import LogKind

#: What counts as a step, when a person did it: the case is being worked on.
STEPS = frozenset(
    {
        LogKind.ACKNOWLEDGED,
        LogKind.REOPENED,
        LogKind.STILL_WORKING,
        LogKind.FACTS_ADDED,
        LogKind.JOINED,
        LogKind.ASSESSMENT_CONFIRMED,
        LogKind.SUBMISSION_RECORDED,
        LogKind.ITEMS_EDITED,
        LogKind.DOCUMENT_DRAFTED,
        LogKind.DOCUMENT_CIRCULATED,
        LogKind.DOCUMENT_APPROVED,
        LogKind.DOCUMENT_SENT_BACK,
        LogKind.DOCUMENT_SENT,
        LogKind.TASK_ADDED,
        LogKind.TASK_ASSIGNED,
        LogKind.TASK_DONE,
        LogKind.TASK_NOT_APPLICABLE,
        LogKind.COMPANY_WIDE,
        LogKind.PERSONS_TOLD,
        LogKind.PUBLICATION_DECIDED,
        LogKind.TIMELINE_WANTED,
        LogKind.TIMELINE_ENTRY,
    }
)


@dataclass(frozen=True, slots=True)
class Silence:
    """Who is asked after which step (its number in the log), who is called beside them, when to look again.

    `lapse` is the level that is to be called now, with the number of that call.
    """

    holder: str
    step: int
    ask: bool
    calls: tuple[Call, ...]
    lapse: tuple[int, int] | None
    next_at: datetime | None


def silence(case: CaseState, step_within: timedelta, now: datetime) -> Silence | None:
    """How long nobody did anything about a case that somebody has; None where nothing is to be watched.

    Each further silence counts from what was said last, so that a bot that was down asks before it calls
    anybody. A confirmed assessment or a first submission ends it: from then on the deadlines remind.
    """
    if case.acknowledged_by is None or case.closed_at is not None or _is_decided(case):
        return None
    steps = [e for e in case.events if e.kind in STEPS and e.actor != "leakbot"]
    if not steps:
        return None
    last = steps[-1]
    asked = [e for e in _after(case, last) if e.kind is LogKind.ASKED]
    lapsed = [e for e in _after(case, last) if e.kind is LogKind.LAPSED]
    over = [last, *asked, *lapsed][-1].at + step_within
    level = _next_level(case, lapsed[-1].data["level"] if lapsed else None, now)
    ended = bool(asked) and level is None
    lapse = (level, next_attempt(case, level)) if asked and over <= now and level is not None else None
    return Silence(
        holder=case.acknowledged_by,
        step=last.seq,
        ask=bool(asked) or over <= now,
        calls=tuple(_call(case, e) for e in lapsed),
        lapse=lapse,
        next_at=over if over > now and not ended else None,
    )


def _is_decided(case: CaseState) -> bool:
    return case.assessment is not None or any(o.submitted_at for o in case.obligations)


def may_be_taken_over(case: CaseState) -> bool:
    """Whether others were called beside the one who has the case, and nothing was done since."""
    lapsed = [e.seq for e in case.events if e.kind is LogKind.LAPSED]
    steps = [e.seq for e in case.events if e.kind in STEPS and e.actor != "leakbot"]
    return bool(lapsed) and max(lapsed) > max(steps, default=0)


def _after(case: CaseState, step: EventState) -> list[EventState]:
    return [e for e in case.events if e.data.get("step") == step.seq]


def _call(case: CaseState, lapsed: EventState) -> Call:
    level = int(lapsed.data["level"])
    users = tuple(u for u in reachable_at(case, level, lapsed.at) if u != case.acknowledged_by)
    return Call(level, int(lapsed.data["attempt"]), users)


def _next_level(case: CaseState, after: int | None, now: datetime) -> int | None:
    """The next level at which somebody else can be called; None where there is none."""
    if after is None:
        held_at = chain_level(case, case.acknowledged_by or "")
        after = level_now(case) if held_at is None else held_at
    levels = range(after + 1, len(case.chain))
    return next((n for n in levels if set(reachable_at(case, n, now)) - {case.acknowledged_by}), None)
