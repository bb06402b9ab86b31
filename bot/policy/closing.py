"""May this case be closed, and what of it is put aside with that?

What the law or the organisation's own criteria ask for stands in the way. The rest is listed, and closing
puts it aside with one reason. Where nothing leaked after all and nobody has decided on the duty to report
yet, the closure itself can be that decision: `SETTLES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.policy.approval import Ref, versions
from bot.policy.criteria import unexplained
from bot.policy.inquiries import open_inquiries
from bot.policy.state import CaseState, InquiryState, TaskState
from bot.policy.tasks import is_live
from bot.vocabulary import CriterionKind, LogKind, ObligationKind, Outcome, TaskName, TaskPhase

#: Outcomes after which there is nothing to report, and the facts that say so (as `law/facts.py` reads them).
#: A near miss was no leak, and neither was what came back before anybody saw it (GL 3-5-1-2).
SETTLES: Final[Mapping[Outcome, Mapping[str, Any]]] = {
    Outcome.NEAR_MISS: {"certainty": "ruled_out"},
    Outcome.RECOVERED: {"kind": "leak", "recovered_unread": True},
    Outcome.NO_LEAK: {"certainty": "ruled_out"},
}
#: Of a near miss these general tasks of the aftercare stay; the others give way to the measures themselves.
_AFTER_A_NEAR_MISS: Final = frozenset({TaskName.NEAR_MISS_REVIEW})
_COMES_UP: Final = frozenset({LogKind.TASK_REOPENED, LogKind.INQUIRY_RECORDED, LogKind.INQUIRY_REOPENED})
_UNDECIDED: Final = "undetermined"
_DUTY: Final = frozenset({"report", "exempt"})


@dataclass(frozen=True, slots=True)
class StillOpen:
    """What is open: the first two stand in the way of closing, tasks and inquiries are put aside by it.

    Documents that wait for an approval go on after the end.
    """

    obligations: tuple[ObligationKind, ...]
    criteria: tuple[CriterionKind, ...]
    tasks: tuple[TaskState, ...]
    inquiries: tuple[InquiryState, ...]
    documents: tuple[Ref, ...]

    @property
    def is_left(self) -> bool:
        """Whether closing puts something aside, and so needs a reason for it."""
        return bool(self.tasks or self.inquiries)


def still_open(case: CaseState, outcome: Outcome | None = None) -> StillOpen:
    """What is open in the case, were it closed now (with this outcome)."""
    return StillOpen(
        obligations=tuple(o.kind for o in case.open_obligations),
        criteria=unexplained(case),
        tasks=tuple(task for task in case.tasks if is_live(case, task) and not _goes_on(task, outcome)),
        inquiries=open_inquiries(case),
        documents=tuple(version.ref for version in versions(case.events) if version.waits),
    )


def came_up_since(case: CaseState, revision: int) -> bool:
    """Whether something came up after this revision that closing would put aside unseen."""
    newer = [event for event in case.events if event.seq > revision]
    return any(
        event.kind in _COMES_UP
        or (event.kind is LogKind.TASK_ADDED and event.data.get("phase") != TaskPhase.AFTERCARE)
        or (event.kind is LogKind.TASKS_GROWN and bool(event.data.get("new") or event.data.get("back")))
        for event in newer
    )


def may_be_settled(case: CaseState) -> bool:
    """Whether the closure may decide that there is nothing to report.

    Nobody has decided yet, and nothing was filed: a decision is changed, and a report taken back, by those
    who made it, with everything before their eyes.
    """
    decided = case.assessment is not None and case.assessment.get("decision") != _UNDECIDED
    return case.closed_at is None and not decided and not _was_filed(case)


def outcomes(case: CaseState) -> tuple[Outcome, ...]:
    """The outcomes that do not contradict what was decided or filed."""
    reported = _was_filed(case) or (case.assessment or {}).get("decision") in _DUTY
    return tuple(each for each in Outcome if each is not Outcome.NEAR_MISS or not reported)


def outcome_of(case: CaseState) -> Outcome | None:
    """How the case ended; None while it is open, and once its words were removed."""
    if case.closed_at is None:
        return None
    closed = case.events_of(LogKind.CLOSED)
    return Outcome.named(closed[-1].data.get("outcome")) if closed else None


def _was_filed(case: CaseState) -> bool:
    return any(o.submitted_at is not None for o in case.obligations)


def _goes_on(task: TaskState, outcome: Outcome | None) -> bool:
    """Whether the task goes on after the case is closed."""
    if task.phase is not TaskPhase.AFTERCARE:
        return False
    general = task.user is None and task.key in set(TaskName) - _AFTER_A_NEAR_MISS
    return not (outcome is Outcome.NEAR_MISS and general)
