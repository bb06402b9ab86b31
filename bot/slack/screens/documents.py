"""Documents in Slack: the list with its buttons, the preview, and what the room is told."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.documents.content import Content
from bot.policy.approval import APPROVED, Ref, Version, versions
from bot.policy.items import items, missing_for_final
from bot.policy.state import CaseState
from bot.rendering import Mrkdwn, label
from bot.slack.screens import blocks as b
from bot.slack.screens.approval import buttons, progress
from bot.slack.screens.document_words import document_words
from bot.slack.screens.message import Message, marks, simple, written
from bot.vocabulary import Action, DocumentKind, DocumentState, Locale


def documents(
    locale: Locale,
    tz: ZoneInfo,
    case: CaseState,
    language: Locale,
    *,
    edits: bool,
    decides: Collection[Ref] = (),
) -> b.View:
    """Every kind with its buttons, and where its newest version stands.

    In: `language`, that of the documents; `edits`, whether the reader may write the nine items; `decides`,
    the versions whose approval is the reader's turn.
    """
    mark, title_mark = marks(locale, case.drill)
    missing = [field.label(locale) for field in missing_for_final(items(case))]
    known = [version for version in versions(case.events) if version.ref.locale == language]
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
            *(block for kind in DocumentKind for block in _kind(locale, tz, case, kind, known, decides)),
        ],
        close=label("common.close", locale),
        private_metadata=json.dumps({"case": case.number, "language": language}),
    )


def _kind(
    locale: Locale,
    tz: ZoneInfo,
    case: CaseState,
    kind: DocumentKind,
    known: Sequence[Version],
    decides: Collection[Ref],
) -> list[b.Block]:
    """A kind, its newest version, and the newest one of those before it that was approved."""
    of_kind = [version for version in known if version.ref.kind is kind]
    kept = [version for version in of_kind[:-1] if version.state in APPROVED][-1:]
    line = written(
        "document_line",
        locale,
        tz=tz,
        case=case,
        kind=kind,
        purpose=label(f"documents.purposes.{kind.value}", locale),
        versions=[(v.ref.version, progress(v, locale), v.at) for v in (*of_kind[-1:], *kept)],
    ).parts[0]
    draft = b.button(
        label("buttons.document_draft", locale), Action.DOCUMENT_DRAFT, case.number, about=kind.label(locale)
    )
    return [
        {**b.section(line), "block_id": kind.value, "accessory": draft},
        *(buttons(locale, case, v, decides=v.ref in decides) for v in (*of_kind[-1:], *kept)),
    ]


def preview(locale: Locale, case: CaseState, content: Content, version: int, *, new: bool) -> b.View:
    """The words of a version, readable in Slack; the whole of them stands in the Word file."""
    intro = written("document_preview", locale, case=case, kind=content.kind, version=version, new=new).parts
    return document_words(locale, case, content, intro)


def mark(locale: Locale, case: CaseState, version: int, state: DocumentState = DocumentState.DRAFT) -> str:
    """What stands at the head of every page: of an approved version nothing but the mark of a drill.

    It may go out as it is; what it was approved by stands on its last page.
    """
    drill, _ = marks(locale, case.drill)
    draft = label("documents.draft_mark", locale, version=version) if state is DocumentState.DRAFT else ""
    return drill + draft


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


def file_comment(locale: Locale, case: CaseState, *, approved: bool = False) -> Mrkdwn:
    """What stands above the file: number and kind only, since it travels in addresses of requests."""
    drill, _ = marks(locale, case.drill)
    return Mrkdwn(drill + written("document_file", locale, case=case, approved=approved).parts[0])
