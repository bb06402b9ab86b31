"""Who is being called, and who would be next, as the screens say it."""

from __future__ import annotations

from bot.policy.state import CaseState
from bot.rendering import label
from bot.vocabulary import Locale


def called(case: CaseState) -> tuple[int, tuple[str, ...]]:
    """The level that is being called now, and its people.

    Before the first page is sent this is the first level at which somebody can be reached; the reporter
    is not called about their own report. Nobody reachable at all: level 0 and no people.
    """
    sent = [page for page in case.pages if page.skipped is None]
    if sent:
        level = max(page.level for page in sent)
        return level, tuple(dict.fromkeys(page.user for page in sent if page.level == level))
    for level, entry in enumerate(case.chain):
        people = tuple(
            person.user
            for person in entry.people
            if person.user and person.active and person.user != case.reporter
        )
        if people:
            return level, people
    return 0, ()


def role(case: CaseState, level: int, locale: Locale) -> str:
    """What somebody at `level` of the chain is called: 責任者, 代行者, 最終連絡先."""
    if not case.chain:
        return label("roles.last_resort", locale)
    return label(f"roles.{case.chain[min(max(level, 0), len(case.chain) - 1)].role.value}", locale)


def next_role(case: CaseState, level: int, locale: Locale) -> str:
    """Who is paged when `level` stays silent; empty where the chain ends and is paged again."""
    return role(case, level + 1, locale) if level + 1 < len(case.chain) else ""
