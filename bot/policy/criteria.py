"""The organisation's own criteria (社内基準), decided in calm hours: which are met, and what follows from it.

Known facts decide, suggestions never do. Of a number of people the highest that is possible counts; what is
not known may still meet a criterion (`possible`), which is said but asks for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.organisation import Criteria, Criterion
from bot.policy.notifying import progress, published
from bot.policy.state import CaseState
from bot.vocabulary import CriterionKind, ObligationKind, Publication, TaskName, TaskStatus

#: The facts that a criterion may name beside the number of people.
FACTS = ("financial_harm", "sensitive", "malicious", "my_number")
#: The number of people, and every fact above.
PERSONS = "persons"


def named(criteria: Criteria, kind: CriterionKind) -> Criterion | None:
    """The organisation's criterion of this kind, None where it has none."""
    return {
        CriterionKind.COMPANY_WIDE: criteria.company_wide,
        CriterionKind.PUBLISH: criteria.publish,
        CriterionKind.NOTIFY_INDIVIDUALS: criteria.notify_individuals,
    }[kind]


def met_by(criterion: Criterion, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The facts that meet the criterion, by name; any one is enough. `facts` as a case keeps them."""
    found = [PERSONS] if _persons(criterion, facts) is True else []
    return (
        *found,
        *(name for name in FACTS if getattr(criterion, name) and facts.get(name) in (True, "true")),
    )


def open_of(criterion: Criterion, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The facts that are not known and might meet the criterion, by name."""
    found = [PERSONS] if _persons(criterion, facts) is None else []
    asked = (name for name in FACTS if getattr(criterion, name))
    return (*found, *(name for name in asked if facts.get(name) in (None, "", "unknown")))


def met(case: CaseState) -> tuple[CriterionKind, ...]:
    """The criteria that the case meets now."""
    return tuple(kind for kind in CriterionKind if why_met(case, kind))


def possible(case: CaseState) -> tuple[CriterionKind, ...]:
    """The criteria that it does not meet, but might once more is known."""
    return tuple(kind for kind in CriterionKind if not why_met(case, kind) and why_possible(case, kind))


def why_met(case: CaseState, kind: CriterionKind) -> tuple[str, ...]:
    """By which facts the case meets this criterion; by none where it does not."""
    criterion = named(case.criteria, kind)
    return met_by(criterion, case.facts) if criterion else ()


def why_possible(case: CaseState, kind: CriterionKind) -> tuple[str, ...]:
    """Which unknown facts might make the case meet this criterion."""
    criterion = named(case.criteria, kind)
    return open_of(criterion, case.facts) if criterion else ()


def followed(case: CaseState, kind: CriterionKind) -> bool:
    """Whether what the criterion asks for was done: declared, decided to publish, the persons told."""
    done = {task.key for task in case.tasks if task.status is TaskStatus.DONE}
    match kind:
        case CriterionKind.COMPANY_WIDE:
            return case.company_wide_at is not None
        case CriterionKind.PUBLISH:
            decided = case.publication is not None and case.publication.decision is Publication.PUBLISH
            return decided or published(case)
    notice = case.obligation(ObligationKind.INDIVIDUAL_NOTICE)
    submitted = notice is not None and notice.submitted_at is not None
    return TaskName.TELL_PERSONS in done or submitted or progress(case).complete


def not_followed(case: CaseState) -> tuple[CriterionKind, ...]:
    """The criteria that are met and not followed; a reason may be recorded for each at any time."""
    return tuple(kind for kind in met(case) if not followed(case, kind))


def unexplained(case: CaseState) -> tuple[CriterionKind, ...]:
    """Those of them without a reason: the case cannot be closed before each has one."""
    return tuple(kind for kind in not_followed(case) if kind not in case.deviations)


def _persons(criterion: Criterion, facts: Mapping[str, Any]) -> bool | None:
    """Whether the number of people meets it; None where that is not known."""
    if criterion.persons is None:
        return False
    known = facts.get(PERSONS)
    if not isinstance(known, Mapping):
        return None
    highest = known.get("exact", known.get("max"))
    if highest is None:
        return True if known.get("min", 0) >= criterion.persons else None
    return bool(highest >= criterion.persons)
