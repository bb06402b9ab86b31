"""Block Kit's texts, options and interactive elements with their limits, as one table."""

from typing import Any

from bot.workspace.records import Json
from bot.workspace.schema import (
    Check,
    Problem,
    Problems,
    array,
    at_least_one,
    boolean,
    either,
    integer,
    matching,
    one_of,
    shape,
    string,
    typed,
)

ID = string(255)
URL = string(3000)
_DATE = matching(r"\d{4}-\d{2}-\d{2}", "a date YYYY-MM-DD")
_TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time HH:mm")
_TEN_DIGITS = integer(1_000_000_000, 9_999_999_999)
_NUMBER = matching(r"-?\d+(\.\d+)?", "a number in a string")
_CONVERSATION_KINDS = one_of("im", "mpim", "private", "public")


def plain(longest: int) -> Check:
    """A plain_text object of so many characters."""
    return typed(
        {"plain_text": shape({"type": one_of("plain_text"), "text": string(longest)}, {"emoji": boolean})}
    )


def rich(longest: int) -> Check:
    """A plain_text or mrkdwn object of so many characters."""
    mrkdwn = shape({"type": one_of("mrkdwn"), "text": string(longest)}, {"verbatim": boolean})
    return typed({"plain_text": plain(longest), "mrkdwn": mrkdwn})


CONFIRM = shape(
    {"title": plain(100), "text": rich(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
PLACEHOLDER = plain(150)
FILTER = shape(
    {},
    {
        "include": array(_CONVERSATION_KINDS, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),
)
DISPATCH = shape({}, {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)})


def option(text: Check, more: dict[str, Check] | None = None) -> Check:
    """An option of a menu."""
    return shape({"text": text, "value": string(150)}, {"description": plain(75), **(more or {})})


OPTION = option(plain(75))
CHOICE = option(rich(75), {"description": rich(75)})  # checkboxes and radio buttons may use mrkdwn
OPTION_GROUP = shape({"label": plain(75), "options": array(OPTION, 100)}, {})


def _all_options(element: Json) -> list[Json]:
    grouped = [each for group in element.get("option_groups", []) for each in group["options"]]
    return [*element.get("options", []), *grouped]


def unique_values(element: Json, pointer: str, problems: Problems) -> None:
    """No two options of a menu with the same value."""
    values = [each["value"] for each in _all_options(element)]
    for value in sorted({value for value in values if values.count(value) > 1}):
        problems.append(Problem(f"option value {value} is used more than once", pointer))


def initial_among_options(element: Json, pointer: str, problems: Problems) -> None:
    """What is chosen from the start must be one of the options, word for word."""
    options = [_bare(each) for each in _all_options(element)]
    chosen = (
        [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    )
    name = "initial_option" if "initial_option" in element else "initial_options"
    for each in chosen:
        if _bare(each) not in options:
            problems.append(Problem("must match one of the options exactly", f"{pointer}/{name}"))


def _bare(value: Any) -> Any:
    """An option without the defaults that Slack adds to texts."""
    if isinstance(value, dict):
        return {
            key: _bare(part)
            for key, part in value.items()
            if not (key == "emoji" and part is True) and not (key == "verbatim" and part is False)
        }
    return value


def _length_order(element: Json, pointer: str, problems: Problems) -> None:
    if element.get("min_length", 0) > element.get("max_length", 3000):
        problems.append(Problem("min_length must not be greater than max_length", f"{pointer}/min_length"))
    if len(element.get("initial_value", "")) > element.get("max_length", 3000):
        most = element.get("max_length", 3000)
        problems.append(Problem(f"must be less than {most + 1} characters", f"{pointer}/initial_value"))


def _number_order(element: Json, pointer: str, problems: Problems) -> None:
    bounds = [element[key] for key in ("min_value", "max_value") if key in element]
    if len(bounds) == 2 and float(bounds[0]) > float(bounds[1]):
        problems.append(Problem("min_value must not be greater than max_value", f"{pointer}/min_value"))


def _element(kind: str, required: dict[str, Check], optional: dict[str, Check], *rules: Any) -> Check:
    return shape({"type": one_of(kind), **required}, {"action_id": ID, **optional}, *rules)


_FOCUS: dict[str, Check] = {"focus_on_load": boolean}
_MENU: dict[str, Check] = {"placeholder": PLACEHOLDER, "confirm": CONFIRM, **_FOCUS}
_TYPED: dict[str, Check] = {"placeholder": PLACEHOLDER, "dispatch_action_config": DISPATCH, **_FOCUS}
_SEVERAL: dict[str, Check] = {"max_selected_items": integer(1, 1_000_000)}
_LISTED: dict[str, Check] = {"options": array(OPTION, 100), "option_groups": array(OPTION_GROUP, 100)}
_ANSWERED: dict[str, Check] = {"response_url_enabled": boolean}
_HERE: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": FILTER}
_QUERY: dict[str, Check] = {"min_query_length": integer(0, 1_000)}
_IDS = array(ID, 1000)
_MENU_RULES = (either("options", "option_groups"), unique_values, initial_among_options)
_CHOICE_RULES = (unique_values, initial_among_options)

ELEMENTS: dict[str, Check] = {
    "button": _element(
        "button",
        {"text": plain(75)},
        {
            "value": string(2000),
            "url": URL,
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "overflow": _element(
        "overflow",
        {"options": array(option(plain(75), {"url": URL}), 5)},
        {"confirm": CONFIRM},
        unique_values,
    ),
    "static_select": _element(
        "static_select", {}, {**_LISTED, **_MENU, "initial_option": OPTION}, *_MENU_RULES
    ),
    "multi_static_select": _element(
        "multi_static_select",
        {},
        {**_LISTED, **_MENU, **_SEVERAL, "initial_options": array(OPTION, 100)},
        *_MENU_RULES,
    ),
    "external_select": _element("external_select", {}, {**_MENU, **_QUERY, "initial_option": OPTION}),
    "multi_external_select": _element(
        "multi_external_select", {}, {**_MENU, **_QUERY, **_SEVERAL, "initial_options": array(OPTION, 100)}
    ),
    "users_select": _element("users_select", {}, {**_MENU, "initial_user": ID}),
    "multi_users_select": _element("multi_users_select", {}, {**_MENU, **_SEVERAL, "initial_users": _IDS}),
    "conversations_select": _element(
        "conversations_select", {}, {**_MENU, **_ANSWERED, **_HERE, "initial_conversation": ID}
    ),
    "multi_conversations_select": _element(
        "multi_conversations_select", {}, {**_MENU, **_SEVERAL, **_HERE, "initial_conversations": _IDS}
    ),
    "channels_select": _element("channels_select", {}, {**_MENU, **_ANSWERED, "initial_channel": ID}),
    "multi_channels_select": _element(
        "multi_channels_select", {}, {**_MENU, **_SEVERAL, "initial_channels": _IDS}
    ),
    "radio_buttons": _element(
        "radio_buttons",
        {"options": array(CHOICE, 10)},
        {"initial_option": CHOICE, "confirm": CONFIRM, **_FOCUS},
        *_CHOICE_RULES,
    ),
    "checkboxes": _element(
        "checkboxes",
        {"options": array(CHOICE, 10)},
        {"initial_options": array(CHOICE, 10), "confirm": CONFIRM, **_FOCUS},
        *_CHOICE_RULES,
    ),
    "datepicker": _element("datepicker", {}, {**_MENU, "initial_date": _DATE}),
    "timepicker": _element("timepicker", {}, {**_MENU, "initial_time": _TIME, "timezone": string(100)}),
    "datetimepicker": _element(
        "datetimepicker", {}, {"initial_date_time": _TEN_DIGITS, "confirm": CONFIRM, **_FOCUS}
    ),
    "plain_text_input": _element(
        "plain_text_input",
        {},
        {
            **_TYPED,
            "initial_value": string(3000, 0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
        _length_order,
    ),
    "email_text_input": _element("email_text_input", {}, {**_TYPED, "initial_value": string(3000, 0)}),
    "url_text_input": _element("url_text_input", {}, {**_TYPED, "initial_value": string(3000, 0)}),
    "number_input": _element(
        "number_input",
        {"is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
        _number_order,
    ),
    "file_input": _element(
        "file_input", {}, {"filetypes": array(string(50), 100), "max_files": integer(1, 10)}
    ),
}
