"""The stricter of two clocks: what is due while a confirmed decision and newer facts disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.law.obligations import ObligationPlan
from bot.vocabulary import ObligationKind


def stricter(
    confirmed: Sequence[ObligationPlan], newer: Sequence[ObligationPlan]
) -> tuple[ObligationPlan, ...]:
    """For each kind the plan that is due earlier; what only one of the two asks for stays due.

    In: what a person confirmed, and what the newer facts would ask for. Out: what counts until somebody
    confirms again, in the order of the kinds. Where both are due alike the confirmed one stands; whatever
    comes from the newer facts is provisional. No text says how to count here: the safe side does.
    """
    stands = {plan.kind: plan for plan in confirmed}
    asked = {plan.kind: replace(plan, provisional=True) for plan in newer}
    chosen = []
    for kind in ObligationKind:
        ours, theirs = stands.get(kind), asked.get(kind)
        if ours is not None and theirs is not None:
            chosen.append(theirs if _is_earlier(theirs, ours) else ours)
        elif plan := ours or theirs:
            chosen.append(plan)
    return tuple(chosen)


def _is_earlier(one: ObligationPlan, other: ObligationPlan) -> bool:
    """A day that is set is stricter than none."""
    if one.due_at is None or other.due_at is None:
        return one.due_at is not None and other.due_at is None
    return one.due_at < other.due_at
