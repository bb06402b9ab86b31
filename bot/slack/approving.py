"""Approval of documents (回付): buttons and forms."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import queries
from bot.documents.content import Content
from bot.errors import Refused
from bot.policy.access import check_draft_document, check_record_sent
from bot.policy.approval import APPROVED, Ref, Version, check_turn, version_of
from bot.policy.state import CaseState
from bot.slack import forms
from bot.slack.buttons import Listener, button
from bot.slack.desk import Desk
from bot.slack.documents import list_of_documents
from bot.slack.screens import approval as screens
from bot.slack.showing import show
from bot.slack.submissions import form, note_masked
from bot.vocabulary import Locale, SendingWay
from bot.workflow import approving
from bot.workflow.approving import Sending, Turn

Json = dict[str, Any]
Take = Callable[[AsyncSession, Json, forms.Fields, dict[str, Any]], Awaitable[None]]

_ABOUT = re.compile(rf"{screens.BLOCK}(\w+/\w+/\d+)/(\d+)/(\d+)")


def preview(desk: Desk) -> Listener:
    """「内容を確認」: the words of exactly this version."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await desk.case(action["value"])
        check_draft_document(case, user, desk.people.privacy_office)
        version = _version(case, _turn(action["block_id"]).ref)
        content = await _words(desk, case, version.ref)
        view = screens.words(desk.locale(user), desk.organisation.timezone, case, content, version)
        await show(desk, body, view)

    return button(desk, press)


def circulate(desk: Desk) -> Listener:
    """「回付する」."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        async with desk.database.transaction() as db:
            await approving.circulate(
                db,
                action["value"],
                _turn(action["block_id"]).ref,
                route=desk.organisation.approval,
                **_who(desk, user),
            )
        desk.ring()
        await _redraw(desk, user, action["value"], body.get("view"))

    return button(desk, press)


def approve(desk: Desk) -> Listener:
    """「承認する」."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        async with desk.database.transaction() as db:
            await approving.approve(db, action["value"], _turn(action["block_id"]), **_who(desk, user))
        desk.ring()
        await _redraw(desk, user, action["value"], body.get("view"))

    return button(desk, press)


def send_back(desk: Desk) -> Listener:
    """「差し戻す」: the remark is asked for; whose turn it is not hears so before writing one."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await desk.case(action["value"])
        about = _turn(action["block_id"])
        version = _version(case, about.ref)
        office = desk.people.privacy_office
        if not check_turn(case, version, about.turn, about.step, user, office, desk.now()):
            raise Refused("approval_over")
        view = screens.send_back_form(desk.locale(user), case, version, **_behind(body))
        await show(desk, body, view)

    return button(desk, press)


def record_sent(desk: Desk) -> Listener:
    """「送付を記録」."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await desk.case(action["value"])
        check_record_sent(case, user, desk.people.privacy_office)
        version = _version(case, _turn(action["block_id"]).ref)
        if version.state not in APPROVED:
            raise Refused("not_approved")
        view = screens.sent_form(desk.locale(user), case, version, desk.now(), **_behind(body))
        await show(desk, body, view)

    return button(desk, press)


def was_sent_back(desk: Desk) -> Listener:
    """The remark was written."""

    async def take(db: AsyncSession, kept: Json, fields: forms.Fields, who: dict[str, Any]) -> None:
        remark = fields.required("remark", fields.text("remark", screens.REMARK_LIMIT))
        fields.check()
        await approving.send_back(db, kept["case"], _turn(kept["about"]), remark, **who)

    return _form(desk, take)


def was_sent(desk: Desk) -> Listener:
    """To whom, when and how it was sent."""

    async def take(db: AsyncSession, kept: Json, fields: forms.Fields, who: dict[str, Any]) -> None:
        recipient = fields.required("recipient", fields.text("recipient", screens.RECIPIENT_LIMIT))
        sent_at = fields.required("sent_at", fields.moment("sent_at"))
        way = fields.required("way", fields.word("way", SendingWay))
        fields.check()
        sending = Sending(recipient, sent_at, way, kept["form"])
        await approving.record_sent(db, kept["case"], _turn(kept["about"]).ref, sending, **who)

    return _form(desk, take)


def _form(desk: Desk, take_it: Take) -> Listener:
    """A form about a version: the step in one commit, and the list behind it shows it."""

    async def take(user: str, view: Json) -> None:
        kept = {**json.loads(view["private_metadata"]), "form": view["id"]}
        async with desk.database.transaction() as db:
            await take_it(db, kept, forms.Fields(view), _who(desk, user))
            await note_masked(db, desk, kept["case"], user, view)
        desk.ring()
        if (behind := view.get("previous_view_id")) and "language" in kept:
            desk.in_background(_redraw_behind(desk, user, kept["case"], behind, kept["language"]))

    return form(desk, take)


def _who(desk: Desk, user: str) -> dict[str, Any]:
    return {"person": user, "privacy_office": desk.people.privacy_office, "now": desk.now()}


def _turn(block_id: str) -> Turn:
    """What a button is about. Raises Refused for what no button of ours says."""
    found = _ABOUT.fullmatch(block_id)
    ref = Ref.read(found[1]) if found else None
    if found is None or ref is None:
        raise Refused("no_such_document")
    return Turn(ref, int(found[2]), int(found[3]))


def _version(case: CaseState, ref: Ref) -> Version:
    version = version_of(case, ref)
    if version is None:
        raise Refused("no_such_document")
    return version


async def _words(desk: Desk, case: CaseState, ref: Ref) -> Content:
    async with desk.database.reading() as db:
        row = await queries.case_row(db, case.number)
        stored = await queries.documents_of(db, row.id, ref.kind, ref.locale) if row and row.id else []
    words = next((each.content for each in stored if each.version == ref.version), None)
    if words is None:
        raise Refused("no_such_document")
    return Content.from_json(words)


def _behind(body: Json) -> dict[str, str]:
    """What the list of documents needs to be drawn again when the form closes."""
    language = _language(body.get("view"))
    return {"language": language} if language else {}


def _language(view: Json | None) -> Locale | None:
    """The language of the list of documents; None where the view is none."""
    kept = json.loads((view or {}).get("private_metadata") or "{}")
    language = kept.get("language") if isinstance(kept, dict) else None
    return None if language is None else "en" if language == "en" else "ja"


async def _redraw(desk: Desk, user: str, number: str, view: Json | None) -> None:
    """The open list shows what was done."""
    if view is not None and (language := _language(view)):
        shown = list_of_documents(desk, await desk.case(number), user, language)
        await desk.client.views_update(view_id=view["id"], view=shown)


async def _redraw_behind(desk: Desk, user: str, number: str, view_id: str, language: Locale) -> None:
    shown = list_of_documents(desk, await desk.case(number), user, language)
    await desk.client.views_update(view_id=view_id, view=shown)
