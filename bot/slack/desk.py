"""What every listener needs: the case store, the people, the clock, and how to answer one person."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.cases import queries
from bot.cases.database import Database
from bot.cases.evidence import EvidenceStore
from bot.cases.states import absence_state, case_state, state_of
from bot.clock import Clock
from bot.errors import NotFound, Refused
from bot.law.deadlines import check_day, day_in_japan
from bot.organisation import Organisation
from bot.policy.access import may_see
from bot.policy.confidential import seen_by
from bot.policy.needs import READ
from bot.policy.standing import Kind
from bot.policy.state import AbsenceState, CaseState
from bot.slack.answers import NO, failure
from bot.slack.homes import Homes
from bot.slack.intake import Intake
from bot.slack.people import People
from bot.slack.screens.message import Message
from bot.slack.screens.replies import refused
from bot.vocabulary import Locale
from bot.workflow import membership
from bot.workflow.inputs import FirstReport
from bot.workflow.receiving import Received

logger = structlog.get_logger(__name__)

ANSWER_PATIENCE = 1.0  # seconds: the ack behind the answer must come within Slack's three
Answer = Message | str
Tell = Callable[[Message], Awaitable[None]]


@dataclass(slots=True)
class Desk:
    """Where people are served. `ring` tells the planner that something changed."""

    database: Database
    organisation: Organisation
    people: People
    clock: Clock
    client: AsyncWebClient
    workspace_url: str  # as auth.test gave it, with the last slash
    ring: Callable[[], None]
    bot_user: str  # the bot's own user id
    evidence: EvidenceStore
    intake: Intake
    homes: Homes = field(default_factory=Homes)
    _errands: set[asyncio.Task[Any]] = field(default_factory=set)

    def now(self) -> datetime:
        """The moment at which somebody did something."""
        return self.clock.now()

    def locale(self, user: str) -> Locale:
        """The language to answer somebody in. Whoever is not known yet is learnt for the next time."""
        if not self.people.knows(user):
            self.in_background(self.people.learn(self.client, user))
        return self.people.locale_of(user)

    async def kind_now(self, user: str) -> Kind | None:
        """What somebody is to the workspace by what Slack says now; None for nobody.

        Slow answers are not waited for: a form's ack must come within three seconds.
        """
        try:
            async with asyncio.timeout(ANSWER_PATIENCE):
                known = await self.people.learn(self.client, user)
        except Exception as error:
            logger.warning("person_not_read", error=type(error).__name__)
            known = self.people.knows(user)
        return self.people.kind_of(user) if known else None

    @property
    def busy(self) -> bool:
        """Whether something is being done that nobody waits for."""
        return bool(self._errands)

    def in_background(self, errand: Coroutine[Any, Any, Any]) -> None:
        """Do something nobody waits for; a failure is logged, not raised."""
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errand_done)

    async def close(self) -> None:
        """Call off every errand: nobody waits for them."""
        await self.intake.close()
        errands = list(self._errands)
        for errand in errands:
            errand.cancel()
        await asyncio.gather(*errands, return_exceptions=True)

    def _errand_done(self, task: asyncio.Task[Any]) -> None:
        self._errands.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, NO):
            logger.warning("slack_said_no", error=failure(error).error)
        else:
            logger.warning("errand_failed", error=type(error).__name__)

    async def take(self, report: FirstReport, reporter: str, view_id: str, drill: bool) -> CaseState:
        """Store a first report. The same form sent twice gives the same case.

        Raises InvalidField for a time before the rules began, Refused for a department that is none.
        """
        department = self.organisation.department(report.department)
        if department is None:
            raise Refused("unknown_department")
        check_day(day_in_japan(report.aware_at))  # what cannot be counted from is said at its field
        roster = self.people.roster(department, reporter, confidential=report.confidential)
        case = await self.intake.take(Received(report, reporter, view_id, roster, drill))
        self.ring()
        return case

    async def case(self, number: str, reader: str | None = None) -> CaseState:
        """The case as `reader` may see it; None for what everybody in its room sees. Refused("not_found")."""
        return seen_by(await self.whole_case(number), reader, self.people.privacy_office)

    async def whole_case(self, number: str) -> CaseState:
        """The case with the name of whoever reported it: to decide by, not to be drawn."""
        async with self.database.reading() as db:
            state = await case_state(db, number, announced=READ)
        if state is None:
            raise Refused("not_found")
        return state

    async def case_in(self, channel: str) -> CaseState | None:
        """The case whose room this channel is, as everybody there sees it."""
        async with self.database.reading() as db:
            row = await queries.case_by_channel(db, channel)
            state = await state_of(db, row, announced=READ) if row else None
        return seen_by(state, None, self.people.privacy_office) if state else None

    def may_see(self, case: CaseState, user: str) -> bool:
        """Whether somebody may know of the case at this moment."""
        return may_see(case, user, self.people.privacy_office, self.people.kind_of(user))

    async def absences_for(self, user: str) -> list[AbsenceState]:
        """The absences somebody may end: their own, and all for the privacy office."""
        people = None if user in self.people.privacy_office else [user]
        async with self.database.reading() as db:
            return [absence_state(row) for row in await queries.absences_of(db, people, self.now())]

    async def came(self, channel: str, user: str) -> None:
        """Somebody is in this channel. Where it is no case's room nothing happens."""
        if user == self.bot_user:
            return
        async with self.database.reading() as db:
            row = await queries.case_by_channel(db, channel)
            if row is None or await membership.is_in(db, row, user):
                return  # we asked them in ourselves: Slack need not be asked who they are
        outsider = await self.kind_now(user) in (Kind.GUEST, Kind.EXTERNAL, None)
        office = sorted(self.people.privacy_office)
        async with self.database.transaction() as db:
            await membership.joined(db, row.number, user, outsider=outsider, ask=office, now=self.now())
        self.ring()

    async def went(self, channel: str, user: str) -> None:
        """Somebody is not in this channel any more."""
        async with self.database.reading() as db:
            row = await queries.case_by_channel(db, channel)
        if row is None:
            return
        async with self.database.transaction() as db:
            await membership.left(db, row.number, user, now=self.now())
        self.ring()

    async def served(self, ack: AsyncAck, user: str, act: Awaitable[Answer | None], tell: Tell) -> None:
        """Do what somebody asked, and ack. What there is to answer is told to that person alone.

        The answer goes out before the ack: over HTTP an exception after the ack can take it back.
        """
        try:
            answer = await act
        except Refused as no:
            answer = refused(self.locale(user), no.reason, no.values)
        except NotFound:
            answer = refused(self.locale(user), "not_found", {})
        except NO as error:  # a trigger that is too old, a form that is closed, a used-up tier
            reference, failed = uuid.uuid4().hex[:8], failure(error)
            logger.warning("not_shown", reference=reference, error=failed.error)
            reason = "internal" if failed.retry_after is None else "slack_busy"
            answer = refused(self.locale(user), reason, {"reference": reference})
        except Exception as error:
            reference = uuid.uuid4().hex[:8]
            logger.exception("listener_failed", reference=reference, error=type(error).__name__)
            answer = refused(self.locale(user), "internal", {"reference": reference})
        if answer is None:
            await ack()
        else:
            await tell(Message(answer, []) if isinstance(answer, str) else answer)


def by_ack(ack: AsyncAck) -> Tell:
    """Answer a slash command with its own ack, seen by the one who typed it."""

    async def tell(message: Message) -> None:
        await ack(text=message.text, blocks=message.blocks or None, response_type="ephemeral")

    return tell


def by_url(ack: AsyncAck, respond: AsyncRespond) -> Tell:
    """Answer a button through its response URL, seen by the one who pressed it."""

    async def tell(message: Message) -> None:
        try:
            async with asyncio.timeout(ANSWER_PATIENCE):
                answer = await respond(
                    text=message.text,
                    blocks=message.blocks or None,
                    response_type="ephemeral",
                    replace_original=False,
                )
            if answer.status_code != 200:
                logger.warning("answer_not_delivered", status=answer.status_code)
        except Exception as error:  # whatever became of the answer, the click itself was served
            logger.warning("answer_not_delivered", error=type(error).__name__)
        await ack()

    return tell


def by_direct_message(ack: AsyncAck, client: AsyncWebClient, user: str) -> Tell:
    """Answer where there is neither command nor message: a shortcut, a button in App Home."""

    async def tell(message: Message) -> None:
        try:
            async with asyncio.timeout(ANSWER_PATIENCE):
                await client.chat_postMessage(channel=user, text=message.text, blocks=message.blocks or None)
        except Exception as error:
            logger.warning("answer_not_delivered", error=type(error).__name__)
        await ack()

    return tell
