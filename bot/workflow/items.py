"""What the privacy office writes into the nine items of the report: edit_items."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log
from bot.cases.states import state_of
from bot.policy.access import check_edit_items
from bot.policy.items import KEYS
from bot.vocabulary import LogKind
from bot.workflow.opening import case_for_change


async def edit_items(
    db: AsyncSession,
    number: str,
    texts: Mapping[str, str | None],
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> bool:
    """Write these fields. Out: whether anything changed; the same form sent twice changes nothing more.

    In: `texts` by the keys of `policy/items.py`; None takes back what was written, and what follows from the
    case counts again. Raises Refused where the person may not, LookupError for a key there is not.
    """
    case = await case_for_change(db, number, now)
    check_edit_items(await state_of(db, case), person, privacy_office)
    if unknown := sorted(set(texts) - KEYS):
        raise LookupError(f"there is no item {unknown[0]}")
    before = dict(case.items or {})
    news = {name: text for name, text in texts.items() if text != before.get(name, {}).get("text")}
    if not news:
        return False
    written = {
        name: {"text": text, "by": person, "at": now.isoformat()} for name, text in news.items() if text
    }
    kept = {name: each for name, each in before.items() if name not in news}
    case.items = kept | written
    await log.append(db, case, LogKind.ITEMS_EDITED, person, now, {"fields": dict(sorted(news.items()))})
    return True
