"""What does this case need now? The whole protocol, top to bottom, as one pure function.

Steps only change the case; `needs` answers what follows from it. Nobody schedules and nobody cancels:
whatever this function no longer asks for is no longer said. What was said already is the outbox's memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from bot.organisation import Organisation
from bot.policy.channels import channel_calls
from bot.policy.circulating import approvals_are_asked_for
from bot.policy.confidential import is_in_the_room, kept_informed
from bot.policy.need import Need, Needs, Priority, Say, of_turn, page_key, room_page_key
from bot.policy.notifying import publication_is_looked_at_again
from bot.policy.paging import Call, Paging, paging
from bot.policy.prompting import (
    criteria_are_told,
    inquiries_are_not_forgotten,
    is_held_back,
    tasks_are_handed_on,
    tasks_are_not_forgotten,
)
from bot.policy.redrawing import REDRAWS, old_messages_are_current, the_card_is_current
from bot.policy.reminders import TOKYO, reminder_now
from bot.policy.rooms import is_without_room, needs_a_room, next_room_at, of_room
from bot.policy.state import CaseState, MemberState
from bot.policy.steps import STEPS, silence
from bot.vocabulary import LogKind, Notice

#: Log entries the room is told of, and the notice that tells it.
ANNOUNCED: dict[LogKind, Notice] = {
    LogKind.ACKNOWLEDGED: Notice.ACKNOWLEDGED,
    LogKind.PAGE_SKIPPED: Notice.PAGE_SKIPPED,
    LogKind.HANDED_OVER: Notice.HANDED_OVER,
    LogKind.CANNOT: Notice.CANNOT,
    LogKind.STILL_WORKING: Notice.STILL_WORKING,
    LogKind.LAPSED: Notice.LAPSED,
    LogKind.OUTSIDER_JOINED: Notice.OUTSIDER_JOINED,
    LogKind.CHANNEL_FAILED: Notice.CHANNEL_FAILED,
    LogKind.HOLDER_GONE: Notice.HOLDER_GONE,
    LogKind.FACTS_ADDED: Notice.FACTS_ADDED,
    LogKind.ASSESSMENT_CONFIRMED: Notice.ASSESSMENT_CONFIRMED,
    LogKind.REASSESSED: Notice.REASSESSED,
    LogKind.SUBMISSION_RECORDED: Notice.SUBMISSION_RECORDED,
    LogKind.DOCUMENT_SENT_BACK: Notice.DOCUMENT_SENT_BACK,
    LogKind.DOCUMENT_SENT: Notice.DOCUMENT_SENT,
    LogKind.CLOSED: Notice.CLOSED,
    LogKind.REOPENED: Notice.REOPENED,
    LogKind.ROOM_LOST: Notice.ROOM_MOVED,
    LogKind.TASK_ASSIGNED: Notice.TASK_ASSIGNED,
    LogKind.INQUIRY_RECORDED: Notice.INQUIRY_RECORDED,
    LogKind.INQUIRY_ASSIGNED: Notice.INQUIRY_ASSIGNED,
    LogKind.INQUIRY_ANSWERED: Notice.INQUIRY_ANSWERED,
    LogKind.COMPANY_WIDE: Notice.COMPANY_WIDE,
    LogKind.DEVIATION_RECORDED: Notice.DEVIATION_RECORDED,
    LogKind.PUBLICATION_DECIDED: Notice.PUBLICATION_DECIDED,
    LogKind.JOINED: Notice.JOINED,
    LogKind.JOINED_INTO: Notice.JOINED_INTO,
}
#: Those of them that whoever reported from outside the room is told of.
TOLD: dict[LogKind, Notice] = {
    kind: ANNOUNCED[kind]
    for kind in (
        LogKind.ACKNOWLEDGED,
        LogKind.ASSESSMENT_CONFIRMED,
        LogKind.CLOSED,
        LogKind.REOPENED,
        LogKind.JOINED_INTO,
    )
}
#: The log entries that `needs` reads; a state built with these kinds is enough.
READ = (
    frozenset(ANNOUNCED)
    | REDRAWS
    | STEPS
    | {LogKind.ASKED, LogKind.RECEIPT_SENT, LogKind.CARD_POSTED, LogKind.DOCUMENT_DRAFTED}
    | {LogKind.DOCUMENT_CIRCULATED, LogKind.APPROVAL_ASKED, LogKind.DOCUMENT_APPROVED}
    | {LogKind.TIMELINE_WANTED, LogKind.FILE_SHARED, LogKind.SIMILAR_FOUND}
    | {LogKind.CRITERION_MET, LogKind.TASKS_REMINDED, LogKind.INQUIRIES_REMINDED}
)


def needs(case: CaseState, organisation: Organisation, now: datetime) -> Needs:
    """What this case needs at `now` (UTC), and when it should next be asked."""
    if case.blanked_at and case.closed_at and case.blanked_at >= case.closed_at:
        return Needs((), None, None)  # years later, and without the words that anything could be said with
    calls = _called(case, organisation, now)
    room_at = next_room_at(case) if needs_a_room(case) else None
    wanted = [
        *_somebody_is_called(case, calls),
        *_the_room_is_open(case, room_at, now),
        *_the_reporter_knows(case),
        *_joining_is_offered(case),
        *_the_room_has_its_people_and_card(case),
        *_the_room_sees_who_is_called(case, calls),
        *_the_room_hears_what_happened(case),
        *_the_room_has_its_documents(case),
        *criteria_are_told(case),
        *tasks_are_handed_on(case),
        *_what_was_said_is_kept(case),
        *_files_are_listed(case),
    ]
    by_channel, channel_at = channel_calls(case, organisation.paging.channels, calls, now)
    wanted += by_channel
    approvals, approval_at = approvals_are_asked_for(case, now)
    wanted += approvals
    forgotten, tasks_at = tasks_are_not_forgotten(case, organisation, now)
    wanted += forgotten
    to_decide, decide_at = publication_is_looked_at_again(case, organisation, now)
    wanted += to_decide
    unanswered, answers_at = inquiries_are_not_forgotten(case, organisation, now)
    wanted += unanswered
    moments = [calls.next_at, channel_at, decide_at, tasks_at, answers_at, approval_at]
    moments.append(room_at if room_at and room_at > now else None)
    for need, next_at in _deadlines_are_not_forgotten(case, organisation, now):
        wanted += [need] if need else []
        moments.append(next_at)
    card, next_morning = the_card_is_current(case, organisation, now)
    wanted += card
    asked, ask_at = _whoever_has_it_is_still_there(case, organisation, now)
    wanted += asked
    moments.append(ask_at)
    wanted += old_messages_are_current(case, calls)
    return Needs(tuple(wanted), _earliest([*moments, next_morning]), _earliest(moments))


def _called(case: CaseState, organisation: Organisation, now: datetime) -> Paging:
    """Those called until somebody has the case, and those called beside somebody who fell silent."""
    quiet = silence(case, organisation.paging.step_within, now)
    return Paging(quiet.calls, (), None) if quiet and quiet.calls else paging(case, now)


def _somebody_is_called(case: CaseState, calls: Paging) -> Iterator[Need]:
    for call in calls.calls:
        for user in call.users:
            yield Need(
                page_key(case, call.level, call.attempt, user),
                Say.PAGE_DIRECT,
                f"user:{user}",
                Priority.PAGE,
                {
                    "level": call.level,
                    "attempt": call.attempt,
                    "user": user,
                    "patience": case.acknowledge_within.total_seconds(),
                },
            )
    told = {
        (e.data.get("turn", 0), e.data.get("level"), e.data.get("reference"))
        for e in case.events_of(LogKind.PAGE_SKIPPED)
    }
    for skip in calls.skips:
        if (case.turn, skip.level, skip.reference) not in told:
            yield Need(
                f"{case.number}/skip/{skip.level}/{skip.reference}{of_turn(case)}",
                Say.SKIP,
                f"skip:{case.number}",
                Priority.PAGE,
                {"level": skip.level, "reference": skip.reference, "user": skip.user, "reason": skip.reason}
                | ({"instead": skip.instead} if skip.instead else {}),
            )


def _the_room_is_open(case: CaseState, at: datetime | None, now: datetime) -> Iterator[Need]:
    if needs_a_room(case) and (at is None or at <= now):
        yield Need(f"{case.number}/room{of_room(case)}", Say.ROOM, f"open:{case.number}", Priority.ROOM)


def _the_reporter_knows(case: CaseState) -> Iterator[Need]:
    yield Need(f"{case.number}/receipt", Say.RECEIPT, f"user:{case.reporter}", Priority.RECEIPT)
    for event in case.events:
        if notice := TOLD.get(event.kind):
            told = dict(kept_informed(case, event))
            if event.kind is LogKind.JOINED_INTO and is_in_the_room(case, case.reporter):
                told[0] = case.reporter  # it goes on in another one
            for place, user in told.items():
                # By their place, not by who they are: keys are written to logs.
                key = f"{case.number}/told/{notice}/{event.seq}/{place}"
                data = {"notice": notice, "seq": event.seq, "user": user}
                yield Need(key, Say.TELL_REPORTER, f"user:{user}", Priority.WORD, data)


def _joining_is_offered(case: CaseState) -> Iterator[Need]:
    """Whoever leads the case hears of another one that it looks like; never the reporter, never the room."""
    if case.closed_at is not None:
        return
    for event in case.events_of(LogKind.SIMILAR_FOUND):
        for user in event.data["ask"]:
            key = f"{case.number}/similar/{event.data['other']}/{user}"
            # A lane of its own: an offer never stands before somebody's next page.
            yield Need(key, Say.OFFER_JOIN, f"offer:{user}", Priority.WORD, {"user": user, "seq": event.seq})


def _the_room_has_its_people_and_card(case: CaseState) -> Iterator[Need]:
    if case.channel is None:
        return
    here = of_room(case)
    asked = sum(1 for m in case.members.values() if m.invited_at or m.error)
    if asked < len(case.members):
        # Named by how many were asked before: people who come later make a new invitation, and so does
        # whoever left the room and is called again.
        again = "".join(f"/{m.left_at.isoformat()}" for m in _to_invite(case) if m.left_at) + here
        yield Need(f"{case.number}/invite/{asked}{again}", Say.INVITE, f"invite:{case.number}", Priority.ROOM)
    if case.card is None or not here:  # a room that was brought back has its card
        yield Need(f"{case.number}/card{here}", Say.CARD, f"room:{case.number}", Priority.CARD)
    if case.card is not None:
        # After the card, which is the room's first message: setting a topic posts one of Slack's own.
        yield Need(f"{case.number}/pin{here}", Say.PIN, f"pin:{case.number}", Priority.FURNITURE)
        yield Need(f"{case.number}/topic{here}", Say.TOPIC, f"topic:{case.number}", Priority.FURNITURE)


def _the_room_sees_who_is_called(case: CaseState, calls: Paging) -> Iterator[Need]:
    if case.card is None:
        return
    for call in calls.calls:
        if _everybody_was_invited(case, call):
            yield Need(
                room_page_key(case, call.level, call.attempt) + of_room(case),
                Say.PAGE_ROOM,
                f"room:{case.number}",
                Priority.ROOM_PAGE,
                {"level": call.level, "attempt": call.attempt, "users": list(call.users)},
            )


def _everybody_was_invited(case: CaseState, call: Call) -> bool:
    """A mention rings only for members, so the page in the room waits for the invitation's answer."""
    members = (case.members.get(user) for user in call.users)
    return all(m is not None and (m.invited_at or m.error) for m in members)


def _the_room_hears_what_happened(case: CaseState) -> Iterator[Need]:
    if case.card is None:
        return
    for event in case.events:
        if (notice := ANNOUNCED.get(event.kind)) and not is_held_back(case, event):
            yield Need(
                f"{case.number}/{notice}/{event.seq}",
                Say.NOTICE,
                f"room:{case.number}",
                Priority.WORD,
                {"notice": notice, "seq": event.seq},
            )


def _the_room_has_its_documents(case: CaseState) -> Iterator[Need]:
    if case.card is None and not is_without_room(case):
        return  # where the room is gone for good, whoever drafted it gets it
    for event in case.events_of(LogKind.DOCUMENT_DRAFTED):
        version = {name: event.data[name] for name in ("kind", "locale", "version")}
        yield Need(
            f"{case.number}/document/{version['kind']}/{version['locale']}/{version['version']}",
            Say.DOCUMENT,
            f"document:{case.number}",  # a file takes its time, and no page or countdown waits for it
            Priority.WORD,
            {"seq": event.seq, **version},
        )
    for event in case.events_of(LogKind.DOCUMENT_APPROVED):
        if not event.data.get("left"):
            yield Need(
                f"{case.number}/approved/{event.seq}",
                Say.DOCUMENT,
                f"document:{case.number}",
                Priority.WORD,
                {"seq": event.seq} | {name: event.data[name] for name in ("kind", "locale", "version")},
            )


def _what_was_said_is_kept(case: CaseState) -> Iterator[Need]:
    """A message somebody marked is read from Slack; marked again after it was edited, it is read again."""
    for event in case.events_of(LogKind.TIMELINE_WANTED):
        yield Need(
            f"{case.number}/timeline/{event.data['ts']}/{event.seq}",
            Say.TIMELINE,
            f"timeline:{case.number}",
            Priority.FURNITURE,
            {"ts": event.data["ts"], "person": event.actor, "channel": event.data.get("channel")},
        )


def _files_are_listed(case: CaseState) -> Iterator[Need]:
    """Each file once, however often it is shared: those of the first report, then those of the room."""
    shared = dict.fromkeys(case.report.files, case.reporter)
    for event in case.events_of(LogKind.FILE_SHARED):
        shared.setdefault(event.data["file"], event.actor)
    for file, person in shared.items():
        yield Need(
            f"{case.number}/file/{file}",
            Say.FILE,
            f"file:{case.number}",  # a large one takes its time, and nobody waits for it
            Priority.FURNITURE,
            {"file": file, "person": person},
        )


def _deadlines_are_not_forgotten(
    case: CaseState, organisation: Organisation, now: datetime
) -> Iterator[tuple[Need | None, datetime | None]]:
    if case.closed_at is not None:
        return
    for obligation in case.open_obligations:
        reminder, next_at = reminder_now(obligation, organisation.reminders, organisation.timezone, now)
        need = None
        if reminder and case.card is not None and obligation.due_at:
            due_on = obligation.due_at.astimezone(TOKYO).date()
            need = Need(
                f"{case.number}/{obligation.kind}/{due_on}/{reminder.step}",
                Say.REMINDER,
                f"room:{case.number}",
                Priority.WORD,
                {"obligation": obligation.kind, "kind": reminder.kind, "step": reminder.step},
            )
        yield need, next_at


def _whoever_has_it_is_still_there(
    case: CaseState, organisation: Organisation, now: datetime
) -> tuple[list[Need], datetime | None]:
    """A case somebody took, and nobody did anything about since, is asked after and then called again."""
    quiet = silence(case, organisation.paging.step_within, now)
    if quiet is None:
        return [], None
    about: dict[str, Any] = {"user": quiet.holder, "step": quiet.step}
    wanted: list[Need] = []
    if quiet.ask:
        key = f"{case.number}/still_there/{quiet.step}"
        lane = f"user:{quiet.holder}"
        wanted.append(Need(f"{key}/{quiet.holder}", Say.ASK_DIRECT, lane, Priority.RECEIPT, about))
        if case.card is not None:
            wanted.append(Need(key, Say.ASK_ROOM, f"room:{case.number}", Priority.WORD, about))
    if quiet.lapse:
        level, attempt = quiet.lapse
        key = f"{case.number}/lapse/{quiet.step}/{level}"
        about = {**about, "level": level, "attempt": attempt}
        wanted.append(Need(key, Say.LAPSE, f"lapse:{case.number}", Priority.PAGE, about))
    return wanted, quiet.next_at


def _to_invite(case: CaseState) -> list[MemberState]:
    return [m for m in case.members.values() if not m.invited_at and not m.error]


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
