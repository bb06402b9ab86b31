"""Modals and App Homes: triggers, the stack of three, hashes, and the view object the app gets."""

import json
import secrets
import time
from dataclasses import dataclass, field

from bot.workspace import blockkit, company
from bot.workspace.core import Core
from bot.workspace.elements import state_of
from bot.workspace.normalise import normalised_blocks
from bot.workspace.records import Json
from bot.workspace.refusals import SlackRefusal, invalid_arguments

DEEPEST_STACK = 3
LARGEST_VIEW = 250_000
_SHOWN = ("title", "submit", "close", "submit_disabled")
_TEXTS = ("title", "submit", "close")


@dataclass
class Trigger:
    """The right to open one modal for one person, for three seconds."""

    user: str
    channel: str | None
    view_id: str | None
    made_at: float
    used: bool = False


@dataclass
class OpenView:
    """A modal or Home as one person has it in front of them. `kept` is what they put in so far."""

    user: str
    view: Json
    channel: str | None = None
    kept: Json = field(default_factory=dict)


class Modals:
    """All triggers, stacks and Homes of a workspace."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._triggers: dict[str, Trigger] = {}
        self._views: dict[str, OpenView] = {}
        self._stacks: dict[str, list[str]] = {}
        self._homes: dict[str, OpenView] = {}
        self.published: dict[str, int] = {}

    # looking

    def stack(self, user: str) -> list[str]:
        """The ids of the person's modals, the root first."""
        return self._stacks.get(user, [])

    def top(self, user: str) -> OpenView | None:
        """The modal the person sees."""
        stack = self.stack(user)
        return self._views[stack[-1]] if stack else None

    def home(self, user: str) -> OpenView | None:
        """The person's App Home, once one was published."""
        return self._homes.get(user)

    def by_id(self, view_id: str) -> OpenView | None:
        """A modal that is open, or a Home."""
        if view_id in self._views:
            return self._views[view_id]
        return next((home for home in self._homes.values() if home.view["id"] == view_id), None)

    def payload(self, opened: OpenView) -> Json:
        """The `view` object of interaction payloads, the person's present input inside."""
        values = state_of(opened.view["blocks"], opened.kept, opened.channel)
        return opened.view | {"state": {"values": values}}

    # triggers

    def new_trigger(self, user: str, channel: str | None = None, view_id: str | None = None) -> str:
        """A new `trigger_id` of something the person just did."""
        id_ = f"{time.time_ns() // 1000}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[id_] = Trigger(user, channel, view_id, time.monotonic())
        return id_

    def spend(self, trigger_id: str) -> Trigger:
        """Use a trigger up. Raises `SlackRefusal` when it is unknown, too old or spent."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackRefusal("invalid_trigger_id")
        if trigger.used:
            raise SlackRefusal("exchanged_trigger_id")
        age = time.monotonic() - trigger.made_at
        if age > self._core.patience.trigger:
            raise SlackRefusal("expired_trigger_id", f"{age:.1f} s old")
        trigger.used = True
        return trigger

    # what the app may do

    def open(self, trigger_id: str, view: Json) -> Json:
        """views.open: a new stack with this modal."""
        self._checked(view, "modal")
        trigger = self.spend(trigger_id)
        while self._stacks.get(trigger.user):
            self._take_off(trigger.user)
        opened = self._put_on(trigger.user, view, trigger.channel)
        self._show(opened, "view_opened")
        return opened.view

    def push(self, trigger_id: str, view: Json) -> Json:
        """views.push: a modal on top of the one the person acted in."""
        self._checked(view, "modal")
        trigger = self.spend(trigger_id)
        stack = self.stack(trigger.user)
        if trigger.view_id is None or trigger.view_id not in stack:
            raise SlackRefusal("not_found")
        return self.push_onto(trigger.user, view, trigger.channel).view

    def push_onto(self, user: str, view: Json, channel: str | None) -> OpenView:
        """Put one more modal on the person's stack. Raises `SlackRefusal` when three are there."""
        if len(self.stack(user)) >= DEEPEST_STACK:
            raise SlackRefusal("push_limit_reached")
        opened = self._put_on(user, view, channel)
        self._show(opened, "view_pushed")
        return opened

    def update(self, view_id: str | None, external_id: str | None, view: Json, hash_: str | None) -> Json:
        """views.update, by exactly one of the two ids."""
        if (view_id is None) == (external_id is None):
            raise invalid_arguments("either view_id or external_id must be provided")
        opened = self._find(view_id, external_id)
        if opened is None:
            raise SlackRefusal("not_found")
        self._checked(view, "modal" if opened.view["id"] in self._views else "home", opened.view["id"])
        if hash_ is not None and hash_ != opened.view["hash"]:
            raise SlackRefusal("hash_conflict")
        self.replace(opened, view)
        return opened.view

    def replace(self, opened: OpenView, view: Json) -> None:
        """Show other content in the same view; input survives where block_id and action_id stay the same."""
        keep = ("id", "root_view_id", "previous_view_id")
        present = {key: opened.view[key] for key in keep}
        opened.view = self._object(view) | present
        if view["type"] == "home":
            self._core.feed.push(opened.user, {"type": "home", "view": opened.view})
        elif opened is self.top(opened.user):  # one that lies below shows itself once it is on top again
            self._show(opened, "view_updated")

    def publish(self, user: str, view: Json, hash_: str | None) -> Json:
        """views.publish: the person's App Home."""
        if not self._core.manifest.home_enabled:
            raise SlackRefusal("not_enabled")
        opened = self._homes.get(user)
        self._checked(view, "home", opened.view["id"] if opened else None)
        if opened is not None and hash_ is not None and hash_ != opened.view["hash"]:
            raise SlackRefusal("hash_conflict")
        self.published[user] = self.published.get(user, 0) + 1
        if opened is None:
            opened = self._homes[user] = OpenView(user, self._new(view))
            self._core.feed.push(user, {"type": "home", "view": opened.view})
        else:
            self.replace(opened, view)
        return opened.view

    def check_answer(self, view: Json, replacing: str | None = None) -> None:
        """The same strictness for views given in acknowledgements. Raises `SlackRefusal`."""
        self._checked(view, "modal", replacing)

    # what the person's client does

    def close_top(self, user: str) -> OpenView | None:
        """Take the top modal away; with `clear_on_close` all of them. Out: the one taken."""
        taken = self._take_off(user)
        if taken is not None and taken.view.get("clear_on_close"):
            while self.stack(user):
                self._take_off(user)
        self._tell_closed(user)
        return taken

    def clear(self, user: str) -> None:
        """Take the whole stack away."""
        while self.stack(user):
            self._take_off(user)
        self._tell_closed(user)

    def close_one(self, opened: OpenView) -> None:
        """Take one modal away wherever it is in the stack (its submission was accepted)."""
        stack = self.stack(opened.user)
        if opened.view["id"] not in stack:
            return
        stack.remove(opened.view["id"])
        del self._views[opened.view["id"]]
        if opened.view.get("clear_on_close"):
            self.clear(opened.user)
        else:
            self._tell_closed(opened.user)

    # small helpers

    def _checked(self, view: Json, surface: str, replacing: str | None = None) -> None:
        if len(json.dumps(view, ensure_ascii=False).encode()) > LARGEST_VIEW:
            raise SlackRefusal("view_too_large")
        problems = blockkit.view_problems(view, surface)
        if problems:
            raise invalid_arguments(*(str(problem) for problem in problems))
        external = view.get("external_id")
        if external:
            other = self._find(None, external)
            if other is not None and other.view["id"] != replacing:
                raise SlackRefusal("duplicate_external_id")

    def _find(self, view_id: str | None, external_id: str | None) -> OpenView | None:
        if view_id is not None:
            return self.by_id(view_id)
        everything = [*self._views.values(), *self._homes.values()]
        return next((opened for opened in everything if opened.view["external_id"] == external_id), None)

    def _object(self, view: Json) -> Json:
        """The view as Slack gives it back: every key there, ids and hash made, defaults filled in."""
        shown = {
            key: {"emoji": True, **view[key]} if key in _TEXTS and view.get(key) else view.get(key)
            for key in _SHOWN
        }
        return {
            "team_id": company.TEAM_ID,
            "type": view["type"],
            **shown,
            "submit_disabled": view.get("submit_disabled", False),
            "blocks": normalised_blocks(self._core, view["blocks"]),
            "private_metadata": view.get("private_metadata", ""),
            "callback_id": view.get("callback_id", ""),
            "external_id": view.get("external_id", ""),
            "state": {"values": {}},
            "hash": f"{int(time.time())}.{secrets.token_hex(4)}",
            "clear_on_close": view.get("clear_on_close", False),
            "notify_on_close": view.get("notify_on_close", False),
            "app_id": company.APP_ID,
            "app_installed_team_id": company.TEAM_ID,
            "bot_id": company.BOT_ID,
        }

    def _new(self, view: Json, root: str | None = None, previous: str | None = None) -> Json:
        id_ = self._core.new_id("V")
        return {"id": id_, "root_view_id": root or id_, "previous_view_id": previous, **self._object(view)}

    def _put_on(self, user: str, view: Json, channel: str | None) -> OpenView:
        stack = self._stacks.setdefault(user, [])
        made = self._new(view, stack[0] if stack else None, stack[-1] if stack else None)
        opened = OpenView(user, made, channel)
        self._views[made["id"]] = opened
        stack.append(made["id"])
        return opened

    def _take_off(self, user: str) -> OpenView | None:
        stack = self.stack(user)
        return self._views.pop(stack.pop()) if stack else None

    def _show(self, opened: OpenView, what: str) -> None:
        depth = len(self.stack(opened.user))
        self._core.feed.push(opened.user, {"type": what, "view": opened.view, "depth": depth})

    def _tell_closed(self, user: str) -> None:
        top = self.top(user)
        depth = len(self.stack(user))
        self._core.feed.push(
            user, {"type": "view_closed", "view": self.payload(top) if top else None, "depth": depth}
        )
