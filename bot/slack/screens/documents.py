"""Documents in Slack: the list with its buttons, the preview, and what the room is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.documents.content import Block, Content, Shape
from bot.policy.items import items, missing_for_final
from bot.policy.state import CaseState
from bot.rendering import Mrkdwn, escape, label
from bot.slack.screens import blocks as b
from bot.slack.screens.message import Message, marks, simple, written
from bot.vocabulary import Action, DocumentKind, Locale

MOST_BLOCKS = 100
FIELD_LIMIT = 2000
#: Newest version of a kind: its number and when it was drafted.
Versions = Mapping[DocumentKind, tuple[int, datetime]]


def documents(
    locale: Locale, tz: ZoneInfo, case: CaseState, language: Locale, versions: Versions, *, edits: bool
) -> b.View:
    """Every kind with its button. `language` is that of the documents; `edits`: may write the nine items."""
    mark, title_mark = marks(locale, case.drill)
    missing = [field.label(locale) for field in missing_for_final(items(case))]
    intro = written("documents_intro", locale, case=case, language=language, missing=missing).parts
    other = b.button(
        label(f"documents.in_{'en' if language == 'ja' else 'ja'}", locale),
        Action.DOCUMENTS_LANGUAGE,
        case.number,
    )
    nine = b.button(label("buttons.case_items", locale), Action.CASE_ITEMS, case.number, style="primary")
    return b.modal(
        title_mark + label("documents.title", locale),
        [
            b.section(Mrkdwn(mark + intro[0])),
            *(b.context(part) for part in intro[1:]),
            b.actions(*([nine] if edits else []), other),
            b.divider(),
            *(_kind(locale, tz, case, kind, versions.get(kind)) for kind in DocumentKind),
        ],
        close=label("common.close", locale),
        private_metadata=json.dumps({"case": case.number, "language": language}),
    )


def _kind(
    locale: Locale, tz: ZoneInfo, case: CaseState, kind: DocumentKind, newest: tuple[int, datetime] | None
) -> b.Block:
    line = written(
        "document_line",
        locale,
        tz=tz,
        case=case,
        kind=kind,
        purpose=label(f"documents.purposes.{kind.value}", locale),
        version=newest[0] if newest else 0,
        at=newest[1] if newest else None,
    ).parts[0]
    draft = b.button(label("buttons.document_draft", locale), Action.DOCUMENT_DRAFT, case.number)
    return {**b.section(line), "block_id": kind.value, "accessory": draft}


def preview(locale: Locale, case: CaseState, content: Content, version: int, *, new: bool) -> b.View:
    """The words of a version, readable in Slack; the whole of them stands in the Word file."""
    mark, title_mark = marks(locale, case.drill)
    intro = written("document_preview", locale, case=case, kind=content.kind, version=version, new=new).parts
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


def mark(locale: Locale, case: CaseState, version: int) -> str:
    """What stands at the head of every page of a draft."""
    drill, _ = marks(locale, case.drill)
    return drill + label("documents.draft_mark", locale, version=version)


def document_drafted(
    locale: Locale, tz: ZoneInfo, case: CaseState, kind: str, version: int, author: str, at: datetime
) -> Message:
    """What the room is told of a new version; the file stands in the thread."""
    return simple(
        "document_drafted",
        locale,
        case,
        tz=tz,
        kind=DocumentKind.of(kind),
        version=version,
        author=author,
        at=at,
    )


def file_comment(locale: Locale, case: CaseState) -> Mrkdwn:
    """What stands above the file: number and kind only, since it travels in addresses of requests."""
    drill, _ = marks(locale, case.drill)
    return Mrkdwn(drill + written("document_file", locale, case=case).parts[0])
