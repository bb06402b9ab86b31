"""Closing a case: the button, the short way where nothing leaked, the form; measures against recurrence."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, get_args

from bot.errors import Refused
from bot.policy.access import check_add_measure, check_close, check_decide
from bot.slack import forms
from bot.slack.buttons import Listener, button
from bot.slack.desk import Desk
from bot.slack.screens.closure import Way, obligations_stand
from bot.slack.screens.closure import closure as closure_form
from bot.slack.screens.message import Message
from bot.slack.screens.prevention import prevention_form
from bot.slack.screens.replies import refused
from bot.slack.screens.task import reason_needed
from bot.slack.showing import show
from bot.slack.submissions import form, note_masked
from bot.vocabulary import Callback
from bot.workflow.closing import close_case, settled_by
from bot.workflow.inputs import SeenAtClosure
from bot.workflow.prevention import add_measure

Json = dict[str, Any]
#: The day that stands in the form of a measure at first.
USUAL_TIME = timedelta(days=30)


def close(desk: Desk) -> Listener:
    """「終結する」; what stands in the way is listed at once, before anybody fills in a form."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> Message | None:
        case = await desk.case(action["value"])
        locale = desk.locale(user)
        try:
            check_close(case, user, desk.people.privacy_office)
        except Refused as no:
            why = refused(locale, no.reason, no.values)
            if no.reason == "deviation_needs_reason":
                return reason_needed(locale, case, why)
            if no.reason == "obligations_open":
                return obligations_stand(locale, case, why)
            raise
        view = closure_form(locale, desk.organisation.timezone, case)
        await show(desk, body, view)
        return None

    return button(desk, press)


def close_without_leak(desk: Desk) -> Listener:
    """「漏えいがなかったとして終結」: one form for the decision and for the end."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await desk.case(action["value"])
        check_decide(case, user, desk.people.privacy_office)
        if not settled_by(case):
            raise Refused("decided_otherwise")
        view = closure_form(desk.locale(user), desk.organisation.timezone, case, "no_leak")
        await show(desk, body, view)

    return button(desk, press)


def closed(desk: Desk) -> Listener:
    """終結. Decided on by what the case holds now, not by what it held when the form was opened."""

    async def take(user: str, view: Json) -> None:
        read = forms.read_closure(view)
        kept = json.loads(view["private_metadata"])
        seen = SeenAtClosure(int(kept["revision"]), view["id"])
        office = desk.people.privacy_office
        async with desk.database.transaction() as db:
            await close_case(
                db, kept["case"], read, person=user, privacy_office=office, now=desk.now(), seen=seen
            )
            await note_masked(db, desk, kept["case"], user, view)
        desk.ring()

    return form(desk, take)


def add_prevention(desk: Desk) -> Listener:
    """「再発防止策を登録」, over the form of the closure where that is open."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await desk.case(action["value"])
        check_add_measure(case, user, desk.people.privacy_office)
        proposed = (desk.now() + USUAL_TIME).astimezone(desk.organisation.timezone).date()
        below = body.get("view") or {}
        over_closure = below.get("callback_id") == Callback.CLOSURE
        way = json.loads(below["private_metadata"])["way"] if over_closure else ""
        view = prevention_form(desk.locale(user), case, user, proposed, way)
        await show(desk, body, view)

    return button(desk, press)


def prevention_added(desk: Desk) -> Listener:
    """A measure was written; the form of the closure behind it shows it."""

    async def take(user: str, view: Json) -> None:
        read = forms.read_measure(view)
        kept = json.loads(view["private_metadata"])
        async with desk.database.transaction() as db:
            await add_measure(
                db,
                kept["case"],
                read,
                zone=desk.organisation.timezone,
                person=user,
                privacy_office=desk.people.privacy_office,
                now=desk.now(),
            )
            await note_masked(db, desk, kept["case"], user, view)
        desk.ring()
        if (behind := view.get("previous_view_id")) and kept["behind"] in get_args(Way):
            desk.in_background(_redraw(desk, user, kept["case"], behind, kept["behind"]))

    return form(desk, take)


async def _redraw(desk: Desk, user: str, number: str, view_id: str, way: Way) -> None:
    case = await desk.case(number)
    if case.closed_at is None:
        view = closure_form(desk.locale(user), desk.organisation.timezone, case, way)
        await desk.client.views_update(view_id=view_id, view=view)
