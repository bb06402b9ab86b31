"""Approval of documents (回付): where each version stands, whose turn it is, and who may take it.

Everything follows from the log: an approval names the hash of exactly the words that were approved, and a new
draft makes the circulation of an older one moot. Pure: the case as it stands in, plain values out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bot.errors import Refused
from bot.policy.access import Act, check_approve, may
from bot.policy.paging import absence_of
from bot.policy.standing import Standing, standings
from bot.policy.state import CaseState, EventState
from bot.policy.tasks import in_the_room
from bot.vocabulary import DocumentKind, DocumentState, Locale, LogKind, ObligationKind, Role, SendingWay

#: The log entries that tell where a version stands.
TOLD_BY: Final = frozenset(
    {
        LogKind.DOCUMENT_DRAFTED,
        LogKind.DOCUMENT_CIRCULATED,
        LogKind.APPROVAL_ASKED,
        LogKind.DOCUMENT_APPROVED,
        LogKind.DOCUMENT_SENT_BACK,
        LogKind.DOCUMENT_SENT,
    }
)
#: What somebody must be to the case to approve a step of this role, beside whoever is asked for it.
MAY_TAKE: Final[Mapping[Role, frozenset[Standing]]] = {
    Role.MANAGER: frozenset({Standing.MANAGER, Standing.DEPUTY}),
    Role.PRIVACY_OFFICE: frozenset({Standing.PRIVACY_OFFICE}),
    Role.RESPONSE_TEAM: frozenset({Standing.RESPONSE_TEAM}),
    Role.LAST_RESORT: frozenset({Standing.LAST_RESORT}),
}
#: Who is asked where a step has nobody left but the author, in this order.
INSTEAD: Final = (Role.LAST_RESORT, Role.PRIVACY_OFFICE, Role.MANAGER, Role.RESPONSE_TEAM)
#: The documents that belong to what is recorded as submitted or given.
FITTING: Final[Mapping[ObligationKind, tuple[DocumentKind, ...]]] = {
    ObligationKind.CONTROLLER_NOTICE: (DocumentKind.PARTNER_EXPLANATION, DocumentKind.PRELIMINARY_SHEET),
    ObligationKind.PRELIMINARY: (DocumentKind.PRELIMINARY_SHEET,),
    ObligationKind.FINAL: (DocumentKind.FINAL_SHEET,),
    ObligationKind.INDIVIDUAL_NOTICE: (DocumentKind.NOTICE_TO_PERSONS, DocumentKind.PUBLICATION),
    ObligationKind.MN_PRELIMINARY: (DocumentKind.PRELIMINARY_SHEET,),
    ObligationKind.MN_FINAL: (DocumentKind.FINAL_SHEET,),
}
#: Versions whose words have been approved.
APPROVED: Final = frozenset({DocumentState.APPROVED, DocumentState.SENT})
#: How much of a hash people compare.
PREFIX: Final = 12
_WRITTEN: Final = re.compile(r"([a-z_]+)/(ja|en)/([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Ref:
    """Which version of which document is meant. As text: `apology/ja/2`."""

    kind: DocumentKind
    locale: Locale
    version: int

    def __str__(self) -> str:
        return f"{self.kind}/{self.locale}/{self.version}"

    @classmethod
    def read(cls, written: str) -> Ref | None:
        """The reference that `str` wrote, None for anything else."""
        found = _WRITTEN.fullmatch(written)
        kind = DocumentKind.named(found[1]) if found else None
        if found is None or kind is None:
            return None
        return cls(kind, "ja" if found[2] == "ja" else "en", int(found[3]))


@dataclass(frozen=True, slots=True)
class Approval:
    """One step of the route that was approved: for which role, by whom, when (UTC).

    `instead` is what the person was to the case where the role had nobody left.
    """

    role: Role
    by: str
    at: datetime
    instead: Role | None = None


@dataclass(frozen=True, slots=True)
class SentBack:
    """Why it was sent back. The remark is free text, hostile until shown as plain text."""

    by: str
    at: datetime
    remark: str


@dataclass(frozen=True, slots=True)
class Sent:
    """That it was sent: to whom (free text), when, how, and who says so."""

    by: str
    to: str
    sent_at: datetime
    way: SendingWay | None  # None: with a recorded submission


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document and how far it has come.

    `turn` is the log entry that began its newest circulation, 0 while there was none; `newest` is the newest
    version of the same document in the same language.
    """

    ref: Ref
    hash: str
    author: str
    at: datetime
    newest: int
    turn: int = 0
    circulated_by: str = ""
    circulated_at: datetime | None = None
    route: tuple[Role, ...] = ()
    approvals: tuple[Approval, ...] = ()
    sent_back: SentBack | None = None
    sent: tuple[Sent, ...] = ()

    @property
    def state(self) -> DocumentState:
        """Where it stands."""
        if self.sent:
            return DocumentState.SENT
        if not self.turn:
            return DocumentState.DRAFT
        if self.sent_back is not None:
            return DocumentState.SENT_BACK
        if len(self.approvals) == len(self.route):
            return DocumentState.APPROVED
        return DocumentState.SUPERSEDED if self.is_old else DocumentState.CIRCULATING

    @property
    def is_old(self) -> bool:
        """Whether other words took its place."""
        return self.ref.version < self.newest

    @property
    def step(self) -> int:
        """The step of the route that is to be taken next, counted from 0."""
        return len(self.approvals)

    @property
    def waits(self) -> bool:
        """Whether somebody's approval is waited for."""
        return self.state is DocumentState.CIRCULATING

    @property
    def prefix(self) -> str:
        """The beginning of the hash, which people compare."""
        return self.hash[:PREFIX]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked to approve the present step; `instead` where that is not the step's own role."""

    users: tuple[str, ...]
    role: Role
    instead: Role | None = None


def versions(events: Iterable[EventState]) -> tuple[Version, ...]:
    """Every version, in the order of drafting. Entries whose data was blanked tell nothing."""
    found: dict[Ref, Version] = {}
    newest: dict[tuple[DocumentKind, Locale], int] = {}
    for event in events:
        if event.kind not in TOLD_BY or (ref := _ref_of(event.data)) is None:
            continue
        if event.kind is LogKind.DOCUMENT_DRAFTED:
            newest[ref.kind, ref.locale] = ref.version
            found[ref] = Version(ref, str(event.data["hash"]), event.actor, event.at, ref.version)
        elif ref in found:
            found[ref] = _after(found[ref], event)
    return tuple(replace(v, newest=newest[v.ref.kind, v.ref.locale]) for v in found.values())


def _after(version: Version, event: EventState) -> Version:
    """The version after one more entry about it."""
    data = event.data
    match event.kind:
        case LogKind.DOCUMENT_CIRCULATED:
            return replace(
                version,
                turn=event.seq,
                circulated_by=event.actor,
                circulated_at=event.at,
                route=tuple(Role.of(role) for role in data["route"]),
                approvals=(),
                sent_back=None,
            )
        case LogKind.DOCUMENT_APPROVED:
            instead = Role.named(data.get("instead"))
            approval = Approval(Role.of(data["role"]), event.actor, event.at, instead)
            return replace(version, approvals=(*version.approvals, approval))
        case LogKind.DOCUMENT_SENT_BACK:
            return replace(version, sent_back=SentBack(event.actor, event.at, str(data["remark"])))
        case LogKind.DOCUMENT_SENT:
            sent_at = datetime.fromisoformat(data["sent_at"])
            sent = Sent(event.actor, str(data["recipient"]), sent_at, SendingWay.named(data.get("way")))
            return replace(version, sent=(*version.sent, sent))
    return version


def _ref_of(data: Mapping[str, Any]) -> Ref | None:
    if "version" not in data:
        return None
    return Ref(
        DocumentKind.of(data["kind"]),
        "en" if data["locale"] == "en" else "ja",
        int(data["version"]),
    )


def version_of(case: CaseState, ref: Ref) -> Version | None:
    """The version that is meant, None where there is none."""
    return next((each for each in versions(case.events) if each.ref == ref), None)


def fitting(case: CaseState, obligation: ObligationKind) -> tuple[Version, ...]:
    """The versions that may have been filed or given for it: approved ones first, then the newest."""
    kinds = FITTING[obligation]
    found = [v for v in versions(case.events) if v.ref.kind in kinds]
    offered = [v for v in found if v.state in APPROVED or not v.is_old]
    return tuple(
        sorted(offered, key=lambda v: (v.state not in APPROVED, kinds.index(v.ref.kind), -v.at.timestamp()))
    )


def asked(case: CaseState, version: Version, now: datetime) -> Asked:
    """Whose turn it is at `now` (UTC). Never the author, nor whoever approved an earlier step.

    Nobody where the version waits for no approval, and where nobody else is left at all.
    """
    if not version.waits:
        return Asked((), Role.MANAGER)
    role = version.route[version.step]
    for each in (role, *INSTEAD):
        if users := _people(case, version, each, now):
            return Asked(users, role, None if each is role else each)
    return Asked((), role)


def _people(case: CaseState, version: Version, role: Role, now: datetime) -> tuple[str, ...]:
    out = {version.author, *(approval.by for approval in version.approvals), *_unreachable(case, version)}
    if role in (Role.PRIVACY_OFFICE, Role.RESPONSE_TEAM):
        return tuple(user for user in in_the_room(case, role) if user not in out)
    if role is Role.LAST_RESORT:
        return _of_the_chain(case, role, out, None)
    holder = case.acknowledged_by
    if holder and holder not in out:
        return (holder,)
    return _of_the_chain(case, Role.MANAGER, out, now) or _of_the_chain(case, Role.DEPUTY, out, now)


def _of_the_chain(
    case: CaseState, role: Role, out: Collection[str], here_at: datetime | None
) -> tuple[str, ...]:
    """The first level of this role that has somebody; with `here_at`, who is not declared absent then."""
    for level in case.chain:
        able = [p.user for p in level.people if p.user and p.active and not p.guest]
        found = [user for user in able if user not in out and not _left(case, user)]
        if here_at is not None:
            found = [user for user in found if absence_of(case, user, here_at) is None]
        if level.role is role and found:
            return tuple(found)
    return ()


def _left(case: CaseState, user: str) -> bool:
    member = case.members.get(user)
    return member is not None and member.left_at is not None


def _unreachable(case: CaseState, version: Version) -> set[str]:
    """Those whom Slack would not let us ask in this circulation."""
    told = case.events_of(LogKind.APPROVAL_ASKED)
    return {str(e.data["user"]) for e in told if e.data.get("error") and e.data["turn"] == version.turn}


def check_turn(
    case: CaseState,
    version: Version,
    turn: int,
    step: int,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> bool:
    """Whether `person` decides on this step of this circulation, as a button named them.

    Out: False where they decided already, which changes nothing. Raises Refused: another version took its
    place, the step is over, it is their own document, or it is not their turn.
    """
    check_approve(case, person, privacy_office)
    if version.is_old:
        raise Refused("document_superseded", version=version.ref.version, newest=version.newest)
    if version.turn == turn and len(version.approvals) > step and version.approvals[step].by == person:
        return False
    if version.sent_back and version.turn == turn and version.sent_back.by == person:
        return False
    if not version.waits or (version.turn, version.step) != (turn, step):
        raise Refused("approval_over")
    if not may_take(case, version, person, privacy_office, now):
        own = person == version.author
        raise Refused("own_document" if own else "not_asked_to_approve", role=version.route[version.step])
    return True


def may_take(
    case: CaseState, version: Version, person: str, privacy_office: Collection[str], now: datetime
) -> bool:
    """Whether the present step is this person's to take: asked for it, or of its role. Four eyes always."""
    if not version.waits or person == version.author or any(a.by == person for a in version.approvals):
        return False
    if not may(Act.APPROVE, standings(case, person, privacy_office)):
        return False
    in_turn = person in asked(case, version, now).users
    return in_turn or is_of_the_role(case, version, person, privacy_office)


def is_of_the_role(case: CaseState, version: Version, person: str, privacy_office: Collection[str]) -> bool:
    """Whether somebody is what the present step asks for, whoever else may be asked in its place."""
    role = version.route[version.step]
    holds = role is Role.MANAGER and person == case.acknowledged_by
    return holds or not MAY_TAKE[role].isdisjoint(standings(case, person, privacy_office))
