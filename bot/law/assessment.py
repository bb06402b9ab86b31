"""From facts to the answer: must it be reported, to whom, until when, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.law.authorities import PPC
from bot.law.classes import Classes, classes
from bot.law.deadlines import Deadlines, FinalDays, check_day, day_in_japan, deadlines
from bot.law.decisions import Decision, Voluntary
from bot.law.exclusions import exclusion
from bot.law.explaining import reasons_for
from bot.law.facts import NO_DELEGATION, Answer, DataStatus, Facts, HandledAs
from bot.law.reasons import Reason, reason
from bot.law.sources import RULES_AS_OF
from bot.law.triggers import Act, in_force


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer. `exclusions` are the reason codes that took the incident out of the duty.

    `notify_controller`: the company is a processor that has not told its controller yet; doing so replaces
    the report (RULE 9). `deadlines` is None where no clock runs; `provisional` says that the clock runs until
    the open facts are known. `rules_as_of` is the state of the law that was read.
    """

    decision: Decision
    triggers: tuple[str, ...]
    undetermined: tuple[str, ...]
    exclusions: tuple[str, ...]
    report_to: tuple[str, ...]
    notify_individuals: bool
    notify_controller: bool
    voluntary: Voluntary
    provisional: bool
    deadlines: Deadlines | None
    reasons: tuple[Reason, ...]
    rules_as_of: date = RULES_AS_OF

    @property
    def reportable(self) -> bool:
        """A report must be made."""
        return self.decision is Decision.REPORT


def assess(facts: Facts, aware_at: datetime, *, told_by_processor: bool = False) -> Assessment:
    """Apply the law to the facts.

    In: the facts, `trigger_known_at` among them if what makes it reportable became known later; when anybody
    in the company first knew (both aware, any zone; the calendar day in Japan counts); `told_by_processor`
    where a processor's notice is how it became known. Out: the duty with its dates.
    Sources: ACT 26, RULE 7 to 10, GL 3-5; MNACT 29-4, MNRULE 2 to 5; what they leave open is marked cautious.
    Raises InvalidField for a day before the rules began (`before_rules`) or beyond the holiday table
    (`too_far_ahead`), and for a time without a zone (`time_without_offset`).
    """
    known_at = facts.trigger_known_at or aware_at
    start = day_in_japan(known_at)
    check_day(start)
    if code := exclusion(facts, start):
        return _excluded(code)
    found = classes(facts, in_force(start))
    decision = _decide(facts, found)
    clock = _clock(found, decision, start)
    return Assessment(
        decision=decision,
        triggers=tuple(row.id for row in found.met),
        undetermined=found.open_facts,
        exclusions=_outside_the_act(facts),
        report_to=_recipients(facts, found, decision),
        notify_individuals=decision is Decision.REPORT,
        notify_controller=_may_notify_controller(facts, decision),
        voluntary=_voluntary(facts, found, decision),
        provisional=decision is Decision.UNDETERMINED,
        deadlines=clock,
        reasons=reasons_for(facts, found, decision, clock, known_at, told_by_processor=told_by_processor),
    )


def to_json(assessment: Assessment) -> dict[str, Any]:
    """The answer as JSON values, under the names operators script against."""
    clock = assessment.deadlines
    return {
        "decision": assessment.decision.value,
        "reportable": assessment.reportable,
        "triggers": list(assessment.triggers),
        "undetermined": list(assessment.undetermined),
        "report_to": list(assessment.report_to),
        "notify_individuals": assessment.notify_individuals,
        "voluntary": assessment.voluntary.value,
        "provisional": assessment.provisional,
        "clock_start": clock and clock.clock_start.isoformat(),
        "preliminary_guideline_start": clock and clock.aim_on.isoformat(),
        "preliminary_due": clock and clock.limit_on.isoformat(),
        "final_nominal": clock and clock.nominal_on.isoformat(),
        "final_due": clock and clock.due_on.isoformat(),
        "final_days": clock and clock.days,
        "reasons": [each.code for each in assessment.reasons],
    }


def _excluded(code: str) -> Assessment:
    """Nothing to report. A leak of well encrypted data is still a leak, so it may still be reported."""
    return Assessment(
        decision=Decision.NO_REPORT,
        triggers=(),
        undetermined=(),
        exclusions=(code,),
        report_to=(),
        notify_individuals=False,
        notify_controller=False,
        voluntary=Voluntary.OPTIONAL if code == "encrypted" else Voluntary.NONE,
        provisional=False,
        deadlines=None,
        reasons=(reason(code),),
    )


def _outside_the_act(facts: Facts) -> tuple[str, ...]:
    """What keeps ACT 26 away; the My Number Act is asked all the same."""
    if facts.pseudonymized is Answer.YES:
        return ("pseudonymized",)
    return ("scattered_data",) if facts.data_status is DataStatus.SCATTERED else ()


def _decide(facts: Facts, found: Classes) -> Decision:
    if found.met:
        told = facts.role is HandledAs.PROCESSOR and facts.controller_notified is Answer.YES
        return Decision.EXEMPT if told else Decision.REPORT
    return Decision.UNDETERMINED if found.open_facts else Decision.NO_REPORT


def _may_notify_controller(facts: Facts, decision: Decision) -> bool:
    """ACT 26(1), proviso: only a processor is freed by a notice, and only of a duty there may be."""
    asked = decision in (Decision.REPORT, Decision.UNDETERMINED)
    return asked and facts.role is HandledAs.PROCESSOR and facts.controller_notified is not Answer.YES


def _clock(found: Classes, decision: Decision, start: date) -> Deadlines | None:
    """The clock of a duty, or the provisional one on the 30-day basis while the facts are open."""
    if decision not in (Decision.REPORT, Decision.UNDETERMINED):
        return None
    days: FinalDays = 60 if any(row.days == 60 for row in found.met) else 30
    return deadlines(start, days)


def _recipients(facts: Facts, found: Classes, decision: Decision) -> tuple[str, ...]:
    """Who receives a report: the delegated authority or the PPC; My Number always the PPC (MNACT 29-4)."""
    match decision:
        case Decision.REPORT:
            acts = frozenset(row.act for row in found.met)
        case Decision.UNDETERMINED:
            acts = found.open_acts
        case _:
            return ()
    receivers = []
    if Act.APPI in acts:
        delegated = facts.delegated_to_authority
        receivers.append(PPC if delegated == NO_DELEGATION else delegated)
    if Act.MY_NUMBER in acts and PPC not in receivers:
        receivers.append(PPC)
    return tuple(receivers)


def _voluntary(facts: Facts, found: Classes, decision: Decision) -> Voluntary:
    """MNGL 3-B asks for an effort below its classes; GL 3-5-3-1 note 1 allows a voluntary report."""
    if facts.my_number is Answer.YES and not found.met_under(Act.MY_NUMBER):
        return Voluntary.EFFORT
    inside = not _outside_the_act(facts) and facts.data_status is not DataStatus.PLANNED
    if decision is Decision.UNDETERMINED or (decision is Decision.NO_REPORT and inside):
        return Voluntary.OPTIONAL
    return Voluntary.NONE
