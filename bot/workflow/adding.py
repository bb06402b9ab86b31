"""What becomes known after the first report: add_facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log
from bot.cases.states import state_of
from bot.policy.access import check_add_facts
from bot.vocabulary import LogKind
from bot.workflow.assessing import reassess
from bot.workflow.inputs import AddedFacts
from bot.workflow.obligations import assessment_of_case
from bot.workflow.opening import case_for_change


async def add_facts(
    db: AsyncSession,
    number: str,
    added: AddedFacts,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> bool:
    """Somebody of the room adds what they know. Out: whether anything was new; dues follow at once.

    Raises InvalidField where a fact cannot be true together with those known already.
    """
    case = await case_for_change(db, number, now)
    check_add_facts(await state_of(db, case), person, privacy_office)
    news = _news(asdict(added), {**case.report, "occurred_at": case.occurred_at, **_known(case.facts)})
    if not news:
        return False
    before = assessment_of_case(case)
    if added.occurred_at is not None:
        case.occurred_at = added.occurred_at
    words = {k: v for k, v in news.items() if k in case.report}
    case.report = {**case.report, **words}
    if "persons_fact" in news:
        case.facts = {**case.facts, "persons": added.persons_fact}
    values = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in news.items()}
    values.pop("persons_fact", None)
    await log.append(db, case, LogKind.FACTS_ADDED, person, now, {"added": sorted(values), "facts": values})
    await reassess(db, case, before, privacy_office=privacy_office, now=now)
    return True


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"persons_fact": facts.get("persons")}


def _news(added: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in added.items() if value is not None and value != known.get(name)}
