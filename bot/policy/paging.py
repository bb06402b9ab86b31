"""Who is paged next, and when: the chain is walked until somebody acknowledges (contract: Paging).

A walk begins at the manager when a case is reported. Whoever has the case and gives it up begins another
(`CaseState.turn`), which runs on from that level. Handing a page over leaves the walk where it is and calls
one more person at the same level, with a clock of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.policy.state import AbsenceState, CaseState, ChainPerson, PageState
from bot.vocabulary import SkipReason


@dataclass(frozen=True, slots=True)
class Call:
    """One level being called: the people to page at this attempt, and those passed over with the reason."""

    level: int
    attempt: int
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Skip:
    """Somebody in the chain who is passed over at once, with the reason the room is told."""

    level: int
    reference: str
    user: str | None
    reason: SkipReason
    instead: str | None = None  # whom an absent person named


@dataclass(frozen=True, slots=True)
class Paging:
    """What the chain asks for at a moment: calls under way, people passed over, when to ask again."""

    calls: tuple[Call, ...]
    skips: tuple[Skip, ...]
    next_at: datetime | None


NOTHING = Paging((), (), None)


def paging(case: CaseState, now: datetime) -> Paging:
    """Walk the chain from where it begins, as far as silence has let it go by `now`."""
    if case.acknowledged_at is not None or case.closed_at is not None:
        return NOTHING
    calls: list[Call] = []
    skips: list[Skip] = []
    last: Call | None = None
    for level in range(case.turn_level, len(case.chain)):
        own, passed_over = _who_can_be_paged(case, level, now)
        handed = _handed_to(case, level)
        if not _was_given_up_to_somebody(case, level):
            skips.extend(passed_over)
            handed = [*([own] if own else []), *handed]
        if not handed:
            continue  # nobody to wait for: straight on to the next level
        calls += handed
        last = own or handed[-1]
        silence_ends = _silence_ends(case, level, now)
        if silence_ends is None or silence_ends > now:
            return Paging(tuple(calls), tuple(skips), silence_ends)
    if last is None:
        return Paging((), tuple(skips), None)
    again, next_at = _again(case, last, now)
    return Paging((*calls, *again), tuple(skips), next_at)


def why_not(case: CaseState, person: ChainPerson) -> SkipReason | None:
    """Why this person of the chain cannot be paged, as far as is known beforehand."""
    if person.user is None:
        return SkipReason.NO_SUCH_USER
    if not person.active:
        return SkipReason.DEACTIVATED
    if person.guest:
        return SkipReason.IS_GUEST
    if person.user == case.reporter:
        return SkipReason.IS_REPORTER
    return None


def this_turn(case: CaseState) -> tuple[PageState, ...]:
    """The pages of the present walk, in the order they came about."""
    return tuple(p for p in case.pages if p.turn == case.turn)


def is_out(case: CaseState, page: PageState) -> bool:
    """Whether nobody waits for this page any more: the person cannot, or handed it on."""
    if page.cannot_at is not None:
        return True
    if not any(p.handed_by == page.user and p.turn == page.turn for p in case.pages):
        return False  # as most often: finding where it stands compares it with every page before
    later = case.pages[case.pages.index(page) + 1 :]
    return any(p.handed_by == page.user and p.turn == page.turn for p in later)


def level_now(case: CaseState) -> int:
    """The level that the present walk has come to."""
    return max((p.level for p in this_turn(case) if not p.skipped), default=case.turn_level)


def next_attempt(case: CaseState, level: int) -> int:
    """The number of one more call at this level, which no other call has or will have."""
    return max([_first_attempt(case, level), *(p.attempt for p in case.pages if p.level == level)]) + 1


def chain_level(case: CaseState, person: str) -> int | None:
    """The level of the chain at which somebody stands, None for everybody else."""
    return next((i for i, step in enumerate(case.chain) if person in {p.user for p in step.people}), None)


def reachable_at(case: CaseState, level: int, at: datetime) -> tuple[str, ...]:
    """The people of this level who can be paged at a moment, as far as is known beforehand."""
    people = (p.user for p in case.chain[level].people if p.user and why_not(case, p) is None)
    return tuple(user for user in people if absence_of(case, user, at) is None)


def absence_of(case: CaseState, user: str, at: datetime) -> AbsenceState | None:
    """The absence that somebody of the chain is in at a moment."""
    return next((a for a in case.absences if a.person == user and a.since <= at < a.until), None)


def _first_attempt(case: CaseState, level: int) -> int:
    """The number of this walk's own call of the level: 1, or the next after those of earlier walks."""
    return 1 + max((p.attempt for p in case.pages if p.level == level and p.turn < case.turn), default=0)


def _who_can_be_paged(case: CaseState, level: int, now: datetime) -> tuple[Call | None, tuple[Skip, ...]]:
    """The level's own people who can be paged, those standing in for the absent, and those passed over.

    Whoever was paged once stays called, whatever absence begins or ends while the page is waiting. The last
    level is called all the same where everybody there is absent: somebody must hear of it.
    """
    attempt = _first_attempt(case, level)
    paged = [p.user for p in this_turn(case) if p.level == level and p.attempt == attempt]
    paged = [user for user in paged if not _was_skipped(case, level, user)]
    passed_over: list[Skip] = []
    reachable: list[str] = []
    for person in case.chain[level].people:
        if reason := why_not(case, person):
            passed_over.append(Skip(level, person.reference, person.user, reason))
        elif person.user and (absence := absence_of(case, person.user, now)) and person.user not in paged:
            instead = _stand_in(case, level, absence, now)
            passed_over.append(Skip(level, person.reference, person.user, SkipReason.ABSENT, instead))
            reachable += [instead] if instead else []
        elif person.user and not _was_skipped(case, level, person.user):
            reachable.append(person.user)
    absent = [skip for skip in passed_over if skip.reason is SkipReason.ABSENT]
    if level == len(case.chain) - 1 and not reachable:
        passed_over = [skip for skip in passed_over if skip not in absent]
        still = (skip.user for skip in absent if skip.user and not _was_skipped(case, level, skip.user))
        reachable = list(still)
    handed = {p.user for p in this_turn(case) if p.level == level and p.handed_by and p.attempt == attempt}
    users = tuple(dict.fromkeys([*reachable, *(user for user in paged if user not in handed)]))
    return (Call(level, attempt, users) if users else None), tuple(passed_over)


def _stand_in(case: CaseState, level: int, absence: AbsenceState, now: datetime) -> str | None:
    """Whom the absent person named, where they can be paged."""
    deputy = absence.deputy
    if deputy is None or deputy == case.reporter or absence_of(case, deputy, now):
        return None
    return None if _was_skipped(case, level, deputy) else deputy


def _handed_to(case: CaseState, level: int) -> list[Call]:
    handed = (p for p in this_turn(case) if p.level == level and p.handed_by and not p.skipped)
    return [Call(level, p.attempt, (p.user,)) for p in handed]


def _was_given_up_to_somebody(case: CaseState, level: int) -> bool:
    """Whether this walk begins here with the person named, so that the level's own people are not called."""
    handed = any(p.level == level and p.handed_by for p in this_turn(case))
    return case.turn > 0 and level == case.turn_level and handed


def _was_skipped(case: CaseState, level: int, user: str) -> bool:
    return any(p.level == level and p.user == user and p.skipped and not p.handed_by for p in this_turn(case))


def _silence_ends(case: CaseState, level: int, now: datetime) -> datetime | None:
    """When the next level is called too; None while this one's page is still on its way.

    A page that could not be sent in time (a row without `sent_at`) holds nobody up: the next is called
    while the sending is still tried. Nobody waits for those who cannot, or who handed their page on.
    """
    over = case.reported_at
    turn = this_turn(case)
    if any(p.level > level for p in turn):
        return over  # already moved on
    here = [p for p in turn if p.level == level and not p.skipped]
    own = [p for p in here if not p.handed_by and p.attempt == _first_attempt(case, level)]
    if not own and not _was_given_up_to_somebody(case, level) and _who_can_be_paged(case, level, now)[0]:
        return None
    waited_for = [p for p in own if p.sent_at and not is_out(case, p)]
    ends = []
    if waited_for:
        ends.append(min(p.sent_at or over for p in waited_for) + max(patience(case, p) for p in waited_for))
    handed = [p for p in here if p.handed_by and not is_out(case, p)]
    ends += [(p.sent_at or p.handed_at or over) + patience(case, p) for p in handed]
    return max(ends, default=over)


def patience(case: CaseState, page: PageState) -> timedelta:
    """How long an answer to this page is waited for: half as long where the person is in do-not-disturb."""
    return case.acknowledge_within / 2 if page.dnd else case.acknowledge_within


def _again(case: CaseState, last: Call, now: datetime) -> tuple[tuple[Call, ...], datetime | None]:
    """After the last level: the same people again every `repeat_every`, until somebody acknowledges."""
    here = [p for p in this_turn(case) if p.level == last.level and not p.skipped]
    repeated = [p for p in here if not p.handed_by]
    newest = max((p.attempt for p in repeated), default=last.attempt)
    sent = [p.sent_at for p in repeated if p.attempt == newest and p.sent_at]
    if repeated and not sent:
        return (() if newest == last.attempt else (Call(last.level, newest, last.users),)), None
    clocks = [min(sent)] if sent else []
    clocks += [p.sent_at or p.handed_at or case.reported_at for p in here if p.handed_by]
    next_at = max(clocks, default=now) + case.repeat_every
    if next_at > now:
        return (), next_at
    return (Call(last.level, max((p.attempt for p in here), default=last.attempt) + 1, last.users),), None
