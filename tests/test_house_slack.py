"""The app manifest, the listeners and the calls the bot makes are one and the same list."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, cast

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from bot.resources import resource
from bot.slack.listeners import register
from bot.vocabulary import Action, Callback
from tests.sources import modules, tree

MANIFEST: dict[str, Any] = yaml.safe_load(resource("app_manifest.yml").read_text(encoding="utf-8"))
SCOPES = set(MANIFEST["oauth_config"]["scopes"]["bot"])

# Slack's reference, page by page (https://docs.slack.dev/reference/methods): what a bot token needs for the
# private channels and direct messages this bot works in.
SCOPES_OF_METHOD: dict[str, set[str]] = {
    "apps.connections.open": set(),  # with the app-level token and its own connections:write
    "auth.test": set(),
    "chat.delete": {"chat:write"},
    "chat.getPermalink": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.create": {"groups:write"},
    "conversations.history": {"groups:history", "im:history"},
    "conversations.info": {"groups:read"},
    "conversations.invite": {"groups:write"},
    "conversations.kick": {"groups:write"},
    "conversations.members": {"groups:read"},
    "conversations.open": {"im:write"},
    "conversations.rename": {"groups:write"},
    "conversations.replies": {"groups:history"},
    "conversations.setPurpose": {"groups:write"},
    "conversations.setTopic": {"groups:write"},
    "dnd.info": {"dnd:read"},
    "dnd.teamInfo": {"dnd:read"},
    "files.info": {"files:read"},
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "pins.add": {"pins:write"},
    "pins.list": {"pins:read"},
    "pins.remove": {"pins:write"},
    "reactions.add": {"reactions:write"},
    "team.info": {"team:read"},
    "usergroups.list": {"usergroups:read"},
    "usergroups.users.list": {"usergroups:read"},
    "users.conversations": {"groups:read"},
    "users.getPresence": {"users:read"},
    "users.info": {"users:read"},
    "users.list": {"users:read"},
    "users.lookupByEmail": {"users:read", "users:read.email"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}
METHOD_OF_FUNCTION = {
    method.replace(".", "_"): method
    for method in SCOPES_OF_METHOD
    if hasattr(AsyncWebClient, method.replace(".", "_"))
}
SCOPES_OF_EVENT: dict[str, set[str]] = {
    "app_home_opened": set(),
    "file_shared": {"files:read"},
    "group_archive": {"groups:read"},
    "group_deleted": {"groups:read"},
    "group_left": {"groups:read"},
    "reaction_added": {"reactions:read"},
    "message.im": {"im:history"},
    "message.groups": {"groups:history"},
    "member_joined_channel": {"groups:read"},
    "member_left_channel": {"groups:read"},
    "user_change": {"users:read"},
}


class Registered:
    """Stands where the reception stands, and remembers what was wired."""

    def __init__(self) -> None:
        self.names: dict[str, list[str]] = {
            kind: [] for kind in ("command", "shortcut", "action", "field", "view", "event")
        }

    def __getattr__(self, kind: str) -> Callable[[Any], Callable[[Any], None]]:
        def remember(name: Any, **_: Any) -> Callable[[Any], None]:
            self.names[kind].append(str(name))
            return lambda listener: None

        return remember


@pytest.fixture(scope="module")
def registered() -> dict[str, list[str]]:
    app = Registered()
    register(cast(Any, app), cast(Any, None))
    return app.names


def test_commands_are_those_of_the_manifest(registered: dict[str, list[str]]) -> None:
    assert registered["command"] == [each["command"] for each in MANIFEST["features"]["slash_commands"]]


def test_shortcuts_are_those_of_the_manifest(registered: dict[str, list[str]]) -> None:
    declared = {each["callback_id"]: each["type"] for each in MANIFEST["features"]["shortcuts"]}
    assert set(registered["shortcut"]) == set(declared)
    assert declared == {"first_report": "global", "report_message": "message", "add_to_timeline": "message"}


def test_events_are_those_of_the_manifest(registered: dict[str, list[str]]) -> None:
    subscribed = {event.split(".")[0] for event in MANIFEST["settings"]["event_subscriptions"]["bot_events"]}
    assert set(registered["event"]) == subscribed, (
        "Slack sends only what is subscribed, the bot hears only listeners"
    )


def test_every_button_and_form_has_one_listener(registered: dict[str, list[str]]) -> None:
    heard = registered["action"], registered["view"] + registered["shortcut"]
    assert sorted(heard[0]) == sorted(Action), "a button without a listener is an error"
    assert set(heard[1]) == set(Callback), "a form without a listener never closes"
    assert len(registered["view"]) == len(set(registered["view"]))


def methods_called() -> set[str]:
    """Slack's methods that the bot calls by a client's function or by name."""
    found = set()
    for path in modules("bot"):
        if path.parts[1] == "workspace":
            continue
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Attribute)
                and hasattr(AsyncWebClient, node.attr)
                and "_" in node.attr.strip("_")
            ):
                found.add(METHOD_OF_FUNCTION.get(node.attr, node.attr))
            elif isinstance(node, ast.Constant) and node.value in SCOPES_OF_METHOD:
                found.add(str(node.value))
    return found - {"api_call", "base_url"}


def test_every_method_called_has_its_scopes_written_down() -> None:
    assert methods_called() - set(SCOPES_OF_METHOD) == set(), (
        "add it to the table, from Slack's page of the method"
    )


def test_the_manifest_asks_for_what_is_needed_and_nothing_more() -> None:
    needed = {"commands"}
    for method in methods_called():
        needed |= SCOPES_OF_METHOD.get(method, set())
    for event in MANIFEST["settings"]["event_subscriptions"]["bot_events"]:
        needed |= SCOPES_OF_EVENT[event]
    screens = "".join(ast.unparse(tree(path)) for path in modules("bot/slack/screens"))
    if "file_input" in screens:
        needed |= {"files:read"}
    assert needed - SCOPES == set(), "Slack would answer missing_scope"
    assert SCOPES - needed == set(), "least privilege: an administrator must approve every scope"


def test_texts_of_the_manifest_fit_slack() -> None:
    display = MANIFEST["display_information"]
    assert len(display["name"]) <= 35
    assert len(display["description"]) <= 140
    for shortcut in MANIFEST["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
