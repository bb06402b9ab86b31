"""The workspace as one object: start it, point an app at it, let people act in it, look at what happened."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.workspace import company, rooms
from bot.workspace.api_server import ApiServer
from bot.workspace.client_api import ClientApi
from bot.workspace.clock import WorkspaceClock
from bot.workspace.core import Core
from bot.workspace.delivery import Delivery
from bot.workspace.faults import Faults
from bot.workspace.manifest import Manifest
from bot.workspace.modals import Modals
from bot.workspace.model import Conversation, Group, User
from bot.workspace.patience import Patience
from bot.workspace.person import Person
from bot.workspace.rate_limits import RateLimits
from bot.workspace.records import Call, Json, Violation
from bot.workspace.response_urls import ResponseUrls
from bot.workspace.sockets import Sockets
from bot.workspace.uploads import Uploads

STATIC = Path(__file__).parent / "static"
LARGEST_REQUEST = 64 * 1024 * 1024


class Workspace:
    """A local stand-in for Slack with a sample company inside.

    In: the app's manifest (its scopes, commands, shortcuts and events are what the app may use), and a clock
    of one's own if wanted. Raises what reading the manifest raises.
    """

    def __init__(self, manifest: Path, clock: WorkspaceClock | None = None) -> None:
        self._core = Core(Manifest.read(manifest), clock or WorkspaceClock())
        self._core.delivery = Delivery(self._core)
        self._core.modals = Modals(self._core)
        self._core.response_urls = ResponseUrls(self._core)
        self._core.records.on_violation = self._tell_violation
        self._runner: web.AppRunner | None = None

    # life

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen on this address; port 0 takes a free one. Raises `OSError` when the port is taken."""
        # Waiting handlers are cut off at the end; nobody is to wait for a page that stays open.
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        bound = self._runner.addresses[0][1]
        named = "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104 - only read here
        self._core.base_url = f"http://{f'[{named}]' if ':' in named else named}:{bound}"

    async def stop(self) -> None:
        """Stop deliveries, close all connections, give the port back."""
        await self._core.delivery.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> "Workspace":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _application(self) -> web.Application:
        api, client, uploads = ApiServer(self._core), ClientApi(self._core), Uploads(self._core)
        application = web.Application(client_max_size=LARGEST_REQUEST)
        application.add_routes(
            [
                web.get("/api/{method}", api.serve),
                web.post("/api/{method}", api.serve),
                web.post("/response/{id}", api.serve_response_url),
                web.get("/link", self._core.delivery.sockets.serve),
                web.get("/link/", self._core.delivery.sockets.serve),
                web.post("/upload/{id}", uploads.receive),
                web.get("/files/{id}/{name}", uploads.give),
                web.get("/files/{owner}/{id}/{name}", uploads.give),
                web.get("/", _page),
                *client.routes(),
            ]
        )
        if STATIC.is_dir():
            application.add_routes([web.static("/static", STATIC)])
        application.on_response_prepare.append(_always_fresh)
        return application

    # where it is

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return self._core.base_url

    @property
    def environment(self) -> dict[str, str]:
        """The environment that connects an app to it."""
        return {
            "SLACK_API_URL": f"{self.url}/api/",
            "SLACK_BOT_TOKEN": self._core.bot_token,
            "SLACK_APP_TOKEN": self._core.app_token,
            "SLACK_SIGNING_SECRET": self._core.signing_secret,
        }

    # what happened

    @property
    def clock(self) -> WorkspaceClock:
        """The workspace's time."""
        return self._core.clock

    @property
    def violations(self) -> list[Violation]:
        """Every call that Slack would refuse, and everything that breaks its rules."""
        return self._core.records.violations

    async def breached(self, count: int = 1, timeout: float = 5) -> None:  # noqa: ASYNC109
        """Wait until so many violations are listed. Raises `TimeoutError` after `timeout` real seconds."""
        async with asyncio.timeout(timeout):
            await self._core.records.wait_for_violations(count)

    @property
    def calls(self) -> list[Call]:
        """Every call of the Web API and of response_urls."""
        return self._core.records.calls

    @property
    def sent(self) -> list[tuple[str, Json]]:
        """Everything sent to the app: `events_api`, `slash_commands` or `interactive`, and the payload."""
        return self._core.delivery.sent

    def _tell_violation(self, violation: Violation) -> None:
        count = len(self._core.records.violations)
        self._core.feed.push_to_all({"type": "violation", "count": count, "last": str(violation)})

    # what a test may set

    @property
    def faults(self) -> Faults:
        """Troubles put in the way of the app's calls."""
        return self._core.faults

    @property
    def rate_limits(self) -> RateLimits:
        """How often each method may be called; off until `rate_limits.on`."""
        return self._core.rate_limits

    @property
    def patience(self) -> Patience:
        """Slack's clocks for acknowledgements, triggers and retries, in real seconds."""
        return self._core.patience

    @property
    def scopes(self) -> set[str]:
        """The scopes the bot token has; at first those of the manifest."""
        return self._core.scopes

    @property
    def events(self) -> set[str]:
        """The events the app is subscribed to; a test may take one away, as an older manifest would."""
        return self._core.manifest.events

    @property
    def app_scopes(self) -> set[str]:
        """The scopes the app-level token has."""
        return self._core.app_scopes

    @property
    def next_reminder(self) -> Callable[[], Awaitable[datetime | None]] | None:
        """Tells the page's "to the next reminder" button where to go; set by whoever knows."""
        return self._core.next_reminder

    @next_reminder.setter
    def next_reminder(self, ask: Callable[[], Awaitable[datetime | None]] | None) -> None:
        self._core.next_reminder = ask

    @property
    def http_events_url(self) -> str | None:
        """When set, everything goes there as signed HTTP requests instead of over Socket Mode."""
        return self._core.delivery.http_events_url

    @http_events_url.setter
    def http_events_url(self, url: str | None) -> None:
        self._core.delivery.http_events_url = url

    async def verify_http_url(self) -> bool:
        """Whether the app at `http_events_url` answers Slack's challenge."""
        return await self._core.delivery.verify_url()

    async def delivered(self, timeout: float = 10) -> None:  # noqa: ASYNC109
        """Wait until the app has acknowledged every event so far. Raises `TimeoutError` after `timeout` s."""
        async with asyncio.timeout(timeout):
            await self._core.delivery.quiet()

    @property
    def redeliver(self) -> int:
        """How many additional times every event and interaction is delivered."""
        return self._core.delivery.redeliver

    @redeliver.setter
    def redeliver(self, times: int) -> None:
        self._core.delivery.redeliver = times

    @property
    def event_delay(self) -> Callable[[], float] | None:
        """Gives the real seconds before an event goes out: one may overtake another. None: at once."""
        return self._core.delivery.event_delay

    @event_delay.setter
    def event_delay(self, seconds: Callable[[], float] | None) -> None:
        self._core.delivery.event_delay = seconds

    # the app's connections and tokens

    @property
    def sockets(self) -> Sockets:
        """The Socket Mode connections: their `count`, `wait_for_connections`, `enabled`."""
        return self._core.delivery.sockets

    async def drop_connections(self, reason: str = "refresh_requested") -> None:
        """End all Socket Mode connections: `refresh_requested`, `link_disabled`, `warning` or `abrupt`."""
        await self._core.delivery.sockets.drop(reason)

    async def revoke(self, token: str) -> None:
        """Revoke `SLACK_BOT_TOKEN`'s or `SLACK_APP_TOKEN`'s value; the latter loses its connections."""
        self._core.revoked.add(token)
        if token == self._core.app_token:
            await self.drop_connections("link_disabled")

    async def reinstall(self) -> None:
        """Install the app anew: the old tokens are revoked, `environment` holds new ones."""
        await self.revoke(self._core.app_token)
        await self.revoke(self._core.bot_token)
        self._core.new_tokens()

    # the company

    def person(self, who: str) -> Person:
        """A person by role handle, user id or e-mail address. Raises `LookupError`."""
        user = self._core.find_user(who)
        if user is None:
            raise LookupError(
                f"nobody called {who}; there are: {', '.join(each.name for each in self._core.humans())}"
            )
        return Person(self._core, user)

    @property
    def people(self) -> list[Person]:
        """Everybody in the company."""
        return [Person(self._core, user) for user in self._core.humans()]

    def add_person(
        self,
        handle: str,
        name: str,
        locale: str = "ja",
        deleted: bool = False,
        restricted: bool = False,
        email: str | None = None,
        id_: str | None = None,
    ) -> Person:
        """One more person, in #general unless deactivated or a guest."""
        user = User(
            id_ or "U0" + "".join(character for character in handle.upper() if character.isalnum()),
            handle,
            name,
            name,
            f"{handle}@{company.MAIL_DOMAIN}" if email is None else email,
            "ja-JP" if locale.startswith("ja") else "en-US",
            deleted=deleted,
            restricted=restricted,
            color=company.COLORS[len(self._core.people) % len(company.COLORS)],
        )
        self._core.people[user.id] = user
        if not deleted and not restricted:
            self._core.conversations["C0GENERAL"].members.append(user.id)
        return Person(self._core, user)

    def deactivate(self, who: str) -> None:
        """Close a person's account; memberships stay on paper, as in Slack. The app hears `user_change`."""
        self._account(who, deleted=True)

    def reactivate(self, who: str) -> None:
        """Open a closed account again."""
        self._account(who, deleted=False)

    def _account(self, who: str, *, deleted: bool) -> None:
        core, user = self._core, self.person(who).user
        user.deleted = deleted
        core.tell_of(user)

    def add_group(self, handle: str, name: str, members: list[str], id_: str | None = None) -> str:
        """One more user group; members by handle, id or address. Out: its id."""
        group = Group(id_ or f"S0{handle.upper()}", handle, name, [self.person(each).id for each in members])
        self._core.groups[group.id] = group
        return group.id

    def group(self, handle: str) -> Group:
        """A user group by handle, to change its members. Raises `LookupError`."""
        found = next((group for group in self._core.groups.values() if group.handle == handle), None)
        if found is None:
            raise LookupError(f"no user group @{handle}")
        return found

    def add_channel(
        self, name: str, members: list[str], private: bool = False, with_bot: bool = False
    ) -> str:
        """One more channel made by its first member. Out: its id."""
        ids = [self.person(each).id for each in members]
        room = rooms.create(self._core, name, private, ids[0])
        for id_ in ids[1:] + ([self._core.bot_id] if with_bot else []):
            rooms.join(self._core, room, id_, ids[0])
        return room.id

    def conversation(self, channel: str) -> Conversation:
        """The record of a conversation, by id or name, whoever may see it. Raises `LookupError`."""
        room = self._core.conversations.get(channel) or self._core.conversation_named(channel)
        if room is None:
            raise LookupError(f"no conversation {channel}")
        return room

    @property
    def conversations(self) -> list[Conversation]:
        """The records of all conversations, whoever may see them."""
        return list(self._core.conversations.values())


async def _page(request: web.Request) -> web.StreamResponse:
    index = STATIC / "index.html"
    if not index.is_file():
        return web.Response(status=404, text="no page installed")
    return web.FileResponse(index)


async def _always_fresh(request: web.Request, response: web.StreamResponse) -> None:
    # A page kept from an older version must not meet a newer server.
    if request.path == "/" or request.path.startswith("/static/"):
        with contextlib.suppress(KeyError):
            del response.headers["Cache-Control"]
        response.headers["Cache-Control"] = "no-cache"
