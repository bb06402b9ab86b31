"""The last page of an approved document: which words were approved, by whom, when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.documents import wording
from bot.documents.content import Row
from bot.policy.approval import Approval, Version
from bot.rendering import label
from bot.vocabulary import Locale


@dataclass(frozen=True, slots=True)
class LastPage:
    """What stands on a page of its own behind the document."""

    heading: str
    note: str
    rows: tuple[Row, ...]


def last_page(version: Version, locale: Locale, zone: ZoneInfo, named: Callable[[str], str]) -> LastPage:
    """The approval of a version. In: `named`, how a Slack user id reads on paper."""

    def said(key: str) -> str:
        return label(f"approval.page.{key}", locale)

    ref = version.ref
    rows = [
        Row(said("document"), ref.kind.label(locale)),
        Row(said("version"), label("approval.version", locale, version=ref.version)),
        Row(said("hash"), version.prefix),
        Row(said("author"), f"{named(version.author)}　{wording.moment(version.at, locale, zone)}"),
    ]
    for step in version.approvals:
        who = f"{named(step.by)}　{wording.moment(step.at, locale, zone)}"
        rows.append(Row(label("approval.page.step", locale, role=role_of(step, locale)), who))
    return LastPage(said("heading"), said("note"), tuple(rows))


def role_of(step: Approval, locale: Locale) -> str:
    """For which role it was approved, and who stood in for it: 「個人情報保護担当の代わりに最終連絡先」."""
    role = step.role.label(locale)
    if step.instead is None:
        return role
    return label("approval.in_place", locale, role=role, instead=step.instead.label(locale))
