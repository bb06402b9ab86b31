"""A drafted document reaches the room: a message that says so, and the Word file in its thread."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.cases import queries
from bot.cases.tables import Document
from bot.documents.composing import DocumentError
from bot.documents.content import Content
from bot.documents.word import file_name, word_file
from bot.outbox.speaker import Call, DeliveryFailed, Outcome, Result, Saying
from bot.policy.state import CaseState, MessageRef
from bot.slack.answers import failure
from bot.slack.deliveries.voice import Voice, done, room_of
from bot.slack.posting import Envelope, find, post
from bot.slack.screens.documents import document_drafted, file_comment, mark
from bot.slack.uploading import place, share
from bot.vocabulary import EventType, Notice


async def document(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """The message and its file, once. The bytes go to Slack first, where nobody sees them yet.

    After an unknown outcome the message is looked for by its key, and the file by its name in the thread.
    """
    room = room_of(case)
    stands = await find(voice.client, room, saying.key) if saying.may_have_been_said else None
    row = await _stored(voice, case, saying)
    if row is None or row.content is None:
        return done({})  # its words were blanked meanwhile
    content = Content.from_json(row.content)
    name = file_name(case.number, content, row.version)
    if stands and await _has_file(voice.client, stands, name):
        return done(asdict(stands))
    draft = mark(content.locale, case, row.version)
    try:
        word = await asyncio.to_thread(word_file, content, voice.organisation, mark=draft, at=row.at)
    except DocumentError as error:
        # Somebody must mend the template; `leakbot check` says what is wrong with it.
        raise DeliveryFailed(Outcome.ALARM, "word_template") from error
    file = await place(voice.client, name, word)
    message = document_drafted(voice.locale, voice.zone, case, row.kind, row.version, row.author, row.at)
    payload = {"case": case.number, "kind": Notice.DOCUMENT_DRAFTED, "key": saying.key}
    envelope = Envelope(
        EventType.NOTICE, payload | {"document": row.kind, "version": row.version, "hash": row.hash}
    )

    async def call() -> Result:
        where = stands or await post(voice.client, room, message, envelope)
        try:
            comment = file_comment(voice.locale, case)
            await share(voice.client, file, name, room, comment, thread_ts=where.ts)
        except Exception as error:
            raise _the_message_stands(failure(error)) from error
        return asdict(where)

    return call


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
