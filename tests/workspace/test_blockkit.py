"""Block Kit's limits, one case a line."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.blockkit import block_problems, view_problems
from tests.workspace.echo_bot import every_block, everything_modal, home, mrkdwn, options, plain
from tests.workspace.errors import refused

Json = dict[str, Any]


def section(**more: Any) -> Json:
    return {"type": "section", "text": plain("x"), **more}


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "b", "text": plain("x"), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def entry(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("x"), "element": element, **more}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "s", "options": options("a", "b"), **more}


def text_input(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "t", **more}


LONG = "x" * 5000
CONFIRM = {"title": plain("t"), "text": mrkdwn("x"), "confirm": plain("y"), "deny": plain("n")}

BAD_BLOCKS: list[tuple[str, Json, str]] = [
    ("unknown block", {"type": "carousel_of_dreams"}, "unsupported type"),
    ("no type", {"text": plain("x")}, "missing required field: type"),
    ("not an object", "divider", "must provide an object"),  # type: ignore[list-item]
    ("unknown property", section(colour="red"), "invalid additional property: colour"),
    ("empty text", section(text=plain("")), "must be more than 0 characters"),
    ("long text", section(text=mrkdwn("x" * 3001)), "must be less than 3001"),
    ("emoji count double", section(text=mrkdwn("🔔" * 1501)), "must be less than 3001"),
    ("text of no kind", section(text={"type": "text", "text": "x"}), "unsupported type: text"),
    ("emoji on mrkdwn", section(text={**mrkdwn("x"), "emoji": True}), "invalid additional property: emoji"),
    ("verbatim on plain", section(text={**plain("x"), "verbatim": True}), "additional property: verbatim"),
    ("section of nothing", {"type": "section"}, "text or fields"),
    ("too many fields", {"type": "section", "fields": [plain("x")] * 11}, "no more than 10"),
    ("long field", {"type": "section", "fields": [plain("x" * 2001)]}, "must be less than 2001"),
    ("input as accessory", section(accessory=text_input()), "unsupported type: plain_text_input"),
    ("long header", {"type": "header", "text": plain("x" * 151)}, "must be less than 151"),
    ("header in mrkdwn", {"type": "header", "text": mrkdwn("x")}, "unsupported type: mrkdwn"),
    ("button in context", {"type": "context", "elements": [button()]}, "unsupported type: button"),
    ("empty context", {"type": "context", "elements": []}, "no fewer than 1"),
    ("full context", {"type": "context", "elements": [plain("x")] * 11}, "no more than 10"),
    ("empty actions", actions(), "no fewer than 1"),
    ("full actions", actions(*(button(action_id=str(n)) for n in range(26))), "no more than 25"),
    (
        "image in actions",
        actions({"type": "image", "image_url": "https://x", "alt_text": "x"}),
        "unsupported",
    ),
    ("same action_id", actions(button(), button()), "`action_id` already exists"),
    ("long button", actions(button(text=plain("x" * 76))), "must be less than 76"),
    ("mrkdwn button", actions(button(text=mrkdwn("x"))), "unsupported type: mrkdwn"),
    ("long value", actions(button(value="x" * 2001)), "must be less than 2001"),
    ("style default", actions(button(style="default")), "must be one of: primary, danger"),
    ("long action_id", actions(button(action_id="x" * 256)), "must be less than 256"),
    ("long block_id", section(block_id="x" * 256), "must be less than 256"),
    ("confirm without deny", actions(button(confirm={**CONFIRM, "deny": None})), "must provide an object"),
    ("long confirm", actions(button(confirm={**CONFIRM, "title": plain(LONG)})), "must be less than 101"),
    ("no options", actions(select(options=[])), "no fewer than 1"),
    ("101 options", actions(select(options=options(*map(str, range(101))))), "no more than 100"),
    (
        "options and groups",
        actions(select(option_groups=[{"label": plain("g"), "options": options("c")}])),
        "exactly one of options, option_groups",
    ),
    ("same option twice", actions(select(options=options("a", "a"))), "used more than once"),
    ("initial not offered", actions(select(initial_option=options("z")[0])), "must match one of the options"),
    (
        "initial worded otherwise",
        actions(select(initial_option={"text": plain("other"), "value": "a"})),
        "must match one of the options",
    ),
    ("long option", actions(select(options=[{"text": plain("x" * 76), "value": "a"}])), "less than 76"),
    (
        "long option value",
        actions(select(options=[{"text": plain("x"), "value": "x" * 151}])),
        "less than 151",
    ),
    ("mrkdwn option", actions(select(options=[{"text": mrkdwn("x"), "value": "a"}])), "unsupported type"),
    ("long placeholder", actions(select(placeholder=plain("x" * 151))), "must be less than 151"),
    (
        "11 radio buttons",
        actions({"type": "radio_buttons", "action_id": "r", "options": options(*map(str, range(11)))}),
        "no more than 10",
    ),
    (
        "6 overflow options",
        actions({"type": "overflow", "action_id": "o", "options": options(*"abcdef")}),
        "no more than 5",
    ),
    ("a date in words", actions({"type": "datepicker", "initial_date": "tomorrow"}), "a date YYYY-MM-DD"),
    ("an hour 25", actions({"type": "timepicker", "initial_time": "25:00"}), "a time HH:mm"),
    ("milliseconds", actions({"type": "datetimepicker", "initial_date_time": 1795327200000}), "between"),
    (
        "empty filter",
        actions({"type": "conversations_select", "filter": {}}),
        "missing required field: include",
    ),
    ("nothing selectable", actions({"type": "multi_users_select", "max_selected_items": 0}), "between 1"),
    ("image from nowhere", {"type": "image", "alt_text": "x"}, "exactly one of image_url, slack_file"),
    ("image without words", {"type": "image", "image_url": "https://x"}, "missing required field: alt_text"),
    ("file input in a message", entry({"type": "file_input"}), "unsupported type: file_input"),
    ("alert in a message", {"type": "alert", "text": plain("x")}, "unsupported type: alert"),
    (
        "long table",
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101},
        "no more than 100",
    ),
    (
        "strange rich text",
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "bold"}]}]},
        "unsupported type: bold",
    ),
]


@pytest.mark.parametrize(
    ("block", "message"), [case[1:] for case in BAD_BLOCKS], ids=[c[0] for c in BAD_BLOCKS]
)
def test_blocks_that_slack_refuses(block: Json, message: str) -> None:
    problems = [str(problem) for problem in block_problems([block])]
    assert problems
    assert message in problems[0]
    assert "[json-pointer:/blocks" in problems[0]


def test_messages_hold_fifty_blocks_modals_a_hundred() -> None:
    assert block_problems([{"type": "divider"}] * 50) == []
    assert "no more than 50" in str(block_problems([{"type": "divider"}] * 51)[0])
    assert view_problems(modal({"type": "divider"}, *[{"type": "divider"}] * 99), "modal") == []
    assert "no more than 100" in str(view_problems(modal(*[{"type": "divider"}] * 101), "modal")[0])


def test_ids_of_blocks_are_unique() -> None:
    same = [section(block_id="one"), section(block_id="one")]
    assert str(block_problems(same)[0]) == "`block_id` already exists [json-pointer:/blocks/1/block_id]"


def test_markdown_and_tables_have_a_total() -> None:
    markdown = {"type": "markdown", "text": "x" * 7000}
    assert block_problems([markdown]) == []
    assert "less than 12001" in str(block_problems([markdown, markdown])[0])
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert "only one table" in str(block_problems([table, table])[0])


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("x"), "submit": plain("x"), "blocks": list(blocks), **more}


BAD_VIEWS: list[tuple[str, Json, str]] = [
    ("no title", {"type": "modal", "blocks": [section()]}, "missing required field: title"),
    ("long title", modal(section(), title=plain("x" * 25)), "must be less than 25"),
    ("long submit", modal(section(), submit=plain("x" * 25)), "must be less than 25"),
    ("long close", modal(section(), close=plain("x" * 25)), "must be less than 25"),
    ("no blocks", modal(), "no fewer than 1"),
    ("its own id", modal(section(), id="V1"), "invalid additional property: id"),
    ("long metadata", modal(section(), private_metadata="x" * 3001), "must be less than 3001"),
    ("long callback_id", modal(section(), callback_id="x" * 256), "must be less than 256"),
    ("no submit", {"type": "modal", "title": plain("x"), "blocks": [entry(text_input())]}, "field: submit"),
    ("a table", modal({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}), "unsupported type"),
    ("an input without label", modal({"type": "input", "element": text_input()}), "field: label"),
    ("a mrkdwn label", modal({**entry(text_input()), "label": mrkdwn("x")}), "unsupported type"),
    ("a button as input", modal(entry(button())), "unsupported type: button"),
    ("a huge input", modal(entry(text_input(max_length=3001))), "between 1 and 3000"),
    ("min over max", modal(entry(text_input(min_length=9, max_length=3))), "min_length must not be greater"),
    ("start over max", modal(entry(text_input(initial_value="xxxx", max_length=3))), "must be less than 4"),
    ("a number without rule", modal(entry({"type": "number_input"})), "is_decimal_allowed"),
    (
        "a number as number",
        modal(entry({"type": "number_input", "is_decimal_allowed": True, "min_value": 1})),
        "a number in a string",
    ),
    ("eleven files", modal(entry({"type": "file_input", "max_files": 11})), "between 1 and 10"),
    (
        "two in focus",
        modal(entry(text_input(focus_on_load=True)), entry(text_input(focus_on_load=True))),
        "only one element may have focus_on_load",
    ),
    (
        "response_url outside inputs",
        modal(actions({"type": "channels_select", "response_url_enabled": True})),
        "response_url_enabled is for inputs",
    ),
]


@pytest.mark.parametrize(("view", "message"), [case[1:] for case in BAD_VIEWS], ids=[c[0] for c in BAD_VIEWS])
def test_views_that_slack_refuses(view: Json, message: str) -> None:
    problems = [str(problem) for problem in view_problems(view, "modal")]
    assert problems
    assert message in problems[0]
    assert "[json-pointer:/view" in problems[0]


def test_what_the_echo_bot_shows_is_all_allowed() -> None:
    assert block_problems(every_block()) == []
    assert view_problems(everything_modal(), "modal") == []
    assert view_problems(home(1), "home") == []
    assert "unsupported type: modal" in str(view_problems(everything_modal(), "home")[0])


def test_what_slack_added_to_an_option_does_not_make_it_another() -> None:
    chosen = {"text": {"type": "plain_text", "text": "選択肢 a", "emoji": True}, "value": "a"}
    assert block_problems([actions(select(initial_option=chosen))]) == []


async def test_blocks_can_be_validated_without_a_token(api: AsyncWebClient) -> None:
    assert (await api.api_call("blocks.validate", json={"blocks": [section()]}))["ok"]
    answer = await refused(
        api.api_call("blocks.validate", json={"view": modal(section(), title=plain(LONG))})
    )
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"][0]["pointer"] == "/view/title/text"
    assert answer["errors"][0]["field"] == "text"
