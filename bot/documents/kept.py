"""The Word files of a case file: every version of every document as somebody can read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from bot.documents.approved import last_page
from bot.documents.content import Content
from bot.documents.word import word_file
from bot.organisation import Organisation
from bot.policy.approval import Version
from bot.rendering import label
from bot.vocabulary import DocumentState


class Kept(Protocol):
    """One version of a document as the case kept it."""

    @property
    def path(self) -> str:
        """What it is called in the case file, without the ending."""

    @property
    def state(self) -> str:
        """How far it has come (`DocumentState`)."""

    @property
    def at(self) -> datetime:
        """When it was written."""

    @property
    def approved(self) -> Version | None:
        """How it was approved, None where it was not."""

    @property
    def people(self) -> Mapping[str, str]:
        """How the organisation file names those who have a name there, by user id."""

    @property
    def content(self) -> Mapping[str, Any]:
        """Its words, as `Content.to_json` gave them."""


def word_files(documents: Iterable[Kept], organisation: Organisation) -> dict[str, bytes]:
    """A Word file for each of them, by its path in the case file.

    Takes a tenth of a second for each: not for the event loop. Raises DocumentError naming a template that
    cannot be used.
    """
    return {f"{each.path}.docx": _word(each, organisation) for each in documents}


def _word(document: Kept, organisation: Organisation) -> bytes:
    content = Content.from_json(document.content)
    drill = label("drill.mark", content.locale) if content.drill else ""
    mark = f"{drill}{DocumentState.of(document.state).label(content.locale)}"
    page = None
    if (approved := document.approved) is not None:
        people = document.people
        zone = organisation.timezone
        page = last_page(approved, content.locale, zone, lambda user: people.get(user, user))
    return word_file(content, organisation, mark=mark, at=document.at, notes=approved is None, last_page=page)
