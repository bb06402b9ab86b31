"""What a message says, as a person reads it, and the hash of what Slack had. Nothing of it is safe mrkdwn."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

#: Slack's marks in a message's text (https://docs.slack.dev/messaging/formatting-message-text).
_MARK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def said(message: dict[str, Any]) -> str:
    """Everything readable of a message: its text, an app's blocks, the names of its files.

    Mentions stay `<@U…>`: who it is, each reader is told in their own way.
    """
    parts = [readable(str(message.get("text") or ""))]
    if message.get("bot_id"):
        # An app's text is only what a locked telephone shows; a person's blocks repeat the text.
        parts += [readable(text) for text in _texts(message.get("blocks"))]
    parts += [f"📎 {file.get('name') or file.get('title') or '—'}" for file in message.get("files") or []]
    return "\n".join(part for part in parts if part.strip())


def digest(message: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the message's `text` exactly as Slack's API gives it, in UTF-8."""
    return sha256(str(message.get("text") or "").encode(errors="surrogatepass")).hexdigest()


def readable(text: str) -> str:
    """Slack's text without its marks and entities: links as words, mentions of people as they are."""
    return html.unescape(_MARK.sub(_plain, text))


def _plain(mark: re.Match[str]) -> str:
    target, label = mark[1], mark[2]
    match target[:1]:
        case "@":
            return f"&lt;{target}&gt;"
        case "#":
            return f"#{label or target[1:]}"
        case "!":
            return label or "@" + target[1:].split("^")[0]
    address = target.removeprefix("mailto:").removeprefix("tel:")
    # A bare address comes back from Slack with itself as its label.
    return address if not label or html.unescape(label) in html.unescape(target) else f"{label} ({address})"


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, dict):
        if node.get("type") in ("mrkdwn", "plain_text", "text") and isinstance(node.get("text"), str):
            yield node["text"]
        elif node.get("type") != "actions":
            for value in node.values():
                yield from _texts(value)
