"""What is no leak, or need not be reported although it is one (GL 3-5-1, RULE 7(1))."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.law.facts import Answer, Certainty, DamageType, Facts, Kind

_YES: Final = Answer.YES

#: Every way in which data can be hit; where the kind is not known, each of them stays possible.
_WAYS: Final = (
    (Kind.LEAK, DamageType.UNKNOWN),
    (Kind.LOSS, DamageType.UNKNOWN),
    (Kind.DAMAGE, DamageType.ALTERED),
    (Kind.DAMAGE, DamageType.UNUSABLE),
)


def exclusion(facts: Facts) -> str | None:
    """The reason code of the exclusion that holds, None where none is certain.

    An unknown protection is none, and an exclusion must hold for every kind of incident still possible.
    """
    if facts.certainty is Certainty.RULED_OUT:
        return "ruled_out"
    found = [next(_of(facts, kind, damage), None) for kind, damage in possible_ways(facts)]
    if found[0] is not None and None not in found:
        return found[0]
    return "encrypted" if facts.encrypted is _YES else None


def excluded_if_kind_were_known(facts: Facts) -> bool:
    """Whether what is known would exclude the incident for some kinds, but not for all that are possible."""
    found = [next(_of(facts, kind, damage), None) for kind, damage in possible_ways(facts)]
    return None in found and any(found)


def unknown_protections(facts: Facts) -> tuple[str, ...]:
    """The protections that could exclude the incident and that nobody has confirmed or denied."""
    kinds = {kind for kind, _ in possible_ways(facts)}
    relevant = ["encrypted"]
    if Kind.LEAK in kinds:
        relevant.append("recovered_unread")
    if Kind.LOSS in kinds or (Kind.DAMAGE, DamageType.UNUSABLE) in possible_ways(facts):
        relevant.append("backup_exists")
    return tuple(name for name in relevant if getattr(facts, name) is Answer.UNKNOWN)


def possible_ways(facts: Facts) -> tuple[tuple[Kind, DamageType], ...]:
    """The kinds of incident that the facts leave open."""
    return tuple(
        (kind, damage)
        for kind, damage in _WAYS
        if facts.kind in (kind, Kind.UNKNOWN)
        and (kind is not Kind.DAMAGE or facts.damage_type in (damage, DamageType.UNKNOWN))
    )


def _of(facts: Facts, kind: Kind, damage: DamageType) -> Iterator[str]:
    """The exclusions that hold for one kind of incident, in the order in which they are asked."""
    if facts.own_intent is _YES and kind in (Kind.LEAK, Kind.LOSS):
        yield "own_intent"
    if facts.recovered_unread is _YES and kind is Kind.LEAK:
        yield "recovered_unread"
    # The guideline names a backup for lost and for unusable data only, not for altered data.
    restorable = kind is Kind.LOSS or (kind, damage) == (Kind.DAMAGE, DamageType.UNUSABLE)
    if facts.backup_exists is _YES and restorable:
        yield "backup_exists"
