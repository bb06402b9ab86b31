"""The parts of `rich_text` blocks."""

from bot.workspace.schema import Check, array, boolean, integer, one_of, shape, string, typed

_MARK_NAMES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
_STYLE = shape({}, dict.fromkeys(_MARK_NAMES, boolean))


def _piece(kind: str, required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return shape({"type": one_of(kind), **required}, {"style": _STYLE, **(optional or {})})


INLINE = typed(
    {
        "text": _piece("text", {"text": string(40_000)}),
        "link": _piece("link", {"url": string(3000)}, {"text": string(40_000), "unsafe": boolean}),
        "emoji": _piece("emoji", {"name": string(255)}, {"unicode": string(255), "skin_tone": integer(1, 6)}),
        "user": _piece("user", {"user_id": string(255)}),
        "usergroup": _piece("usergroup", {"usergroup_id": string(255)}),
        "channel": _piece("channel", {"channel_id": string(255)}),
        "broadcast": _piece("broadcast", {"range": one_of("here", "channel", "everyone")}),
        "color": _piece("color", {"value": string(20)}),
        "date": _piece(
            "date",
            {"timestamp": integer(0, 99_999_999_999), "format": string(500)},
            {"url": string(3000), "fallback": string(1000)},
        ),
    }
)
_SECTION = shape({"type": one_of("rich_text_section"), "elements": array(INLINE, 1000, 0)}, {})
_LIST = shape(
    {
        "type": one_of("rich_text_list"),
        "style": one_of("bullet", "ordered"),
        "elements": array(typed({"rich_text_section": _SECTION}), 1000),
    },
    {"indent": integer(0, 8), "border": integer(0, 1), "offset": integer(0, 100_000)},
)
_PREFORMATTED = shape(
    {"type": one_of("rich_text_preformatted"), "elements": array(INLINE, 1000, 0)},
    {"border": integer(0, 1), "language": string(100)},
)
_QUOTE = shape(
    {"type": one_of("rich_text_quote"), "elements": array(INLINE, 1000, 0)}, {"border": integer(0, 1)}
)
RICH_TEXT_PARTS = typed(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": _LIST,
        "rich_text_preformatted": _PREFORMATTED,
        "rich_text_quote": _QUOTE,
    }
)
RICH_TEXT = shape(
    {"type": one_of("rich_text"), "elements": array(RICH_TEXT_PARTS, 1000)}, {"block_id": string(255)}
)
