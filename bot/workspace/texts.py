"""Texts as Slack stores them: what is escaped, what a person typed, what of it a human can read."""

import re
from typing import Any

from bot.workspace.core import Core
from bot.workspace.records import Json

_ENTITY = r"&(?!amp;|lt;|gt;)"
_CONTROL = re.compile(
    r"<(?:@[UW][A-Z0-9]+(?:\|[^<>]*)?|#[CG][A-Z0-9]+(?:\|[^<>]*)?|![a-z]+(?:\^[^<>]*)?(?:\|[^<>]*)?"
    r"|(?:https?|mailto|tel|slack):[^<>\s|]+(?:\|[^<>]*)?)>"
)
_PERSON_CALL = re.compile(r"<@[UW][A-Z0-9]+>")


def escape(text: str) -> str:
    """Escape everything a person typed: `&`, `<`, `>`."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_stray(text: str) -> str:
    """Escape what is neither one of the three entities nor one of Slack's control sequences."""

    def outside(part: str) -> str:
        return re.sub(_ENTITY, "&amp;", part).replace("<", "&lt;").replace(">", "&gt;")

    parts, at = [], 0
    for match in _CONTROL.finditer(text):
        parts += [outside(text[at : match.start()]), match.group()]
        at = match.end()
    return "".join([*parts, outside(text[at:])])


def typed(core: Core, text: str) -> tuple[str, list[Json]]:
    """What a person typed: the stored text and its rich_text block. Only `<@U…>` of real people calls."""
    parts: list[str] = []
    elements: list[Json] = []
    at = 0

    def literal(piece: str) -> None:
        if piece:
            parts.append(escape(piece))
            elements.append({"type": "text", "text": piece})

    for match in _PERSON_CALL.finditer(text):
        user = match.group()[2:-1]
        if user in core.people:
            literal(text[at : match.start()])
            parts.append(match.group())
            elements.append({"type": "user", "user_id": user})
            at = match.end()
    literal(text[at:])
    section = {"type": "rich_text_section", "elements": elements}
    return "".join(parts), [{"type": "rich_text", "block_id": core.new_id("b"), "elements": [section]}]


def plain_text(message: Json) -> str:
    """All human-readable text of a message: its text and everything readable in its blocks."""
    found = [str(message.get("text") or "")]
    _collect(message.get("blocks") or [], found)
    return "\n".join(piece for piece in found if piece)


def _collect(node: Any, found: list[str]) -> None:
    if isinstance(node, list):
        for item in node:
            _collect(item, found)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("text", "alt_text", "user_id") and isinstance(value, str):
                found.append(value)
            elif key not in ("confirm", "value", "block_id", "action_id", "type"):
                _collect(value, found)
