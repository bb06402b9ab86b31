"""From an assessment to what is due: to whom, and until when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from bot.law.assessment import Assessment
from bot.law.authorities import CONTROLLER, PERSONS_CONCERNED
from bot.law.deadlines import Deadlines, end_of
from bot.vocabulary import ObligationKind

#: What the company files itself; the notice of a processor stands in their place (RULE 9, MNRULE 4).
REPORTS: Final = frozenset(
    {
        ObligationKind.PRELIMINARY,
        ObligationKind.FINAL,
        ObligationKind.MN_PRELIMINARY,
        ObligationKind.MN_FINAL,
    }
)


@dataclass(frozen=True, slots=True)
class ObligationPlan:
    """One thing due. `due_at` is the last second of the due date in Japan, in UTC; None where no day is set.

    `aim_on` is day 3 (where a guide of 3 to 5 days is all there is), `nominal_on` the day before any
    roll-over, `days` the period.
    """

    kind: ObligationKind
    recipient: str
    due_at: datetime | None
    aim_on: date | None
    nominal_on: date | None
    clock_start: date | None
    days: int | None
    provisional: bool


def obligations(assessment: Assessment, confirmed: bool = False) -> tuple[ObligationPlan, ...]:
    """What follows from the assessment, in the order in which it falls due; nothing where no duty can be.

    The My Number Act knows only the PPC as recipient (MNACT 29-4). Where the other report goes to a delegated
    authority, My Number therefore has reports of its own. Everything is provisional until a person confirmed
    it, and stays so while the facts leave the duty open.

    A processor is bound as well, and is freed by its notice to the controller (ACT 26(1), proviso; the same
    guide of 3 to 5 days, GL 3-5-3-5): while that is still to come, what it would replace is provisional too.
    """
    clock = assessment.deadlines
    if clock is None:
        return ()
    provisional = not confirmed or assessment.provisional
    first, *others = assessment.report_to
    plans = []
    if assessment.notify_controller:
        plans.append(_guided(ObligationKind.CONTROLLER_NOTICE, CONTROLLER, clock, provisional))
        provisional = True
    plans.append(_guided(ObligationKind.PRELIMINARY, first, clock, provisional))
    plans += [_guided(ObligationKind.MN_PRELIMINARY, other, clock, provisional) for other in others]
    plans.append(_final(ObligationKind.FINAL, first, clock, provisional))
    plans += [_final(ObligationKind.MN_FINAL, other, clock, provisional) for other in others]
    plans += _individual_notice(assessment, clock, provisional)
    return tuple(plans)


def without_notice(plans: Sequence[ObligationPlan]) -> tuple[ObligationPlan, ...]:
    """The plans of a processor that reports itself: no notice replaces anything any more.

    What was provisional only because a notice could replace it is as sure as the notice was.
    """
    notice = next((plan for plan in plans if plan.kind is ObligationKind.CONTROLLER_NOTICE), None)
    if notice is None:
        return tuple(plans)
    return tuple(replace(plan, provisional=notice.provisional) for plan in plans if plan is not notice)


def _guided(kind: ObligationKind, recipient: str, clock: Deadlines, provisional: bool) -> ObligationPlan:
    return ObligationPlan(
        kind=kind,
        recipient=recipient,
        due_at=end_of(clock.limit_on),
        aim_on=clock.aim_on,
        nominal_on=clock.limit_on,
        clock_start=clock.clock_start,
        days=(clock.limit_on - clock.clock_start).days + 1,
        provisional=provisional,
    )


def _final(kind: ObligationKind, recipient: str, clock: Deadlines, provisional: bool) -> ObligationPlan:
    return ObligationPlan(
        kind=kind,
        recipient=recipient,
        due_at=end_of(clock.due_on),
        aim_on=None,
        nominal_on=clock.nominal_on,
        clock_start=clock.clock_start,
        days=clock.days,
        provisional=provisional,
    )


def _individual_notice(
    assessment: Assessment, clock: Deadlines, provisional: bool
) -> Iterator[ObligationPlan]:
    """ACT 26(2) and RULE 10 ask for notice "promptly according to the situation" and set no day."""
    if assessment.notify_individuals:
        yield ObligationPlan(
            kind=ObligationKind.INDIVIDUAL_NOTICE,
            recipient=PERSONS_CONCERNED,
            due_at=None,
            aim_on=None,
            nominal_on=None,
            clock_start=clock.clock_start,
            days=None,
            provisional=provisional,
        )
