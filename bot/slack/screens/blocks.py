"""Small constructors for Block Kit, each of them unable to break Slack's limits.

User text goes into `plain` only, or is escaped by the renderer before it becomes `mrkdwn`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Literal

from bot.rendering import Mrkdwn, escape
from bot.vocabulary import Action, Locale, Word

Block = dict[str, Any]
View = dict[str, Any]

ELLIPSIS = "…"
TEXT_LIMIT = 3000
OPTION_LIMIT = 75
METADATA_LIMIT = 3000
# Slack does not say whether it counts code points or UTF-16 units, before or after escaping. The largest of
# these is measured, and a tenth is kept free.
HEADROOM = 0.9


def weight(text: str) -> int:
    """How long `text` is in the strictest way Slack might count: UTF-16 units, escaped."""
    escaped = text if isinstance(text, Mrkdwn) else str(escape(text))
    return len(escaped.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int = TEXT_LIMIT) -> str:
    """`text`, shortened with … where it would not fit into `limit` characters of Slack's.

    Never cuts an escaped character, a mention or a link in two.
    """
    room = int(limit * HEADROOM) if limit > OPTION_LIMIT else limit
    if weight(text) <= room:
        return text
    kept = _head(text, room - len(ELLIPSIS)) + ELLIPSIS
    return Mrkdwn(kept) if isinstance(text, Mrkdwn) else kept


def _head(text: str, room: int) -> str:
    """As much of the beginning of `text` as weighs no more than `room`."""
    used = 0
    end = 0
    whole = isinstance(text, Mrkdwn)
    for character in text:
        used += weight(Mrkdwn(character) if whole else character)
        if used > room:
            break
        end += 1
    head = text[:end]
    if whole:
        for opening, closing in (("<", ">"), ("&", ";")):
            if head.rfind(opening) > head.rfind(closing):
                head = head[: head.rfind(opening)]
    # A joiner left at the end would glue the … to the last sign.
    return head.rstrip("\u200d\ufe0f")


def passages(text: str, at_most: int) -> list[str]:
    """Long user text in up to `at_most` pieces of one block each; the last ends with … if need be."""
    pieces: list[str] = []
    room = int(TEXT_LIMIT * HEADROOM)
    rest = text.strip()
    while rest and len(pieces) < at_most - 1 and weight(rest) > room:
        piece = _head(rest, room)
        pieces.append(piece)
        rest = rest[len(piece) :].lstrip()
    if rest:
        pieces.append(clip(rest))
    return pieces


def plain(text: str, limit: int = TEXT_LIMIT, emoji: bool = False) -> Block:
    """A plain_text object: nothing in it mentions or links. Empty text, refused by Slack, becomes a dash."""
    return {"type": "plain_text", "text": clip(text, limit) if text.strip() else "—", "emoji": emoji}


def mrkdwn(text: Mrkdwn, limit: int = TEXT_LIMIT) -> Block:
    """A mrkdwn object of rendered text. `verbatim` keeps bare addresses and @names from becoming links."""
    return {"type": "mrkdwn", "text": clip(text, limit) if text.strip() else "—", "verbatim": True}


def section(text: Mrkdwn) -> Block:
    """A paragraph of rendered text."""
    return {"type": "section", "text": mrkdwn(text)}


def words(text: str) -> Block:
    """A paragraph of user text, harmless."""
    return {"type": "section", "text": plain(text)}


def context(text: Mrkdwn) -> Block:
    """A line in small grey letters."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def divider() -> Block:
    """A thin line."""
    return {"type": "divider"}


def button(
    text: str,
    action: Action,
    value: str,
    style: Literal["primary", "danger"] | None = None,
    about: str = "",
) -> Block:
    """A button. `value` is the case number, or a word where there is no case yet.

    `about` is what it is for where several read alike, line by line: screen readers say it too.
    """
    made: Block = {"type": "button", "text": plain(text, OPTION_LIMIT), "action_id": action, "value": value}
    if style:
        made["style"] = style
    if about.strip():
        made["accessibility_label"] = clip(f"{text}: {about}", OPTION_LIMIT)
    return made


def actions(*buttons: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def option(value: str, text: str, description: str = "") -> Block:
    """One choice of a menu; its value is the identifier itself."""
    made: Block = {"text": plain(text, OPTION_LIMIT), "value": value}
    if description:
        made["description"] = plain(description, OPTION_LIMIT)
    return made


def choices(kinds: Iterable[Word], locale: Locale) -> list[Block]:
    """The words of a vocabulary as options."""
    return [option(word.value, word.label(locale)) for word in kinds]


def select(options: Sequence[Block], placeholder: str, chosen: str | None = None) -> Block:
    """A menu. `chosen` is the value selected at first, left away where no option has it."""
    made: Block = {
        "type": "static_select",
        "action_id": "value",
        "placeholder": plain(placeholder, 150),
        "options": list(options)[:100],
    }
    initial = next((entry for entry in made["options"] if chosen and entry["value"] == chosen), None)
    if initial:
        made["initial_option"] = initial
    return made


def boxes(options: Sequence[Block]) -> Block:
    """Boxes to tick, none at first."""
    return {"type": "checkboxes", "action_id": "value", "options": list(options)}


def text_input(
    max_length: int, placeholder: str = "", initial: str | None = None, multiline: bool = False
) -> Block:
    """A field to type in. `initial` is cut to what the field can hold."""
    made: Block = {
        "type": "plain_text_input",
        "action_id": "value",
        "multiline": multiline,
        "max_length": max_length,
    }
    if placeholder:
        made["placeholder"] = plain(placeholder, 150)
    if initial and initial.strip():
        # The client counts UTF-16 units here; what is typed comes back as it is, so nothing is escaped.
        units = initial.strip().encode("utf-16-le", "surrogatepass")[: max_length * 2]
        made["initial_value"] = units.decode("utf-16-le", "ignore")
    return made


def moment_input(initial: datetime | None = None) -> Block:
    """A field for date and time; Slack shows and reads it in the person's own zone."""
    made: Block = {"type": "datetimepicker", "action_id": "value"}
    if initial:
        made["initial_date_time"] = int(initial.timestamp())
    return made


def day_input(initial: date | None = None) -> Block:
    """A field for a day, without a time."""
    made: Block = {"type": "datepicker", "action_id": "value"}
    if initial:
        made["initial_date"] = initial.isoformat()
    return made


def person_input(placeholder: str, chosen: str | None = None) -> Block:
    """A field for one member of the workspace."""
    made: Block = {"type": "users_select", "action_id": "value", "placeholder": plain(placeholder, 150)}
    if chosen:
        made["initial_user"] = chosen
    return made


def file_input() -> Block:
    """A field for up to ten files."""
    return {"type": "file_input", "action_id": "value", "max_files": 10}


def field(name: str, label: str, element: Block, hint: str = "", optional: bool = False) -> Block:
    """An input block: its block_id is the name of the fact it asks for."""
    made: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    if hint:
        made["hint"] = plain(hint, 2000)
    return made


def modal(
    title: str,
    blocks: list[Block],
    close: str,
    submit: str = "",
    callback_id: str = "",
    private_metadata: str = "",
) -> View:
    """A modal. Title and buttons hold 24 characters, which the labels' test watches over.

    Raises ValueError where `private_metadata` is longer than Slack stores: cutting it would lose the case.
    """
    if len(private_metadata) > METADATA_LIMIT:
        raise ValueError(f"private_metadata holds {METADATA_LIMIT} characters, not {len(private_metadata)}")
    view: View = {
        "type": "modal",
        "title": plain(title, 24),
        "close": plain(close, 24),
        "blocks": blocks[:100],
    }
    if submit:
        view["submit"] = plain(submit, 24)
    if callback_id:
        view["callback_id"] = callback_id
    if private_metadata:
        view["private_metadata"] = private_metadata
    return view
