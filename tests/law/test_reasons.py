"""Which reasons an answer gives, all of them and no others, and what an excluded incident looks like."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.law.assessment import Assessment, assess
from bot.law.decisions import Decision, Voluntary
from bot.law.exclusions import exclusion, unknown_protections
from bot.law.facts import FACT_NAMES, Facts
from bot.law.reading import read_items
from bot.law.wording import explain

#: A Monday. Days 5, 30 and 60 are open: the calendar adds nothing to say.
NOTICED = "2026-11-09T10:00:00+09:00"
TODAY = date(2026, 11, 9)
COUNTED = {"my_number": True, "persons": {"exact": 200}}
NOT_KNOWN = {
    "encrypted": "unknown",
    "recovered_unread": "unknown",
    "backup_exists": "unknown",
    "own_intent": "unknown",
}


def facts(**stated: Any) -> Facts:
    """The facts of a what-if: what is not stated is answered as harmless as the vectors take it."""
    (item,) = read_items({"id": "x", "aware_at": NOTICED, "facts": stated})
    return item.facts


def assessed(noticed: str = NOTICED, *, told: bool = False, **stated: Any) -> Assessment:
    return assess(facts(**stated), datetime.fromisoformat(noticed), told_by_processor=told)


REASONS: list[tuple[dict[str, Any], str]] = [
    ({}, "no_trigger not_over_1000"),
    ({"persons": {"exact": 1000}}, "no_trigger not_over_1000"),
    ({"persons": {"exact": 1001}}, "over_1000 final_30"),
    ({"persons": {"min": 1000, "max": 1001}}, "max_over_1000 final_30"),
    ({"persons": {"min": 1001}}, "over_1000 final_30"),
    ({"persons": {"min": 1000}}, "persons_unknown final_30"),
    ({"sensitive": True}, "final_30"),
    ({"malicious": True}, "final_60_malicious"),
    ({"sensitive": True, "malicious": "unknown"}, "final_30 malicious_unknown_short_clock"),
    ({"sensitive": "unknown", "malicious": "unknown"}, "final_30"),
    # Information that the Act does not reach, or only its third class does.
    ({"pseudonymized": True, "persons": {"exact": 5000}}, "pseudonymized no_trigger"),
    ({"data_status": "scattered", "persons": {"exact": 5000}}, "scattered_data no_trigger"),
    ({"data_status": "planned", "persons": {"exact": 5000}}, "planned_only_item3 no_trigger"),
    ({"data_status": "planned", "malicious": True}, "final_60_malicious"),
    ({"data_status": "planned", "malicious": "unknown"}, "planned_only_item3 final_30"),
    # My Number: more than 100, and the effort to report below that.
    (
        {**COUNTED, "my_number_persons": {"exact": 100}},
        "no_trigger not_over_1000 mn_not_over_100 mn_effort_report",
    ),
    ({**COUNTED, "my_number_persons": {"exact": 101}}, "mn_over_100 final_30"),
    ({**COUNTED, "my_number_persons": {"min": 100, "max": 101}}, "mn_max_over_100 final_30"),
    ({**COUNTED, "my_number_persons": {"min": 100}}, "mn_persons_unknown final_30"),
    (
        {**COUNTED, "my_number_persons": {"exact": 100}, "sensitive": True},
        "mn_not_over_100 mn_effort_report final_30",
    ),
    ({**COUNTED, "my_number_persons": {"exact": 100}, "sensitive": "unknown"}, "final_30"),
    ({"my_number": "unknown"}, "final_30"),
    # How sure it is, and what would take it out.
    ({"sensitive": True, "certainty": "suspected"}, "suspected_counts final_30"),
    ({"sensitive": True, "certainty": "unknown"}, "suspected_counts final_30"),
    ({"sensitive": "unknown", "certainty": "suspected"}, "final_30"),
    ({"sensitive": True, "encrypted": "unknown"}, "protection_unknown final_30"),
    ({"sensitive": "unknown", "encrypted": "unknown"}, "protection_unknown final_30"),
    ({"sensitive": True, "own_intent": "unknown"}, "final_30"),
    ({"sensitive": True, "backup_exists": "unknown"}, "final_30"),
    ({"sensitive": True, "kind": "loss", "backup_exists": "unknown"}, "protection_unknown final_30"),
    ({"sensitive": True, "kind": "unknown", "recovered_unread": True}, "kind_unknown final_30"),
    ({"sensitive": True, "kind": "unknown", "backup_exists": True}, "kind_unknown final_30"),
    ({"sensitive": True, "kind": "unknown", "own_intent": True}, "kind_unknown final_30"),
    ({"sensitive": True, "kind": "unknown"}, "final_30"),
    (
        {"sensitive": True, "kind": "damage", "damage_type": "unknown", "backup_exists": True},
        "kind_unknown final_30",
    ),
    ({"sensitive": True, "kind": "damage", "damage_type": "altered", "backup_exists": True}, "final_30"),
    # Whose data it is, and who receives the report.
    ({"sensitive": True, "role": "processor"}, "processor_may_notify_controller final_30"),
    ({"sensitive": True, "role": "processor", "told": True}, "processor_may_notify_controller final_30"),
    ({"sensitive": True, "role": "processor", "controller_notified": True}, "processor_exempt_notified"),
    (
        {"sensitive": "unknown", "role": "processor", "controller_notified": True},
        "processor_notified_class_open final_30",
    ),
    ({"role": "processor"}, "no_trigger not_over_1000"),
    ({"sensitive": True, "told": True}, "controller_told_by_processor final_30"),
    ({"sensitive": True, "delegated_to_authority": "fsa"}, "delegated_authority final_30"),
    ({"sensitive": "unknown", "delegated_to_authority": "fsa"}, "delegated_authority final_30"),
    ({"my_number": "unknown", "delegated_to_authority": "fsa"}, "final_30"),
    (
        {**COUNTED, "my_number_persons": {"exact": 101}, "delegated_to_authority": "fsa"},
        "mn_over_100 final_30",
    ),
    (
        {**COUNTED, "my_number_persons": {"exact": 101}, "sensitive": True, "delegated_to_authority": "fsa"},
        "mn_over_100 delegated_authority my_number_reported_apart final_30",
    ),
    (
        {**COUNTED, "my_number_persons": {"exact": 101}, "sensitive": True},
        "mn_over_100 my_number_same_form_unconfirmed final_30",
    ),
    # The clock: an offset other than Japan's, a later day of knowing, closed days, equinoxes to come.
    ({"sensitive": True, "noticed": "2026-11-09T10:00:00+00:00"}, "final_30 aware_converted_to_jst"),
    (
        {"sensitive": True, "trigger_known_at": "2026-11-11T10:00:00+09:00"},
        "final_30 preliminary_not_rolled clock_from_trigger_known_at",
    ),
    ({"sensitive": True, "noticed": "2026-10-05T10:00:00+09:00"}, "final_30 final_rolled"),
    ({"malicious": True, "noticed": "2028-01-22T10:00:00+09:00"}, "final_60_malicious calendar_computed"),
    # Nothing to report at all: one reason, whatever else is true.
    ({"sensitive": True, "certainty": "ruled_out", "encrypted": True}, "ruled_out"),
    ({"sensitive": True, "own_intent": True, "recovered_unread": True}, "own_intent"),
    ({"sensitive": True, "recovered_unread": True, "encrypted": True}, "recovered_unread"),
    ({"sensitive": True, "kind": "unknown", "recovered_unread": True, "encrypted": True}, "encrypted"),
    ({"sensitive": True, "kind": "loss", "backup_exists": True}, "backup_exists"),
    ({"sensitive": True, "kind": "damage", "backup_exists": True}, "backup_exists"),
]


@pytest.mark.parametrize(("stated", "codes"), REASONS)
def test_an_answer_gives_these_reasons_and_no_others(stated: dict[str, Any], codes: str) -> None:
    answer = assessed(**stated)
    assert [each.code for each in answer.reasons] == codes.split()
    clock, told = answer.deadlines, {key: value for key, value in stated.items() if key in FACT_NAMES}
    for each in answer.reasons:
        counted = facts(**told).my_number_persons if each.code.startswith("mn_") else facts(**told).persons
        values = {"persons": counted.to_json(), "authority": stated.get("delegated_to_authority")}
        if clock is not None:
            days = {"start": clock.clock_start, "nominal": clock.nominal_on, "due": clock.due_on}
            values |= {name: day.isoformat() for name, day in (days | {"limit": clock.limit_on}).items()}
            values["closed"] = [day.on.isoformat() for day in clock.rolled]
        for name, value in each.params.items():
            assert name == "facts" or value == values[name], (each.code, name)
        assert explain(each, "ja") != explain(each, "en"), "all that the sentence needs is there"


def test_an_incident_that_somebody_in_the_company_noticed_is_not_taken_for_a_processors_notice() -> None:
    codes = {each.code for each in assess(facts(sensitive=True), datetime.fromisoformat(NOTICED)).reasons}
    assert "controller_told_by_processor" not in codes


@pytest.mark.parametrize(
    ("stated", "caution"),
    [
        ({"sensitive": True, "trigger_known_at": "2026-11-11T10:00:00+09:00"}, True),
        ({"persons": {"exact": 1001}, "trigger_known_at": "2026-11-11T10:00:00+09:00"}, False),
    ],
)
def test_a_later_day_of_knowing_is_settled_for_the_count_alone(stated: dict[str, Any], caution: bool) -> None:
    """GL 3-5-3-1 says so of a number that turns out larger; of the other classes nothing is said."""
    (later,) = [each for each in assessed(**stated).reasons if each.code == "clock_from_trigger_known_at"]
    assert later.cautious is caution
    assert "2026年11月11日" in explain(later, "ja")


def test_more_than_one_closed_day_is_a_cautious_reading() -> None:
    one = assessed("2026-10-05T10:00:00+09:00", sensitive=True)  # day 30 is the 3rd of November
    many = assessed("2026-11-06T10:00:00+09:00", sensitive=True)  # day 30 is a Saturday
    cautious = [[r.cautious for r in each.reasons if r.code == "final_rolled"] for each in (one, many)]
    assert cautious == [[False], [True]]


@pytest.mark.parametrize(
    ("stated", "excluded", "voluntary"),
    [
        ({"sensitive": True, "certainty": "ruled_out"}, ("ruled_out",), Voluntary.NONE),
        ({"sensitive": True, "encrypted": True}, ("encrypted",), Voluntary.OPTIONAL),
        ({"sensitive": True, "own_intent": True, "role": "processor"}, ("own_intent",), Voluntary.NONE),
        ({"sensitive": True, "pseudonymized": True}, ("pseudonymized",), Voluntary.NONE),
        ({"sensitive": True, "data_status": "scattered"}, ("scattered_data",), Voluntary.NONE),
        ({"sensitive": True, "data_status": "planned"}, (), Voluntary.NONE),
        ({}, (), Voluntary.OPTIONAL),
    ],
)
def test_what_took_it_out_is_named_and_leaves_nothing_to_do(
    stated: dict[str, Any], excluded: tuple[str, ...], voluntary: Voluntary
) -> None:
    answer = assessed(**stated)
    assert answer.decision is Decision.NO_REPORT
    assert answer.exclusions == excluded
    assert answer.voluntary is voluntary
    assert (answer.triggers, answer.undetermined, answer.report_to) == ((), (), ())
    flags = (answer.notify_individuals, answer.notify_controller, answer.provisional, answer.deadlines)
    assert flags == (False, False, False, None)


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        # An exclusion must hold for every kind of incident that is still possible.
        ({"kind": "unknown", "own_intent": True}, None),
        ({"kind": "unknown", "recovered_unread": True}, None),
        ({"kind": "unknown", "recovered_unread": True, "own_intent": True}, None),
        ({"kind": "unknown", "recovered_unread": True, "backup_exists": True}, None),
        ({"kind": "unknown", "encrypted": True}, "encrypted"),
        ({"kind": "damage", "damage_type": "unknown", "backup_exists": True}, None),
        ({"kind": "damage", "damage_type": "unknown", "encrypted": True}, "encrypted"),
        ({"kind": "leak", "damage_type": "unknown", "recovered_unread": True}, "recovered_unread"),
        ({"kind": "leak", "backup_exists": True}, None),
        ({"kind": "loss", "recovered_unread": True}, None),
        ({"kind": "damage", "own_intent": True}, None),
    ],
)
def test_an_exclusion_holds_for_all_that_may_have_happened_or_not_at_all(
    stated: dict[str, Any], code: str | None
) -> None:
    assert exclusion(facts(**stated), TODAY) == code
    assert (assessed(sensitive=True, **stated).decision is Decision.NO_REPORT) == (code is not None)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("leak", ("encrypted", "recovered_unread")),
        ("loss", ("encrypted", "backup_exists")),
        ("damage", ("encrypted", "backup_exists")),
        ("unknown", ("encrypted", "recovered_unread", "backup_exists")),
    ],
)
def test_the_protections_to_ask_about_are_those_that_could_help(kind: str, asked: tuple[str, ...]) -> None:
    """What keeps it a leak that need not be reported comes first; what was meant is no protection."""
    assert unknown_protections(facts(kind=kind, **NOT_KNOWN), TODAY) == asked
    answered: dict[str, Any] = dict.fromkeys(NOT_KNOWN, False)
    assert unknown_protections(facts(kind=kind, **answered), TODAY) == ()


def test_the_clock_starts_on_the_first_day_of_the_rules_and_not_before() -> None:
    first = datetime(2022, 3, 31, 15, tzinfo=UTC)  # midnight in Japan
    clock = assess(facts(sensitive=True), first).deadlines
    assert clock is not None
    assert clock.clock_start == date(2022, 4, 1)


@pytest.mark.parametrize(
    ("stated", "receivers"),
    [
        ({"my_number": "unknown", "delegated_to_authority": "fsa"}, ("ppc",)),
        ({"sensitive": "unknown", "delegated_to_authority": "fsa"}, ("fsa",)),
        ({"sensitive": "unknown", "my_number": "unknown", "delegated_to_authority": "fsa"}, ("fsa", "ppc")),
        ({"sensitive": "unknown", "my_number": "unknown"}, ("ppc",)),
        ({}, ()),
    ],
)
def test_what_is_open_would_be_reported_there(stated: dict[str, Any], receivers: tuple[str, ...]) -> None:
    assert assessed(**stated).report_to == receivers
