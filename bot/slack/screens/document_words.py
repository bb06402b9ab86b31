"""The words of a document, readable in Slack."""

from __future__ import annotations

from collections.abc import Sequence

from bot.documents.content import Block, Content, Shape
from bot.policy.state import CaseState
from bot.rendering import Mrkdwn, escape, label
from bot.slack.screens import blocks as b
from bot.slack.screens.message import marks
from bot.vocabulary import Locale

MOST_BLOCKS = 100
FIELD_LIMIT = 2000


def document_words(locale: Locale, case: CaseState, content: Content, intro: Sequence[Mrkdwn]) -> b.View:
    """The words under a line of ours; where they do not all fit, the last part of `intro` says so."""
    mark, title_mark = marks(locale, case.drill)
    shown = [each for block in content.blocks for each in _blocks(block)]
    room = MOST_BLOCKS - len(intro) - 1
    cut = [b.context(intro[-1])] if len(shown) > room else []
    return b.modal(
        title_mark + label("documents.preview", locale),
        [b.section(Mrkdwn(mark + intro[0])), b.divider(), *shown[:room], *cut],
        close=label("common.close", locale),
    )


def _blocks(block: Block) -> list[b.Block]:
    match block.shape:
        case Shape.TITLE:
            return [{"type": "header", "text": b.plain(block.text, 150)}]
        case Shape.HEADING:
            return [b.section(Mrkdwn(f"*{escape(_unmarked(block.text))}*"))]
        case Shape.ROWS:
            return [
                {"type": "section", "fields": [b.plain(text, FIELD_LIMIT) for text in (row.label, row.value)]}
                for row in block.rows
            ]
        case Shape.NOTE:
            return [{"type": "context", "elements": [b.plain(block.text, FIELD_LIMIT)]}]
        case Shape.BULLET:
            return [b.words(f"• {block.text}")]
    return [b.words(passage) for passage in b.passages(block.text, 4)]


def _unmarked(text: str) -> str:
    return text.translate({ord(sign): " " for sign in "*_~`\n"})
