"""Who is being called, and who would be next, as the screens say it."""

from __future__ import annotations

from bot.policy.paging import is_out, reachable_at, this_turn
from bot.policy.state import CaseState
from bot.rendering import label
from bot.vocabulary import Locale


def called(case: CaseState) -> tuple[int, tuple[str, ...]]:
    """The level that is being called now, and its people.

    Before the first page is sent this is the first level at which somebody can be reached; the reporter
    is not called about their own report. Nobody reachable at all: level 0 and no people.
    """
    sent = [page for page in this_turn(case) if page.skipped is None]
    if sent:
        waited_for = [page for page in sent if not is_out(case, page)]
        level = max(page.level for page in sent)
        people = [page.user for page in waited_for if page.level == level or page.handed_by]
        return level, tuple(dict.fromkeys(people or (page.user for page in sent if page.level == level)))
    for level in range(case.turn_level, len(case.chain)):
        reachable = reachable_at(case, level, case.reported_at)
        if reachable:
            return level, reachable
    return 0, ()


def role(case: CaseState, level: int, locale: Locale) -> str:
    """What somebody at `level` of the chain is called: 責任者, 代行者, 最終連絡先."""
    if not case.chain:
        return label("roles.last_resort", locale)
    return label(f"roles.{case.chain[min(max(level, 0), len(case.chain) - 1)].role.value}", locale)


def next_role(case: CaseState, level: int, locale: Locale) -> str:
    """Who is paged when `level` stays silent; empty where the chain ends and is paged again."""
    return role(case, level + 1, locale) if level + 1 < len(case.chain) else ""
