"""Which reasons belong to an answer: what was met or missed, how the clock runs, who is exempt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from bot.law.calendar import closed
from bot.law.classes import Classes, concerns, data_status
from bot.law.deadlines import Deadlines, day_in_japan
from bot.law.decisions import Decision
from bot.law.exclusions import excluded_if_kind_were_known, unknown_protections
from bot.law.facts import NO_DELEGATION, Answer, Certainty, DataStatus, Facts, HandledAs
from bot.law.reasons import Reason, reason
from bot.law.triggers import TRIGGERS, Act

_JAPAN: Final = timedelta(hours=9)


def reasons_for(
    facts: Facts,
    found: Classes,
    decision: Decision,
    clock: Deadlines | None,
    known_at: datetime,
    *,
    told_by_processor: bool,
) -> tuple[Reason, ...]:
    """Every reason of an answer that no exclusion ended, in the order in which it is explained."""
    return (
        *_outside(facts, found),
        *_of_no_duty(facts, decision),
        *_of_persons(facts, found),
        *_of_my_number(facts, found, decision),
        *_of_certainty(facts, decision, day_in_japan(known_at)),
        *_of_roles(facts, found, decision, told_by_processor),
        *_of_two_acts(facts, found, decision),
        *_of_clock(facts, found, decision, clock, known_at),
    )


def _outside(facts: Facts, found: Classes) -> Iterator[Reason]:
    if facts.pseudonymized is Answer.YES:
        yield reason("pseudonymized")
    elif facts.data_status is DataStatus.SCATTERED:
        yield reason("scattered_data")
    elif facts.data_status is DataStatus.PLANNED and not found.has("appi_7_3_malicious"):
        yield reason("planned_only_item3")


def _of_no_duty(facts: Facts, decision: Decision) -> Iterator[Reason]:
    if decision != Decision.NO_REPORT:
        return
    yield reason("no_trigger")
    if _counts_persons(facts) and facts.persons.maximum is not None:
        yield reason("not_over_1000", persons=facts.persons.to_json())


def _of_persons(facts: Facts, found: Classes) -> Iterator[Reason]:
    if found.has("appi_7_4_over_1000"):
        code = "over_1000" if facts.persons.minimum > 1000 else "max_over_1000"
        yield reason(code, persons=facts.persons.to_json())
    if "persons" in found.open_facts:
        yield reason("persons_unknown", persons=facts.persons.to_json())


def _of_my_number(facts: Facts, found: Classes, decision: Decision) -> Iterator[Reason]:
    persons = facts.my_number_persons
    if found.has("mn_2_4_over_100"):
        yield reason("mn_over_100" if persons.minimum > 100 else "mn_max_over_100", persons=persons.to_json())
    if "my_number_persons" in found.open_facts:
        yield reason("mn_persons_unknown", persons=persons.to_json())
    below = facts.my_number is Answer.YES and not found.met_under(Act.MY_NUMBER)
    if below and persons.maximum is not None and decision in (Decision.REPORT, Decision.NO_REPORT):
        yield reason("mn_not_over_100", persons=persons.to_json())
        yield reason("mn_effort_report")


def _of_certainty(facts: Facts, decision: Decision, on: date) -> Iterator[Reason]:
    if decision == Decision.REPORT and facts.certainty in (Certainty.SUSPECTED, Certainty.UNKNOWN):
        yield reason("suspected_counts")
    if decision in (Decision.REPORT, Decision.UNDETERMINED):
        if unknown := unknown_protections(facts, on):
            yield reason("protection_unknown", facts=list(unknown))
        if excluded_if_kind_were_known(facts, on):
            yield reason("kind_unknown")


def _of_roles(facts: Facts, found: Classes, decision: Decision, told_by_processor: bool) -> Iterator[Reason]:
    if decision == Decision.EXEMPT:
        yield reason("processor_exempt_notified")
        return
    if decision == Decision.NO_REPORT:
        return
    if facts.role is HandledAs.PROCESSOR:
        told = facts.controller_notified is Answer.YES
        yield reason("processor_notified_class_open" if told else "processor_may_notify_controller")
    elif facts.role is HandledAs.CONTROLLER and told_by_processor:
        yield reason("controller_told_by_processor")
    appi = found.met_under(Act.APPI) if decision == Decision.REPORT else Act.APPI in found.open_acts
    if appi and facts.delegated_to_authority != NO_DELEGATION:
        yield reason("delegated_authority", authority=facts.delegated_to_authority)


def _of_two_acts(facts: Facts, found: Classes, decision: Decision) -> Iterator[Reason]:
    """Whether one form serves both Acts is not confirmed anywhere, so it is never shown as settled."""
    if decision == Decision.REPORT and found.met_under(Act.APPI) and found.met_under(Act.MY_NUMBER):
        apart = facts.delegated_to_authority != NO_DELEGATION
        yield reason("my_number_reported_apart" if apart else "my_number_same_form_unconfirmed")


def _of_clock(
    facts: Facts, found: Classes, decision: Decision, clock: Deadlines | None, known_at: datetime
) -> Iterator[Reason]:
    if clock is None:
        return
    nominal, due = clock.nominal_on.isoformat(), clock.due_on.isoformat()
    if clock.days == 60:
        yield reason("final_60_malicious", start=clock.clock_start.isoformat(), nominal=nominal)
    else:
        yield reason("final_30", start=clock.clock_start.isoformat(), nominal=nominal)
        if decision == Decision.REPORT and "malicious" in found.open_facts:
            yield reason("malicious_unknown_short_clock")
    if clock.rolled:
        # "The next day" is the guideline's word; going on where that day is closed too is the plain reading.
        closed_days = [day.on.isoformat() for day in clock.rolled]
        yield reason(
            "final_rolled", cautious=len(clock.rolled) > 1, nominal=nominal, due=due, closed=closed_days
        )
    if clock.computed:
        yield reason("calendar_computed", due=due)
    if closed(clock.limit_on):
        yield reason("preliminary_not_rolled", limit=clock.limit_on.isoformat())
    if facts.trigger_known_at is not None:
        only_the_count = {row.id for row in found.met} == {"appi_7_4_over_1000"}
        yield reason(
            "clock_from_trigger_known_at", cautious=not only_the_count, start=clock.clock_start.isoformat()
        )
    if known_at.utcoffset() != _JAPAN:
        yield reason("aware_converted_to_jst", start=clock.clock_start.isoformat())


def _counts_persons(facts: Facts) -> bool:
    """Whether the class of more than 1,000 persons could be met by this kind of information at all."""
    count = next(row for row in TRIGGERS if row.id == "appi_7_4_over_1000")
    return concerns(facts, count) and data_status(facts) is DataStatus.PERSONAL_DATA
