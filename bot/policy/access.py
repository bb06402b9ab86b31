"""Who may do what with a case, and why not. Asked on the server at the moment of the act.

In: the case as it stands, the person, and the privacy office as it is today.
Raises `Refused` with the reason that person is told; returns quietly when the act is allowed.
"""

from __future__ import annotations

from collections.abc import Collection

from bot.errors import Refused
from bot.policy.state import CaseState
from bot.vocabulary import Role


def may_see(case: CaseState, person: str, privacy_office: Collection[str]) -> bool:
    """Whether this person may know that the case exists at all."""
    return (
        person == case.reporter
        or person in privacy_office
        or person in case.members
        or any(page.user == person and not page.skipped for page in case.pages)
    )


def check_acknowledge(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """The chain (deputies even before their turn, the last resort) and the privacy office may acknowledge."""
    if person not in privacy_office and person not in chain_of(case):
        raise Refused("not_in_chain")


def check_add_facts(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Everybody in the room may add facts while the case is open."""
    _check_visible(case, person, privacy_office)
    if case.closed_at is not None:
        raise Refused("already_closed")


def check_decide(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Recording submissions and closing are for the privacy office, and for the last resort in its place."""
    _check_visible(case, person, privacy_office)
    if person not in privacy_office and person not in last_resort_of(case):
        raise Refused("not_allowed")
    if case.closed_at is not None:
        raise Refused("already_closed")


def check_close(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    """Closing is refused while an obligation is neither submitted nor removed; the refusal lists them."""
    check_decide(case, person, privacy_office)
    if still_open := case.open_obligations:
        raise Refused("obligations_open", obligations=[o.kind for o in still_open])


def chain_of(case: CaseState) -> frozenset[str]:
    """Everybody of the chain, whether paged yet or not."""
    return frozenset(p.user for level in case.chain for p in level.people if p.user)


def last_resort_of(case: CaseState) -> frozenset[str]:
    """Those who stand last in the chain."""
    people = (level.people for level in case.chain if level.role is Role.LAST_RESORT)
    return frozenset(p.user for group in people for p in group if p.user)


def _check_visible(case: CaseState, person: str, privacy_office: Collection[str]) -> None:
    if not may_see(case, person, privacy_office):
        raise Refused("not_found")
