"""Messages that stand already and are to show what is true now: the card, pages, the receipt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.organisation import Organisation
from bot.policy.need import Need, Priority, Say, of_turn, page_key, room_page_key
from bot.policy.paging import Paging
from bot.policy.reminders import morning
from bot.policy.rooms import of_room
from bot.policy.state import CaseState
from bot.vocabulary import LogKind

#: Log entries after which the card looks different.
REDRAWS = frozenset(
    {
        LogKind.ACKNOWLEDGED,
        LogKind.HANDED_OVER,
        LogKind.CANNOT,
        LogKind.LAPSED,
        LogKind.HOLDER_GONE,
        LogKind.OUTSIDER_JOINED,
        LogKind.MEMBER_LEFT,
        LogKind.FACTS_ADDED,
        LogKind.OBLIGATIONS_CHANGED,
        LogKind.ASSESSMENT_CONFIRMED,
        LogKind.REASSESSED,
        LogKind.SUBMISSION_RECORDED,
        LogKind.ITEMS_EDITED,
        LogKind.REMINDED,
        LogKind.TASKS_GROWN,
        LogKind.TASK_ADDED,
        LogKind.TASK_DONE,
        LogKind.TASK_NOT_APPLICABLE,
        LogKind.TASK_REOPENED,
        LogKind.TASKS_REMINDED,
        LogKind.INQUIRY_RECORDED,
        LogKind.INQUIRY_ASSIGNED,
        LogKind.INQUIRY_ANSWERED,
        LogKind.INQUIRY_CLOSED,
        LogKind.INQUIRY_REOPENED,
        LogKind.INQUIRIES_REMINDED,
        LogKind.CRITERION_MET,
        LogKind.COMPANY_WIDE,
        LogKind.DEVIATION_RECORDED,
        LogKind.PERSONS_TOLD,
        LogKind.PUBLICATION_DECIDED,
        LogKind.CLOSED,
        LogKind.REOPENED,
        LogKind.JOINED,
        LogKind.JOINED_INTO,
    }
)

NEAR = timedelta(days=7)  # while a deadline is nearer than this, the card is drawn again each morning


def the_card_is_current(
    case: CaseState, organisation: Organisation, now: datetime
) -> tuple[list[Need], datetime | None]:
    """The card is drawn again after a step that shows on it, and each morning while a deadline is near."""
    if case.card is None:
        return [], None
    posted = case.events_of(LogKind.CARD_POSTED)
    newest = max((e.seq for e in case.events if e.kind in REDRAWS), default=0)
    changed = bool(posted) and newest > posted[-1].seq
    today, next_morning = _mornings(case, organisation, now)
    if posted and today is not None and posted[-1].at >= _morning(organisation, today):
        today = None
    if not changed and today is None:
        return [], next_morning
    version = f"{newest}" + (f"/{today}" if today else "")
    need = Need(
        f"{case.number}/card/{version}",
        Say.CARD_REDRAW,
        f"card:{case.number}",
        Priority.REDRAW,
    )
    return [need], next_morning


def _mornings(
    case: CaseState, organisation: Organisation, now: datetime
) -> tuple[date | None, datetime | None]:
    """The newest morning on which the card showed a near deadline, and the next one."""
    due = [o.due_at for o in case.open_obligations if o.due_at and o.due_at > now]
    if not due or case.closed_at is not None:
        return None, None
    near_from = min(due) - NEAR
    day = now.astimezone(organisation.timezone).date()
    last = day if _morning(organisation, day) <= now else day - timedelta(days=1)
    following = max(last + timedelta(days=1), near_from.astimezone(organisation.timezone).date())
    next_at = _morning(organisation, following)
    if next_at < near_from:
        next_at = _morning(organisation, following + timedelta(days=1))
    return (last if _morning(organisation, last) >= near_from else None), next_at


def _morning(organisation: Organisation, day: date) -> datetime:
    return datetime.combine(day, morning(organisation.reminders), tzinfo=organisation.timezone)


def old_messages_are_current(case: CaseState, calls: Paging) -> Iterator[Need]:
    """Messages already sent gain the link to the room, and lose their button once somebody has the case."""
    if case.channel is None and case.former_rooms:
        return  # they lead to the room before until there is another one
    answered = bool(case.acknowledged_at or case.closed_at)
    state = ("answered" if answered else "linked") + of_turn(case) + of_room(case)
    still_called = {(call.level, call.attempt) for call in calls.calls} if answered else set()
    moved = bool(case.former_rooms)
    given_up = case.turn > 0 and not answered  # what said that somebody has it says so no more
    for page in case.pages:
        old = given_up and page.turn < case.turn
        if (page.level, page.attempt) in still_called:
            continue
        if page.direct and (answered or old or moved or (case.channel and not page.linked)):
            key = page_key(case, page.level, page.attempt, page.user)
            yield Need(
                f"{key}/{state}",
                Say.PAGE_REDRAW,
                f"redraw:{key}",
                Priority.REDRAW,
                {"level": page.level, "attempt": page.attempt, "user": page.user},
            )
    if answered or given_up:
        shown = {(p.level, p.attempt) for p in case.pages if p.room and (answered or p.turn < case.turn)}
        for level, attempt in sorted(shown - still_called):
            key = room_page_key(case, level, attempt)
            yield Need(
                f"{key}/{state}",
                Say.PAGE_ROOM_REDRAW,
                f"redraw:{key}",
                Priority.REDRAW,
                {"level": level, "attempt": attempt},
            )
    receipt = case.events_of(LogKind.RECEIPT_SENT)
    ended = [e.seq for e in case.events if e.kind in (LogKind.CLOSED, LogKind.REOPENED)]
    if receipt and (answered or given_up or moved or (case.channel and not receipt[-1].data.get("linked"))):
        yield Need(
            f"{case.number}/receipt/{state}" + "".join(f"/{seq}" for seq in ended[-1:]),
            Say.RECEIPT_REDRAW,
            f"redraw:{case.number}/receipt",
            Priority.REDRAW,
        )
