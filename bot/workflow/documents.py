"""Versions of documents: draft_document."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.states import state_of
from bot.cases.tables import Document, key_of
from bot.policy.access import check_draft_document
from bot.vocabulary import DocumentKind, DocumentState, Locale, LogKind
from bot.workflow.opening import case_for_change


@dataclass(frozen=True, slots=True)
class Draft:
    """What a document says, as composed: `content` as JSON values, `hash` of its canonical form."""

    kind: DocumentKind
    locale: Locale
    content: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class Drafted:
    """Which version the words are, and whether they are new."""

    version: int
    new: bool


async def draft_document(
    db: AsyncSession,
    number: str,
    draft: Draft,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> Drafted:
    """Keep the words as the next version. The same words as the newest version are that version.

    So a button pressed twice makes one version. An older one that was circulating asks for no approval any
    more. Raises Refused where the person may not.
    """
    case = await case_for_change(db, number, now)
    check_draft_document(await state_of(db, case), person, privacy_office)
    versions = await queries.documents_of(db, key_of(case), draft.kind, draft.locale)
    newest = versions[-1] if versions else None
    if newest is not None and newest.hash == draft.hash:
        return Drafted(newest.version, new=False)
    if newest is not None and newest.state == DocumentState.CIRCULATING:
        newest.state = DocumentState.SUPERSEDED
    version = newest.version + 1 if newest else 1
    db.add(
        Document(
            case_id=key_of(case),
            kind=draft.kind,
            locale=draft.locale,
            version=version,
            content=dict(draft.content),
            hash=draft.hash,
            author=person,
            at=now,
            state=DocumentState.DRAFT,
        )
    )
    data = {"kind": draft.kind, "locale": draft.locale, "version": version, "hash": draft.hash}
    await log.append(db, case, LogKind.DOCUMENT_DRAFTED, person, now, data)
    return Drafted(version, new=True)
