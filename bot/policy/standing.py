"""What somebody is to the workspace, and to a case at this moment.

In: the case as it stands, the person, the privacy office as it is today, and what the person is to the
workspace. What that allows stands in `access.py`.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from bot.policy.confidential import is_unnamed_reporter
from bot.policy.paging import chain_level
from bot.policy.state import CaseState
from bot.vocabulary import Role


class Kind(StrEnum):
    """What somebody is to the workspace."""

    MEMBER = "member"
    GUEST = "guest"
    EXTERNAL = "external"  # of another organisation, through a shared channel
    DEACTIVATED = "deactivated"
    BOT = "bot"


class Standing(StrEnum):
    """What somebody is to a case at this moment. One person may be several of these."""

    REPORTER = "reporter"
    INFORMANT = "informant"  # reported it, or a report joined to it, and is not named in the room
    MANAGER = "manager"
    DEPUTY = "deputy"
    LAST_RESORT = "last_resort"
    WAITING = "waiting"  # stands in the chain, but has not been called yet, or has left the room again
    HANDED_TO = "handed_to"  # called because somebody handed over to them, or named them for an absence
    PRIVACY_OFFICE = "privacy_office"
    RESPONSE_TEAM = "response_team"
    VISITOR = "visitor"  # a member of the company whom somebody of the room let in
    FORMER = "former"  # was in the room and left it
    OUTSIDER = "outsider"
    GUEST = "guest"
    EXTERNAL = "external"
    DEACTIVATED = "deactivated"


#: What those of outside are to every case.
NOBODY = {
    Kind.EXTERNAL: Standing.EXTERNAL,
    Kind.DEACTIVATED: Standing.DEACTIVATED,
    Kind.BOT: Standing.EXTERNAL,
}


def standings(
    case: CaseState, person: str, privacy_office: Collection[str], kind: Kind = Kind.MEMBER
) -> frozenset[Standing]:
    """Everything that `person` is to the case now.

    Leaving the room ends what one was in it, at once; the chain may still answer, which brings them back.
    Guests keep what they are as the reporter and nothing else; others of outside have nothing.
    """
    if nobody := NOBODY.get(kind):
        return frozenset({nobody})
    member = case.members.get(person)
    left = member is not None and member.left_at is not None
    reporter: set[Standing] = set()
    if is_unnamed_reporter(case, person):
        reporter.add(Standing.INFORMANT)
    elif person == case.reporter and not left:
        reporter.add(Standing.REPORTER)
    if kind is Kind.GUEST or (member and member.outsider):
        return frozenset(reporter | {Standing.GUEST})
    found = set(reporter)
    if person in privacy_office:
        found.add(Standing.PRIVACY_OFFICE)
    found |= _in_the_chain(case, person, called=not left and _was_called(case, person))
    if left:
        found.add(Standing.FORMER)
    else:
        in_chain = chain_level(case, person) is not None
        if any(p.user == person and not p.skipped and (p.handed_by or not in_chain) for p in case.pages):
            found.add(Standing.HANDED_TO)
        if member is not None:
            found |= {_AS_A_MEMBER[member.role]} if member.role in _AS_A_MEMBER else set()
    return frozenset(found or {Standing.OUTSIDER})


#: What being in the room with this role gives by itself. The privacy office is what it is today.
_AS_A_MEMBER = {
    Role.RESPONSE_TEAM: Standing.RESPONSE_TEAM,
    Role.CRISIS_TEAM: Standing.RESPONSE_TEAM,
    Role.PRIVACY_OFFICE: Standing.VISITOR,
    Role.VISITOR: Standing.VISITOR,
    Role.MANAGER: Standing.VISITOR,
    Role.DEPUTY: Standing.VISITOR,
    Role.LAST_RESORT: Standing.VISITOR,
}


def _was_called(case: CaseState, person: str) -> bool:
    return person in case.members or any(p.user == person and not p.skipped for p in case.pages)


def _in_the_chain(case: CaseState, person: str, *, called: bool) -> set[Standing]:
    roles = {level.role for level in case.chain for p in level.people if p.user == person}
    return {Standing(role.value) if called else Standing.WAITING for role in roles}
