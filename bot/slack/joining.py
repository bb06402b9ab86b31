"""Joining two reports of one thing: the button of the offer and of the status, and the form."""

from __future__ import annotations

from typing import Any

from bot.cases import queries
from bot.cases.states import state_of
from bot.policy.access import Act, check_may_join, may
from bot.policy.standing import standings
from bot.policy.state import CaseState
from bot.slack.buttons import Listener, button
from bot.slack.desk import Desk
from bot.slack.forms import read_join
from bot.slack.screens.join import MOST_CASES
from bot.slack.screens.join import join as join_form
from bot.slack.showing import show
from bot.slack.submissions import form
from bot.vocabulary import LogKind, Status
from bot.workflow.joining import join_cases


def open_join(desk: Desk) -> Listener:
    """「ほかの事案とまとめる」: which one, and what follows from it."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        case = await desk.case(action["value"], user)
        check_may_join(case, user, desk.people.privacy_office)
        found = [str(event.data["other"]) for event in case.events_of(LogKind.SIMILAR_FOUND)]
        chosen = found[-1] if found else None
        others = await _others(desk, case, user, chosen)
        view = join_form(desk.locale(user), desk.organisation.timezone, case, others, chosen)
        await show(desk, body, view)

    return button(desk, press)


async def _others(desk: Desk, case: CaseState, user: str, chosen: str | None) -> list[CaseState]:
    """The newest open cases that the case may go on as, the chosen one among them."""
    async with desk.database.reading() as db:
        rows = await queries.newest_open_cases(db, case.drill, case.number, MOST_CASES)
        first = await queries.case_row(db, chosen) if chosen else None
        if first is not None and first.status != Status.CLOSED.value and first.drill == case.drill:
            rows = [first, *(row for row in rows if row.number != chosen)][:MOST_CASES]
        others = [await state_of(db, row, announced=()) for row in rows]
    office = desk.people.privacy_office
    return [other for other in others if may(Act.JOIN, standings(other, user, office))]


def joined(desk: Desk) -> Listener:
    """The form."""

    async def take(user: str, view: dict[str, Any]) -> None:
        into = read_join(view)
        async with desk.database.transaction() as db:
            await join_cases(
                db,
                view["private_metadata"],
                into,
                person=user,
                privacy_office=desk.people.privacy_office,
                now=desk.now(),
            )
        desk.ring()

    return form(desk, take)
