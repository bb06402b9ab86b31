"""Interactive elements as a person meets them: what they start with, what can be put in, what is sent."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.workspace.records import Json

# type of element → the key of its value in `state.values`
STATE_KEY = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "file_input": "files",
}
# key of the value → the property of the element it starts from
_INITIAL = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
}
_LISTS = frozenset(key for key in STATE_KEY.values() if key.endswith("s"))
_OPTION_KEYS = frozenset({"selected_option", "selected_options"})


def elements_of(block: Json) -> Iterator[Json]:
    """The interactive elements of a block, in order."""
    if isinstance(block.get("element"), dict):
        yield block["element"]
    if isinstance(block.get("accessory"), dict):
        yield block["accessory"]
    if block.get("type") == "actions":
        yield from block.get("elements", [])


def find(blocks: list[Json], action_id: str, block_id: str | None = None) -> Iterator[tuple[Json, Json]]:
    """The elements with this action_id (in this block): pairs of block and element."""
    for block in blocks:
        if block_id is not None and block.get("block_id") != block_id:
            continue
        for element in elements_of(block):
            if element.get("action_id") == action_id:
                yield block, element


def options_of(element: Json) -> list[Json]:
    """All options of a menu, groups flattened."""
    grouped = [option for group in element.get("option_groups", []) for option in group.get("options", [])]
    return [*element.get("options", []), *grouped]


def initial_state(element: Json, conversation: str | None = None) -> Json | None:
    """The state value an element starts with; None for elements without state (buttons, overflow)."""
    key = STATE_KEY.get(element["type"])
    if key is None:
        return None
    value = element.get(_INITIAL.get(key, ""))
    if value is None and element.get("default_to_current_conversation") and conversation:
        value = [conversation] if key in _LISTS else conversation
    if value is None and key in _LISTS:
        value = []
    state = {"type": element["type"], key: value}
    if element["type"] == "timepicker" and "timezone" in element:
        state["timezone"] = element["timezone"]
    return state


def state_of(blocks: list[Json], kept: Json, conversation: str | None = None) -> Json:
    """`state.values` of a surface: what the person put in (`kept`), else what each element starts with."""
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            state = initial_state(element, conversation)
            if state is None:
                continue
            own = kept.get(block["block_id"], {}).get(element["action_id"])
            if isinstance(own, dict) and own.get("type", element["type"]) == element["type"]:
                state = {"type": element["type"], **own}
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def put_in(element: Json, value: Any) -> Json:
    """A friendly value as the state value of an element.

    In: text, date, time and number as str; a datetimepicker's int (unix seconds); an option by its value;
    lists for elements that hold several; None or "" empties. Raises `ValueError` for an option that is not
    there.
    """
    kind = element["type"]
    key = STATE_KEY[kind]
    if value is None or value == "":
        return {"type": kind, key: [] if key in _LISTS else None}
    if key in _LISTS and not isinstance(value, list | tuple):
        value = [value]
    if key == "selected_option":
        value = _option(element, value)
    elif key == "selected_options":
        value = [_option(element, each) for each in value]
    elif key in _LISTS:
        value = list(value)
    elif kind == "datetimepicker":
        value = int(value)
    elif kind == "rich_text_input" and isinstance(value, str):
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
        value = {"type": "rich_text", "elements": [section]}
    elif kind == "number_input":
        value = str(value)
    return {"type": kind, key: value}


def _option(element: Json, wanted: Any) -> Json:
    if isinstance(wanted, dict):
        return wanted
    if element["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": str(wanted), "emoji": True}, "value": str(wanted)}
    for option in options_of(element):
        if option["value"] == wanted:
            return option
    there = ", ".join(option["value"] for option in options_of(element))
    raise ValueError(f"{element['action_id']} has no option {wanted!r}; it has: {there}")


def is_empty(state: Json | None) -> bool:
    """Whether nothing is put in."""
    if not state:
        return True
    value = state.get(STATE_KEY[state["type"]])
    return value is None or value in ("", [])


def field_error(block: Json, state: Json, japanese: bool) -> str | None:
    """What the client itself finds wrong with an input before it sends anything, in the person's language."""
    element = block["element"]
    if is_empty(state):
        if block.get("optional"):
            return None
        return "この項目は必須です。" if japanese else "Please complete this required field."
    value = state[STATE_KEY[element["type"]]]
    if isinstance(value, str):
        return _text_error(element, value, japanese)
    most = element.get("max_selected_items") or element.get("max_files")
    if isinstance(value, list) and most and len(value) > most:
        return f"{most} 件まで選べます。" if japanese else f"You can choose at most {most}."
    return None


def _text_error(element: Json, value: str, japanese: bool) -> str | None:
    kind = element["type"]
    if kind == "plain_text_input":
        if len(value) > element.get("max_length", 3000):
            most = element.get("max_length", 3000)
            return f"{most} 文字以内で入力してください。" if japanese else f"Use at most {most} characters."
        if len(value) < element.get("min_length", 0):
            least = element["min_length"]
            return (
                f"{least} 文字以上で入力してください。" if japanese else f"Use at least {least} characters."
            )
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return (
            "有効なメールアドレスを入力してください。" if japanese else "Please enter a valid email address."
        )
    if kind == "url_text_input" and not re.fullmatch(r"https?://\S+", value):
        return "有効な URL を入力してください。" if japanese else "Please enter a valid URL."
    if kind == "number_input":
        return _number_error(element, value, japanese)
    if kind == "datepicker":
        try:
            date.fromisoformat(value)
        except ValueError:
            return "有効な日付を入力してください。" if japanese else "Please enter a valid date."
    return None


def _number_error(element: Json, value: str, japanese: bool) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "数値を入力してください。" if japanese else "Please enter a number."
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return "整数を入力してください。" if japanese else "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        least = element["min_value"]
        return f"{least} 以上の数値を入力してください。" if japanese else f"Please enter {least} or more."
    if "max_value" in element and number > Decimal(element["max_value"]):
        most = element["max_value"]
        return f"{most} 以下の数値を入力してください。" if japanese else f"Please enter {most} or less."
    return None
