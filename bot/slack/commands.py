"""`/leak` and the two shortcuts: the ways into a first report."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Awaitable, Callable, Collection
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond

from bot.errors import Refused
from bot.policy.access import Act, check_reopen, check_report, may, may_take_case_file
from bot.policy.confidential import seen_by
from bot.policy.standing import standings
from bot.policy.state import CaseState
from bot.slack.desk import Desk, by_ack, by_direct_message, by_url
from bot.slack.overview import newest_cases, open_cases
from bot.slack.screens import replies
from bot.slack.screens.first_report import first_report
from bot.slack.screens.message import Message

Listener = Callable[..., Awaitable[None]]

NUMBER = re.compile(r"D?\d{4}-\d{4,}", re.ASCII)
SUMMARY_LIMIT = 3000


def leak(desk: Desk) -> Listener:
    """`/leak`, `/leak WORDS`, `/leak help|list|status [NUMBER]|drill`."""

    async def listener(ack: AsyncAck, command: dict[str, Any]) -> None:
        user = command["user_id"]
        words = html.unescape(command.get("text") or "").strip()
        trigger = command["trigger_id"]

        async def act() -> Message | None:
            match words.split():
                case ["help"]:
                    return replies.help(desk.locale(user))
                case ["list"]:
                    newest = await newest_cases(desk, user, replies.MOST_CASES)
                    more = newest.total - len(newest.cases)
                    return replies.case_list(
                        desk.locale(user),
                        desk.organisation.timezone,
                        newest.cases,
                        desk.now(),
                        more=more,
                        or_more=newest.or_more,
                    )
                case ["status"]:
                    return await status_of(desk, user, await _meant(desk, user, command["channel_id"]))
                case ["status", number] if NUMBER.fullmatch(number.upper()):
                    return await status_of(desk, user, await desk.whole_case(number.upper()))
                case ["drill"]:
                    await open_first_report(desk, user, trigger, drill=True)
                case []:
                    case = await desk.case_in(command["channel_id"])
                    if case and desk.may_see(case, user):
                        return replies.in_case_channel(desk.locale(user), case)
                    await open_first_report(desk, user, trigger)
                case _:
                    await open_first_report(desk, user, trigger, summary=words)
            return None

        await desk.served(ack, user, act(), by_ack(ack))

    return listener


def report_from_anywhere(desk: Desk) -> Listener:
    """The global shortcut."""

    async def listener(ack: AsyncAck, shortcut: dict[str, Any]) -> None:
        user = shortcut["user"]["id"]
        opening = open_first_report(desk, user, shortcut["trigger_id"])
        await desk.served(ack, user, opening, by_direct_message(ack, desk.client, user))

    return listener


def report_from_message(desk: Desk) -> Listener:
    """The message shortcut: the message's text becomes the summary, its permalink is kept."""

    async def listener(ack: AsyncAck, shortcut: dict[str, Any], respond: AsyncRespond) -> None:
        user = shortcut["user"]["id"]
        message, channel = shortcut.get("message") or {}, shortcut.get("channel") or {}
        stamp = str(message.get("ts") or shortcut.get("message_ts") or "").replace(".", "")
        opening = open_first_report(
            desk,
            user,
            shortcut["trigger_id"],
            summary=html.unescape(message.get("text") or ""),
            source=f"{desk.workspace_url}archives/{channel.get('id')}/p{stamp}",
        )
        await desk.served(ack, user, opening, by_url(ack, respond))

    return listener


async def open_first_report(
    desk: Desk, user: str, trigger: str, *, summary: str = "", source: str | None = None, drill: bool = False
) -> None:
    """Open the form: one call, before anything slow. Raises Refused for people of other organisations."""
    check_report(desk.people.kind_of(user))
    view = first_report(
        desk.locale(user),
        desk.organisation.timezone,
        desk.organisation.departments,
        desk.people.department_of(user),
        desk.now(),
        summary=summary[:SUMMARY_LIMIT],
        drill=drill,
        private_metadata=json.dumps({"drill": drill, "source_permalink": source}),
    )
    await desk.client.views_open(trigger_id=trigger, view=view)


async def _meant(desk: Desk, user: str, channel: str) -> CaseState:
    """The case of this channel, else the only open one the person may see; the whole of it."""
    if (case := await desk.case_in(channel)) and desk.may_see(case, user):
        return await desk.whole_case(case.number)
    still_open = (await open_cases(desk, user)).cases
    if len(still_open) != 1:
        raise Refused("which_case" if still_open else "no_cases")
    return await desk.whole_case(still_open[0].number)


async def status_of(desk: Desk, user: str, case: CaseState) -> Message:
    """Where the (whole) case stands, as this person may see it, with what they may do.

    Raises Refused("not_found") for whoever may not see it.
    """
    if not desk.may_see(case, user):
        raise Refused("not_found")
    office, kind = desk.people.privacy_office, desk.people.kind_of(user)
    return replies.status(
        desk.locale(user),
        desk.organisation.timezone,
        seen_by(case, user, office),
        desk.now(),
        may_export=may_take_case_file(case, user, office, kind),
        may_reopen=_may_reopen(case, user, office),
        may_join=case.closed_at is None and may(Act.JOIN, standings(case, user, office, kind)),
    )


def _may_reopen(case: CaseState, user: str, office: Collection[str]) -> bool:
    try:
        check_reopen(case, user, office)
    except Refused:
        return False
    return True
