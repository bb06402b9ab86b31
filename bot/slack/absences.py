"""Absences in App Home: the button, the form, the button that ends one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import Any

from bot.errors import InvalidField
from bot.slack.buttons import button
from bot.slack.desk import Desk
from bot.slack.forms import read_absence
from bot.slack.screens.absence import absence as absence_form
from bot.slack.submissions import CANNOT_TAKE_OVER, form
from bot.workflow import absences

Listener = Callable[..., Awaitable[None]]


def declare(desk: Desk) -> Listener:
    """「不在を登録」."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        view = absence_form(desk.locale(user), user, desk.now(), user in desk.people.privacy_office)
        await desk.client.views_open(trigger_id=body["trigger_id"], view=view)

    return button(desk, press)


def declared(desk: Desk) -> Listener:
    """The form of an absence."""

    async def take(user: str, view: dict[str, Any]) -> None:
        absent = read_absence(view, user)
        if absent.deputy and (why := CANNOT_TAKE_OVER.get(await desk.kind_now(absent.deputy))):
            raise InvalidField("deputy", why)
        office = desk.people.privacy_office
        async with desk.database.transaction() as db:
            await absences.declare_absence(
                db, absent, person=user, privacy_office=office, now=desk.now().astimezone(UTC)
            )

    return form(desk, take)


def end(desk: Desk) -> Listener:
    """「終える」."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        office = desk.people.privacy_office
        async with desk.database.transaction() as db:
            await absences.end_absence(
                db, int(action["value"]), person=user, privacy_office=office, now=desk.now()
            )

    return button(desk, press)
