"""What a person's client shows after an action: plain values for tests and for the browser page."""

from dataclasses import dataclass, field

from bot.workspace.records import Json


@dataclass(frozen=True)
class Reply:
    """What came of a slash command or shortcut. `error` is Slack's word shown to the person."""

    ok: bool
    error: str | None = None
    text: str | None = None
    blocks: list[Json] | None = None
    message: Json | None = None


@dataclass(frozen=True)
class Press:
    """What came of a click: a press that was not acknowledged shows an error mark beside the element."""

    ok: bool
    error: str | None = None


@dataclass(frozen=True)
class Submission:
    """What came of submitting a modal.

    `errors` are the texts under the fields (block id → text), from the client's own checks or from the app;
    `response` is what the app asked for; `view` the view now on top; `trouble` the reason of Slack's
    "we had some trouble connecting" line (`operation_timeout`, `dispatch_failed`, `invalid_response`).
    """

    ok: bool
    response: str = "close"
    errors: dict[str, str] = field(default_factory=dict)
    closed: bool = False
    view: Json | None = None
    trouble: str | None = None


@dataclass(frozen=True)
class Conversation:
    """A line of the side bar, as one person sees it. `kind` is `channel`, `private` or `dm`."""

    id: str
    kind: str
    name: str
    topic: str
    members: list[str]
    archived: bool
    unread: int
    mentions: int
    last_ts: str
    partner: str | None
    pinned: list[str]

    def as_json(self) -> Json:
        """The object of the browser API."""
        return {
            "id": self.id,
            "kind": self.kind,
            "name": self.name,
            "topic": self.topic,
            "members": self.members,
            "archived": self.archived,
            "unread": self.unread,
            "mentions": self.mentions,
            "last_ts": self.last_ts,
            "with": self.partner,
            "pinned": self.pinned,
        }
