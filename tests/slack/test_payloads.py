"""What a form that is sent must have: everything a listener takes for granted."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bot.slack.payloads import trouble

SENT: dict[str, Any] = {
    "type": "view_submission",
    "user": {"id": "U0MANAGER"},
    "view": {
        "id": "V0000000001",
        "callback_id": "task_add",
        "hash": "1.a",
        "title": {"type": "plain_text", "text": "やることを追加"},
        "blocks": [
            {"type": "section", "block_id": "intro"},
            {"type": "input", "block_id": "title", "element": {"type": "plain_text_input"}},
        ],
        "state": {"values": {"title": {"value": {"type": "plain_text_input", "value": "x"}}}},
    },
}


def test_a_form_as_slack_sends_it_is_taken() -> None:
    assert trouble(SENT) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda view: view.pop("blocks"),
        lambda view: view.pop("title"),
        lambda view: view["title"].pop("text"),
        lambda view: view["blocks"].pop(),
        lambda view: view["blocks"][0].pop("type"),
        lambda view: view["blocks"][1].pop("block_id"),
        lambda view: view.update(blocks={"": []}),
    ],
)
def test_what_a_refusal_would_be_shown_beside_is_there(spoil: Any) -> None:
    body = copy.deepcopy(SENT)
    spoil(body["view"])
    assert trouble(body) == "view" or str(trouble(body)).startswith("view.")


@pytest.mark.parametrize("gone", ["block_id", "action_id", "type"])
def test_a_button_says_in_which_line_it_was_pressed(gone: str) -> None:
    pressed: dict[str, Any] = {
        "type": "block_actions",
        "user": {"id": "U0MANAGER"},
        "trigger_id": "1.2",
        "actions": [
            {"type": "button", "action_id": "task_done", "block_id": "task:own-1", "value": "2026-0001"}
        ],
    }
    assert trouble(pressed) is None
    del pressed["actions"][0][gone]
    assert trouble(pressed) == "actions"


def test_a_form_that_was_closed_needs_no_field() -> None:
    body = {**copy.deepcopy(SENT), "type": "view_closed"}
    body["view"]["blocks"] = []
    assert trouble(body) is None
