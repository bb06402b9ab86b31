"""The things a workspace is made of, and how they look in Slack's JSON."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.workspace.records import Json

Kind = Literal["public", "private", "im", "mpim"]


@dataclass
class User:
    """A member of the workspace. `name` is the handle, `locale` Slack's (`ja-JP`, `en-US`)."""

    id: str
    name: str
    real_name: str
    english_name: str
    email: str
    locale: str = "ja-JP"
    tz: str = "Asia/Tokyo"
    deleted: bool = False
    restricted: bool = False
    is_bot: bool = False
    color: str = "#4d4d4d"
    presence: str = "active"
    phone: str = ""
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0  # Unix seconds; 0 stands for no end
    #: Unix seconds between which the person does not want to be disturbed.
    dnd: tuple[int, int] | None = None

    @property
    def japanese(self) -> bool:
        """Whether the person reads Japanese."""
        return self.locale.startswith("ja")

    @property
    def shown_name(self) -> str:
        """The name in the person's own language."""
        return self.real_name if self.japanese else self.english_name

    def as_slack(self, team_id: str, now: Any, with_email: bool, with_locale: bool) -> Json:
        """The `user` object of users.info; deactivated people lose zone and address as in Slack."""
        profile: Json = {
            "display_name": self.name,
            "display_name_normalized": self.name,
            "real_name": self.shown_name,
            "real_name_normalized": self.shown_name,
            "title": "",
            "phone": self.phone,
            "status_text": self.status_text,
            "status_emoji": self.status_emoji,
            "status_expiration": self.status_expiration,
            "huddle_state": "default_unset",
            "team": team_id,
        }
        if with_email and self.email and not self.deleted:
            profile["email"] = self.email
        user: Json = {
            "id": self.id,
            "team_id": team_id,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.shown_name,
            "color": self.color.lstrip("#"),
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 1_700_000_000,
        }
        if not self.deleted:
            zone_offset = now.astimezone(ZoneInfo(self.tz)).utcoffset()
            user |= {
                "tz": self.tz,
                "tz_label": "Japan Standard Time" if self.tz == "Asia/Tokyo" else self.tz,
                "tz_offset": int(zone_offset.total_seconds()) if zone_offset else 0,
                "is_admin": False,
                "is_owner": False,
                "is_primary_owner": False,
                "is_restricted": self.restricted,
                "is_ultra_restricted": False,
                "is_email_confirmed": True,
            }
        if with_locale:
            user["locale"] = self.locale
        return user


@dataclass
class Group:
    """A user group (`@sales`)."""

    id: str
    handle: str
    name: str
    members: list[str]
    disabled: bool = False

    def as_slack(self, team_id: str, with_users: bool, with_count: bool) -> Json:
        """The object of usergroups.list; the count is a string there."""
        group: Json = {
            "id": self.id,
            "team_id": team_id,
            "is_usergroup": True,
            "name": self.name,
            "handle": self.handle,
            "description": "",
            "date_create": 1_700_000_000,
            "date_update": 1_700_000_000,
            "date_delete": 1_700_000_001 if self.disabled else 0,
        }
        if with_users:
            group["users"] = list(self.members)
        if with_count:
            group["user_count"] = str(len(self.members))
        return group


@dataclass
class Conversation:
    """A channel or direct message with its messages, oldest first (thread replies among them)."""

    id: str
    name: str
    kind: Kind
    creator: str
    created: int
    members: list[str]
    is_general: bool = False
    archived: bool = False
    topic: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    purpose: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    messages: list[Json] = field(default_factory=list)
    by_ts: dict[str, Json] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)
    last_read: dict[str, str] = field(default_factory=dict)
    former_names: set[str] = field(default_factory=set)
    #: A person took the bot out: its next call is bad luck, not a mistake.
    bot_was_removed: bool = False
    open_for: set[str] = field(default_factory=set)
    #: By ts: a message's blocks, and the text in which names are looked for again and again (`sight.calls`).
    searched: dict[str, tuple[list[Json], str]] = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        """Whether only members may see it."""
        return self.kind != "public"

    @property
    def scope_family(self) -> str:
        """The family of scopes and of `message.*` events that governs it."""
        return {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}[self.kind]

    @property
    def channel_type(self) -> str:
        """`channel_type` of message events."""
        return {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}[self.kind]

    def as_slack(self, team_id: str, viewer: str, with_count: bool = False) -> Json:
        """The `channel` object as the viewer's token gets it."""
        channel: Json = {
            "id": self.id,
            "created": self.created,
            "creator": self.creator,
            "is_archived": self.archived,
            "is_channel": self.kind in ("public", "private"),
            "is_group": False,
            "is_im": self.kind == "im",
            "is_mpim": self.kind == "mpim",
            "is_private": self.is_private,
            "is_general": self.is_general,
            "is_shared": False,
            "is_ext_shared": False,
            "is_org_shared": False,
            "context_team_id": team_id,
            "updated": self.created * 1000,
        }
        if self.kind == "im":
            channel["user"] = next((member for member in self.members if member != viewer), viewer)
            channel["is_open"] = True
            return channel
        channel |= {
            "name": self.name,
            "name_normalized": self.name,
            "is_member": viewer in self.members,
            "topic": dict(self.topic),
            "purpose": dict(self.purpose),
        }
        if with_count:
            channel["num_members"] = len(self.members)
        return channel


@dataclass
class File:
    """An uploaded file; invisible to others until it is shared or handed in with a form."""

    id: str
    name: str
    mimetype: str
    content: bytes
    user: str
    created: int
    title: str = ""
    channels: list[str] = field(default_factory=list)
    complete: bool = True
    expected_length: int = 0

    def as_slack(self, base_url: str) -> Json:
        """The `file` object."""
        extension = self.name.rsplit(".", 1)[-1].lower() if "." in self.name else "text"
        # As in Slack, the address holds no more of the name than every address bears.
        slug = re.sub(r"[^a-z0-9.]+", "_", self.name.lower()).strip("._") or "file"
        address = f"{base_url}/files/{self.id}/{slug}"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": extension,
            "pretty_type": extension.upper(),
            "user": self.user,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "url_private": address,
            "url_private_download": f"{address}?download=1",
            "permalink": f"{base_url}/files/{self.user}/{self.id}/{slug}",  # Slack's names who it is of
            "channels": list(self.channels),
            "groups": [],
            "ims": [],
        }


def ts_value(ts: str) -> Decimal:
    """A timestamp as a number that compares exactly. Raises `ValueError` for anything else."""
    whole, _, fraction = ts.partition(".")
    if not whole.isdigit() or (fraction and not fraction.isdigit()):
        raise ValueError(ts)
    return Decimal(ts)
