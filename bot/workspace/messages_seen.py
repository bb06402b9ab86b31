"""A message as a person sees it, as a plain value for tests."""

from dataclasses import dataclass
from typing import Any

from bot.workspace import texts
from bot.workspace.elements import elements_of
from bot.workspace.records import Json


@dataclass(frozen=True)
class Message:
    """One message; `raw` is Slack's whole object, as it was when it was looked at."""

    channel: str
    raw: Json
    ephemeral: bool = False

    @property
    def ts(self) -> str:
        """Its identity in the channel."""
        return str(self.raw["ts"])

    @property
    def user(self) -> str:
        """Who wrote it."""
        return str(self.raw.get("user", ""))

    @property
    def text(self) -> str:
        """Top-level text: the message itself, or with blocks the notification."""
        return str(self.raw.get("text") or "")

    @property
    def blocks(self) -> list[Json]:
        """Its blocks, empty when it has none."""
        return list(self.raw.get("blocks") or [])

    @property
    def metadata(self) -> Json | None:
        """Message metadata: `event_type` and `event_payload`."""
        return self.raw.get("metadata")

    @property
    def subtype(self) -> str | None:
        """`channel_join` and the like for what the room itself says."""
        return self.raw.get("subtype")

    @property
    def edited(self) -> bool:
        """Whether it was changed after posting."""
        return "edited" in self.raw

    @property
    def plain(self) -> str:
        """All human-readable text, of `text` and of the blocks."""
        return texts.plain_text(self.raw)

    @property
    def buttons(self) -> dict[str, Json]:
        """Its interactive elements by action_id (the first of each)."""
        found: dict[str, Json] = {}
        for block in self.blocks:
            for element in elements_of(block):
                found.setdefault(str(element.get("action_id", "")), element)
        return found

    def payload(self, name: str) -> Any:
        """A value of the metadata's payload, None where there is none."""
        return ((self.metadata or {}).get("event_payload") or {}).get(name)
