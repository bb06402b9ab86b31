"""Blocks as Slack gives them back: ids made where the app gave none, defaults filled in."""

from typing import Any

from bot.workspace.core import Core
from bot.workspace.records import Json, copied


def normalised_blocks(core: Core, blocks: list[Json]) -> list[Json]:
    """A copy with generated `block_id`/`action_id` and the defaults of texts and inputs."""
    made: list[Json] = copied(blocks)
    for block in made:
        block.setdefault("block_id", core.new_id("b"))
        if block["type"] == "input":
            block.setdefault("optional", False)
            block.setdefault("dispatch_action", False)
        _fill(core, block)
    return made


def _fill(core: Core, node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _fill(core, item)
        return
    if not isinstance(node, dict) or node.get("type") == "rich_text":
        return
    kind = node.get("type")
    if kind == "plain_text":
        node.setdefault("emoji", True)
    elif kind == "mrkdwn":
        node.setdefault("verbatim", False)
    for key in ("element", "accessory"):
        if isinstance(node.get(key), dict) and node[key].get("type") != "image":
            node[key].setdefault("action_id", core.new_id("a"))
    if kind == "actions":
        for element in node["elements"]:
            element.setdefault("action_id", core.new_id("a"))
    for value in node.values():
        _fill(core, value)
