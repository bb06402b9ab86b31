"""Submitting and closing modals: the client's own checks, and what the app's answer does to the stack."""

from bot.workspace.core import Core
from bot.workspace.elements import elements_of, field_error, state_of
from bot.workspace.interactions import common, keep_state
from bot.workspace.modals import OpenView
from bot.workspace.model import User
from bot.workspace.records import Json
from bot.workspace.refusals import SlackRefusal
from bot.workspace.results import Submission

_ANSWERS = ("clear", "errors", "update", "push")


async def submit(core: Core, user: User, opened: OpenView, values: Json) -> Submission:
    """Submit a modal with these state values (block id → action id → state); others stay as they are."""
    keep_state(core, opened.kept, values)
    errors = client_errors(core, user, opened)
    if errors:
        return Submission(False, "errors", errors, False, opened.view)

    def payload() -> Json:
        return {
            "type": "view_submission",
            **common(user),
            "trigger_id": core.modals.new_trigger(user.id, opened.channel, opened.view["id"]),
            "view": sent,
            "response_urls": _response_urls(core, user, opened),
        }

    sent = core.modals.payload(opened)
    ack = await core.delivery.interaction(payload(), payload)
    if ack.outcome != "acked":
        return Submission(False, "trouble", {}, False, opened.view, ack.outcome)
    try:
        return _answered(core, user, opened, ack.payload or {})
    except SlackRefusal as refusal:
        core.breach("view_submission answer", refusal.error, refusal.detail)
        return Submission(False, "trouble", {}, False, opened.view, "invalid_response")


def client_errors(core: Core, user: User, opened: OpenView) -> dict[str, str]:
    """What the client refuses to send: required fields left empty, lengths, formats (block id → text)."""
    values = state_of(opened.view["blocks"], opened.kept, opened.channel)
    found = {}
    for block in opened.view["blocks"]:
        if block["type"] == "input":
            state = values[block["block_id"]][block["element"]["action_id"]]
            error = field_error(block, state, user.japanese)
            if error is not None:
                found[block["block_id"]] = error
    return found


def _answered(core: Core, user: User, opened: OpenView, answer: Json) -> Submission:
    action = answer.get("response_action")
    if answer and action not in _ANSWERS:
        raise SlackRefusal("invalid_response_action", str(answer)[:300])
    if action == "errors":
        return _with_errors(opened, answer.get("errors"))
    if action == "clear":
        core.modals.clear(user.id)
        return Submission(True, "clear", {}, True, None)
    if action == "update":
        core.modals.check_answer(answer.get("view") or {}, opened.view["id"])
        core.modals.replace(opened, answer["view"])
        return Submission(True, "update", {}, False, opened.view)
    if action == "push":
        core.modals.check_answer(answer.get("view") or {})
        pushed = core.modals.push_onto(user.id, answer["view"], opened.channel)
        return Submission(True, "push", {}, False, pushed.view)
    core.modals.close_one(opened)
    top = core.modals.top(user.id)
    return Submission(True, "close", {}, True, top.view if top else None)


def _with_errors(opened: OpenView, errors: object) -> Submission:
    inputs = {block["block_id"] for block in opened.view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackRefusal("invalid_errors", "errors must name at least one block")
    strange = [str(block_id) for block_id in errors if block_id not in inputs]
    if strange:
        raise SlackRefusal("invalid_errors", f"no input block: {', '.join(strange)}")
    if not all(isinstance(text, str) and text for text in errors.values()):
        raise SlackRefusal("invalid_errors", "every error is a plain text")
    return Submission(False, "errors", dict(errors), False, opened.view)


def _response_urls(core: Core, user: User, opened: OpenView) -> list[Json]:
    values = state_of(opened.view["blocks"], opened.kept, opened.channel)
    found = []
    for block in opened.view["blocks"]:
        for element in elements_of(block):
            if not element.get("response_url_enabled"):
                continue
            state = values[block["block_id"]][element["action_id"]]
            id_ = state.get("selected_conversation") or state.get("selected_channel")
            if id_ in core.conversations:
                found.append(
                    {
                        "block_id": block["block_id"],
                        "action_id": element["action_id"],
                        "channel_id": id_,
                        "response_url": core.response_urls.new(user.id, core.conversations[id_]),
                    }
                )
    return found


async def close(core: Core, user: User, opened: OpenView, all_of_them: bool = False) -> None:
    """The person cancels a modal, or (`all_of_them`) closes the whole stack with the X."""
    told = opened
    if all_of_them:
        told = core.modals.by_id(core.modals.stack(user.id)[0]) or opened
        core.modals.clear(user.id)
    else:
        core.modals.close_top(user.id)
    if not told.view.get("notify_on_close"):
        return
    # A closing says nothing of what was typed.
    view = told.view | {"state": {"values": {}}}
    payload = {"type": "view_closed", **common(user), "view": view, "is_cleared": all_of_them}
    await core.delivery.interaction(payload)
