"""What happens when somebody presses a button. Who may is decided here and now, not when it was drawn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond

from bot.errors import Refused
from bot.policy.access import check_add_facts, check_decide, check_hand_over
from bot.policy.confidential import is_unnamed_reporter
from bot.policy.standing import Kind
from bot.slack.commands import open_first_report
from bot.slack.desk import Desk, Tell, by_direct_message, by_url
from bot.slack.home import acted
from bot.slack.screens.add_facts import add_facts as add_facts_form
from bot.slack.screens.hand_over import hand_over as hand_over_form
from bot.slack.screens.message import Message
from bot.slack.screens.receipt import AS_REPORTER
from bot.slack.screens.replies import cannot_reply
from bot.slack.screens.submission import submission as submission_form
from bot.slack.showing import show
from bot.workflow import paging, watching

Listener = Callable[..., Awaitable[None]]
Press = Callable[[Desk, str, dict[str, Any], dict[str, Any]], Awaitable[Message | None]]


def button(desk: Desk, press: Press) -> Listener:
    """A listener for one button. In: what pressing it does, given person, action and payload."""

    async def listener(
        ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], respond: AsyncRespond
    ) -> None:
        user = body["user"]["id"]
        tell: Tell = by_direct_message(ack, desk.client, user)
        if body.get("response_url"):
            tell = by_url(ack, respond)
        gone = desk.people.kind_of(user) is Kind.DEACTIVATED  # Slack's events overtake each other
        act = _nothing_for_them() if gone else press(desk, user, action, body)
        await desk.served(ack, user, act, tell)
        acted(desk, user, body.get("view"))

    return listener


async def _nothing_for_them() -> None:
    """Whoever has left the company is told what strangers are told."""
    raise Refused("not_found")


def report(desk: Desk) -> Listener:
    """「漏えいかも？を報告」 in App Home and elsewhere."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        await open_first_report(desk, user, body["trigger_id"])

    return button(desk, press)


def acknowledge(desk: Desk) -> Listener:
    """「対応します」."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        async with desk.database.transaction() as db:
            await paging.acknowledge(
                db, action["value"], person=user, privacy_office=desk.people.privacy_office, now=desk.now()
            )
        desk.ring()

    return button(desk, press)


def cannot(desk: Desk) -> Listener:
    """「いまは対応できない」; whoever pressed is told alone what happens now."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> Message:
        async with desk.database.transaction() as db:
            case = await paging.cannot(
                db, action["value"], person=user, privacy_office=desk.people.privacy_office, now=desk.now()
            )
        desk.ring()
        return cannot_reply(desk.locale(user), case, user)

    return button(desk, press)


def still_working(desk: Desk) -> Listener:
    """「対応中です」."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        async with desk.database.transaction() as db:
            await watching.still_working(
                db, action["value"], person=user, privacy_office=desk.people.privacy_office, now=desk.now()
            )
        desk.ring()

    return button(desk, press)


def hand_over(desk: Desk) -> Listener:
    """「引き継ぐ」."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        case = await desk.case(action["value"])
        check_hand_over(case, user, desk.people.privacy_office)
        view = hand_over_form(desk.locale(user), case)
        await show(desk, body, view)

    return button(desk, press)


def add_facts(desk: Desk) -> Listener:
    """「事実を追加」; under what the reporter is told in person, they add them as the reporter."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        case = await desk.case(action["value"], user)
        check_add_facts(case, user, desk.people.privacy_office)
        unnamed = str(action.get("block_id") or "").startswith(AS_REPORTER)
        as_reporter = unnamed and is_unnamed_reporter(case, user)
        view = add_facts_form(desk.locale(user), desk.organisation.timezone, case, as_reporter)
        await show(desk, body, view)

    return button(desk, press)


def record_submission(desk: Desk) -> Listener:
    """「提出を記録」; pressed under a reminder, the form begins with that obligation."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        case = await desk.case(action["value"])
        check_decide(case, user, desk.people.privacy_office)
        still_open = case.open_obligations
        metadata = (body.get("message") or {}).get("metadata") or {}
        named = (metadata.get("event_payload") or {}).get("obligation")
        obligation = next((o.kind for o in still_open if o.kind == named), None)
        if obligation is None and still_open:
            obligation = still_open[0].kind
        company = desk.organisation
        view = submission_form(
            desk.locale(user), company.timezone, case, obligation, desk.now(), language=company.locale
        )
        await show(desk, body, view)

    return button(desk, press)
