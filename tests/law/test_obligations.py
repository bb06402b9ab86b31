"""What is due, to whom and until when, from an assessment."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from bot.law.assessment import assess
from bot.law.facts import Answer, Facts
from bot.law.obligations import ObligationPlan, obligations, without_notice
from bot.vocabulary import ObligationKind as Due

NOTICED = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)  # Sunday evening in Japan


def due(confirmed: bool = False, **facts: Any) -> dict[Due, ObligationPlan]:
    return {p.kind: p for p in obligations(assess(Facts.from_mapping(facts), NOTICED), confirmed)}


def test_a_duty_means_two_reports_and_a_notice_to_the_persons() -> None:
    plans = due(sensitive=True)
    assert list(plans) == [Due.PRELIMINARY, Due.FINAL, Due.INDIVIDUAL_NOTICE]
    preliminary, final, notice = plans.values()
    assert preliminary.recipient == final.recipient == "ppc"
    assert preliminary.aim_on == date(2026, 11, 24)
    assert preliminary.due_at == datetime(2026, 11, 26, 14, 59, 59, tzinfo=UTC)
    assert preliminary.days == 5
    assert final.due_at == datetime(2026, 12, 21, 14, 59, 59, tzinfo=UTC)
    assert (final.aim_on, final.nominal_on, final.days) == (None, date(2026, 12, 21), 30)
    assert (notice.due_at, notice.recipient) == (None, "persons")
    assert all(plan.clock_start == date(2026, 11, 22) for plan in plans.values())


def test_an_attack_gives_sixty_days_for_the_final_report_only() -> None:
    plans = due(malicious=True)
    assert plans[Due.FINAL].days == 60
    assert plans[Due.PRELIMINARY].due_at == datetime(2026, 11, 26, 14, 59, 59, tzinfo=UTC)


def test_while_nothing_is_known_both_reports_stand_provisionally() -> None:
    plans = due()
    assert list(plans) == [Due.PRELIMINARY, Due.FINAL]
    assert all(plan.provisional for plan in plans.values())


def test_only_a_person_makes_a_duty_final() -> None:
    assert all(plan.provisional for plan in due(sensitive=True).values())
    assert all(plan.provisional for plan in obligations(assess(Facts(sensitive=Answer.YES), NOTICED)))
    assert not any(plan.provisional for plan in due(sensitive=True, confirmed=True).values())


def test_confirming_open_facts_does_not_make_the_clock_certain() -> None:
    assert all(plan.provisional for plan in due(confirmed=True).values())


def test_my_number_has_reports_of_its_own_where_an_authority_receives_the_others() -> None:
    plans = due(
        sensitive=True,
        my_number=True,
        my_number_persons={"exact": 101},
        delegated_to_authority="fsa",
    )
    assert {kind: plan.recipient for kind, plan in plans.items()} == {
        Due.PRELIMINARY: "fsa",
        Due.MN_PRELIMINARY: "ppc",
        Due.FINAL: "fsa",
        Due.MN_FINAL: "ppc",
        Due.INDIVIDUAL_NOTICE: "persons",
    }
    assert all(plan.provisional is True for plan in plans.values())
    assert plans[Due.MN_PRELIMINARY].due_at == plans[Due.PRELIMINARY].due_at
    assert plans[Due.MN_FINAL].due_at == plans[Due.FINAL].due_at


def test_my_number_and_the_rest_are_reported_once_where_both_go_to_the_ppc() -> None:
    plans = due(malicious=True, my_number=True)
    assert list(plans) == [Due.PRELIMINARY, Due.FINAL, Due.INDIVIDUAL_NOTICE]


def test_my_number_alone_goes_to_the_ppc_even_in_a_delegated_business() -> None:
    plans = due(
        sensitive=False,
        financial_harm=False,
        malicious=False,
        persons={"exact": 200},
        my_number=True,
        my_number_persons={"exact": 101},
        delegated_to_authority="fsa",
    )
    assert {plan.recipient for plan in plans.values()} == {"ppc", "persons"}
    assert Due.MN_FINAL not in plans


def test_a_processor_is_asked_to_tell_its_controller_within_the_same_guide() -> None:
    plans = due(confirmed=True, sensitive=True, role="processor")
    assert list(plans) == [Due.CONTROLLER_NOTICE, Due.PRELIMINARY, Due.FINAL, Due.INDIVIDUAL_NOTICE]
    notice, preliminary, *_ = plans.values()
    assert notice.recipient == "controller"
    assert (notice.aim_on, notice.due_at) == (preliminary.aim_on, preliminary.due_at)
    assert notice.aim_on == date(2026, 11, 24)
    assert notice.due_at == datetime(2026, 11, 26, 14, 59, 59, tzinfo=UTC)
    assert not notice.provisional, "it was confirmed"
    assert all(plan.provisional for plan in plans.values() if plan is not notice), "it may replace these"
    assert due(role="processor")[Due.CONTROLLER_NOTICE].provisional


def test_a_processor_that_reports_itself_waits_for_no_notice() -> None:
    both = tuple(due(confirmed=True, sensitive=True, role="processor").values())
    own = without_notice(both)
    assert own == tuple(due(confirmed=True, sensitive=True, role="controller").values())
    assert without_notice(own) == own


def test_who_is_no_processor_has_no_controller_to_tell() -> None:
    for role in ("controller", "unknown"):
        assert Due.CONTROLLER_NOTICE not in due(sensitive=True, role=role)


def test_no_duty_and_exemption_leave_nothing_due() -> None:
    assert due(encrypted=True) == {}
    assert due(role="processor", controller_notified=True, sensitive=True) == {}
