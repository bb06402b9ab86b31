"""Approval in messages, list and forms: within the limits, with hostile words, and in few words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.documents.approved import last_page
from bot.documents.composing import Composer
from bot.policy.approval import Version, asked, versions
from bot.policy.state import CaseState, EventState, MemberState
from bot.slack.screens import approval, submission
from bot.slack.screens.documents import documents, mark
from bot.slack.screens.message import Message
from bot.slack.screens.notices import submission_recorded
from bot.slack.screens.obligations import shown
from bot.vocabulary import DocumentKind, DocumentState, Locale, LogKind, ObligationKind, Role
from tests.policy.situations import ORGANISATION
from tests.screens import situations as s
from tests.screens.limits import check_message, check_view, texts

LOCALES: tuple[Locale, ...] = ("ja", "en")
OURS = re.compile(r"<@(UMANAGER|UDEPUTY|UCISO|UPRIVACY|ULEGAL)>|<#CROOM>")
ROUTE = [Role.MANAGER.value, Role.PRIVACY_OFFICE.value]


def round_of(kind: DocumentKind, seq: int, words: str, until: DocumentState) -> Iterator[EventState]:
    """The record of a version of this kind up to a state."""
    hash_ = "3f2a91c0b7d4" * 5

    def entry(after: int, log: LogKind, actor: str, **data: Any) -> EventState:
        named = {"kind": kind.value, "locale": "ja", "version": 1, "hash": hash_}
        return EventState(seq + after, s.NOW, actor, log, {**named, **data})

    yield entry(0, LogKind.DOCUMENT_DRAFTED, "ULEGAL")
    if until is DocumentState.DRAFT:
        return
    yield entry(1, LogKind.DOCUMENT_CIRCULATED, "ULEGAL", route=ROUTE)
    if until is DocumentState.CIRCULATING:
        return
    if until is DocumentState.SENT_BACK:
        yield entry(2, LogKind.DOCUMENT_SENT_BACK, "UMANAGER", step=0, role="manager", remark=words)
        return
    if until is DocumentState.SUPERSEDED:
        yield entry(2, LogKind.DOCUMENT_DRAFTED, "ULEGAL", version=2)
        return
    yield entry(2, LogKind.DOCUMENT_APPROVED, "UMANAGER", step=0, role="manager", left=1)
    yield entry(3, LogKind.DOCUMENT_APPROVED, "UPRIVACY", step=1, role="privacy_office", left=0)
    if until is DocumentState.SENT:
        when = s.NOW.isoformat()
        yield entry(4, LogKind.DOCUMENT_SENT, "ULEGAL", recipient=words[:200], sent_at=when, way="mail")
    yield entry(5, LogKind.DOCUMENT_DRAFTED, "ULEGAL", version=2)


def with_versions(case: CaseState) -> CaseState:
    """One kind of document in every state, the others approved or sent with a newer draft."""
    words = case.report.summary
    states = [*DocumentState, *[DocumentState.SENT] * len(DocumentKind)]
    events = [
        event
        for n, kind in enumerate(DocumentKind)
        for event in round_of(kind, 100 + 10 * n, words, states[n])
    ]
    members = {
        "UPRIVACY": MemberState("UPRIVACY", Role.PRIVACY_OFFICE, invited_at=s.NOW),
        "ULEGAL": MemberState("ULEGAL", Role.RESPONSE_TEAM, invited_at=s.NOW),
    }
    filed = replace(case.obligations[0], document="preliminary_sheet/ja/1", submitted_at=s.NOW, receipt=words)
    obligations = (filed, *case.obligations[1:])
    return replace(case, events=tuple(events), members=members, obligations=obligations)


CASES = {
    "in hand": with_versions(s.in_hand()),
    "closed": with_versions(s.closed()),
    "drill": with_versions(replace(s.in_hand(), number="D2026-0001", drill=True)),
    **{f"hostile {n}": with_versions(s.hostile(text)) for n, text in enumerate(s.HOSTILE)},
}


def messages(locale: Locale, case: CaseState) -> Iterator[tuple[str, Message]]:
    tz = s.TOKYO
    for version in versions(case.events):
        about = f"{version.ref} {version.state}"
        if version.waits:
            turn = asked(case, version, s.NOW)
            for in_room in (True, False):
                for again in (True, False):
                    made = approval.wanted(locale, tz, case, version, turn, in_room=in_room, again=again)
                    yield f"wanted {about}", made
            instead = replace(turn, users=("UCISO",), instead=Role.LAST_RESORT)
            yield "instead", approval.wanted(locale, tz, case, version, instead, in_room=True)
            yield "nobody", approval.wanted(locale, tz, case, version, replace(turn, users=()), in_room=True)
        if version.state in (DocumentState.APPROVED, DocumentState.SENT):
            yield f"approved {about}", approval.approved(locale, tz, case, version)
        for step in (0, 1):
            yield f"over {about}", approval.over(locale, tz, case, version.ref, version.turn, step, version)
        yield f"gone {about}", approval.over(locale, tz, case, version.ref, 7, 0, None)
    for event in case.events:
        if event.kind is LogKind.DOCUMENT_SENT_BACK:
            yield "sent back", approval.sent_back(locale, tz, case, event)
        if event.kind is LogKind.DOCUMENT_SENT:
            yield "sent", approval.sent(locale, tz, case, event)
    filed = s.event(
        LogKind.SUBMISSION_RECORDED,
        obligation="preliminary",
        report_kind="preliminary",
        submitted_at=s.NOW.isoformat(),
        recipient=case.report.summary,
        receipt_no="R-1",
        document="preliminary_sheet",
        locale="ja",
        version=1,
        hash="3f2a91c0b7d4" * 5,
        approved=True,
    )
    yield "filed", submission_recorded(locale, tz, case, filed)


def views(locale: Locale, case: CaseState) -> Iterator[tuple[str, dict[str, Any]]]:
    found = versions(case.events)
    for language in LOCALES:
        for decides in ((), [version.ref for version in found]):
            yield "list", documents(locale, s.TOKYO, case, language, edits=True, decides=decides)
    content = Composer(ORGANISATION).compose(DocumentKind.FINAL_SHEET, locale, case, s.NOW)
    for version in found:
        yield f"words {version.ref}", approval.words(locale, s.TOKYO, case, content, version)
        yield f"back {version.ref}", approval.send_back_form(locale, case, version, language="ja")
        yield f"sent {version.ref}", approval.sent_form(locale, case, version, s.NOW)
    for kind in ObligationKind:
        yield f"submission {kind}", submission.submission(locale, s.TOKYO, case, kind, s.NOW)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", CASES)
def test_everything_about_approval_fits_and_mentions_only_whom_we_mean(name: str, locale: Locale) -> None:
    case = CASES[name]
    for what, said in messages(locale, case):
        check_message(said.text, said.blocks)
        assert case.number in said.text, what
        assert "evil" not in said.text, what
        assert said.text.startswith("【訓練】") == case.drill, what
        shown_ = [said.text, *(t["text"] for t in texts(said.blocks) if t["type"] == "mrkdwn")]
        assert not [text for text in shown_ if "<" in OURS.sub("", text)], what
    for what, view in views(locale, case):
        check_view(view)
        shown_ = [t["text"] for t in texts(view) if t["type"] == "mrkdwn"]
        assert not [text for text in shown_ if "<" in OURS.sub("", text)], what


def actions(view: dict[str, Any], kind: DocumentKind) -> list[list[str]]:
    rows = [b for b in view["blocks"] if str(b.get("block_id", "")).startswith(f"approval/{kind}/")]
    return [[element["action_id"] for element in row["elements"]] for row in rows]


def version_in(case: CaseState, state: DocumentState) -> Version:
    return next(version for version in versions(case.events) if version.state is state)


def test_the_list_offers_what_can_be_done_with_each_version() -> None:
    case = CASES["in hand"]
    of = {state: version_in(case, state).ref for state in DocumentState}
    plain = documents("ja", s.TOKYO, case, "ja", edits=True)
    waiting = of[DocumentState.CIRCULATING]
    mine = documents("ja", s.TOKYO, case, "ja", edits=True, decides=[waiting])
    circulate, record = ["document_preview", "document_circulate"], ["document_preview", "document_sent"]
    assert actions(plain, of[DocumentState.DRAFT].kind) == [circulate]
    assert actions(plain, waiting.kind) == [["document_preview"]]
    assert actions(mine, waiting.kind) == [["document_preview", "document_approve", "document_send_back"]]
    assert actions(plain, of[DocumentState.SENT_BACK].kind) == [circulate]
    assert actions(plain, of[DocumentState.APPROVED].kind) == [circulate, record], "an approval stays valid"
    assert actions(plain, of[DocumentState.SUPERSEDED].kind) == [circulate]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_last_page_names_version_hash_people_and_times(locale: Locale) -> None:
    version = version_in(CASES["in hand"], DocumentState.APPROVED)
    page = last_page(version, locale, s.TOKYO, lambda user: f"[{user}]")
    text = "\n".join(row.value for row in page.rows)
    assert version.prefix in text
    for user in ("[ULEGAL]", "[UMANAGER]", "[UPRIVACY]"):
        assert user in text
    assert text.count("21:20") == 3
    assert mark(locale, CASES["drill"], 2, DocumentState.APPROVED).startswith("【訓練】")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_filed_obligation_names_its_document(locale: Locale) -> None:
    filed = shown(CASES["in hand"].obligations[0], locale, s.NOW + timedelta(days=1))["document"]
    assert filed == {"ja": "速報記入シート 第1版", "en": "Preliminary report sheet version 1"}[locale]


def test_a_submission_asks_for_a_document_only_where_there_is_one() -> None:
    def asks(case: CaseState) -> list[str]:
        view = submission.submission("ja", s.TOKYO, case, None, s.NOW)
        return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]

    assert "document" in asks(CASES["in hand"])
    assert "document" not in asks(s.in_hand())
