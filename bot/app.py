"""The wiring: settings + organisation + database + Slack + clock → a running bot. The only composition."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.cases import queries
from bot.cases.database import Database
from bot.cases.encryption import Vault
from bot.cases.evidence import EvidenceStore
from bot.channels import Channels
from bot.clock import Clock, SystemClock
from bot.documents.checking import check_templates
from bot.errors import BotError, CheckFailed
from bot.monitoring import Metrics, Outbox, operators_app
from bot.organisation import Organisation
from bot.outbox import deliveries, setback
from bot.outbox.dispatcher import Dispatcher
from bot.outbox.hands import LEASE
from bot.outbox.planner import Planner
from bot.outbox.retention import Retention
from bot.outbox.scheduler import Scheduler
from bot.outbox.watcher import CONFIRM, EVERY, Signs, Watcher
from bot.rendering import renderer
from bot.settings import Settings
from bot.slack import listeners
from bot.slack.accounts import look_for_closed_accounts
from bot.slack.answers import failure
from bot.slack.connection import (
    BOT_TOKEN_REMEDY,
    GONE_FOR,
    HEARTBEAT,
    START_PATIENCE,
    Connection,
    start_trouble,
)
from bot.slack.deliveries import REFUSED, SlackSpeaker, Voice
from bot.slack.desk import Desk
from bot.slack.http import slack_events
from bot.slack.intake import Intake
from bot.slack.links import add_links
from bot.slack.pacing import MINUTE, PacedClient, SlackClient
from bot.slack.people import People
from bot.slack.reception import Reception
from bot.slack.rehearsal import rehearse
from bot.slack.room_watch import EVERY as LOOK_EVERY
from bot.slack.room_watch import RoomWatch
from bot.vocabulary import Alarm
from bot.workflow.laying_out import lay_out

logger = structlog.get_logger(__name__)

CALL_PATIENCE = 15.0  # seconds for one call of Slack
STOP_PATIENCE = 3.0  # seconds for requests that are under way when the bot stops
PEOPLE_EVERY = 3600  # seconds between two readings of who is who


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient the machinery is, in seconds of the machine."""

    first_retry: float = 1.0  # before a failed delivery's second attempt
    lease: float = LEASE  # how long a claim outlives its process
    heartbeat: float = HEARTBEAT  # between two looks at token and socket
    call: float = CALL_PATIENCE  # for one call of Slack
    gone_for: float = GONE_FOR  # how long a socket may be gone before that is a trouble
    minute: float = MINUTE  # of Slack's tiers
    confirm: float = CONFIRM  # before what the watcher found is looked for again, and an alarm raised
    rehearse: bool = True  # play a first report through before the first one comes


class Leakbot:
    """A running bot. Start it with `running`."""

    def __init__(self, settings: Settings, organisation: Organisation, clock: Clock, pace: Pace) -> None:
        self.settings = settings
        self.organisation = organisation
        self.clock = clock
        self.database = Database.open(settings.database_url, settings.encryption_keys)
        self.metrics = Metrics()
        self.people = People(organisation)
        self.address = ""
        self._pace = pace
        self._exits = contextlib.AsyncExitStack()

    async def start(self) -> None:
        """Check, connect, begin to work. Raises ConfigurationError or CheckFailed, each one clear line."""
        self._exits.push_async_callback(self.database.close)
        channels = Channels.open(
            self.organisation.paging.channels, self.settings.variable, self.settings.organisation
        )
        await asyncio.to_thread(renderer)  # read now, not while the first `/leak` waits for its form
        await asyncio.to_thread(check_templates, self.organisation)
        await self.database.ensure_ready()
        async with self.database.reading() as db:
            await queries.newest_case(db)  # a key that is missing is said now, not at the first report
        session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._pace.call))
        self._exits.push_async_callback(session.close)
        self._client = SlackClient(**self._slack(session), retry_handlers=[])
        # Reading who is who may be repeated freely; everything else is repeated by the outbox alone.
        patient = [AsyncRateLimitErrorRetryHandler(max_retry_count=5), AsyncConnectionErrorRetryHandler()]
        self._reader = SlackClient(**self._slack(session), retry_handlers=patient)
        me = await self._who_am_i()
        await self._read_people()
        self._voice = PacedClient(self._pace.minute, **self._slack(session), retry_handlers=[])
        kept = self.organisation.evidence
        evidence = EvidenceStore(kept.store, kept.largest, Vault(self.settings.encryption_keys))
        voice = Voice(
            client=self._voice,
            people=self.people,
            organisation=self.organisation,
            bot_user=me["user_id"],
            database=self.database,
            evidence=evidence,
            channels=channels,
            workspace_url=me["url"] or "",
            public_url=self.settings.public_url,
        )
        speaker = SlackSpeaker(voice)
        reception = Reception()
        self._dispatcher = Dispatcher(
            self.database,
            self.organisation,
            speaker,
            self.clock,
            on_progress=self.ring,
            on_end=lambda kind, outcome: self.metrics.said.labels(kind, outcome).inc(),
            first_retry=self._pace.first_retry,
            lease=self._pace.lease,
            served=reception.settle,
        )
        self._planner = Planner(self.database, self.organisation, lay_out, self._dispatcher.claiming)
        self._scheduler = Scheduler(self._planner, self._dispatcher, self.clock, reception.forms_taken)
        app = self._bolt(me)
        self._desk = desk = Desk(
            database=self.database,
            organisation=self.organisation,
            people=self.people,
            clock=self.clock,
            client=self._client,
            workspace_url=me["url"] or "",
            ring=self._ring_after_the_answer,
            bot_user=me["user_id"],
            evidence=evidence,
            intake=Intake(self.database, self.organisation.timezone, self.clock.now),
        )
        listeners.register(reception, desk)
        app.use(reception)
        self._exits.push_async_callback(desk.close)
        self._exits.push_async_callback(reception.end, STOP_PATIENCE)
        app_token = self.settings.slack_app_token
        opens = app_token.get_secret_value() if app_token else None
        self._connection = Connection(app, self._client, opens, self.clock, self._pace.gone_for)
        retention = Retention(self.database, self.organisation, self.clock, evidence)
        self.watcher = self._watcher(retention)
        await self._listen_for_operators(app, desk)
        if self._pace.rehearse:
            await rehearse(desk)
            # Nearly all that is there now stays. A look through all of it for garbage would stop everything
            # for a tenth of a second, some day while somebody waits for a form.
            gc.collect()
            gc.freeze()
        await self._dispatcher.take_over_from_the_dead()
        self._in_background(self._dispatcher.run())
        self._in_background(self._scheduler.run())
        self._in_background(setback.watch(self._clock_was_set_back))
        self._in_background(self.people.learn_everybody(self._reader))
        self._exits.push_async_callback(self._connection.close)
        await self._connection.open()
        # While the socket still stands, what is under way can be answered through it.
        self._exits.push_async_callback(reception.settle, STOP_PATIENCE)
        self._scheduler.every(self._pace.heartbeat, "heartbeat", self._connection.watch)

        async def who_is_who() -> None:
            await self._read_people()
            await look_for_closed_accounts(desk)

        self._scheduler.every(PEOPLE_EVERY, "people", who_is_who)
        self._in_background(look_for_closed_accounts(desk))
        self._in_background(retention.run())  # a machine that is off at night catches up when it starts
        self._scheduler.nightly("retention", retention.run, self.organisation.timezone)
        self._scheduler.every(EVERY, "watcher", self.watcher.look)
        self._scheduler.nightly("records", self.watcher.verify, self.organisation.timezone)
        self.rooms = RoomWatch(desk)
        self._in_background(self.rooms.look())
        self._scheduler.every(LOOK_EVERY, "rooms", self.rooms.look)
        logger.info("ready", address=self.address, socket_mode=self.settings.socket_mode)

    async def stop(self) -> None:
        """Take nothing more, let go of what is under way; what is unsaid stays in the outbox."""
        await self._exits.aclose()

    def ring(self) -> None:
        """Something changed: plan and say what follows, now."""
        self._scheduler.ring()

    def _ring_after_the_answer(self) -> None:
        """Whoever did something has the answer first: planning would make them wait for it."""
        asyncio.get_running_loop().call_soon(self.ring)

    async def next_wake(self) -> datetime | None:
        """When the next case wants something by itself."""
        return await self._planner.earliest_wake()

    async def next_reminder(self) -> datetime | None:
        """When the next page or reminder will be said, if nobody does anything until then."""
        return await self._planner.next_word(self.clock.now())

    async def settled(self, within: float = 30.0) -> None:
        """Wait until everything due now has been said. Raises TimeoutError after `within` seconds."""
        deadline = time.monotonic() + within
        while not await self._is_settled():
            if time.monotonic() > deadline:
                raise TimeoutError("the outbox does not come to rest")
            await asyncio.sleep(0.005)

    async def _is_settled(self) -> bool:
        if self._scheduler.busy or self._dispatcher.busy or self._desk.busy:
            return False
        wake = await self._planner.earliest_wake()
        if wake is not None and wake <= self.clock.now():
            self.ring()
            return False
        return await self._dispatcher.next_try() is None and not self._scheduler.busy

    def slack_troubles(self) -> list[str]:
        """What keeps Slack from being used; empty when nothing does."""
        trouble = self._connection.trouble()
        return [*([trouble] if trouble else []), *self._voice.troubles()]

    async def troubles(self) -> list[str]:
        """What is in the way of working; empty when ready."""
        found = self.slack_troubles()
        try:
            await self.database.ping()
        except BotError as error:
            found.append(str(error))
        return found

    def _slack(self, session: aiohttp.ClientSession) -> dict[str, Any]:
        """What every client of the Web API is made with."""
        token = self.settings.slack_bot_token
        return {
            "token": token.get_secret_value() if token else None,
            "base_url": self.settings.slack_api_url,
            "session": session,
        }

    async def _who_am_i(self) -> dict[str, Any]:
        try:
            async with asyncio.timeout(START_PATIENCE):
                answer = await self._client.auth_test()
        except Exception as error:
            address = self.settings.slack_api_url
            raise start_trouble("SLACK_BOT_TOKEN", BOT_TOKEN_REMEDY, error, address) from error
        return {name: answer[name] for name in ("user_id", "bot_id", "team_id", "url")}

    async def _read_people(self) -> None:
        try:
            await self.people.refresh(self._reader)
        except Exception as error:
            code = failure(error).error
            if not self.people.privacy_office:
                raise CheckFailed(
                    f"The people of the organisation file could not be read from Slack: {code}.",
                    "Install the app with every scope of app_manifest.yml.",
                ) from error
            logger.warning("people_not_read", error=code)
            return
        for reference in self.people.missing():
            # Which one it is stands in the organisation file; its place there is enough for the log.
            logger.warning("nobody_behind_reference", reference=reference)

    def _bolt(self, me: dict[str, Any]) -> AsyncApp:
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            token = self.settings.slack_bot_token
            return AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=team_id,
                bot_user_id=me["user_id"],
                bot_id=me["bot_id"],
                bot_token=token.get_secret_value() if token else None,
            )

        # Who we are is known from the start; otherwise Bolt asks auth.test within a form's three seconds.
        plain = AsyncWebClient(
            base_url=self.settings.slack_api_url, session=self._client.session, retry_handlers=[]
        )
        # Without a name, Bolt reads the source of everybody on the stack to find one.
        return AsyncApp(name="leakbot", authorize=authorize, client=plain, request_verification_enabled=False)

    async def _listen_for_operators(self, app: AsyncApp, desk: Desk) -> None:
        routes = operators_app(self.metrics, self.troubles, self._outbox, self._alarms)
        if self.settings.public_url is not None:
            add_links(routes, desk)
        secret = self.settings.slack_signing_secret
        if not self.settings.socket_mode and secret:
            routes.router.add_post("/slack/events", slack_events(app, secret.get_secret_value()))
        runner = web.AppRunner(routes, access_log=None, shutdown_timeout=STOP_PATIENCE)
        await runner.setup()
        self._exits.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, self.settings.host, self.settings.port)
        try:
            await site.start()
        except OSError as error:
            raise CheckFailed(
                f"Cannot listen on {self.settings.host}:{self.settings.port}: {error.strerror}.",
                "Set LEAKBOT_HOST and LEAKBOT_PORT to a free address.",
            ) from error
        host, port = runner.addresses[0][:2]
        self.address = f"http://{host}:{port}"

    async def _outbox(self) -> Outbox:
        async with self.database.reading() as db:
            since = await deliveries.oldest(db)
            age = (self.clock.now() - since).total_seconds() if since else 0.0
            return Outbox(await deliveries.undone_by_kind(db), max(0.0, age))

    async def _alarms(self) -> set[Alarm]:
        return await self.watcher.standing()

    async def _clock_was_set_back(self) -> None:
        self._scheduler.start_anew()
        await self._dispatcher.bring_back()

    def _watcher(self, retention: Retention) -> Watcher:
        file, store = self.database.file, self.organisation.evidence.store
        url = self.settings.heartbeat_url
        signs = Signs(
            slack=self.slack_troubles,
            clock_off=lambda: self._connection.clock_off,
            unplanned=lambda: self._planner.unplanned,
            retention_failed=lambda: retention.failed,
            office=lambda: self.people.privacy_office,
            noted=frozenset(say.value for say in REFUSED),
            folders=[folder for folder in (file and file.absolute().parent, store) if folder],
        )
        return Watcher(
            self.database,
            self.clock,
            signs,
            ring=self._dispatcher.ring,
            heartbeat_url=url.get_secret_value() if url else None,
            confirm=self._pace.confirm,
        )

    def _in_background(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)

        async def end() -> None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task

        self._exits.push_async_callback(end)


@asynccontextmanager
async def running(
    settings: Settings,
    organisation: Organisation,
    clock: Clock | None = None,
    pace: Pace | None = None,
) -> AsyncIterator[Leakbot]:
    """A bot that works until the block ends."""
    bot = Leakbot(settings, organisation, clock or SystemClock(), pace or Pace())
    try:
        await bot.start()
        yield bot
    finally:
        await bot.stop()
