"""Calling somebody beside Slack: by mail, telephone or another service of the organisation's."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels import Address, ChannelFailed
from bot.channels.sending import NO_ADDRESS, NOT_SENT
from bot.channels.words import channel_page
from bot.outbox.speaker import Call, DeliveryFailed, Outcome, Result, Saying
from bot.policy.state import CaseState, PageState
from bot.slack.deliveries.voice import Voice
from bot.slack.links import address_of
from bot.workflow import channels

TRIES = 3  # within some seconds; then the room is told, and the next page is another try


async def page_channel(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """Somebody is called by a further channel. No key can be looked for there: better twice than never.

    Raises DeliveryFailed: to be tried again, and refused for good after `TRIES` or without an address.
    """
    user, line = saying.data["user"], voice.channels.line(saying.data["channel"])
    if line is None:
        raise LookupError(f"{saying.key}: there is no such channel")  # `needs` counts the same file
    if user is not None and not voice.people.knows(user):
        await voice.people.learn(voice.client, user)
    address = voice.people.address_of(user) if user is not None else Address()
    if not line.reaches(address):
        raise DeliveryFailed(Outcome.REFUSED, f"{NO_ADDRESS} {line.name}")
    locale = voice.people.locale_of(user) if user is not None else voice.locale
    link = await _link(voice, case, user, now) if user is not None else None
    title, words = channel_page(
        locale,
        case.number,
        drill=case.drill,
        slack=_in_slack(voice, case, saying),
        answer=link,
        lives=channels.LIVES,
    )

    async def call() -> Result:
        try:
            await line.send(address, title, words)
        except ChannelFailed as failed:
            outcome = Outcome.REFUSED if saying.attempts >= TRIES else Outcome.UNKNOWN
            raise DeliveryFailed(outcome, f"{failed.reason} {line.name}") from failed
        return {"name": line.name}

    return call


async def note_sent(db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime) -> None:
    """Somebody was called by a further channel."""
    data = saying.data
    await channels.channel_sent(
        db, case.number, level=data["level"], user=data["user"], name=result["name"], now=now
    )


async def not_sent(db: AsyncSession, case: CaseState, saying: Saying, error: str, now: datetime) -> None:
    """A channel did not get through: the room is told which, and whom it was to call."""
    reason, _, name = error.partition(" ")
    await channels.channel_failed(
        db,
        case.number,
        level=saying.data["level"],
        user=saying.data["user"],
        channel=saying.data["channel"],
        name=name or "?",
        reason=NO_ADDRESS if reason == NO_ADDRESS else NOT_SENT,
        now=now,
    )


async def _link(voice: Voice, case: CaseState, user: str, now: datetime) -> str | None:
    """A link by which this person may answer once; each try has a link of its own."""
    if voice.public_url is None:
        return None
    token = secrets.token_urlsafe(32)
    # Stored before it is sent: whoever opens the mail at once finds it working.
    async with voice.database.transaction() as db:
        await channels.link_made(db, case.number, user=user, token=token, now=now)
    return address_of(voice.public_url, token)


def _in_slack(voice: Voice, case: CaseState, saying: Saying) -> str | None:
    """Where the page stands in Slack: the person's own message, else the room."""
    page = next((p for p in reversed(case.pages) if _is_for(p, saying)), None)
    if page is not None and page.direct is not None and saying.data["user"] is not None:
        return f"{voice.workspace_url}archives/{page.direct.channel}/p{page.direct.ts.replace('.', '')}"
    return f"{voice.workspace_url}archives/{case.channel}" if case.channel else None


def _is_for(page: PageState, saying: Saying) -> bool:
    here = (page.level, page.attempt) == (saying.data["level"], saying.data["attempt"])
    return here and saying.data["user"] in (None, page.user)
