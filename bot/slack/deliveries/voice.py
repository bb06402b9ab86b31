"""What every saying needs: Slack's client, who is who, the company's language and zone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.database import Database
from bot.cases.evidence import EvidenceStore
from bot.channels import Channels
from bot.organisation import Organisation
from bot.outbox.speaker import Call, DeliveryFailed, Outcome, Result, Saying
from bot.policy.state import CaseState, MessageRef
from bot.slack.answers import DONE, code_of
from bot.slack.people import People
from bot.slack.posting import Envelope, find, post, redraw
from bot.slack.screens.message import Message
from bot.vocabulary import EventType, Locale

NO_CHANNELS = Channels()

Step = Callable[[AsyncSession, CaseState, Saying, Result, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Voice:
    """Speaks to Slack for one company. `client` must not retry: the outbox is the one owner of repeating."""

    client: AsyncWebClient
    people: People
    organisation: Organisation
    bot_user: str
    database: Database  # for what is too large to travel with a case: the words of documents
    evidence: EvidenceStore
    channels: Channels = NO_CHANNELS  # to call people by beside Slack
    workspace_url: str = ""  # as auth.test gave it, with the last slash
    public_url: str | None = None  # where the links in mails lead, without a last slash

    @property
    def locale(self) -> Locale:
        """The language of channels."""
        return self.organisation.locale

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are written."""
        return self.organisation.timezone

    async def posting(
        self, conversation: str, message: Message, saying: Saying, event_type: EventType, /, **payload: Any
    ) -> Call:
        """The call that posts `message`, as Slack's `channel` and `ts`.

        Where an earlier try may have had effect, the conversation is searched first; what is found there
        is the answer, and nothing more is said.
        """
        if saying.may_have_been_said and (found := await find(self.client, conversation, saying.key)):
            return done(asdict(found))
        envelope = Envelope(event_type, {**payload, "key": saying.key})

        async def call() -> Result:
            return asdict(await post(self.client, conversation, message, envelope))

        return call

    def redrawing(self, where: MessageRef, message: Message) -> Call:
        """The call that draws a message of ours again."""

        async def call() -> Result:
            await redraw(self.client, where, message)
            return {}

        return call


@dataclass(frozen=True, slots=True)
class Act:
    """How one kind of thing is said, and the step that notes it (None: nothing to note).

    `prepare` draws it and looks up what it needs; the call it gives does nothing but say it.
    """

    prepare: Callable[[Voice, CaseState, Saying, datetime], Awaitable[Call]]
    note: Step | None = None


def done(result: Result) -> Call:
    """Nothing is left to be said: `result` is what came of it."""

    async def call() -> Result:
        return result

    return call


async def nothing(voice: Voice, case: CaseState, saying: Saying, now: datetime) -> Call:
    """For what is only noted."""
    return done({})


def room_of(case: CaseState) -> str:
    """The case's room. Raises DeliveryFailed before it is open, or open again: to be tried later."""
    if case.channel is None:
        raise DeliveryFailed(Outcome.NOT_SAID, "no_room")
    return case.channel


async def unless_done(call: Awaitable[Any]) -> None:
    """Await a call whose effect may stand already."""
    try:
        await call
    except SlackApiError as error:
        if code_of(error) not in DONE:
            raise
