"""Approval of documents in Slack: who is asked, what came of it, and the two forms."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.documents.approved import role_of
from bot.documents.content import Content
from bot.policy.approval import APPROVED, Asked, Ref, Version, version_of
from bot.policy.state import CaseState, EventState
from bot.rendering import Mrkdwn, label
from bot.slack.screens import blocks as b
from bot.slack.screens.document_words import document_words
from bot.slack.screens.message import Message, marks, message, simple, written
from bot.vocabulary import Action, Callback, DocumentKind, DocumentState, Locale, Role, SendingWay

BLOCK = "approval/"
REMARK_LIMIT = 1000
RECIPIENT_LIMIT = 200


def block_id(version: Version) -> str:
    """What the buttons under a message or line are about: the version, its circulation and step."""
    return f"{BLOCK}{version.ref}/{version.turn}/{version.step}"


def wanted(
    locale: Locale,
    tz: ZoneInfo,
    case: CaseState,
    version: Version,
    asked: Asked,
    *,
    in_room: bool,
    again: bool = False,
) -> Message:
    """Somebody is asked to approve this very version, with the buttons to read, approve and send it back."""
    rendered = written(
        "approval_wanted",
        locale,
        tz=tz,
        case=case,
        v=version,
        kind=version.ref.kind,
        role=asked.role.label(locale),
        instead=asked.instead.label(locale) if asked.instead else "",
        users=asked.users,
        in_room=in_room,
        again=again,
        approvals=_taken(version, locale),
    )
    *parts, foot = rendered.parts
    return message(
        case,
        locale,
        rendered.text,
        [*(b.section(part) for part in parts), b.context(foot), buttons(locale, case, version, decides=True)],
    )


def over(
    locale: Locale, tz: ZoneInfo, case: CaseState, ref: Ref, turn: int, step: int, version: Version | None
) -> Message:
    """The same message once it asks for nothing any more. In: the step it asked for."""
    taken = version.approvals[step] if version and len(version.approvals) > step else None
    back = version.sent_back if version else None
    if version is None or version.turn != turn:
        outcome = "over"
    elif taken:
        outcome = "approved"
    elif back:
        outcome = "sent_back"
    else:
        outcome = "superseded" if version.is_old else "over"
    decided = taken or back
    return simple(
        "approval_over",
        locale,
        case,
        tz=tz,
        kind=ref.kind,
        version=ref.version,
        outcome=outcome,
        role=role_of(taken, locale) if taken else "",
        by=decided.by if decided else "",
        at=decided.at if decided else None,
    )


def buttons(locale: Locale, case: CaseState, version: Version, *, decides: bool) -> b.Block:
    """What can be done with a version as it stands. `decides`: whoever reads it may be whose turn it is."""
    offered: list[Action] = []
    if version.waits and decides:
        offered = [Action.DOCUMENT_PREVIEW, Action.DOCUMENT_APPROVE, Action.DOCUMENT_SEND_BACK]
    elif version.state in (DocumentState.DRAFT, DocumentState.SENT_BACK) and not version.is_old:
        offered = [Action.DOCUMENT_PREVIEW, Action.DOCUMENT_CIRCULATE]
    elif version.state in APPROVED:
        offered = [Action.DOCUMENT_PREVIEW, Action.DOCUMENT_SENT]
    else:
        offered = [Action.DOCUMENT_PREVIEW]
    made = [_button(locale, case, action) for action in offered]
    return {**b.actions(*made), "block_id": block_id(version)}


def _button(locale: Locale, case: CaseState, action: Action) -> b.Block:
    text = label(f"buttons.{action.value}", locale)
    if action is Action.DOCUMENT_APPROVE:
        return b.button(text, action, case.number, style="primary")
    return b.button(text, action, case.number)


def _taken(version: Version, locale: Locale) -> list[tuple[str, str, datetime]]:
    return [(role_of(each, locale), each.by, each.at) for each in version.approvals]


def approved(locale: Locale, tz: ZoneInfo, case: CaseState, version: Version) -> Message:
    """The whole route approved these words; the Word file with the approvals is in the thread."""
    return simple(
        "document_approved",
        locale,
        case,
        buttons(locale, case, version, decides=False),
        tz=tz,
        v=version,
        kind=version.ref.kind,
        approvals=_taken(version, locale),
    )


def sent_back(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Who sent it back, and why in their own words, as plain text. The author is asked for new words."""
    ref = _ref(event)
    version = version_of(case, ref)
    rendered = written(
        "document_sent_back",
        locale,
        tz=tz,
        case=case,
        event=event,
        kind=ref.kind,
        version=ref.version,
        role=_role(event, locale),
        author=version.author if version else "",
    )
    said, after = rendered.parts
    remark = b.words(b.clip(str(event.data.get("remark") or "—")))
    again = b.button(label("buttons.case_documents", locale), Action.CASE_DOCUMENTS, case.number)
    blocks = [b.section(said), remark, b.section(after), b.actions(again)]
    return message(case, locale, rendered.text, blocks)


def sent(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """To whom an approved version was sent, when and how."""
    ref = _ref(event)
    return simple(
        "document_sent",
        locale,
        case,
        tz=tz,
        event=event,
        kind=ref.kind,
        version=ref.version,
        recipient=str(event.data.get("recipient") or "—"),
        sent_at=datetime.fromisoformat(event.data["sent_at"]),
        way=SendingWay.named(event.data.get("way")),
    )


def send_back_form(locale: Locale, case: CaseState, version: Version, **kept: str) -> b.View:
    """Why it is sent back. `kept` goes into `private_metadata` beside what it is about."""
    mark, title_mark = marks(locale, case.drill)
    intro = written(
        "document_send_back_intro", locale, case=case, kind=version.ref.kind, version=version.ref.version
    ).parts[0]
    placeholder = label("approval.remark.placeholder", locale)
    return b.modal(
        title_mark + label("approval.send_back_title", locale),
        [
            b.section(Mrkdwn(mark + intro)),
            b.field(
                "remark",
                label("approval.remark.label", locale),
                b.text_input(REMARK_LIMIT, placeholder, multiline=True),
                label("approval.remark.hint", locale),
            ),
        ],
        close=label("common.cancel", locale),
        submit=label("approval.send_back_submit", locale),
        callback_id=Callback.DOCUMENT_SEND_BACK,
        private_metadata=_metadata(case, version, kept),
    )


def sent_form(locale: Locale, case: CaseState, version: Version, now: datetime, **kept: str) -> b.View:
    """To whom an approved version was sent, when and how."""
    mark, title_mark = marks(locale, case.drill)
    intro = written(
        "document_sent_intro", locale, case=case, kind=version.ref.kind, version=version.ref.version
    ).parts[0]
    placeholder = label("approval.recipient.placeholder", locale)
    ways = b.select(b.choices(SendingWay, locale), label("common.choose", locale))
    return b.modal(
        title_mark + label("approval.sent_title", locale),
        [
            b.section(Mrkdwn(mark + intro)),
            b.field(
                "recipient",
                label("approval.recipient.label", locale),
                b.text_input(RECIPIENT_LIMIT, placeholder),
            ),
            b.field("sent_at", label("approval.sent_at", locale), b.moment_input(now)),
            b.field("way", label("approval.way", locale), ways),
        ],
        close=label("common.cancel", locale),
        submit=label("common.record", locale),
        callback_id=Callback.DOCUMENT_SENT,
        private_metadata=_metadata(case, version, kept),
    )


def words(locale: Locale, tz: ZoneInfo, case: CaseState, content: Content, version: Version) -> b.View:
    """The words of exactly this version, with where it stands and the beginning of its hash."""
    intro = written(
        "document_version",
        locale,
        tz=tz,
        case=case,
        v=version,
        kind=version.ref.kind,
        state=version.state.label(locale),
        approvals=_taken(version, locale),
    ).parts
    return document_words(locale, case, content, intro)


def progress(version: Version, locale: Locale) -> str:
    """Where a version stands, in few words: 「回付中 1/2 責任者」, 「承認済み」."""
    state = version.state.label(locale)
    if not version.waits:
        return state
    role: Role = version.route[version.step]
    return label(
        "approval.progress",
        locale,
        state=state,
        step=version.step + 1,
        steps=len(version.route),
        role=role.label(locale),
    )


def version_label(version: Version, locale: Locale) -> str:
    """「速報記入シート 第2版（承認済み）」, as a choice of a menu."""
    return label(
        "approval.choice",
        locale,
        kind=version.ref.kind.label(locale),
        version=version.ref.version,
        state=version.state.label(locale),
    )


def ref_label(written_ref: str | None, locale: Locale) -> str:
    """「速報記入シート 第2版」; empty where no version was named."""
    ref = Ref.read(written_ref) if written_ref else None
    if ref is None:
        return ""
    return f"{ref.kind.label(locale)} {label('approval.version', locale, version=ref.version)}"


def _ref(event: EventState) -> Ref:
    locale: Locale = "en" if event.data["locale"] == "en" else "ja"
    return Ref(DocumentKind.of(event.data["kind"]), locale, int(event.data["version"]))


def _role(event: EventState, locale: Locale) -> str:
    role = Role.named(event.data.get("role"))
    return role.label(locale) if role else ""


def _metadata(case: CaseState, version: Version, kept: dict[str, str]) -> str:
    return json.dumps({"case": case.number, "about": block_id(version), **kept})
