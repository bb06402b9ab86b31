"""What was said in the room is read and kept, and files are read and listed. The room hears nothing of it.

Reading twice does no harm, so a process that dies in between leaves nothing behind but another try.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.speaker import Call, DeliveryFailed, Outcome, Result, Saying
from bot.policy.state import CaseState
from bot.slack.answers import DONE, code_of, failure
from bot.slack.deliveries.voice import Voice, done, room_of
from bot.slack.downloading import Download, Unreadable, download
from bot.slack.said import digest, said
from bot.vocabulary import FileTrouble
from bot.workflow import timeline
from bot.workflow.timeline import FileListed, Words

logger = structlog.get_logger(__name__)

KEPT = "white_check_mark"  # the reaction that says: it stands in the timeline
GONE = frozenset({"file_not_found", "file_deleted", "not_visible"})
NAME_LIMIT = 255


async def message(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """The message as it stands now, and the quiet sign on it that it is kept."""
    room, ts = saying.data.get("channel") or room_of(case), saying.data["ts"]
    found = await _find(voice.client, room, ts)
    if found is None:
        return done({"words": None})
    words = Words(
        text=said(found) or "—",
        sha256=digest(found),
        author=str(found.get("user") or found.get("username") or found.get("bot_id") or "—"),
        said_at=datetime.fromtimestamp(float(ts), UTC),
        permalink=await _permalink(voice.client, room, ts),
    )

    async def call() -> Result:
        await _sign(voice.client, room, ts)
        return {"words": words}

    return call


async def note_message(
    db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime
) -> None:
    """It stands in the timeline."""
    await timeline.keep(
        db,
        case.number,
        ts=saying.data["ts"],
        person=saying.data["person"],
        words=result["words"],
        now=now,
    )


async def message_refused(
    db: AsyncSession, case: CaseState, saying: Saying, error: str, now: datetime
) -> None:
    """A message that cannot be read any more: the timeline says so."""
    await note_message(db, case, saying, {"words": None}, now)


async def file(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """A file's name, size and hash; its bytes are kept where the organisation says so."""
    about: dict[str, Any] = {}
    evidence = voice.evidence
    try:
        about = await _about(voice.client, saying.data["file"])
        async with evidence.turns:
            read = await download(voice.client, about, evidence.largest, whole=evidence.keeps)
            await _keep(voice, case, read)
    except Unreadable as no:
        return done({"listed": _listed(about, None, stored=False, trouble=no.trouble)})
    return done({"listed": _listed(about, read, stored=evidence.keeps)})


async def note_file(db: AsyncSession, case: CaseState, saying: Saying, result: Result, now: datetime) -> None:
    """The file stands in the record."""
    await timeline.file_listed(
        db,
        case.number,
        file=saying.data["file"],
        person=saying.data["person"],
        listed=result["listed"],
        now=now,
    )


async def file_refused(db: AsyncSession, case: CaseState, saying: Saying, error: str, now: datetime) -> None:
    """A file that Slack does not let us read: the record says that there was one."""
    listed = _listed({}, None, stored=False, trouble=FileTrouble.NO_ACCESS)
    await note_file(db, case, saying, {"listed": listed}, now)


async def _find(client: AsyncWebClient, room: str, ts: str) -> dict[str, Any] | None:
    """The message of this `ts`, in the room itself or in a thread of it; None where it was deleted."""
    history = await client.conversations_history(channel=room, latest=ts, inclusive=True, limit=1)
    if found := _named(history["messages"], ts):
        return found
    try:
        thread = await client.conversations_replies(channel=room, ts=ts, latest=ts, oldest=ts, inclusive=True)
    except SlackApiError as error:
        if code_of(error) in ("thread_not_found", "message_not_found"):
            return None
        raise
    return _named(thread["messages"], ts)


def _named(messages: list[dict[str, Any]] | None, ts: str) -> dict[str, Any] | None:
    return next((message for message in messages or [] if message.get("ts") == ts), None)


async def _permalink(client: AsyncWebClient, room: str, ts: str) -> str | None:
    try:
        return str((await client.chat_getPermalink(channel=room, message_ts=ts))["permalink"])
    except SlackApiError as error:
        if failure(error).outcome in (Outcome.NOT_SAID, Outcome.UNKNOWN):
            raise
        return None


async def _sign(client: AsyncWebClient, room: str, ts: str) -> None:
    """The sign is a courtesy: where Slack will never take it, the message is kept all the same."""
    try:
        await client.reactions_add(channel=room, timestamp=ts, name=KEPT)
    except SlackApiError as error:
        if code_of(error) in DONE:
            return
        if failure(error).outcome in (Outcome.NOT_SAID, Outcome.UNKNOWN):
            raise
        logger.warning("kept_without_a_sign", error=code_of(error))


async def _about(client: AsyncWebClient, file_id: str) -> dict[str, Any]:
    try:
        return dict((await client.files_info(file=file_id))["file"])
    except SlackApiError as error:
        if code_of(error) in GONE:
            raise Unreadable(FileTrouble.GONE) from error
        raise


async def _keep(voice: Voice, case: CaseState, read: Download) -> None:
    if read.content is None:
        return
    try:
        await asyncio.to_thread(voice.evidence.keep, case.number, read.content)
    except OSError as error:
        # Somebody must mend the folder; until then it is tried again and again.
        logger.error("evidence_not_kept", case=case.number, error=type(error).__name__)
        raise DeliveryFailed(Outcome.ALARM, "evidence_folder") from error


def _listed(
    about: dict[str, Any], read: Download | None, *, stored: bool, trouble: FileTrouble | None = None
) -> FileListed:
    return FileListed(
        name=str(about.get("name") or about.get("title") or "—")[:NAME_LIMIT],
        size=read.size if read else about.get("size"),
        mimetype=about.get("mimetype"),
        permalink=about.get("permalink"),
        sha256=read.sha256 if read else None,
        stored=stored,
        trouble=trouble,
    )
