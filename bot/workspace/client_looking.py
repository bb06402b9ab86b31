"""What the browser page asks to see: the whole of its first screen, and the messages of a conversation."""

from bot.workspace import company, messages, rooms, sight
from bot.workspace.client_finding import Finding
from bot.workspace.core import Core
from bot.workspace.model import User
from bot.workspace.records import Json


class Looking:
    """`/client/boot` and `/client/history`."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.find = Finding(core)

    async def boot(self, user: User, values: Json) -> Json:
        """Everything the page needs to begin."""
        core = self._core
        # The app's own conversation is always in the side bar.
        rooms.bot_direct(core, user.id)
        top = core.modals.top(user.id)
        now = core.clock.now()
        people = [each for each in core.people.values() if not each.deleted]
        return {
            "me": {
                "id": user.id,
                "name": user.real_name,
                "name_en": user.english_name,
                "locale": user.locale,
                "tz": user.tz,
            },
            "team": {"id": company.TEAM_ID, "name": company.TEAM_NAME},
            "people": [person(each) for each in people],
            "bot": {"id": core.bot_id, "name": core.manifest.bot_name},
            "conversations": [
                sight.seen_by(core, room, user.id).as_json()
                for room in core.conversations.values()
                if sight.visible(room, user.id)
            ],
            "command": [
                {
                    "name": each["command"],
                    "description": each.get("description", ""),
                    "usage_hint": each.get("usage_hint", ""),
                }
                for each in core.manifest.commands
            ],
            "shortcuts": core.manifest.shortcuts,
            "groups": [
                {"id": group.id, "handle": group.handle, "name": group.name, "users": group.members}
                for group in core.groups.values()
            ],
            "clock": {
                "now": now.timestamp(),
                "adjustable": core.clock.adjustable,
                "offset": core.clock.offset.total_seconds(),
                "has_next": core.clock.adjustable and await self._something_ahead(),
            },
            "home_enabled": core.manifest.home_enabled,
            "modal": core.modals.payload(top) if top else None,
            "modal_depth": len(core.modals.stack(user.id)),
            "violations": len(core.records.violations),
        }

    async def history(self, user: User, values: Json) -> Json:
        """A conversation (or one thread of it), oldest first, the person's ephemerals among it."""
        room = self.find.room(user, values)
        thread = values.get("thread")
        found = [
            messages.shown_message(room, message) for message in messages.history(room, thread=thread or None)
        ]
        if not thread:
            found += [
                messages.shown_message(room, message, ephemeral=True)
                for message in self._core.ephemerals.get((user.id, room.id), [])
            ]
        return {"messages": sorted(found, key=lambda message: str(message["ts"]))}

    async def _something_ahead(self) -> bool:
        return self._core.next_reminder is not None and await self._core.next_reminder() is not None


def person(user: User) -> Json:
    """Somebody as the page knows people."""
    return {
        "id": user.id,
        "handle": user.name,
        "name": user.real_name,
        "name_en": user.english_name,
        "locale": user.locale,
        "is_bot": user.is_bot,
        "color": user.color,
    }
