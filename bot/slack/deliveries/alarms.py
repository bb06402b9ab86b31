"""Telling the privacy office of an alarm, one by one, by direct message."""

from __future__ import annotations

from dataclasses import asdict

from bot.outbox.alarms import Word
from bot.outbox.speaker import Call, Result
from bot.slack.deliveries.voice import Voice, done
from bot.slack.posting import Envelope, find, post
from bot.slack.screens.alarm import alarm as alarm_screen
from bot.vocabulary import EventType


async def alarm(voice: Voice, word: Word, key: str, may_have_been_said: bool) -> Call:
    """The call that tells one person. After an unknown outcome the message is looked for by its key first."""
    if may_have_been_said and (found := await find(voice.client, word.user, key)):
        return done(asdict(found))
    message = alarm_screen(voice.people.locale_of(word.user), voice.zone, word)
    envelope = Envelope(
        EventType.NOTICE,
        {"kind": "alarm_over" if word.over else "alarm", "alarm": word.alarm.value, "key": key},
    )

    async def call() -> Result:
        return asdict(await post(voice.client, word.user, message, envelope))

    return call
