"""The register of cases for the privacy office, and the status of a case from any list."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from typing import Any, Final

from bot.cases import register as found
from bot.cases.outlines import outlines
from bot.cases.register import Filter
from bot.policy.access import check_register
from bot.slack import forms
from bot.slack.buttons import Listener, button
from bot.slack.commands import status_of
from bot.slack.desk import Desk
from bot.slack.screens.blocks import View
from bot.slack.screens.register import NUMBER, NUMBER_LIMIT, PAGE, Choices, chosen, kept
from bot.slack.screens.register import register as register_view
from bot.slack.screens.replies import status_view
from bot.slack.showing import show
from bot.slack.submissions import form
from bot.vocabulary import Action

Json = dict[str, Any]
#: The menus above what was found.
MENUS: Final = (
    Action.REGISTER_STATUS,
    Action.REGISTER_DEPARTMENT,
    Action.REGISTER_INDICATOR,
    Action.REGISTER_YEAR,
    Action.REGISTER_DRILL,
)


def open_register(desk: Desk) -> Listener:
    """「事案の台帳を開く」: everything, the next deadline first."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        await show(desk, body, await _drawn(desk, user, Filter(), 0))

    return button(desk, press)


def filtered(desk: Desk, menu: Action) -> Listener:
    """Something was chosen in a menu: the first page of what fits now."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        wanted, _ = kept(_metadata(body["view"]))
        wanted = chosen(wanted, menu, action["selected_option"]["value"])
        await _redraw(desk, user, body["view"], wanted, 0)

    return button(desk, press)


def turn(desk: Desk, by: int) -> Listener:
    """「前のページ」「次のページ」."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        wanted, page = kept(_metadata(body["view"]))
        await _redraw(desk, user, body["view"], wanted, page + by)

    return button(desk, press)


def searched(desk: Desk) -> Listener:
    """「番号で探す」: any part of the number, typed as people type it; with nothing typed every number."""

    async def take(user: str, view: Json) -> View:
        wanted, _ = kept(_metadata(view))
        fields = forms.Fields(view)
        typed = fields.text(NUMBER, NUMBER_LIMIT)
        fields.check()
        number = unicodedata.normalize("NFKC", typed or "").upper().replace("ー", "-").strip()
        return await _drawn(desk, user, replace(wanted, number=number or None), 0)

    return form(desk, take, once=False)


def open_status(desk: Desk) -> Listener:
    """「状況を見る」 beside a case in App Home, in the register, in a list."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await desk.whole_case(action["value"])
        answer = await status_of(desk, user, case)
        await show(desk, body, status_view(desk.locale(user), case, answer))

    return button(desk, press)


async def _redraw(desk: Desk, user: str, view: Json, wanted: Filter, page: int) -> None:
    drawn = await _drawn(desk, user, wanted, page)
    await desk.client.views_update(view_id=view["id"], hash=view["hash"], view=drawn)


async def _drawn(desk: Desk, user: str, wanted: Filter, page: int) -> View:
    """The register as of now. Who may see it is asked each time: it may have stood open for long."""
    check_register(user, desk.people.privacy_office, desk.people.kind_of(user))
    zone, page = desk.organisation.timezone, max(0, page)
    async with desk.database.browsing() as db:
        ids, total = await found.search(db, wanted, zone, page * PAGE, PAGE)
        if not ids and total:  # cases went away while the page was open
            page = (total - 1) // PAGE
            ids, total = await found.search(db, wanted, zone, page * PAGE, PAGE)
        cases = await outlines(db, ids, user)
        departments = await found.departments(db)
        first = await found.first_report(db)
    now = desk.now()
    years = range(now.astimezone(zone).year, (first or now).astimezone(zone).year - 1, -1)
    choices = Choices(departments, years)
    return register_view(desk.locale(user), zone, wanted, choices, cases, total, page, now)


def _metadata(view: Json) -> Json:
    value: Json = json.loads(view["private_metadata"])
    return value
