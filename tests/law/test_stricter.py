"""While a decision and newer facts disagree, nothing may come later than either of them says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.law.obligations import ObligationPlan
from bot.law.stricter import stricter
from bot.vocabulary import ObligationKind

START = datetime(2026, 11, 22, 14, 59, 59, tzinfo=UTC)


def a_plan(kind: ObligationKind, after: int | None, recipient: str = "ppc") -> ObligationPlan:
    due_at = None if after is None else START + timedelta(days=after)
    return ObligationPlan(
        kind=kind,
        recipient=recipient,
        due_at=due_at,
        aim_on=None,
        nominal_on=due_at.date() if due_at else None,
        clock_start=START.date(),
        days=after,
        provisional=False,
    )


plans = st.dictionaries(
    st.sampled_from(list(ObligationKind)), st.one_of(st.none(), st.integers(0, 90)), max_size=5
).map(lambda found: tuple(a_plan(kind, after) for kind, after in found.items()))


@given(plans, plans)
def test_nothing_is_due_later_than_either_says_and_nothing_is_lost(
    confirmed: tuple[ObligationPlan, ...], newer: tuple[ObligationPlan, ...]
) -> None:
    chosen = {plan.kind: plan for plan in stricter(confirmed, newer)}
    assert set(chosen) == {plan.kind for plan in (*confirmed, *newer)}
    for plan in (*confirmed, *newer):
        if plan.due_at is not None:
            due_at = chosen[plan.kind].due_at
            assert due_at is not None
            assert due_at <= plan.due_at


@given(plans, plans)
def test_the_days_do_not_depend_on_which_of_the_two_was_confirmed(
    one: tuple[ObligationPlan, ...], other: tuple[ObligationPlan, ...]
) -> None:
    assert [plan.due_at for plan in stricter(one, other)] == [plan.due_at for plan in stricter(other, one)]


@given(plans)
def test_facts_that_say_the_same_change_nothing(confirmed: tuple[ObligationPlan, ...]) -> None:
    assert set(stricter(confirmed, confirmed)) == set(confirmed)
    assert set(stricter(confirmed, ())) == set(confirmed)


def test_what_only_the_newer_facts_ask_for_is_provisional() -> None:
    [plan] = stricter((), (a_plan(ObligationKind.FINAL, 30),))
    assert plan.provisional
    earlier = stricter((a_plan(ObligationKind.FINAL, 60),), (a_plan(ObligationKind.FINAL, 30),))
    assert [(each.days, each.provisional) for each in earlier] == [(30, True)]
    same_day = stricter((a_plan(ObligationKind.FINAL, 30),), (a_plan(ObligationKind.FINAL, 30, "fsa"),))
    assert [(each.recipient, each.provisional) for each in same_day] == [("ppc", False)]
