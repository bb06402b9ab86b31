"""What a message of the app may hold, wherever it comes in: the API, an acknowledgement, a response_url."""

import json
import re
from typing import Any

from bot.workspace import blockkit, messages, texts
from bot.workspace.arguments import Arguments
from bot.workspace.core import Core
from bot.workspace.normalise import normalised_blocks
from bot.workspace.records import Json
from bot.workspace.refusals import SlackRefusal

MOST_ATTACHMENTS = 100
LARGEST_METADATA = 8_000


def checked_blocks(core: Core, blocks: Any) -> list[Json]:
    """Blocks as Slack stores them. Raises `invalid_blocks` with pointers."""
    if not isinstance(blocks, list):
        raise SlackRefusal("invalid_blocks_format", "blocks must be an array")
    problems = [str(problem) for problem in blockkit.block_problems(blocks)]
    if problems:
        raise SlackRefusal(
            "invalid_blocks",
            "; ".join(problems),
            errors=problems,
            response_metadata={"messages": [f"[ERROR] {problem}" for problem in problems]},
        )
    return normalised_blocks(core, blocks)


def checked_content(core: Core, args: Arguments, where: str) -> Json:
    """`text`, `blocks`, `attachments` of a message. Raises `SlackRefusal`; lists what Slack only dislikes."""
    text = args.text("text")
    blocks = args.structure("blocks")
    attachments = args.structure("attachments") or []
    if not isinstance(attachments, list):
        raise SlackRefusal("invalid_attachments")
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackRefusal("too_many_attachments")
    if "markdown_text" in args and (text or blocks):
        raise SlackRefusal("markdown_text_conflict")
    text = text or args.text("markdown_text")
    if not text and not blocks and not attachments:
        raise SlackRefusal("no_text")
    if blocks and not text:
        # Slack accepts it, with a notification and a screen reader that have nothing to say.
        core.breach(where, "missing_text", "blocks without the text for notifications and screen readers")
    if len(text) > messages.TEXT_LIMIT:
        core.breach(where, "text_truncated", f"{len(text)} characters")
        text = text[: messages.TEXT_LIMIT]
    content: Json = {"text": texts.escape_stray(text)}
    if blocks is not None:
        stored = checked_blocks(core, blocks)
        if stored:
            content["blocks"] = stored
    if attachments:
        content["attachments"] = attachments
    return content


def checked_metadata(args: Arguments) -> Json | None:
    """Message metadata: a word and flat values. Raises `SlackRefusal`."""
    metadata = args.structure("metadata")
    if metadata is None or metadata == {}:
        return None
    if not isinstance(metadata, dict) or set(metadata) - {"event_type", "event_payload", "entities"}:
        raise SlackRefusal("invalid_metadata_format", str(metadata)[:200])
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(event_type, str) or not re.fullmatch(r"[A-Za-z0-9_]+", event_type):
        raise SlackRefusal("invalid_metadata_format", f"event_type {event_type!r}")
    if not isinstance(payload, dict):
        raise SlackRefusal("invalid_metadata_format", "event_payload must be an object")
    for name, value in payload.items():
        if not _allowed(value):
            raise SlackRefusal("invalid_metadata_schema", f"{name}: {value!r}"[:200])
    if len(json.dumps(metadata, ensure_ascii=False).encode()) > LARGEST_METADATA:
        raise SlackRefusal("metadata_too_large")
    return metadata


def _simple(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _flat(value: Any) -> bool:
    return isinstance(value, dict) and all(_simple(part) for part in value.values())


def _allowed(value: Any) -> bool:
    if isinstance(value, list):
        return all(_simple(part) or _flat(part) for part in value)
    return _simple(value) or _flat(value)
