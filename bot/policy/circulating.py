"""What is said of documents that are circulated: who is asked, asked again, told that it was sent back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.policy.approval import Asked, Version, asked, versions
from bot.policy.confidential import is_in_the_room
from bot.policy.need import Need, Priority, Say
from bot.policy.rooms import of_room
from bot.policy.state import CaseState, EventState
from bot.vocabulary import LogKind


def approvals_are_asked_for(case: CaseState, now: datetime) -> tuple[list[Need], datetime | None]:
    """Whoever's turn it is hears of it in person and in the room, and again each working day.

    Out also: when somebody is next asked again. What was said already and is over is drawn again without
    its buttons.
    """
    if case.joined_into is not None:
        return [], None
    wanted: list[Need] = []
    next_at: datetime | None = None
    found = versions(case.events)
    for version in found:
        if version.waits:
            turn = asked(case, version, now)
            wanted += _in_person(case, version, turn)
            wanted += _in_the_room(case, version, turn)
            again, at = _again(case, version, turn, now)
            wanted += again
            next_at = min(each for each in (next_at, at) if each) if next_at or at else None
    wanted += _what_is_over(case, {version.turn: version for version in found if version.turn})
    wanted += _the_author_is_told(case)
    return wanted, next_at


def _key(case: CaseState, version: Version) -> str:
    return f"{case.number}/approval/{version.ref}/{version.turn}/{version.step}"


def _about(version: Version) -> dict[str, Any]:
    """Which step of which circulation it is about."""
    ref = version.ref
    return {
        "kind": ref.kind,
        "locale": ref.locale,
        "version": ref.version,
        "turn": version.turn,
        "step": version.step,
    }


def _in_person(case: CaseState, version: Version, turn: Asked) -> Iterator[Need]:
    for user in turn.users:
        yield Need(
            f"{_key(case, version)}/{user}",
            Say.APPROVAL_DIRECT,
            f"approval:{user}",
            Priority.WORD,
            {**_about(version), "user": user},
        )


def _in_the_room(case: CaseState, version: Version, turn: Asked) -> Iterator[Need]:
    """Once for each step; it waits for the invitations, since a mention rings only for members."""
    called = (case.members.get(user) for user in turn.users)
    if case.card is not None and all(m is not None and (m.invited_at or m.error) for m in called):
        yield Need(
            _key(case, version) + of_room(case),
            Say.APPROVAL_ROOM,
            f"room:{case.number}",
            Priority.WORD,
            {**_about(version), "users": list(turn.users)},
        )


def _again(
    case: CaseState, version: Version, turn: Asked, now: datetime
) -> tuple[list[Need], datetime | None]:
    """Again from the moment on that was noted when they were last asked (`APPROVAL_ASKED`, `again_at`)."""
    last = {
        str(e.data["user"]): datetime.fromisoformat(e.data["again_at"])
        for e in case.events_of(LogKind.APPROVAL_ASKED)
        if "again_at" in e.data and (e.data["turn"], e.data["step"]) == (version.turn, version.step)
    }
    moments = {user: last[user] for user in turn.users if user in last}
    again = [
        Need(
            f"{_key(case, version)}/{user}/{at.date()}",
            Say.APPROVAL_DIRECT,
            f"approval:{user}",
            Priority.WORD,
            {**_about(version), "user": user, "again": True},
        )
        for user, at in moments.items()
        if at <= now
    ]
    return again, min((at for at in moments.values() if at > now), default=None)


def _what_is_over(case: CaseState, circulated: dict[int, Version]) -> Iterator[Need]:
    """Messages that asked, once they ask for nothing any more."""
    for event in case.events_of(LogKind.APPROVAL_ASKED):
        version = circulated.get(int(event.data.get("turn") or 0))
        still = version is not None and version.waits and version.step == event.data["step"]
        if "ts" in event.data and not still:
            key = f"{case.number}/approval/over/{event.seq}"
            yield Need(key, Say.APPROVAL_REDRAW, f"redraw:{key}", Priority.REDRAW, {"seq": event.seq})


def _the_author_is_told(case: CaseState) -> Iterator[Need]:
    """Whoever wrote or circulated what was sent back reads the remark in person, while they are there."""
    known = {str(version.ref): version for version in versions(case.events)}
    for event in case.events_of(LogKind.DOCUMENT_SENT_BACK):
        for user in _concerned(known.get(_written(event)), event):
            if is_in_the_room(case, user):
                yield Need(
                    f"{case.number}/sent_back/{event.seq}/{user}",
                    Say.SENT_BACK,
                    f"approval:{user}",
                    Priority.WORD,
                    {"seq": event.seq, "user": user},
                )


def _written(event: EventState) -> str:
    return f"{event.data.get('kind')}/{event.data.get('locale')}/{event.data.get('version')}"


def _concerned(version: Version | None, event: EventState) -> list[str]:
    people = [version.author, version.circulated_by] if version else []
    return [user for user in dict.fromkeys(people) if user and user != event.actor]
