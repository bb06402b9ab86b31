"""Block Kit's blocks and surfaces: what a message, a modal and an App Home may hold."""

from collections.abc import Iterator
from typing import Any

from bot.workspace.blockkit_elements import ELEMENTS, ID, OPTION, OPTION_GROUP, URL, plain, rich
from bot.workspace.blockkit_rich_text import RICH_TEXT
from bot.workspace.elements import elements_of
from bot.workspace.records import Json
from bot.workspace.schema import (
    Check,
    Problem,
    Problems,
    anything,
    array,
    at_least_one,
    boolean,
    either,
    length,
    one_of,
    shape,
    string,
    typed,
)

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MARKDOWN_TOTAL = 12_000

_IMAGE_SOURCE = {"image_url": URL, "slack_file": shape({}, {"id": ID, "url": URL}, either("id", "url"))}
_IMAGE = shape(
    {"type": one_of("image"), "alt_text": string(2000)}, _IMAGE_SOURCE, either("image_url", "slack_file")
)
_RICH_TEXT_INPUT = shape(
    {"type": one_of("rich_text_input")},
    {
        "action_id": ID,
        "initial_value": typed({"rich_text": RICH_TEXT}),
        "placeholder": plain(150),
        "focus_on_load": boolean,
        "dispatch_action_config": anything,
    },
)
_ALL = {**ELEMENTS, "image": _IMAGE, "rich_text_input": _RICH_TEXT_INPUT}

_SELECTS = {
    f"{several}{kind}_select"
    for several in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
}
_CHOICES = {"checkboxes", "radio_buttons"}
_PICKERS = {"datepicker", "timepicker"}
_TEXT_INPUTS = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
# which elements may live where
_ACCESSORIES = _SELECTS | _CHOICES | _PICKERS | {"button", "overflow", "image"}
_IN_ACTIONS = _SELECTS | _CHOICES | _PICKERS | {"button", "overflow", "datetimepicker", "rich_text_input"}
_IN_INPUT = (
    _SELECTS | _CHOICES | _PICKERS | _TEXT_INPUTS | {"datetimepicker", "rich_text_input", "file_input"}
)


def _among(names: set[str]) -> Check:
    return typed({name: _ALL[name] for name in sorted(names)})


def _block(kind: str, required: dict[str, Check], optional: dict[str, Check], *rules: Any) -> Check:
    return shape({"type": one_of(kind), **required}, {"block_id": ID, **optional}, *rules)


_CELL = typed(
    {
        "raw_text": shape({"type": one_of("raw_text"), "text": string(3000, 0)}, {}),
        "raw_number": shape({"type": one_of("raw_number")}, {"value": anything, "text": string(3000, 0)}),
        "rich_text": RICH_TEXT,
    }
)
_COLUMN = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})

BLOCKS: dict[str, Check] = {
    "section": _block(
        "section",
        {},
        {
            "text": rich(3000),
            "fields": array(rich(2000), 10),
            "accessory": _among(_ACCESSORIES),
            "expand": boolean,
        },
        at_least_one("text", "fields"),
    ),
    "header": _block("header", {"text": plain(150)}, {}),
    "divider": _block("divider", {}, {}),
    "context": _block(
        "context",
        {"elements": array(typed({"image": _IMAGE, "plain_text": plain(3000), "mrkdwn": rich(3000)}), 10)},
        {},
    ),
    "actions": _block("actions", {"elements": array(_among(_IN_ACTIONS), 25)}, {}),
    "input": _block(
        "input",
        {"label": plain(2000), "element": _among(_IN_INPUT)},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "image": _block(
        "image",
        {"alt_text": string(2000)},
        {**_IMAGE_SOURCE, "title": plain(2000)},
        either("image_url", "slack_file"),
    ),
    "rich_text": RICH_TEXT,
    "markdown": _block("markdown", {"text": string(12_000)}, {}),
    "table": _block("table", {"rows": array(array(_CELL, 20), 100)}, {"column_settings": array(_COLUMN, 20)}),
    "alert": _block(
        "alert", {"text": rich(3000)}, {"level": one_of("default", "info", "warning", "error", "success")}
    ),
}
_EVERYWHERE = {"section", "header", "divider", "context", "actions", "input", "image", "rich_text"}
SURFACES = {
    "message": _EVERYWHERE | {"markdown", "table"},
    "modal": _EVERYWHERE | {"alert"},
    "home": _EVERYWHERE,
}
_SURFACE_BLOCKS = {
    surface: typed({kind: BLOCKS[kind] for kind in sorted(kinds)}) for surface, kinds in SURFACES.items()
}
_COMMON_VIEW: dict[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_FLAGS = {"clear_on_close": boolean, "notify_on_close": boolean, "submit_disabled": boolean}
_VIEWS = {
    "modal": shape(
        {
            "type": one_of("modal"),
            "title": plain(24),
            "blocks": array(_SURFACE_BLOCKS["modal"], MOST_BLOCKS["modal"]),
        },
        {"submit": plain(24), "close": plain(24), **_COMMON_VIEW, **_FLAGS},
    ),
    # A Home may carry a modal's title and buttons without effect, as Slack's own builder sends them.
    "home": shape(
        {"type": one_of("home"), "blocks": array(_SURFACE_BLOCKS["home"], MOST_BLOCKS["home"])},
        {"title": plain(24), "submit": plain(24), "close": plain(24), **_COMMON_VIEW, **_FLAGS},
    ),
}


def block_problems(blocks: Any, surface: str = "message", pointer: str = "/blocks") -> list[Problem]:
    """Everything Slack would refuse about the blocks of a message."""
    problems: Problems = []
    array(_SURFACE_BLOCKS[surface], MOST_BLOCKS[surface], 0)(blocks, pointer, problems)
    if not problems:
        _whole(blocks, surface, pointer, problems)
    return problems


def view_problems(view: Any, surface: str, pointer: str = "/view") -> list[Problem]:
    """Everything Slack would refuse about a view; `surface` is `modal` or `home`."""
    problems: Problems = []
    if not isinstance(view, dict):
        return [Problem("must provide an object", pointer)]
    typed({surface: _VIEWS[surface]})(view, pointer, problems)
    if problems:
        return problems
    _whole(view["blocks"], surface, f"{pointer}/blocks", problems)
    if (
        surface == "modal"
        and "submit" not in view
        and any(block["type"] == "input" for block in view["blocks"])
    ):
        problems.append(Problem("missing required field: submit", pointer))
    return problems


def options_problems(answer: Any) -> list[Problem]:
    """Everything Slack would refuse about the answer to a `block_suggestion`."""
    problems: Problems = []
    check = shape(
        {},
        {"options": array(OPTION, 100, 0), "option_groups": array(OPTION_GROUP, 100, 0)},
        either("options", "option_groups"),
    )
    check(answer, "", problems)
    return problems


def _whole(blocks: list[Json], surface: str, pointer: str, problems: Problems) -> None:
    """Rules that span blocks: unique ids, one focus, one table, what fits only in modals."""
    seen: set[str] = set()
    focused = tables = markdown = 0
    for position, block in enumerate(blocks):
        here = f"{pointer}/{position}"
        if block.get("block_id") in seen:
            problems.append(Problem("`block_id` already exists", f"{here}/block_id"))
        seen.add(block.get("block_id", f"no id {position}"))
        actions: set[str] = set()
        for where, element in _placed(block):
            if element.get("action_id") in actions:
                problems.append(Problem("`action_id` already exists", f"{here}{where}/action_id"))
            actions.add(element.get("action_id", f"no id {where}"))
            focused += bool(element.get("focus_on_load"))
            if focused > 1:
                problems.append(Problem("only one element may have focus_on_load", f"{here}{where}"))
                focused = 1
            if element["type"] == "file_input" and surface != "modal":
                problems.append(Problem("unsupported type: file_input", f"{here}{where}/type"))
            if element.get("response_url_enabled") and (surface != "modal" or block["type"] != "input"):
                problems.append(
                    Problem(
                        "response_url_enabled is for inputs of modals", f"{here}{where}/response_url_enabled"
                    )
                )
        tables += block["type"] == "table"
        markdown += length(block["text"]) if block["type"] == "markdown" else 0
    if tables > 1:
        problems.append(Problem("only one table allowed", pointer))
    if markdown > MARKDOWN_TOTAL:
        problems.append(
            Problem(f"markdown blocks must be less than {MARKDOWN_TOTAL + 1} characters", pointer)
        )


def _placed(block: Json) -> Iterator[tuple[str, Json]]:
    for position, element in enumerate(elements_of(block)):
        if "element" in block:
            yield "/element", element
        elif "accessory" in block:
            yield "/accessory", element
        else:
            yield f"/elements/{position}", element
