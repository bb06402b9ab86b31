"""The cases somebody may know of, as they see them: found, counted and read without going through each.

Read are outlines (`cases/outlines.py`), in the same few queries however many cases there are; who may know
of a case is decided on each of them here, before anything of it is drawn or counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.cases import register
from bot.cases.outlines import outlines, standings_in
from bot.policy.confidential import seen_by
from bot.policy.standing import Kind
from bot.policy.state import CaseState
from bot.policy.waiting import SOON
from bot.slack.desk import Desk

#: Whether somebody may know of a case is worked out for so many of those that concern them, the newest:
#: a command must be answered within Slack's three seconds.
MOST_COUNTED: Final = 300
#: Of more open cases than this App Home reads the newest so many, and as many with the next deadlines.
MOST_OPEN: Final = 200
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Open:
    """Cases that are not closed, the next deadline first; where `or_more` is true not all of them."""

    cases: list[CaseState]
    or_more: bool = False


async def open_cases(desk: Desk, user: str, *, aftercare: bool = False) -> Open:
    """Those that are not closed, with all that `waits_for` reads.

    With `aftercare` closed ones too in which something still waits for somebody, as the last. Of very many
    the newest, where somebody may be waited for this minute, and those with the next deadlines.
    """
    soon, whose = desk.now() + SOON, _whose(desk, user)
    async with desk.database.browsing() as db:
        ids, or_more = await register.open_of(db, whose, MOST_OPEN, soon if aftercare else None)
        found = await outlines(db, ids, user, desk.now())
    return Open(sorted(_seen(desk, user, found), key=by_deadline), or_more)


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest cases of many: `total` are known of, and where `or_more` is true perhaps older ones too."""

    cases: list[CaseState]
    total: int
    or_more: bool = False


async def newest_cases(desk: Desk, user: str, most: int) -> Newest:
    """The newest of all they may know of, at most `most`."""
    whose, or_more = _whose(desk, user), False
    async with desk.database.reading() as db:
        if whose is None:
            total = await register.how_many(db)
            ids = await register.cases_of(db, None, limit=most)
        else:
            concerned = await register.cases_of(db, whose, limit=MOST_COUNTED + 1)
            or_more = len(concerned) > MOST_COUNTED
            known = await standings_in(db, concerned, user)
            ids = [case_id for case_id in concerned if desk.may_see(known[case_id], user)]
            total = len(ids)
        found = await outlines(db, ids[:most], user)
    return Newest(_seen(desk, user, found), total, or_more)


async def own_reports(desk: Desk, user: str, most: int) -> list[CaseState]:
    """The newest of those they reported themselves, closed ones too; one more than `most` if there are."""
    async with desk.database.reading() as db:
        found = await outlines(db, await register.reports_of(db, user, most + 1), user)
    return _seen(desk, user, found)


def by_deadline(case: CaseState) -> tuple[bool, datetime, datetime]:
    """The order of open cases: by the next deadline, then by when they were reported; closed ones last."""
    if case.closed_at is not None:
        return True, _NEVER, case.reported_at
    due = next((o.due_at for o in case.open_obligations if o.due_at), _NEVER)
    return False, due, case.reported_at


def _whose(desk: Desk, user: str) -> str | None:
    """Whose cases to look for; None for the privacy office, which may know of all of them."""
    office = user in desk.people.privacy_office and desk.people.kind_of(user) is Kind.MEMBER
    return None if office else user


def _seen(desk: Desk, user: str, found: list[CaseState]) -> list[CaseState]:
    office = desk.people.privacy_office
    return [seen_by(case, user, office) for case in found if desk.may_see(case, user)]
