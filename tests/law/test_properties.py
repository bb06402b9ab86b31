"""What must hold for all facts and times, not only for the worked cases."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.law.assessment import Assessment, assess
from bot.law.calendar import closed
from bot.law.deadlines import deadlines
from bot.law.decisions import Decision
from bot.law.facts import Answer, Certainty, DamageType, DataStatus, Facts, HandledAs, Kind
from bot.law.obligations import obligations, without_notice
from bot.law.persons import UNKNOWN_PERSONS, Persons
from bot.law.wording import explain
from bot.vocabulary import ObligationKind

COUNTS = st.integers(0, 2000)
PERSONS = st.one_of(
    st.tuples(COUNTS, COUNTS).map(lambda ends: Persons(min(ends), max(ends))),
    COUNTS.map(lambda low: Persons(low, None)),
)
CHOICES = {
    "kind": Kind,
    "damage_type": DamageType,
    "certainty": Certainty,
    "data_status": DataStatus,
    "role": HandledAs,
}
OTHERS = {
    "persons": PERSONS,
    "my_number_persons": PERSONS,
    "delegated_to_authority": st.sampled_from(["none", "fsa", "own_label"]),
    "trigger_known_at": st.none(),
}
NAMES = [field.name for field in fields(Facts)]
FACTS = st.builds(
    Facts,
    **{
        name: OTHERS[name] if name in OTHERS else st.sampled_from(CHOICES.get(name, Answer)) for name in NAMES
    },
)
MOMENTS = st.integers(0, 65 * 366 * 86_400).map(
    lambda seconds: datetime(2024, 4, 2, tzinfo=UTC) + timedelta(seconds=seconds)
)
ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))

unhurried = settings(deadline=None, max_examples=300)

STRICTNESS = (Decision.NO_REPORT, Decision.UNDETERMINED, Decision.REPORT)


def without_reasons(assessment: Assessment) -> Assessment:
    return replace(assessment, reasons=())


@unhurried
@given(FACTS, MOMENTS, st.integers(0, 3000), st.booleans())
def test_a_larger_maximum_never_removes_a_duty(
    facts: Facts, moment: datetime, more: int, endless: bool
) -> None:
    before = assess(facts, moment)
    persons = facts.persons
    if persons.maximum is None:
        larger = replace(persons, minimum=persons.minimum + more)
    else:
        larger = replace(persons, maximum=persons.maximum + more)
    after = assess(replace(facts, persons=larger), moment)
    assert set(before.triggers) <= set(after.triggers)
    if before.decision is Decision.REPORT:
        assert after.decision is Decision.REPORT
    if endless and persons.maximum is not None and before.decision is Decision.REPORT:
        assert (
            assess(replace(facts, persons=replace(persons, maximum=None)), moment).decision in STRICTNESS[1:]
        )


@unhurried
@given(FACTS, MOMENTS, st.sampled_from([name for name in NAMES if name not in OTHERS]))
def test_not_knowing_a_fact_never_turns_a_duty_into_none(facts: Facts, moment: datetime, name: str) -> None:
    known = assess(facts, moment).decision
    unknown = type(getattr(facts, name))("unknown")
    unsure = assess(replace(facts, **{name: unknown}), moment).decision
    if known in (Decision.REPORT, Decision.UNDETERMINED):
        assert unsure in (Decision.REPORT, Decision.UNDETERMINED)


@unhurried
@given(FACTS, MOMENTS, st.sampled_from(["persons", "my_number_persons"]))
def test_not_knowing_how_many_never_turns_a_duty_into_none(facts: Facts, moment: datetime, name: str) -> None:
    known = assess(facts, moment).decision
    not_known: dict[str, Any] = {name: UNKNOWN_PERSONS}
    unsure = assess(replace(facts, **not_known), moment).decision
    if known in (Decision.REPORT, Decision.UNDETERMINED):
        assert unsure in (Decision.REPORT, Decision.UNDETERMINED)


@unhurried
@given(FACTS, MOMENTS)
def test_what_is_unknown_never_meets_a_class_by_itself(facts: Facts, moment: datetime) -> None:
    for name in assess(facts, moment).undetermined:
        value = getattr(facts, name)
        assert value is Answer.UNKNOWN or (isinstance(value, Persons) and value.maximum is None)


@unhurried
@given(MOMENTS, st.sampled_from([30, 60]))
def test_the_final_report_is_always_due_on_an_open_day(moment: datetime, days: Any) -> None:
    clock = deadlines(moment.date(), days)
    assert closed(clock.due_on) is None
    assert all(closed(day.on) == day for day in clock.rolled)
    assert clock.due_on - clock.nominal_on == timedelta(days=len(clock.rolled))
    assert clock.nominal_on - clock.clock_start == timedelta(days=days - 1)


@unhurried
@given(MOMENTS, st.sampled_from([30, 60]))
def test_day_five_is_never_moved(moment: datetime, days: Any) -> None:
    clock = deadlines(moment.date(), days)
    assert clock.limit_on - clock.clock_start == timedelta(days=4)
    assert clock.aim_on - clock.clock_start == timedelta(days=2)


@unhurried
@given(FACTS, MOMENTS, ZONES)
def test_the_zone_in_which_an_instant_is_told_never_changes_the_answer(
    facts: Facts, moment: datetime, zone: timezone
) -> None:
    elsewhere = moment.astimezone(zone)
    assert without_reasons(assess(facts, elsewhere)) == without_reasons(assess(facts, moment))


@unhurried
@given(FACTS, MOMENTS)
def test_an_answer_is_whole(facts: Facts, moment: datetime) -> None:
    answer = assess(facts, moment)
    runs = answer.decision in (Decision.REPORT, Decision.UNDETERMINED)
    assert (answer.deadlines is not None) == runs
    assert bool(answer.report_to) == runs
    assert bool(obligations(answer)) == runs
    assert answer.notify_individuals == (answer.decision is Decision.REPORT)
    assert bool(answer.triggers) == (answer.decision in (Decision.REPORT, Decision.EXEMPT))
    assert answer.reasons
    for reason in answer.reasons:
        assert explain(reason, "ja")
        assert explain(reason, "en").isprintable()


@unhurried
@given(FACTS, MOMENTS, st.booleans())
def test_a_notice_to_the_controller_frees_a_processor_and_nobody_else(
    facts: Facts, moment: datetime, confirmed: bool
) -> None:
    silent = replace(facts, controller_notified=Answer.NO)
    before = assess(silent, moment)
    after = assess(replace(facts, controller_notified=Answer.YES), moment)
    due = {plan.kind: plan for plan in obligations(before, confirmed)}
    notice = due.pop(ObligationKind.CONTROLLER_NOTICE, None)
    if facts.role is not HandledAs.PROCESSOR:
        assert notice is None
        assert after == before
        return
    assert (notice is not None) == bool(due), "wherever a report may be due, a notice may replace it"
    if notice is not None and before.deadlines is not None:
        assert notice.due_at == due[ObligationKind.PRELIMINARY].due_at
        assert notice.nominal_on == before.deadlines.limit_on, "never rolled"
        assert all(plan.provisional for plan in due.values())
        own = without_notice(obligations(before, confirmed))
        elsewhere = assess(replace(silent, role=HandledAs.CONTROLLER), moment)
        assert own == obligations(elsewhere, confirmed)
    if before.decision is Decision.REPORT:
        assert after.decision is Decision.EXEMPT
        assert obligations(after, confirmed) == ()
    assert ObligationKind.CONTROLLER_NOTICE not in {plan.kind for plan in obligations(after, confirmed)}
    assert (after.decision is Decision.UNDETERMINED) == (before.decision is Decision.UNDETERMINED)


@unhurried
@given(FACTS, MOMENTS)
def test_who_told_the_company_changes_the_reasons_only(facts: Facts, moment: datetime) -> None:
    plain, told = assess(facts, moment), assess(facts, moment, told_by_processor=True)
    assert without_reasons(plain) == without_reasons(told)
    added = {reason.code for reason in told.reasons} - {reason.code for reason in plain.reasons}
    runs = plain.decision in (Decision.REPORT, Decision.UNDETERMINED)
    assert added == (
        {"controller_told_by_processor"} if runs and facts.role is HandledAs.CONTROLLER else set()
    )


@unhurried
@given(FACTS)
def test_facts_survive_their_journey_through_json(facts: Facts) -> None:
    mapping = facts.to_mapping()
    if facts.my_number is Answer.NO:
        mapping["my_number"] = "unknown"
    if facts.persons.maximum is not None:
        mapping["my_number_persons"] = "unknown"
    again = Facts.from_mapping(mapping)
    assert again.to_mapping() == mapping
