"""A document drafted or approved reaches the room: a message that says so, the Word file in its thread."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.cases import queries
from bot.cases.tables import Document
from bot.documents.approved import last_page
from bot.documents.composing import DocumentError
from bot.documents.content import Content
from bot.documents.word import file_name, word_file
from bot.outbox.speaker import Call, DeliveryFailed, Outcome, Result, Saying
from bot.policy.approval import Version, versions
from bot.policy.rooms import is_without_room
from bot.policy.state import CaseState, MessageRef
from bot.slack.answers import failure
from bot.slack.deliveries.voice import Voice, done, room_of
from bot.slack.posting import Envelope, find, post
from bot.slack.screens.approval import approved as approved_screen
from bot.slack.screens.documents import document_drafted, file_comment, mark
from bot.slack.uploading import place, share
from bot.vocabulary import DocumentState, EventType, LogKind, Notice


async def document(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """The message and its file, once. The bytes go to Slack first, where nobody sees them yet.

    After an unknown outcome the message is looked for by its key, and the file by its name in the thread.
    """
    room = _place(case, saying)
    stands = await find(voice.client, room, saying.key) if saying.may_have_been_said else None
    row = await _stored(voice, case, saying)
    if row is None or row.content is None:
        return done({})  # its words were blanked meanwhile
    content = Content.from_json(row.content)
    approved = _approved(case, saying)
    state = DocumentState.APPROVED if approved else DocumentState.DRAFT
    name = file_name(case.number, content, row.version, state)
    if stands and await _has_file(voice.client, stands, name):
        return done(asdict(stands))
    head = mark(content.locale, case, row.version, state)
    page = last_page(approved, content.locale, voice.zone, voice.people.name_of) if approved else None
    try:
        word = await asyncio.to_thread(
            word_file,
            content,
            voice.organisation,
            mark=head,
            at=row.at,
            notes=approved is None,
            last_page=page,
        )
    except DocumentError as error:
        # Somebody must mend the template; `leakbot check` says what is wrong with it.
        raise DeliveryFailed(Outcome.ALARM, "word_template") from error
    file = await place(voice.client, name, word)
    if approved:
        message, kind = approved_screen(voice.locale, voice.zone, case, approved), Notice.DOCUMENT_APPROVED
    else:
        message = document_drafted(voice.locale, voice.zone, case, row.kind, row.version, row.author, row.at)
        kind = Notice.DOCUMENT_DRAFTED
    payload = {"case": case.number, "kind": kind, "key": saying.key}
    envelope = Envelope(
        EventType.NOTICE, payload | {"document": row.kind, "version": row.version, "hash": row.hash}
    )

    async def call() -> Result:
        where = stands or await post(voice.client, room, message, envelope)
        try:
            comment = file_comment(voice.locale, case, approved=approved is not None)
            await share(voice.client, file, name, where.channel, comment, thread_ts=where.ts)
        except Exception as error:
            raise _the_message_stands(failure(error)) from error
        return asdict(where)

    return call


def _place(case: CaseState, saying: Saying) -> str:
    """The room; of a case that ended, and whose room is archived or gone, whoever drafted it."""
    if not is_without_room(case):
        return room_of(case)
    return next(event.actor for event in case.events if event.seq == saying.data["seq"])


def _approved(case: CaseState, saying: Saying) -> Version | None:
    """The version with its approvals, where its approval is what the room is told; None for a draft."""
    event = next(e for e in case.events if e.seq == saying.data["seq"])
    if event.kind is not LogKind.DOCUMENT_APPROVED:
        return None
    return next(v for v in versions(case.events) if str(v.ref) == _written(saying))


def _written(saying: Saying) -> str:
    return "/".join(str(saying.data[name]) for name in ("kind", "locale", "version"))


def _the_message_stands(failed: DeliveryFailed) -> DeliveryFailed:
    """Whatever became of the file, its message was said: the next try looks for it first."""
    if failed.outcome is Outcome.NOT_SAID:
        return DeliveryFailed(Outcome.UNKNOWN, failed.error, failed.retry_after)
    return failed


async def _stored(voice: Voice, case: CaseState, saying: Saying) -> Document | None:
    async with voice.database.reading() as db:
        row = await queries.case_row(db, case.number)
        if row is None or row.id is None:
            return None
        versions = await queries.documents_of(db, row.id, saying.data["kind"], saying.data["locale"])
    return next((each for each in versions if each.version == saying.data["version"]), None)


async def _has_file(client: AsyncWebClient, where: MessageRef, name: str) -> bool:
    """Whether the thread under our message holds the file already."""
    thread = await client.conversations_replies(channel=where.channel, ts=where.ts, limit=200)
    files = [file for message in thread["messages"] or [] for file in message.get("files") or []]
    return any(file.get("name") == name for file in files)
