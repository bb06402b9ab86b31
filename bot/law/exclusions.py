"""What is no leak, or need not be reported although it is one: one dated row each, with its source.

An amendment is a new row with its own first day, and a last day for the row it replaces.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.law.dated import FIRST_DAY, holding
from bot.law.facts import Answer, Certainty, DamageType, Facts, Kind
from bot.law.reasons import BASIS
from bot.law.sources import Citation

Way = tuple[Kind, DamageType]

_LEAK: Final[Way] = (Kind.LEAK, DamageType.UNKNOWN)
_LOSS: Final[Way] = (Kind.LOSS, DamageType.UNKNOWN)
_ALTERED: Final[Way] = (Kind.DAMAGE, DamageType.ALTERED)
_UNUSABLE: Final[Way] = (Kind.DAMAGE, DamageType.UNUSABLE)

#: Every way in which data can be hit; where the kind is not known, each of them stays possible.
_WAYS: Final = (_LEAK, _LOSS, _ALTERED, _UNUSABLE)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """The fact `fact`, answered with yes, takes incidents of these `ways` out. `code` is its reason code.

    `still_a_leak`: it is one, and only need not be reported. In force from `since` to `until`.
    """

    code: str
    fact: str
    ways: tuple[Way, ...]
    since: date = FIRST_DAY
    until: date | None = None
    still_a_leak: bool = False

    @property
    def source(self) -> Citation:
        """The place that says so."""
        return BASIS[self.code].source


EXCLUSIONS: Final = (
    Exclusion("own_intent", "own_intent", (_LEAK, _LOSS)),
    Exclusion("recovered_unread", "recovered_unread", (_LEAK,)),
    # The guideline names a backup for lost and for unusable data only, not for altered data.
    Exclusion("backup_exists", "backup_exists", (_LOSS, _UNUSABLE)),
    Exclusion("encrypted", "encrypted", _WAYS, still_a_leak=True),
)


def exclusion(facts: Facts, on: date) -> str | None:
    """The reason code of the exclusion that holds by the rules of `on`, None where none is certain.

    An unknown protection is none, and an exclusion must hold for every kind of incident still possible.
    Where it was no leak at all, that is said before its being a leak that need not be reported.
    """
    if facts.certainty is Certainty.RULED_OUT:
        return "ruled_out"
    for still_a_leak in (False, True):
        found = [next(_of(facts, way, on, still_a_leak), None) for way in possible_ways(facts)]
        if found[0] is not None and None not in found:
            return found[0]
    return None


def excluded_if_kind_were_known(facts: Facts, on: date) -> bool:
    """Whether what is known would exclude the incident for some kinds, but not for all that are possible."""
    found = [next(_of(facts, way, on, still_a_leak=False), None) for way in possible_ways(facts)]
    return None in found and any(found)


def unknown_protections(facts: Facts, on: date) -> tuple[str, ...]:
    """The protections that could exclude the incident and that nobody has confirmed or denied.

    Whether the company acted on purpose is no protection.
    """
    possible = set(possible_ways(facts))
    rows = sorted(holding(EXCLUSIONS, on), key=lambda row: not row.still_a_leak)
    return tuple(
        row.fact
        for row in rows
        if row.fact != "own_intent"
        and possible.intersection(row.ways)
        and getattr(facts, row.fact) is Answer.UNKNOWN
    )


def possible_ways(facts: Facts) -> tuple[Way, ...]:
    """The kinds of incident that the facts leave open. How it was damaged counts where it was damage."""
    return tuple(
        (kind, damage)
        for kind, damage in _WAYS
        if facts.kind in (kind, Kind.UNKNOWN)
        and (facts.kind is not Kind.DAMAGE or facts.damage_type in (damage, DamageType.UNKNOWN))
    )


def _of(facts: Facts, way: Way, on: date, still_a_leak: bool) -> Iterator[str]:
    """The exclusions that hold for one kind of incident, in the order in which they are asked."""
    for row in holding(EXCLUSIONS, on):
        asked = row.still_a_leak is still_a_leak and way in row.ways
        if asked and getattr(facts, row.fact) is Answer.YES:
            yield row.code
