"""Who is paged next, and when: the chain is walked until somebody acknowledges (contract: Paging)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.policy.state import CaseState, ChainLevel, ChainPerson, PageState
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


@dataclass(frozen=True, slots=True)
class Paging:
    """What the chain asks for at a moment: calls under way, people passed over, when to ask again."""

    calls: tuple[Call, ...]
    skips: tuple[Skip, ...]
    next_at: datetime | None


NOTHING = Paging((), (), None)


def paging(case: CaseState, now: datetime) -> Paging:
    """Walk the chain from the manager on, as far as silence has let it go by `now`."""
    if case.acknowledged_at is not None or case.closed_at is not None:
        return NOTHING
    calls: list[Call] = []
    skips: list[Skip] = []
    for level, step in enumerate(case.chain):
        reachable, passed_over = _who_can_be_paged(case, level, step)
        skips.extend(passed_over)
        if not reachable:
            continue  # nobody to wait for: straight on to the next level
        calls.append(Call(level, 1, reachable))
        silence_ends = _silence_ends(case, level)
        if silence_ends is None or silence_ends > now:
            return Paging(tuple(calls), tuple(skips), silence_ends)
    if not calls:
        return Paging((), tuple(skips), None)
    again, next_at = _again(case, calls[-1], now)
    return Paging((*calls, *again), tuple(skips), next_at)


def why_not(case: CaseState, person: ChainPerson) -> SkipReason | None:
    """Why this person of the chain cannot be paged, as far as is known beforehand."""
    if person.user is None:
        return SkipReason.NO_SUCH_USER
    if not person.active:
        return SkipReason.DEACTIVATED
    if person.user == case.reporter:
        return SkipReason.IS_REPORTER
    return None


def _who_can_be_paged(
    case: CaseState, level: int, step: ChainLevel
) -> tuple[tuple[str, ...], tuple[Skip, ...]]:
    reachable, passed_over = [], []
    for person in step.people:
        if reason := why_not(case, person):
            passed_over.append(Skip(level, person.reference, person.user, reason))
        elif person.user and not _was_skipped(case, level, person.user):
            reachable.append(person.user)
    return tuple(reachable), tuple(passed_over)


def _was_skipped(case: CaseState, level: int, user: str) -> bool:
    return any(p.level == level and p.user == user and p.skipped for p in case.pages)


def _pages(case: CaseState, level: int, attempt: int) -> list[PageState]:
    return [p for p in case.pages if p.level == level and p.attempt == attempt and not p.skipped]


def _silence_ends(case: CaseState, level: int) -> datetime | None:
    """When the next level is called too; None while this one's page is still on its way.

    A page that could not be sent in time (a row without `sent_at`) holds nobody up: the next is called
    while the sending is still tried.
    """
    if any(p.level > level for p in case.pages):
        return case.reported_at  # already moved on
    pages = _pages(case, level, 1)
    if any(p.sent_at is None for p in pages) and not any(p.sent_at for p in pages):
        return case.reported_at
    sent = [p.sent_at for p in pages if p.sent_at]
    return min(sent) + case.acknowledge_within if sent else None


def _again(case: CaseState, last: Call, now: datetime) -> tuple[tuple[Call, ...], datetime | None]:
    """After the last level: the same people again every `repeat_every`, until somebody acknowledges."""
    attempts = [p.attempt for p in case.pages if p.level == last.level and not p.skipped]
    newest = max(attempts, default=1)
    sent = [p.sent_at for p in _pages(case, last.level, newest) if p.sent_at]
    if not sent:
        return (() if newest == 1 else (Call(last.level, newest, last.users),)), None
    next_at = min(sent) + case.repeat_every
    if next_at > now:
        return (), next_at
    return (Call(last.level, newest + 1, last.users),), None
