"""Reopening a closed case (再開): the button of the card and of the status, and the form."""

from __future__ import annotations

from typing import Any

from bot.policy.access import check_reopen
from bot.policy.standing import Kind
from bot.slack.accounts import look_for_closed_accounts
from bot.slack.buttons import Listener, button
from bot.slack.desk import Desk
from bot.slack.forms import Fields
from bot.slack.screens.reopening import REASON_LIMIT
from bot.slack.screens.reopening import reopening as reopening_form
from bot.slack.showing import show
from bot.slack.submissions import form, note_masked
from bot.workflow.reopening import Reopening, reopen_case


def open_form(desk: Desk) -> Listener:
    """「再開する」: why, and what follows from it."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        case = await desk.case(action["value"], user)
        check_reopen(case, user, desk.people.privacy_office)
        view = reopening_form(desk.locale(user), case)
        await show(desk, body, view)

    return button(desk, press)


def reopened(desk: Desk) -> Listener:
    """The form."""

    async def take(user: str, view: dict[str, Any]) -> None:
        number, read = view["private_metadata"], _read(view)
        gone = await _closed_account_of_the_holder(desk, number)
        async with desk.database.transaction() as db:
            await reopen_case(
                db,
                number,
                read,
                person=user,
                privacy_office=desk.people.privacy_office,
                closed_accounts=gone,
                now=desk.now(),
            )
            await note_masked(db, desk, number, user, view)
        desk.ring()
        # What happened to the others of the chain while the case was closed told nobody.
        desk.in_background(look_for_closed_accounts(desk))

    return form(desk, take)


def _read(view: dict[str, Any]) -> Reopening:
    fields = Fields(view)
    reason = fields.required("reason", fields.text("reason", REASON_LIMIT))
    fields.check()
    return Reopening(reason, form=view["id"])


async def _closed_account_of_the_holder(desk: Desk, number: str) -> set[str]:
    """Whoever had the case, where Slack says that they have left the company."""
    holder = (await desk.whole_case(number)).acknowledged_by
    if holder is None or await desk.kind_now(holder) in (Kind.MEMBER, Kind.GUEST):
        return set()
    return {holder}
