"""Documents and the nine items: buttons and forms."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.documents.composing import Composer
from bot.documents.notified import contact_of
from bot.policy.access import Act, check_draft_document, check_edit_items, may
from bot.policy.approval import may_take, versions
from bot.policy.items import FIELDS, follow_up_key
from bot.policy.standing import standings
from bot.policy.state import CaseState
from bot.slack import forms
from bot.slack.answers import code_of
from bot.slack.buttons import Listener, button
from bot.slack.desk import ANSWER_PATIENCE, Desk
from bot.slack.screens.documents import documents as documents_view
from bot.slack.screens.documents import preview
from bot.slack.screens.items import FREE_TEXT, item_form, nine_items
from bot.slack.showing import show
from bot.slack.submissions import form, note_masked
from bot.vocabulary import DocumentKind, Locale, ReportItem
from bot.workflow.documents import Draft, draft_document
from bot.workflow.items import edit_items

logger = structlog.get_logger(__name__)


def open_documents(desk: Desk) -> Listener:
    """「書類を作成」: the list of kinds."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        case = await desk.case(action["value"])
        check_draft_document(case, user, desk.people.privacy_office)
        view = list_of_documents(desk, case, user, desk.organisation.locale)
        await show(desk, body, view)

    return button(desk, press)


def other_language(desk: Desk) -> Listener:
    """「英語で作る」「日本語で作る」: the list is drawn again."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        case = await desk.case(action["value"])
        check_draft_document(case, user, desk.people.privacy_office)
        language: Locale = "en" if _language(body["view"]) == "ja" else "ja"
        view = list_of_documents(desk, case, user, language)
        await desk.client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    return button(desk, press)


def draft(desk: Desk) -> Listener:
    """「作成」: composed, kept as a version, shown; the Word file follows into the room."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        case = await desk.case(action["value"])
        check_draft_document(case, user, desk.people.privacy_office)
        kind = DocumentKind.of(action["block_id"])
        content = Composer(desk.organisation).compose(kind, _language(body["view"]), case, desk.now())
        async with desk.database.transaction() as db:
            drafted = await draft_document(
                db,
                case.number,
                Draft(kind, content.locale, content.to_json(), content.hash),
                person=user,
                privacy_office=desk.people.privacy_office,
                now=desk.now(),
            )
        desk.ring()
        view = preview(desk.locale(user), case, content, drafted.version, new=drafted.new)
        await show(desk, body, view)
        listed = list_of_documents(desk, await desk.case(case.number), user, content.locale)
        desk.in_background(_redraw_list(desk, case.number, body["view"]["id"], listed))

    return button(desk, press)


async def _redraw_list(desk: Desk, number: str, view_id: str, view: dict[str, Any]) -> None:
    """The list behind shows the new version, with what can be done with it."""
    try:
        await desk.client.views_update(view_id=view_id, view=view)
    except SlackApiError as error:
        logger.warning("list_not_redrawn", case=number, error=code_of(error))


def open_items(desk: Desk) -> Listener:
    """「9項目を確認・入力」."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        case = await desk.case(action["value"])
        check_edit_items(case, user, desk.people.privacy_office)
        view = nine_items(
            desk.locale(user), desk.organisation.timezone, case, contact_of(case, desk.organisation)
        )
        await show(desk, body, view)

    return button(desk, press)


def open_item(desk: Desk) -> Listener:
    """「編集」 beside one of the nine items."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        case = await desk.case(action["value"])
        check_edit_items(case, user, desk.people.privacy_office)
        item = ReportItem.of(action["block_id"])
        view = item_form(
            desk.locale(user), desk.organisation.timezone, case, item, contact_of(case, desk.organisation)
        )
        await show(desk, body, view)

    return button(desk, press)


def item(desk: Desk) -> Listener:
    """What the office wrote. The list behind the form shows it at once."""

    async def take(user: str, view: dict[str, Any]) -> None:
        metadata = json.loads(view["private_metadata"])
        number, name = metadata["case"], ReportItem.of(metadata["item"])
        fields = forms.Fields(view)
        keys = [*(field.value for field in FIELDS[name]), follow_up_key(name)]
        texts = {key: fields.text(key, FREE_TEXT) for key in keys}
        fields.check()
        async with desk.database.transaction() as db:
            await edit_items(
                db,
                number,
                texts,
                person=user,
                privacy_office=desk.people.privacy_office,
                now=desk.now(),
            )
            await note_masked(db, desk, number, user, view)
        desk.ring()
        if behind := view.get("previous_view_id"):
            await _redraw_items(desk, user, number, behind)

    return form(desk, take)


async def _redraw_items(desk: Desk, user: str, number: str, view_id: str) -> None:
    """The list that appears when the form closes. What was written is stored: no failure here undoes it."""
    case = await desk.case(number)
    contact = contact_of(case, desk.organisation)
    view = nine_items(desk.locale(user), desk.organisation.timezone, case, contact)
    try:
        async with asyncio.timeout(ANSWER_PATIENCE):
            await desk.client.views_update(view_id=view_id, view=view)
    except Exception as error:
        logger.warning("list_not_redrawn", case=number, error=type(error).__name__)


def list_of_documents(desk: Desk, case: CaseState, user: str, language: Locale) -> dict[str, Any]:
    """The list as this person sees it, of documents in `language`."""
    office, now = desk.people.privacy_office, desk.now()
    standing = standings(case, user, office, desk.people.kind_of(user))
    return documents_view(
        desk.locale(user),
        desk.organisation.timezone,
        case,
        language,
        edits=may(Act.EDIT_ITEMS, standing),
        decides={v.ref for v in versions(case.events) if may_take(case, v, user, office, now)},
    )


def _language(view: dict[str, Any]) -> Locale:
    return "en" if json.loads(view["private_metadata"])["language"] == "en" else "ja"
