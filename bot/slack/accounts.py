"""Slack tells when an account is closed or opened (`user_change`), and what it did not tell is looked up.

Slack sends the event for every change of every profile, so nothing is done about those of other kinds.
(https://docs.slack.dev/reference/events/user_change)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.cases.states import state_of
from bot.cases.waited_for import open_cases_of, people_of_open_cases
from bot.policy.standing import Kind
from bot.policy.state import CaseState
from bot.slack.desk import Desk
from bot.workflow import accounts

Listener = Callable[..., Awaitable[None]]


def user_changed(desk: Desk) -> Listener:
    """Somebody's profile or account changed."""

    async def listener(event: dict[str, Any]) -> None:
        user = event["user"]["id"]
        known = desk.people.knows(user)
        before = desk.people.kind_of(user)
        desk.people.remember(event["user"])
        closed = desk.people.kind_of(user) is Kind.DEACTIVATED
        if not known or closed is not (before is Kind.DEACTIVATED):
            await _tell_cases(desk, {user})

    return listener


async def look_for_closed_accounts(desk: Desk) -> None:
    """Tell the open cases of everybody whose account was closed or opened while nobody heard of it."""
    await _tell_cases(desk, None)


async def _tell_cases(desk: Desk, users: set[str] | None) -> None:
    """`users`: whose account changed; None: whoever's did, as far as the cases show."""
    async with desk.database.browsing() as db:
        waited_for, closed_once = await people_of_open_cases(db)
        if users is None:
            # Only where the two disagree is there anything to tell: not of every case, every hour.
            closed_now = {user for user in waited_for if desk.people.kind_of(user) is Kind.DEACTIVATED}
            users = {user for user in closed_now | closed_once if desk.people.knows(user)}
        rows = await open_cases_of(db, users & waited_for)
        states = [await state_of(db, row, announced=[]) for row in rows]
    told = False
    for case in states:
        for user in sorted(_people_of(case) & users):
            if not desk.people.knows(user):
                continue
            closed = desk.people.kind_of(user) is Kind.DEACTIVATED
            if closed is _counts_as_closed(case, user):
                continue
            step = accounts.account_closed if closed else accounts.account_opened
            async with desk.database.transaction() as db:
                told = await step(db, case.number, user, desk.now()) or told
    if told:
        desk.ring()


def _people_of(case: CaseState) -> set[str]:
    """Everybody whom the case may wait for."""
    chain = {person.user for level in case.chain for person in level.people if person.user}
    called = {page.user for page in case.pages}
    return chain | called | ({case.acknowledged_by} if case.acknowledged_by else set())


def _counts_as_closed(case: CaseState, user: str) -> bool:
    """What the case knows of this account so far."""
    if case.acknowledged_by == user:
        return False
    mine = [page for page in case.pages if page.user == user and page.turn == case.turn]
    if case.acknowledged_by is None and any(not page.skipped for page in mine):
        return False
    in_chain = [person for level in case.chain for person in level.people if person.user == user]
    # Somebody of no chain, who is waited for no more: there is nothing left to know.
    return not any(person.active for person in in_chain) if in_chain else True
