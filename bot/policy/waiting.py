"""What waits for one person in one case: the lines of «あなたを待っていること» in App Home.

A table of small functions, `WAITS`, each for one kind of thing. They read an outline of the case
(`cases/outlines.py`): what they ask for must be in there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.policy.access import Act, may
from bot.policy.approval import asked as approval_asked
from bot.policy.approval import versions
from bot.policy.inquiries import asked as inquiry_asked
from bot.policy.inquiries import open_inquiries
from bot.policy.paging import is_out, patience, this_turn
from bot.policy.standing import Standing
from bot.policy.state import CaseState, ObligationState, PageState
from bot.policy.steps import may_be_taken_over
from bot.policy.tasks import is_live, owners
from bot.vocabulary import LogKind

#: Tasks wait from so long before their time: what is due in six weeks waits for nobody today.
SOON: Final = timedelta(hours=24)
#: Days of the law stand before everything else from so long ahead: the guide for the preliminary report.
NEAR: Final = timedelta(days=5)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Awaited(StrEnum):
    """What somebody is waited for with."""

    PAGE = "page"  # an answer to a page
    DECISION = "decision"  # on the duty to report
    OBLIGATION = "obligation"  # to be submitted
    APPROVAL = "approval"  # of documents
    INQUIRIES = "inquiries"  # to be answered
    TASKS = "tasks"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line: what waits, in which case, by when (UTC; None: promptly), and whether that has passed.

    Documents have no day: `at` is since when.

    `obligation` is the next one due: of a decision the one it is about, where there is one. `count` and
    `overdue` say how many tasks, inquiries or documents there are, or obligations still open.
    """

    awaited: Awaited
    case: CaseState
    at: datetime | None
    late: bool = False
    obligation: ObligationState | None = None
    count: int = 1
    overdue: int = 0
    again: bool = False  # it was decided before, and the facts changed


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who is waited for, all that they are to the case, and when (UTC)."""

    person: str
    standings: Collection[Standing]
    now: datetime


Waits = Callable[[CaseState, Somebody], Iterable[Waiting]]


def waits_for(
    case: CaseState, person: str, standings: Collection[Standing], now: datetime
) -> tuple[Waiting, ...]:
    """What waits for `person`, who is all of `standings` to the case, at `now` (UTC); most urgent first."""
    if not may(Act.SEE, standings):
        return ()
    who = Somebody(person, standings, now)
    return by_urgency((each for waits in WAITS for each in waits(case, who)), now)


def by_urgency(waiting: Iterable[Waiting], now: datetime) -> tuple[Waiting, ...]:
    """Pages, then days of the law that are near or have passed, then all else by when; no day stands last.

    With many cases small tasks are soon overdue, and must not hide what the law asks for.
    """
    return tuple(sorted(waiting, key=lambda each: (_rank(each, now), each.at or _NEVER)))


def _rank(waiting: Waiting, now: datetime) -> int:
    if waiting.awaited is Awaited.PAGE:
        return 0
    by_law = waiting.obligation is not None and waiting.at is not None
    return 1 if by_law and (waiting.at or now) <= now + NEAR else 2


def _a_page(case: CaseState, who: Somebody) -> Iterator[Waiting]:
    """A page without an answer, by when the next in the chain is called too; the newest of several."""
    pages = [page for page in this_turn(case) if page.user == who.person and _is_open(case, page)]
    for page in pages[-1:]:
        until = (page.sent_at or case.reported_at) + patience(case, page)
        yield Waiting(Awaited.PAGE, case, until, late=until <= who.now)


def _is_open(case: CaseState, page: PageState) -> bool:
    """Sent, and still waited for: nobody has the case, or whoever has it has fallen silent since."""
    if case.closed_at is not None or page.skipped or page.sent_at is None or page.acknowledged_at is not None:
        return False
    if case.acknowledged_by is None:
        return not is_out(case, page)
    lapsed = [event.at for event in case.events_of(LogKind.LAPSED)]
    return page.user != case.acknowledged_by and may_be_taken_over(case) and page.sent_at >= lapsed[0]


def _a_decision(case: CaseState, who: Somebody) -> Iterator[Waiting]:
    """The duty to report is not decided yet, or was decided before the facts changed."""
    if not _decides(case, who):
        return
    again = case.assessment is not None and bool(case.assessment.get("pending"))
    if case.assessment is None or again:
        dated = next(iter(case.open_obligations), None)
        due_at = dated.due_at if dated else None
        late = due_at is not None and due_at < who.now
        yield Waiting(Awaited.DECISION, case, due_at, late=late, obligation=dated, again=again)


def _an_obligation(case: CaseState, who: Somebody) -> Iterator[Waiting]:
    """The next obligation to be submitted. While nothing is decided, deciding comes first."""
    if case.assessment is None or not _decides(case, who):
        return
    still_open = case.open_obligations
    for due in still_open[:1]:
        late = due.due_at is not None and due.due_at < who.now
        yield Waiting(Awaited.OBLIGATION, case, due.due_at, late, due, count=len(still_open))


def _decides(case: CaseState, who: Somebody) -> bool:
    """The privacy office; the last resort, who decides in its place, where they have the case."""
    if case.closed_at is not None or not may(Act.ASSESS, who.standings):
        return False
    return Standing.PRIVACY_OFFICE in who.standings or case.acknowledged_by == who.person


def _tasks(case: CaseState, who: Somebody) -> Iterator[Waiting]:
    """Tasks of theirs that are overdue or due soon, all of a case in one line."""
    mine = [
        task.due_at
        for task in case.tasks
        if is_live(case, task) and task.due_at <= who.now + SOON and who.person in owners(case, task)
    ]
    if mine:
        overdue = sum(at <= who.now for at in mine)
        yield Waiting(Awaited.TASKS, case, min(mine), overdue > 0, count=len(mine), overdue=overdue)


def _inquiries(case: CaseState, who: Somebody) -> Iterator[Waiting]:
    """Inquiries they are asked to answer that are overdue or due soon, all of a case in one line."""
    due = [each for each in open_inquiries(case) if each.due_at <= who.now + SOON]
    mine = [each.due_at for each in due if who.person in inquiry_asked(case, each)]
    if mine:
        overdue = sum(at <= who.now for at in mine)
        yield Waiting(Awaited.INQUIRIES, case, min(mine), overdue > 0, count=len(mine), overdue=overdue)


def _approvals(case: CaseState, who: Somebody) -> Iterator[Waiting]:
    """Documents that are circulated and have come to them, and since when the first of them is."""
    if case.joined_into is not None:
        return
    circulated = [version for version in versions(case.events) if version.waits]
    mine = [v for v in circulated if who.person in approval_asked(case, v, who.now).users]
    if mine:
        since = min(v.circulated_at or v.at for v in mine)
        yield Waiting(Awaited.APPROVAL, case, since, count=len(mine))


#: Each kind of thing that may wait for somebody.
WAITS: Final[tuple[Waits, ...]] = (_a_page, _a_decision, _an_obligation, _approvals, _inquiries, _tasks)
