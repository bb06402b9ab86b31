"""The state of one workspace and how to find things in it. Everything else acts on a `Core`."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from bot.workspace import company
from bot.workspace.clock import WorkspaceClock
from bot.workspace.faults import Faults
from bot.workspace.feed import Feed
from bot.workspace.manifest import Manifest
from bot.workspace.model import Conversation, File, Group, User
from bot.workspace.patience import Patience
from bot.workspace.rate_limits import RateLimits
from bot.workspace.records import Json, Records

if TYPE_CHECKING:
    from bot.workspace.delivery import Delivery
    from bot.workspace.modals import Modals
    from bot.workspace.response_urls import ResponseUrls


class Core:
    """One workspace: people, conversations, files, open views; its clock, records, faults and feed."""

    delivery: "Delivery"
    modals: "Modals"
    response_urls: "ResponseUrls"

    def __init__(self, manifest: Manifest, clock: WorkspaceClock) -> None:
        self.manifest = manifest
        self.clock = clock
        self.records = Records()
        self.faults = Faults()
        self.feed = Feed()
        self.patience = Patience()
        self.rate_limits = RateLimits()
        self.base_url = ""
        self.people: dict[str, User] = {user.id: user for user in company.people(manifest.bot_name)}
        self.groups: dict[str, Group] = {group.id: group for group in company.groups()}
        created = int(clock.now().timestamp())
        self.conversations: dict[str, Conversation] = {
            channel.id: channel for channel in company.channels(created)
        }
        self.deleted_channels: set[str] = set()
        self.files: dict[str, File] = {}
        #: Messages "only visible to you": (user, channel) → messages.
        self.ephemerals: dict[tuple[str, str], list[Json]] = {}
        #: What people chose in stateful elements of messages: (user, channel, ts) → state values.
        self.message_state: dict[tuple[str, str, str], Json] = {}
        self.scopes: set[str] = set(manifest.scopes)
        self.app_scopes: set[str] = {"connections:write"}
        self.bot_token = self.app_token = ""
        self.new_tokens()
        self.signing_secret = secrets.token_hex(16)
        self.revoked: set[str] = set()
        self.next_reminder: Callable[[], Awaitable[datetime | None]] | None = None
        self._counter = 0

    # ids and time

    def new_id(self, prefix: str) -> str:
        """A new id of Slack's shape, e.g. `C0000000017`."""
        self._counter += 1
        return f"{prefix}{self._counter:010d}"

    def unix(self) -> int:
        """The workspace's time in unix seconds."""
        return int(self.clock.now().timestamp())

    # the app

    def new_tokens(self) -> None:
        """The app is installed: it gets a bot token and an app-level token."""
        self.bot_token = "xoxb-" + secrets.token_hex(12)
        self.app_token = "xapp-1-" + company.APP_ID + "-" + secrets.token_hex(12)

    def tell_of(self, user: User) -> None:
        """Somebody's account or profile changed: the app hears `user_change`."""
        if "users:read" in self.scopes:
            with_email = "users:read.email" in self.scopes
            told = user.as_slack(company.TEAM_ID, self.clock.now(), with_email=with_email, with_locale=True)
            self.delivery.tell({"type": "user_change", "user": told, "cache_ts": self.unix()})

    @property
    def bot_id(self) -> str:
        """The user id of the app's bot."""
        return company.BOT_USER_ID

    def breach(self, where: str, error: str, detail: str = "") -> None:
        """List a violation of Slack's rules."""
        self.records.breach(self.clock.now(), where, error, detail)

    # finding

    def user(self, id_: str) -> User | None:
        """A person by id."""
        return self.people.get(id_)

    def find_user(self, who: str) -> User | None:
        """A person by handle, id or e-mail address."""
        if who in self.people:
            return self.people[who]
        return next((user for user in self.people.values() if who in (user.name, user.email) and who), None)

    def user_by_email(self, email: str) -> User | None:
        """An active person by e-mail address; Slack does not find deactivated ones."""
        wanted = email.strip().lower()
        return next(
            (user for user in self.people.values() if user.email.lower() == wanted and not user.deleted), None
        )

    def conversation_named(self, name: str) -> Conversation | None:
        """A channel by its name, with or without `#`."""
        plain = name.lstrip("#")
        return next(
            (
                room
                for room in self.conversations.values()
                if room.name == plain and room.kind in ("public", "private")
            ),
            None,
        )

    def humans(self) -> list[User]:
        """The people of the company: no bots, not Slackbot."""
        return [user for user in self.people.values() if not user.is_bot and user.id != company.SLACKBOT_ID]
