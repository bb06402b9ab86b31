"""What becomes of the words that were masked: words_masked.

Everything stored, said, logged and exported holds the masked words. What was typed instead is kept only where
the database is encrypted at rest, in a column of its own (`Case.typed`) that no screen, command or export
reads: whoever holds the keys can open it, and it can be emptied without touching the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log, queries
from bot.cases.columns import seals
from bot.cases.log import Line
from bot.cases.tables import key_of
from bot.policy.personal_data import masked
from bot.vocabulary import LogKind, PersonalData
from bot.workflow.opening import case_for_change


async def words_masked(
    db: AsyncSession, number: str, typed: Mapping[str, str], *, person: str, form: str, now: datetime
) -> None:
    """Note that something was masked in a form, and keep what was typed where it can be sealed.

    In: the masked fields as typed, by name (nothing happens where there are none), and the submitted view's
    id: sent twice, it is noted once. The record names fields and kinds, and whether the words were kept.
    """
    if not typed:
        return
    case = await case_for_change(db, number, now)
    noted = await queries.log_of(db, key_of(case), [LogKind.WORDS_MASKED])
    if any(entry.data.get("form") == form for entry in noted):
        return
    kept = seals(db)
    line = masked_words(typed, person, form, kept=kept)
    seq = await log.append(db, case, line.kind, line.actor, now, line.data)
    if kept:
        case.typed = [*(case.typed or []), {"seq": seq, "words": dict(typed)}]


def masked_words(typed: Mapping[str, str], person: str, form: str, *, kept: bool) -> Line:
    """What the record says of it. In: as for `words_masked`, and whether what was typed is kept."""
    kinds = {kind for text in typed.values() for kind in masked(text).kinds}
    data = {
        "fields": sorted(typed),
        "kinds": [kind for kind in PersonalData if kind in kinds],
        "kept": kept,
        "form": form,
    }
    return Line(LogKind.WORDS_MASKED, person, data)
