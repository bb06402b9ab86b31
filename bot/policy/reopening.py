"""What reopening a case gives back: what its end alone had put aside, and whoever had it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.policy.confidential import is_in_the_room
from bot.policy.state import CaseState, EventState
from bot.vocabulary import InquiryStatus, LogKind, ObligationKind, TaskStatus

#: In the closure: whoever closed the case stated that nothing leaked, which decided on the duty to report.
STATEMENT: Final = "statement"


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What was put aside by the closure and by nothing else, by the keys, numbers and kinds of what it was.

    `facts`, where the closure decided on the duty to report: what it stated, each with what was known before
    (None: nothing). None where the duty had been decided otherwise: that decision stands.
    """

    tasks: tuple[str, ...]
    inquiries: tuple[int, ...]
    obligations: tuple[ObligationKind, ...]
    facts: Mapping[str, Any] | None
    deviations: tuple[str, ...]


def given_back(case: CaseState) -> GivenBack:
    """What comes back when this closed case is reopened. In: the case with its whole log."""
    closed = case.events_of(LogKind.CLOSED)
    if not closed:
        return GivenBack((), (), (), None, ())
    told = closed[-1].data
    aside = {task.key for task in case.tasks if task.status is TaskStatus.NOT_APPLICABLE}
    unanswered = {inquiry.number for inquiry in case.inquiries if inquiry.status is InquiryStatus.CLOSED}
    removed = {o.kind for o in case.obligations if o.removed_at == case.closed_at and o.submitted_at is None}
    stated = told.get(STATEMENT)
    explained = [
        kind
        for kind, each in case.deviations.items()
        if stated and each.get("reason") == stated and each.get("at") == closed[-1].at.isoformat()
    ]
    return GivenBack(
        tasks=tuple(key for key in told.get("tasks") or () if key in aside),
        inquiries=tuple(number for number in told.get("inquiries") or () if number in unanswered),
        obligations=tuple(
            kind for kind in ObligationKind if kind in (told.get("removed") or ()) and kind in removed
        ),
        facts=_facts_before(case, closed[-1]) if stated else None,
        deviations=tuple(explained),
    )


def has_it_still(case: CaseState, closed_accounts: Collection[str]) -> bool:
    """Whether whoever had the case when it ended can have it again: in the company, and in its room.

    The privacy office may have taken it without ever having been in the room.
    """
    holder = case.acknowledged_by
    if holder is None or holder in closed_accounts:
        return False
    return holder not in case.members or is_in_the_room(case, holder)


def _facts_before(case: CaseState, closed: EventState) -> Mapping[str, Any] | None:
    """What was known of each fact that the statement at the end of the case put down."""
    decided = [e for e in case.events_of(LogKind.ASSESSMENT_CONFIRMED) if e.seq < closed.seq]
    if not decided or decided[-1].at != closed.at or case.assessment is None:
        return None
    before = decided[-2].data.get("facts") or {} if len(decided) > 1 else {}
    return {name: before.get(name) for name in decided[-1].data.get("changed") or ()}
