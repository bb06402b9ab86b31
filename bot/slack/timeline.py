"""The timeline: messages marked with 📌 or by their shortcut, files shared in a room, what people write."""

from __future__ import annotations

import json
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncRespond

from bot.cases import queries
from bot.cases.states import state_of
from bot.cases.timeline import sentences
from bot.errors import Refused
from bot.policy.access import Act, check, check_add_to_timeline
from bot.policy.confidential import seen_by
from bot.policy.standing import Kind
from bot.slack import forms
from bot.slack.buttons import Listener, button
from bot.slack.desk import Desk, by_url
from bot.slack.screens.blocks import View
from bot.slack.screens.message import Message
from bot.slack.screens.replies import timeline_taken
from bot.slack.screens.timeline import TEXT_LIMIT, entry_form, lines_of, timeline
from bot.slack.showing import show
from bot.slack.submissions import form, note_masked
from bot.workflow.timeline import Written, file_shared, mark, write

logger = structlog.get_logger(__name__)

PIN = "pushpin"  # 📌


def pinned(desk: Desk) -> Listener:
    """📌 on a message of a room, by somebody of the room. Everything else is no business of ours."""

    async def listener(event: dict[str, Any]) -> None:
        item = event.get("item") or {}
        if event.get("reaction") != PIN or item.get("type") != "message" or not event.get("user"):
            return
        try:
            act = f"reaction:{event.get('event_ts')}"
            await _mark(desk, item["channel"], item["ts"], act, event["user"])
        except Refused as no:
            logger.info("pin_not_taken", reason=no.reason)

    return listener


def shared(desk: Desk) -> Listener:
    """A file was shared in a room, by anybody but ourselves."""

    async def listener(event: dict[str, Any]) -> None:
        file, channel = event.get("file_id"), event.get("channel_id")
        person = event.get("user_id")
        if not file or not channel or not person or person == desk.bot_user:
            return
        async with desk.database.reading() as db:
            row = await queries.case_by_channel(db, channel)
        if row is None:
            return
        async with desk.database.transaction() as db:
            await file_shared(db, row.number, file=file, person=person, now=desk.now())
        desk.ring()

    return listener


def add_message(desk: Desk) -> Listener:
    """The message shortcut 「記録に残す」; outside of a room it says where it works."""

    async def listener(ack: AsyncAck, shortcut: dict[str, Any], respond: AsyncRespond) -> None:
        user = shortcut["user"]["id"]

        async def act() -> Message:
            ts = (shortcut.get("message") or {}).get("ts") or shortcut.get("message_ts") or ""
            channel = (shortcut.get("channel") or {}).get("id") or ""
            if not await _mark(desk, channel, ts, f"shortcut:{shortcut.get('action_ts')}", user):
                raise Refused("not_a_room")
            return timeline_taken(desk.locale(user))

        await desk.served(ack, user, act(), by_url(ack, respond))

    return listener


def open_timeline(desk: Desk) -> Listener:
    """「経過を見る」."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        await show(desk, body, await _view(desk, user, action["value"]), leave=1)

    return button(desk, press)


def turn(desk: Desk, by: int) -> Listener:
    """「前の記録」「次の記録」: the page before or after the one shown."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        shown = body["view"]
        page = int(json.loads(shown["private_metadata"])["page"]) + by
        view = await _view(desk, user, action["value"], page)
        await desk.client.views_update(view_id=shown["id"], hash=shown["hash"], view=view)

    return button(desk, press)


def open_entry(desk: Desk) -> Listener:
    """「経過を追記」, and 「訂正」 beside an entry: its number in the log is the end of the block's name."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        case = await desk.case(action["value"])
        check_add_to_timeline(case, user, desk.people.privacy_office, desk.people.kind_of(user))
        number = str(action.get("block_id") or "").rpartition("_")[2]
        corrects = int(number) if number.isdecimal() else None
        view = entry_form(desk.locale(user), case, desk.now(), corrects)
        await show(desk, body, view)

    return button(desk, press)


def entry(desk: Desk) -> Listener:
    """What somebody wrote. The timeline behind the form shows it at once."""

    async def take(user: str, view: dict[str, Any]) -> None:
        about = json.loads(view["private_metadata"])
        number = about["case"]
        fields = forms.Fields(view)
        happened_at = fields.required("happened_at", fields.past("happened_at", desk.now()))
        text = fields.required("text", fields.text("text", TEXT_LIMIT))
        fields.check()
        async with desk.database.transaction() as db:
            await write(
                db,
                number,
                Written(text, happened_at, view["id"], about.get("corrects")),
                person=user,
                kind=desk.people.kind_of(user),
                privacy_office=desk.people.privacy_office,
                now=desk.now(),
            )
            await note_masked(db, desk, number, user, view)
        desk.ring()
        if behind := view.get("previous_view_id"):
            desk.in_background(_redraw(desk, user, number, behind))

    return form(desk, take)


async def _mark(desk: Desk, channel: str, ts: str, act: str, user: str) -> bool:
    """Out: whether the channel is a room at all. Raises Refused where the person may not."""
    async with desk.database.reading() as db:
        row = await queries.case_by_channel(db, channel)
    if row is None:
        return False
    kind = await desk.kind_now(user)
    async with desk.database.transaction() as db:
        await mark(
            db,
            row.number,
            ts=ts,
            channel=channel,
            act=act,
            person=user,
            kind=kind or Kind.EXTERNAL,
            privacy_office=desk.people.privacy_office,
            now=desk.now(),
        )
    desk.ring()
    return True


async def _view(desk: Desk, user: str, number: str, page: int | None = None) -> View:
    """The timeline as this person may see it; the newest page unless another is named."""
    office, locale, zone = desk.people.privacy_office, desk.locale(user), desk.organisation.timezone
    async with desk.database.reading() as db:
        row = await queries.case_row(db, number)
        if row is None:
            raise Refused("not_found")
        case = await state_of(db, row)
    check(Act.SEE, case, user, office, desk.people.kind_of(user))
    seen = seen_by(case, user, office)
    told = sentences(row, seen.events, locale, zone)
    return timeline(locale, zone, seen, lines_of(seen, told, locale), page)


async def _redraw(desk: Desk, user: str, number: str, view_id: str) -> None:
    await desk.client.views_update(view_id=view_id, view=await _view(desk, user, number))
