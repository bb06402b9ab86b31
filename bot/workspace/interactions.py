"""What a person does with the app (commands, shortcuts, clicks): what is sent, what comes back."""

from typing import Any

from bot.workspace import company, messages, rooms
from bot.workspace.arguments import Arguments
from bot.workspace.blockkit import options_problems
from bot.workspace.content import checked_content
from bot.workspace.core import Core
from bot.workspace.elements import STATE_KEY, find, state_of
from bot.workspace.modals import OpenView
from bot.workspace.model import Conversation, User
from bot.workspace.records import Json
from bot.workspace.refusals import SlackRefusal
from bot.workspace.response_urls import say
from bot.workspace.results import Press, Reply
from bot.workspace.sockets import Ack


def common(user: User) -> Json:
    """What every interaction carries."""
    return {
        "team": {"id": company.TEAM_ID, "domain": company.TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": company.TEAM_ID},
        "api_app_id": company.APP_ID,
        "token": "verification",
    }


def channel_name(room: Conversation) -> str:
    """The name Slack puts into payloads; private ones are not named."""
    names = {"im": "directmessage", "private": "privategroup", "mpim": "privategroup"}
    return names.get(room.kind, room.name)


async def command(core: Core, user: User, room: Conversation, name: str, text: str) -> Reply:
    """A slash command. What the app answers at once appears as a message only the person sees."""
    if not any(each["command"] == name for each in core.manifest.commands):
        return _command_failed(core, user, room, name, "dispatch_failed")
    payload = {
        "token": "verification",
        "team_id": company.TEAM_ID,
        "team_domain": company.TEAM_DOMAIN,
        "channel_id": room.id,
        "channel_name": channel_name(room),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": company.APP_ID,
        "is_enterprise_install": "false",
        "response_url": core.response_urls.new(user.id, room),
        "trigger_id": core.modals.new_trigger(user.id, room.id),
    }
    ack = await core.delivery.command(payload)
    if ack.outcome != "acked":
        return _command_failed(core, user, room, name, ack.outcome)
    if not ack.payload:
        return Reply(True)
    try:
        args = Arguments(ack.payload)
        content = checked_content(core, args, "slash command answer")
    except SlackRefusal as refusal:
        core.breach("slash command answer", refusal.error, refusal.detail)
        return _command_failed(core, user, room, name, "dispatch_failed")
    content = messages.by_bot(core) | content
    message = say(core, room, user.id, args.text("response_type", "ephemeral"), content)
    return Reply(True, None, message["text"], message.get("blocks"), message)


def _command_failed(core: Core, user: User, room: Conversation, name: str, error: str) -> Reply:
    if user.japanese:
        text = f"{name} はエラー「{error}」により失敗しました。"
    else:
        text = f"{name} failed with the error “{error}”."
    message = messages.whisper(core, room, user.id, {"user": company.SLACKBOT_ID, "text": text})
    return Reply(False, error, text, None, message)


async def shortcut(core: Core, user: User, callback_id: str) -> Reply:
    """A global shortcut: it comes from nowhere, so it carries no channel and no response_url."""
    payload = {
        "type": "shortcut",
        **common(user),
        "callback_id": callback_id,
        "action_ts": core.clock.next_ts(),
        "trigger_id": core.modals.new_trigger(user.id),
    }
    return _as_reply(await _interact(core, payload, user.id, None, None))


async def message_shortcut(
    core: Core, user: User, callback_id: str, room: Conversation, message: Json
) -> Reply:
    """A shortcut on a message; the app gets the whole message, wherever it stands."""
    payload = {
        "type": "message_action",
        **common(user),
        "callback_id": callback_id,
        "action_ts": core.clock.next_ts(),
        "trigger_id": core.modals.new_trigger(user.id, room.id),
        "response_url": core.response_urls.new(user.id, room, message["ts"]),
        "message_ts": message["ts"],
        "channel": {"id": room.id, "name": channel_name(room)},
        "message": message,
    }
    return _as_reply(await _interact(core, payload, user.id, room.id, None))


async def press_in_message(
    core: Core, user: User, room: Conversation, message: Json, block: Json, element: Json, value: Json
) -> Press:
    """A click or choice in a message, also in one that only this person sees."""
    hidden = messages.ephemeral(core, user.id, room.id, message["ts"]) is not None
    place = (user.id, room.id, message["ts"])
    kept = core.message_state.setdefault(place, {})
    _keep(core, kept, block, element, value)
    payload = {
        "type": "block_actions",
        **common(user),
        "trigger_id": core.modals.new_trigger(user.id, room.id),
        "container": {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": room.id,
            "is_ephemeral": hidden,
        },
        "channel": {"id": room.id, "name": channel_name(room)},
        "state": {"values": state_of(message.get("blocks", []), kept, room.id)},
        "response_url": core.response_urls.new(user.id, room, message["ts"]),
        "actions": [_action(core, block, element, value)],
    }
    if not hidden:
        payload["message"] = message
    return _as_press(await _interact(core, payload, user.id, room.id, None))


async def press_in_view(
    core: Core, user: User, opened: OpenView, block: Json, element: Json, value: Json
) -> Press:
    """A click or choice in a modal or on the App Home. Inputs speak up only with `dispatch_action`."""
    _keep(core, opened.kept, block, element, value)
    if block["type"] == "input" and not block.get("dispatch_action"):
        return Press(True)
    view_id = opened.view["id"]
    payload = {
        "type": "block_actions",
        **common(user),
        "trigger_id": core.modals.new_trigger(user.id, opened.channel, view_id),
        "container": {"type": "view", "view_id": view_id},
        "view": core.modals.payload(opened),
        "actions": [_action(core, block, element, value)],
    }
    return _as_press(await _interact(core, payload, user.id, opened.channel, view_id))


async def suggest(core: Core, user: User, surface: Json, block: Json, element: Json, typed: str) -> Json:
    """What the app offers for what is typed into an external_select. `surface` says where it stands."""
    payload = {
        "type": "block_suggestion",
        **common(user),
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": typed,
        **surface,
    }
    ack = await core.delivery.interaction(payload)
    answer: Any = ack.payload or {}
    problems = options_problems(answer)
    if ack.outcome == "acked" and problems:
        core.breach("block_suggestion answer", "invalid_options", "; ".join(map(str, problems)))
    if ack.outcome != "acked" or problems:
        return {"ok": False, "error": ack.outcome if ack.outcome != "acked" else "invalid_options"}
    return {"ok": True, **answer}


async def open_home(core: Core, user: User, tab: str = "home") -> None:
    """The person opens the app's Home (or its messages)."""
    room = rooms.bot_direct(core, user.id)
    event: Json = {"type": "app_home_opened", "user": user.id, "channel": room.id, "tab": tab}
    home = core.modals.home(user.id)
    if tab == "home" and home is not None:
        event["view"] = core.modals.payload(home)
    core.delivery.tell(event)


async def _interact(core: Core, payload: Json, user: str, channel: str | None, view_id: str | None) -> Ack:
    def twin() -> Json:
        # Every press has a trigger of its own, a doubled one too.
        return payload | {"trigger_id": core.modals.new_trigger(user, channel, view_id)}

    return await core.delivery.interaction(payload, twin)


def keep_state(core: Core, kept: Json, values: Json) -> None:
    """Remember what the person's client says is put in (block id → action id → state)."""
    for block_id, actions in values.items():
        whole = {action_id: _with_whole_files(core, state) for action_id, state in actions.items()}
        kept.setdefault(block_id, {}).update(whole)


def _with_whole_files(core: Core, state: Json) -> Json:
    # Clients only name the files; the app gets complete file objects.
    if not isinstance(state.get("files"), list):
        return state
    files = [core.files[each["id"]].as_slack(core.base_url) for each in state["files"]]
    return {**state, "files": files}


def _keep(core: Core, kept: Json, block: Json, element: Json, value: Json) -> None:
    if element["type"] in STATE_KEY:
        state = {"type": element["type"], **value}
        keep_state(core, kept, {block["block_id"]: {element["action_id"]: state}})


def _action(core: Core, block: Json, element: Json, value: Json) -> Json:
    action = {
        "type": element["type"],
        "block_id": block["block_id"],
        "action_id": element["action_id"],
        "action_ts": core.clock.next_ts(),
    }
    if element["type"] == "button":
        own = {key: element[key] for key in ("text", "value", "url", "style") if key in element}
        return action | own
    return action | value


def _as_reply(ack: Ack) -> Reply:
    return Reply(True) if ack.outcome == "acked" else Reply(False, ack.outcome)


def _as_press(ack: Ack) -> Press:
    return Press(True) if ack.outcome == "acked" else Press(False, ack.outcome)


def element_in(blocks: list[Json], block_id: str | None, action_id: str) -> tuple[Json, Json] | None:
    """The first element with this action_id (in this block), with its block."""
    return next(find(blocks, action_id, block_id), None)
