"""Slack's limits, counted more strictly than the local workspace does, and what that one would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.workspace.blockkit import block_problems, view_problems

Node = dict[str, Any]


def texts(node: object) -> Iterator[Node]:
    """Every text object under `node`."""
    if isinstance(node, dict):
        if node.get("type") in ("plain_text", "mrkdwn"):
            yield node
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


def units(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def escaped(text: str) -> str:
    """As Slack stores it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def size(text: Node) -> int:
    """The strictest count of a text object."""
    return units(text["text"] if text["type"] == "mrkdwn" else escaped(text["text"]))


def check_text(text: Node, limit: int) -> None:
    """Not empty, not too long, and whole: no lone half of a sign."""
    assert text["text"].strip()
    assert size(text) <= limit, (size(text), limit, text["text"][:80])
    text["text"].encode("utf-8")
    if text["type"] == "mrkdwn":
        assert text["verbatim"] is True


def check_options(element: Node) -> None:
    """A menu: 1 to 100 options, distinct values, the first choice among them."""
    values = [option["value"] for option in element["options"]]
    assert 1 <= len(values) <= 100
    assert len(set(values)) == len(values)
    for option in element["options"]:
        assert len(option["value"]) <= 150
        check_text(option["text"], 75)
        if "description" in option:
            check_text(option["description"], 75)
    if "initial_option" in element:
        assert element["initial_option"] in element["options"]


def check_element(element: Node) -> None:
    """A button or an input."""
    match element["type"]:
        case "button":
            check_text(element["text"], 75)
            assert 0 < len(element["value"]) <= 2000
        case "static_select":
            check_text(element["placeholder"], 150)
            check_options(element)
        case "plain_text_input":
            assert element["max_length"] <= 3000
            assert units(element.get("initial_value", "")) <= element["max_length"]
            if "placeholder" in element:
                check_text(element["placeholder"], 150)
        case "users_select":
            check_text(element["placeholder"], 150)
        case "file_input":
            assert 1 <= element["max_files"] <= 10
        case "checkboxes":
            assert len(element["options"]) <= 10
            check_options(element)
        case other:
            assert other in ("datetimepicker", "datepicker")


def check_block(block: Node) -> None:
    """One block."""
    match block["type"]:
        case "section":
            assert "text" in block or block["fields"]
            if "text" in block:
                check_text(block["text"], 3000)
            assert len(block.get("fields", [])) <= 10
            for text in block.get("fields", []):
                check_text(text, 2000)
            if "accessory" in block:
                check_element(block["accessory"])
        case "header":
            check_text(block["text"], 150)
        case "context":
            assert 1 <= len(block["elements"]) <= 10
            for text in block["elements"]:
                check_text(text, 3000)
        case "actions":
            assert 1 <= len(block["elements"]) <= 25
            for element in block["elements"]:
                check_element(element)
            names = [element["action_id"] for element in block["elements"]]
            assert len(set(names)) == len(names)
        case "input":
            check_text(block["label"], 2000)
            if "hint" in block:
                check_text(block["hint"], 2000)
            check_element(block["element"])
        case other:
            assert other == "divider"


def check_message(text: str, blocks: list[Node]) -> None:
    """A message: 50 blocks, about 13,000 characters in all, a short notification."""
    assert 0 < units(text) <= 200
    assert 1 <= len(blocks) <= 50
    assert block_problems(blocks) == []
    for block in blocks:
        check_block(block)
    assert sum(size(found) for found in texts(blocks)) <= 12_500


def check_view(view: Node) -> None:
    """A modal or a home: 100 blocks, titles of 24, distinct block ids, submit exactly where inputs are."""
    assert 1 <= len(view["blocks"]) <= 100
    assert view_problems(view, view["type"]) == []
    for block in view["blocks"]:
        check_block(block)
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    names = [block["block_id"] for block in inputs]
    assert len(set(names)) == len(names)
    assert all(block["element"]["action_id"] == "value" for block in inputs)
    if view["type"] == "modal":
        for key in ("title", "close", "submit"):
            if key in view:
                check_text(view[key], 24)
                assert "…" not in view[key]["text"]
        assert ("submit" in view) == bool(inputs)
        assert len(view.get("private_metadata", "")) <= 3000
