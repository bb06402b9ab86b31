"""Who is called by mail, telephone or another service too: whoever was paged in Slack and stays silent.

One time for each page and channel, after the channel's own patience; the last resort at once. Of several
pages of one person only the newest counts, so that nobody gets a flood after the bot was down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.organisation import Channel
from bot.policy.need import Need, Priority, Say, page_key, room_page_key
from bot.policy.paging import Paging, is_out, this_turn
from bot.policy.state import CaseState, PageState
from bot.vocabulary import Role


def channel_calls(
    case: CaseState, channels: Sequence[Channel], calls: Paging, now: datetime
) -> tuple[list[Need], datetime | None]:
    """The calls by further channels that are wanted at `now`, and when the next one will be.

    In: the organisation's channels in the order of its file, and whom the chain calls in Slack.
    """
    if not channels:
        return [], None
    wanted: dict[str, Need] = {}
    moments: list[datetime] = []
    for page in _silent(case, calls):
        role = case.chain[page.level].role
        for number, channel in enumerate(channels, start=1):
            if role not in channel.levels:
                continue
            patience = timedelta() if role is Role.LAST_RESORT else channel.after
            at = (page.sent_at or page.handed_at or case.reported_at) + patience
            if at > now:
                moments.append(at)
                continue
            need = _call(case, page, number, channel)
            wanted.setdefault(need.key, need)
    return list(wanted.values()), min(moments, default=None)


def _call(case: CaseState, page: PageState, number: int, channel: Channel) -> Need:
    user = page.user if channel.per_person else None
    called = page_key(case, page.level, page.attempt, user) if user else None
    key = f"{called or room_page_key(case, page.level, page.attempt)}/channel-{number}"
    return Need(
        key,
        Say.PAGE_CHANNEL,
        f"channel:{case.number}:{number}:{user or ''}",  # whoever is slow there holds up nobody else
        Priority.ROOM_PAGE,
        {"level": page.level, "attempt": page.attempt, "user": user, "channel": number},
    )


def _silent(case: CaseState, calls: Paging) -> Iterator[PageState]:
    """The newest page of each person who is being called, on each level, in the order they were called."""
    if not calls.calls:
        return
    newest: dict[tuple[int, str], PageState] = {}
    if case.acknowledged_at is None:
        pages = this_turn(case)
    else:  # those who are called beside somebody who has the case and fell silent
        beside = {(call.level, call.attempt) for call in calls.calls}
        pages = tuple(p for p in case.pages if (p.level, p.attempt) in beside)
    for page in pages:
        if page.skipped is None and page.level < len(case.chain) and not is_out(case, page):
            newest[page.level, page.user] = page
    yield from newest.values()
