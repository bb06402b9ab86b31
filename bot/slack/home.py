"""App Home: drawn when somebody opens it, and again after each act of their own.

Slack shows what was published last and never asks for it, so what people see could be old. It is new in the
two moments in which they look for that: when they come to the tab, and after they did something, wherever
they did it. What others do shows when they come back to the tab; whatever must be heard at once is told by
message anyway. Every process remembers for itself who opened it lately; an act elsewhere draws nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.policy.standing import Kind, Standing, standings
from bot.policy.state import CaseState
from bot.policy.waiting import by_urgency, waits_for
from bot.slack.desk import Desk
from bot.slack.overview import open_cases, own_reports
from bot.slack.screens.home import MOST_REPORTS, Shown, home

#: What somebody is to a case that they reported and do not work on.
_ONLY_REPORTED: Final = frozenset({Standing.REPORTER, Standing.INFORMANT, Standing.GUEST})


async def opened(desk: Desk, user: str) -> None:
    """Somebody opened App Home."""
    desk.homes.opened(user, desk.now())
    await show_home(desk, user)


def acted(desk: Desk, user: str, view: Mapping[str, Any] | None = None) -> None:
    """Somebody did something, in this `view` if in any: where they have App Home open, it is drawn again."""
    if view is not None and view.get("type") == "home":
        desk.homes.opened(user, desk.now())
    if desk.homes.is_open(user, desk.now()):
        desk.in_background(show_home(desk, user))


async def show_home(desk: Desk, user: str) -> None:
    """Draw somebody's App Home as things stand now."""

    async def draw() -> None:
        now = desk.now()
        view = home(desk.locale(user), desk.organisation.timezone, await _shown(desk, user, now), now, user)
        await desk.client.views_publish(user_id=user, view=view)

    await desk.homes.drawn(user, draw)


async def _shown(desk: Desk, user: str, now: datetime) -> Shown:
    """What there is for this person. Somebody of outside or gone sees the button alone."""
    office, kind = desk.people.privacy_office, desk.people.kind_of(user)
    found = await open_cases(desk, user, aftercare=True)
    cases = found.cases
    is_to = {case.number: standings(case, user, office, kind) for case in cases}
    still_open = [case for case in cases if case.closed_at is None]
    works_on = [case for case in still_open if not is_to[case.number] <= _ONLY_REPORTED]
    named = {case.number for case in works_on}
    reported = [case for case in await own_reports(desk, user, MOST_REPORTS) if case.number not in named]
    there = {case.number for case in reported}
    reported += [case for case in still_open if case.number not in named | there]
    return Shown(
        waiting=by_urgency(
            (each for case in cases for each in waits_for(case, user, is_to[case.number], now)), now
        ),
        cases=works_on,
        or_more=found.or_more,
        reports=sorted(reported, key=_newest_first, reverse=True),
        absences=await desk.absences_for(user),
        leads=_has_a_role(desk, user),
        office=user in office and kind is Kind.MEMBER,
    )


def _newest_first(case: CaseState) -> tuple[bool, datetime]:
    """The order of reports, backwards: open ones before closed ones, then by when they were made."""
    return case.closed_at is None, case.reported_at


def _has_a_role(desk: Desk, user: str) -> bool:
    """Whether the organisation file names somebody for cases of any department."""
    o = desk.organisation
    references = [*o.privacy_office, *o.response_team, *o.last_resort]
    for department in o.departments:
        references += [department.manager, *department.deputies]
    return user in desk.people.users_of(references)
