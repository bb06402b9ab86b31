"""Telling the persons and the public: the register, its buttons and forms."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Refused
from bot.policy.access import Act, check_decide_publication, check_notify, check_see_notices, may
from bot.policy.notifying import standing_entries
from bot.policy.standing import standings
from bot.policy.state import CaseState
from bot.slack import forms
from bot.slack.buttons import Listener, button
from bot.slack.desk import ANSWER_PATIENCE, Desk
from bot.slack.screens import notifying as screens
from bot.slack.screens.notifying import REGISTER
from bot.slack.showing import show
from bot.slack.submissions import form, note_masked
from bot.vocabulary import NoticeWay, Publication, PublicationWay
from bot.workflow.notifying import Decided, Told, complete_notices, decide_publication, record_notice

logger = structlog.get_logger(__name__)

Json = dict[str, Any]


def open_register(desk: Desk) -> Listener:
    """「本人通知・公表」."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await desk.case(action["value"])
        check_see_notices(case, user, desk.people.privacy_office)
        await _show(desk, body, _register(desk, user, case))

    return button(desk, press)


def record(desk: Desk) -> Listener:
    """「知らせたことを記録」, and 「訂正」 beside a record."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await desk.case(action["value"])
        check_notify(case, user, desk.people.privacy_office)
        corrects = None
        if (block := str(action.get("block_id") or "")).startswith(screens.BLOCK):
            number = block.removeprefix(screens.BLOCK)
            corrects = next((e for e in standing_entries(case) if str(e.number) == number), None)
            if corrects is None:
                raise Refused("already_corrected")
        view = screens.record_form(
            desk.locale(user), case, desk.now(), decides=_may(desk, user, case, Act.RECORD), corrects=corrects
        )
        await _show(desk, body, view)

    return button(desk, press)


def complete(desk: Desk) -> Listener:
    """「本人通知を完了とする」: at once; the register shows it."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        office = desk.people.privacy_office
        async with desk.database.transaction() as db:
            await complete_notices(db, action["value"], person=user, privacy_office=office, now=desk.now())
        desk.ring()
        if (view := body.get("view")) is not None:
            shown = _register(desk, user, await desk.case(action["value"]))
            await desk.client.views_update(view_id=view["id"], view=shown)

    return button(desk, press)


def decide(desk: Desk) -> Listener:
    """「公表を判断」."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await desk.case(action["value"])
        check_decide_publication(case, user, desk.people.privacy_office)
        await _show(desk, body, publication_form_of(desk, user, case))

    return button(desk, press)


def publication_form_of(desk: Desk, user: str, case: CaseState) -> Json:
    """The form of the decision on publication, for this person."""
    return screens.publication_form(desk.locale(user), desk.organisation.timezone, case)


def recorded(desk: Desk) -> Listener:
    """Who was told was filled in."""

    async def take(user: str, view: Json) -> None:
        kept = _kept(view)
        fields = forms.Fields(view)
        way = fields.required("way", fields.word("way", NoticeWay))
        persons = fields.count("persons")
        told_at = fields.required("told_at", fields.moment("told_at"))
        why = fields.text("why", screens.WHY_LIMIT)
        total = fields.count("total")
        done = screens.COMPLETE in fields.boxes(screens.COMPLETE)
        fields.check()
        # Of a clock that is a little ahead of ours.
        told_at = min(told_at, desk.now()) if told_at <= desk.now() + forms.CLOCK_TOLERANCE else told_at
        told = Told(way, persons, told_at, why, view["id"], total, kept["corrects"], done)
        async with desk.database.transaction() as db:
            await record_notice(db, kept["case"], told, **_who(desk, user))
            await note_masked(db, desk, kept["case"], user, view)
        await _after(desk, user, kept["case"], view)

    return form(desk, take)


def decided(desk: Desk) -> Listener:
    """The decision on publication was filled in."""

    async def take(user: str, view: Json) -> None:
        kept = _kept(view)
        fields = forms.Fields(view)
        decision = fields.required("decision", fields.word("decision", Publication))
        reason = fields.required("reason", fields.text("reason", screens.WHY_LIMIT))
        ticked = fields.boxes("ways")
        publish_at, review_on = fields.moment("publish_at"), fields.day("review_on")
        fields.check()
        ways = tuple(way for way in PublicationWay if way.value in ticked)
        async with desk.database.transaction() as db:
            await settle_publication(
                desk, db, kept["case"], Decided(decision, reason, ways, publish_at, review_on), user
            )
            await note_masked(db, desk, kept["case"], user, view)
        await _after(desk, user, kept["case"], view)

    return form(desk, take)


async def settle_publication(desk: Desk, db: AsyncSession, number: str, given: Decided, user: str) -> None:
    """The step, on today's date in the organisation's zone."""
    today = desk.now().astimezone(_zone(desk)).date()
    await decide_publication(db, number, given, today=today, **_who(desk, user))


def _who(desk: Desk, user: str) -> dict[str, Any]:
    return {"person": user, "privacy_office": desk.people.privacy_office, "now": desk.now()}


def _zone(desk: Desk) -> ZoneInfo:
    return desk.organisation.timezone


def _may(desk: Desk, user: str, case: CaseState, act: Act) -> bool:
    return may(act, standings(case, user, desk.people.privacy_office, desk.people.kind_of(user)))


def _register(desk: Desk, user: str, case: CaseState) -> Json:
    notifies, decides = (_may(desk, user, case, act) for act in (Act.NOTIFY, Act.DECIDE_PUBLICATION))
    return screens.register(desk.locale(user), _zone(desk), case, notifies=notifies, decides=decides)


async def _show(desk: Desk, body: Json, view: Json) -> None:
    """Over the view that is open, else by itself; a form over the register remembers that."""
    behind = body.get("view")
    if behind and REGISTER in _kept(behind):
        view = {**view, "private_metadata": json.dumps({**_kept(view), REGISTER: True})}
    await show(desk, body, view)


async def _after(desk: Desk, user: str, number: str, view: Json) -> None:
    """What follows is said, and the register behind the form shows what was written.

    That is stored already: no failure here undoes it.
    """
    desk.ring()
    behind = view.get("previous_view_id")
    if not behind or REGISTER not in _kept(view):
        return
    shown = _register(desk, user, await desk.case(number))
    try:
        async with asyncio.timeout(ANSWER_PATIENCE):
            await desk.client.views_update(view_id=behind, view=shown)
    except Exception as error:
        logger.warning("register_not_redrawn", case=number, error=type(error).__name__)


def _kept(view: Json) -> Json:
    kept = json.loads(view.get("private_metadata") or "{}")
    return kept if isinstance(kept, dict) else {}
