"""Telling the persons and the public: how far the notices are, and which decision on publication is due.

Sources: APPI 26(2), RULE 10, Guidelines (General) 3-5-4-4 (each person directly) and 3-5-4-5 (substitute
measures where that is difficult). Publication is no duty in itself; the organisation's criteria ask for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.organisation import Organisation
from bot.policy.need import Need, Priority, Say
from bot.policy.notice_state import NoticeEntry
from bot.policy.reminders import morning
from bot.policy.state import CaseState
from bot.vocabulary import (
    Notice,
    NoticeWay,
    ObligationKind,
    Publication,
    PublicationStage,
    TaskName,
    TaskStatus,
)

#: Tasks that, when done, mean that it was published.
PUBLISHED_BY = frozenset({TaskName.PUBLISH_ON_SITE, TaskName.RELEASE_OR_CONFERENCE})


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the notices are. `at_most`: the total is the highest number that is possible.

    `told` were told one by one, for `replaced` a substitute measure stands, `everybody_else` where one stands
    for all who cannot be told. `ways` in the order of the vocabulary; None persons: for everybody else.
    """

    told: int = 0
    replaced: int = 0
    everybody_else: bool = False
    total: int | None = None
    at_most: bool = False
    ways: tuple[tuple[NoticeWay, int | None], ...] = ()
    last_at: datetime | None = None

    @property
    def begun(self) -> bool:
        """Something was done already."""
        return bool(self.ways)

    @property
    def complete(self) -> bool:
        """Everybody was told, or has a substitute measure instead."""
        enough = self.total is not None and self.told + self.replaced >= self.total
        return self.begun and (self.everybody_else or enough)


def standing_entries(case: CaseState) -> tuple[NoticeEntry, ...]:
    """The records that no later one corrected, oldest first."""
    corrected = {entry.corrects for entry in case.notices.entries}
    return tuple(entry for entry in case.notices.entries if entry.number not in corrected)


def progress(case: CaseState) -> Progress:
    """How far the notices of the case are."""
    entries = [entry for entry in standing_entries(case) if entry.persons != 0]
    total, at_most = total_of(case)
    counted: dict[NoticeWay, int | None] = {}
    for entry in entries:
        known = counted.get(entry.way, 0)
        counted[entry.way] = None if known is None or entry.persons is None else known + entry.persons
    return Progress(
        told=sum(e.persons or 0 for e in entries if not e.way.stands_instead),
        replaced=sum(e.persons or 0 for e in entries if e.way.stands_instead),
        everybody_else=any(e.persons is None for e in entries),
        total=total,
        at_most=at_most,
        ways=tuple((way, counted[way]) for way in NoticeWay if way in counted),
        last_at=max((entry.told_at for entry in entries), default=None),
    )


def total_of(case: CaseState) -> tuple[int | None, bool]:
    """How many persons are to be told, and whether that is only the highest possible number.

    What somebody entered for the notices stands before the facts; without an upper bound it is not known.
    """
    if case.notices.total is not None:
        return case.notices.total, False
    known = case.facts.get("persons")
    if not isinstance(known, Mapping):
        return None, False
    exact, highest = known.get("exact"), known.get("max")
    if isinstance(exact, int):
        return exact, False
    return (highest, True) if isinstance(highest, int) else (None, False)


def may_be_completed(case: CaseState) -> bool:
    """Whether the obligation is open and everybody has been told: only recording it is left."""
    notice = case.obligation(ObligationKind.INDIVIDUAL_NOTICE)
    return notice is not None and notice.is_open and progress(case).complete


def published(case: CaseState) -> bool:
    """Whether somebody did what publishes it."""
    return any(task.key in PUBLISHED_BY and task.status is TaskStatus.DONE for task in case.tasks)


def publication_stage(case: CaseState) -> PublicationStage | None:
    """Where publication stands, in the words of the commission's form; None as long as nobody decided."""
    if case.publication is None:
        return PublicationStage.DONE if published(case) else None
    if case.publication.decision is Publication.PUBLISH:
        done = case.publication.done or published(case)
        return PublicationStage.DONE if done else PublicationStage.PLANNED
    later = case.publication.decision is Publication.LATER
    return PublicationStage.CONSIDERED if later else PublicationStage.NONE


def publication_is_looked_at_again(
    case: CaseState, organisation: Organisation, now: datetime
) -> tuple[list[Need], datetime | None]:
    """A decision that was put off is asked for on its day, and each morning after, until it is made.

    Out: the word of the newest such morning, and the next moment to ask.
    """
    decision = case.publication
    if case.closed_at or decision is None or decision.review_on is None:
        return [], None
    begins = datetime.combine(
        decision.review_on, morning(organisation.reminders), tzinfo=organisation.timezone
    )
    if now < begins:
        return [], begins.astimezone(now.tzinfo)
    local = now.astimezone(organisation.timezone)
    today = datetime.combine(local.date(), begins.timetz())
    newest = today if today <= local else today - timedelta(days=1)
    following = (newest + timedelta(days=1)).astimezone(now.tzinfo)
    if case.card is None:
        return [], following
    data: dict[str, Any] = {"day": newest.date().isoformat()}
    key = f"{case.number}/{Notice.PUBLICATION_DUE}/{newest.date()}"
    return [Need(key, Say.PUBLICATION_DUE, f"room:{case.number}", Priority.WORD, data)], following
