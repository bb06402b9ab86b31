"""response_url: five answers within thirty minutes, without a token, to what a person just did."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.workspace import messages
from bot.workspace.arguments import Arguments
from bot.workspace.content import checked_content, checked_metadata
from bot.workspace.core import Core
from bot.workspace.model import Conversation
from bot.workspace.records import Json
from bot.workspace.refusals import SlackRefusal

USES = 5
LIFETIME = timedelta(minutes=30)


@dataclass
class _ResponseUrl:
    user: str
    room: Conversation
    ts: str | None
    made_at: datetime
    uses: int = 0


class ResponseUrls:
    """All addresses handed out."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._urls: dict[str, _ResponseUrl] = {}

    def new(self, user: str, room: Conversation, ts: str | None = None) -> str:
        """A new address; `ts` is the message the person acted on."""
        id_ = secrets.token_urlsafe(18)
        self._urls[id_] = _ResponseUrl(user, room, ts, self._core.clock.now())
        return f"{self._core.base_url}/response/{id_}"

    def answer(self, id_: str, values: Json) -> None:
        """Do what the app posted. Raises `SlackRefusal` (`expired_url`, `used_url`, or about the content)."""
        url = self._urls.get(id_)
        if url is None or self._core.clock.now() - url.made_at > LIFETIME:
            raise SlackRefusal("expired_url", breach=True)
        if url.uses >= USES:
            raise SlackRefusal("used_url")
        args = Arguments(values)
        if args.flag("delete_original"):
            self._delete(url)
        elif args.flag("replace_original") and url.ts is not None:
            self._replace(url, checked_content(self._core, args, "response_url"))
        else:
            content = messages.by_bot(self._core) | checked_content(self._core, args, "response_url")
            if args.optional("thread_ts"):
                content["thread_ts"] = args.text("thread_ts")
            metadata = checked_metadata(args)
            if metadata:
                content["metadata"] = metadata
            say(self._core, url.room, url.user, args.text("response_type", "ephemeral"), content)
        url.uses += 1

    def _delete(self, url: _ResponseUrl) -> None:
        if url.ts is None:
            return
        hidden = messages.ephemeral(self._core, url.user, url.room.id, url.ts)
        if hidden is not None:
            messages.forget_ephemeral(self._core, url.user, url.room.id, hidden)
        elif url.ts in url.room.by_ts:
            messages.delete(self._core, url.room, url.room.by_ts[url.ts])

    def _replace(self, url: _ResponseUrl, content: Json) -> None:
        hidden = messages.ephemeral(self._core, url.user, url.room.id, url.ts or "")
        changes = {"text": content["text"], "blocks": content.get("blocks")}
        if hidden is not None:
            hidden.pop("blocks", None)
            hidden.update({key: value for key, value in changes.items() if value is not None})
            messages.redraw_ephemeral(self._core, url.user, url.room, hidden)
        elif url.ts in url.room.by_ts:
            messages.edit(self._core, url.room, url.room.by_ts[url.ts], changes, self._core.bot_id)


def say(core: Core, room: Conversation, user: str, response_type: str, content: Json) -> Json:
    """An answer to a person: only for that person, or for the whole conversation."""
    if response_type == "in_channel":
        return messages.post(core, room, content)
    return messages.whisper(core, room, user, content)
