"""Asking for approval in person and in the room, and telling the author that a document was sent back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.speaker import Call, Result, Saying
from bot.policy.approval import Asked, Ref, Version, asked, version_of
from bot.policy.state import CaseState, MessageRef
from bot.slack.deliveries.voice import Voice, done, room_of
from bot.slack.screens import approval as screens
from bot.vocabulary import DocumentKind, EventType, Notice
from bot.workflow import approving
from bot.workflow.approving import Turn, working_morning_after


async def direct(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """Somebody is asked in person, in their own language, and again when the office next opens."""
    user = saying.data["user"]
    version, turn = _version(case, saying), _asked(case, saying, now)
    message = screens.wanted(
        voice.people.locale_of(user),
        voice.zone,
        case,
        version,
        turn,
        in_room=False,
        again=bool(saying.data.get("again")),
    )
    post = await voice.posting(
        user, message, saying, EventType.NOTICE, case=case.number, kind=Notice.APPROVAL_WANTED
    )
    again_at = working_morning_after(now, voice.zone, weekly=case.closed_at is not None)

    async def call() -> Result:
        return {"where": await post(), "again_at": again_at.isoformat()}

    return call


async def room(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """The room sees who is asked, and it rings there too."""
    version, turn = _version(case, saying), _asked(case, saying, now)
    shown = replace(turn, users=tuple(saying.data["users"]))
    message = screens.wanted(voice.locale, voice.zone, case, version, shown, in_room=True)
    return await voice.posting(
        room_of(case), message, saying, EventType.NOTICE, case=case.number, kind=Notice.APPROVAL_WANTED
    )


async def note_asked(
    db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
) -> None:
    """Somebody was asked."""
    await approving.approval_asked(
        db,
        case.number,
        _turn(saying),
        user=saying.data["user"],
        where=MessageRef(**result["where"]),
        again_at=datetime.fromisoformat(result["again_at"]),
        now=now,
    )


async def note_shown(
    db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
) -> None:
    """The room saw who is asked."""
    where = MessageRef(**result)
    await approving.approval_asked(db, case.number, _turn(saying), user=None, where=where, now=now)


async def refused(db: AsyncSession, case: CaseState, saying: Saying, error: str, now: datetime) -> None:
    """Somebody who cannot be asked: the next is."""
    user = saying.data["user"]
    await approving.approval_asked(
        db, case.number, _turn(saying), user=user, where=None, error=error, now=now
    )


async def redraw(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """What asked loses its buttons and says what came of it."""
    event = next((e for e in case.events if e.seq == saying.data["seq"]), None)
    if event is None:
        return done({})
    data = event.data
    locale = voice.people.locale_of(str(data["user"])) if "user" in data else voice.locale
    ref = _ref(data["kind"], data["locale"], data["version"])
    message = screens.over(
        locale, voice.zone, case, ref, int(data["turn"]), int(data["step"]), version_of(case, ref)
    )
    return voice.redrawing(MessageRef(data["channel"], data["ts"]), message)


async def sent_back(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """Whoever wrote or circulated it reads the remark in person."""
    user = saying.data["user"]
    event = next(e for e in case.events if e.seq == saying.data["seq"])
    message = screens.sent_back(voice.people.locale_of(user), voice.zone, case, event)
    return await voice.posting(
        user, message, saying, EventType.NOTICE, case=case.number, kind=Notice.DOCUMENT_SENT_BACK
    )


def _asked(case: CaseState, saying: Saying, now: datetime) -> Asked:
    return asked(case, _version(case, saying), now)


def _version(case: CaseState, saying: Saying) -> Version:
    """The version it is about. Raises LookupError where the record names none."""
    version = version_of(case, _turn(saying).ref)
    if version is None:
        raise LookupError(f"{saying.key}: no such version")
    return version


def _turn(saying: Saying) -> Turn:
    data = saying.data
    return Turn(_ref(data["kind"], data["locale"], data["version"]), int(data["turn"]), int(data["step"]))


def _ref(kind: str, locale: str, version: int) -> Ref:
    return Ref(DocumentKind.of(kind), "en" if locale == "en" else "ja", int(version))
