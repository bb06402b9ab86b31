"""Who must be told what by when: judge · confirm_assessment · reassess · notice_recorded · report_recorded.

The bot proposes, a person decides. What was decided stays on the case (`Case.assessment`) as it was read
then: the answer of `answer_json`, its `plans`, `confirmed_by`, `confirmed_at`, `remark`, the `form` (its view
id), `notice`, the processor's notice to its controller where recording it was the decision, and `pending`,
the answer of newer facts that nobody has confirmed yet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import log
from bot.cases.log import LEAKBOT
from bot.cases.states import state_of
from bot.cases.tables import Case
from bot.errors import InvalidField, Refused
from bot.law.assessment import Assessment
from bot.law.decisions import Decision
from bot.law.facts import FACT_NAMES, Facts
from bot.law.obligations import ObligationPlan, obligations, without_notice
from bot.law.persons import Persons, write_persons
from bot.law.stricter import stricter
from bot.policy.access import check_decide
from bot.policy.state import CaseState, EventState
from bot.vocabulary import Indicator, LogKind, ObligationKind
from bot.workflow.answers import answer_json, differ, plan_json, plan_of
from bot.workflow.growing import grow
from bot.workflow.inputs import Confirmation, Submission
from bot.workflow.obligations import assessment_of, assessment_of_case, reports_itself, settle_obligations
from bot.workflow.opening import case_for_change

#: Decisions that free the company of the report: a person gives the reason in their own words.
NO_DUTY: Final = frozenset({Decision.NO_REPORT, Decision.EXEMPT})
#: Log entries after which a form that was opened before shows what is no longer so.
_CHANGES_FACTS: Final = (LogKind.FACTS_ADDED, LogKind.ASSESSMENT_CONFIRMED)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the law asks once `facts` are the facts of the case; `answer` is the same as JSON values."""

    facts: Mapping[str, Any]
    law: Assessment
    answer: Mapping[str, Any]


def based_on(case: CaseState) -> int:
    """Which state of the facts somebody looks at: the number of the log entry that last changed them."""
    return max((event.seq for event in case.events if _changes_facts(event)), default=0)


def _changes_facts(event: EventState) -> bool:
    recorded = event.kind is LogKind.SUBMISSION_RECORDED
    notice = recorded and event.data.get("obligation") == ObligationKind.CONTROLLER_NOTICE
    return notice or event.kind in _CHANGES_FACTS


def judge(case: CaseState, answers: Mapping[str, Any]) -> Judged:
    """Assess the case with these answers put over its facts. Stores nothing.

    In: `answers` by the names of the facts, as JSON values. Raises InvalidField at the fact that cannot be.
    """
    _check(answers, case.aware_at)
    facts = _merged(case.facts, answers)
    law = assessment_of(Indicator.of(case.indicator), facts, case.aware_at, case.report.protection)
    if law.deadlines is None and facts.pop("trigger_known_at", None):
        # Where no clock runs no day has come to count from, and none must be remembered for a later one.
        law = assessment_of(Indicator.of(case.indicator), facts, case.aware_at, case.report.protection)
    return Judged(facts, law, answer_json(law, facts, case.aware_at))


async def confirm_assessment(
    db: AsyncSession,
    number: str,
    confirmation: Confirmation,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """Somebody decides. Obligations become final or are removed, whatever was decided before.

    Raises Refused where the person may not, or where the facts changed after the form was opened;
    InvalidField("reason", "required") where "no duty" is given no reason.
    """
    case = await case_for_change(db, number, now)
    state = await state_of(db, case)
    check_decide(state, person, privacy_office)
    if case.assessment and case.assessment["form"] == confirmation.form:
        return  # the same form, sent twice
    if confirmation.based_on != based_on(state):
        raise Refused("facts_changed")
    judged = judge(state, confirmation.answers)
    if judged.law.decision in NO_DUTY and not confirmation.remark:
        raise InvalidField("reason", "required")
    changed = sorted(n for n in FACT_NAMES if judged.facts.get(n) != case.facts.get(n))
    previous = case.assessment
    plans = obligations(judged.law, confirmed=True)
    if await reports_itself(db, case):
        plans = without_notice(plans)
    case.facts = dict(judged.facts)
    if "persons" in changed:
        case.report = {**case.report, "persons": _written(judged.facts["persons"])}
    case.assessment = {
        **judged.answer,
        "confirmed_by": person,
        "confirmed_at": now.isoformat(),
        "remark": confirmation.remark,
        "notice": None,
        "plans": [plan_json(plan) for plan in plans],
        "pending": None,
        "form": confirmation.form,
    }
    await settle_obligations(db, case, judged.law, plans, now)
    data = {
        "answer": judged.answer,
        "remark": confirmation.remark,
        "facts": judged.facts,
        "changed": changed,
        "previous": _summary(previous),
    }
    await log.append(db, case, LogKind.ASSESSMENT_CONFIRMED, person, now, data)
    await grow(db, case, now)


async def reassess(
    db: AsyncSession, case: Case, before: Assessment, *, privacy_office: Collection[str], now: datetime
) -> None:
    """New facts were stored: what is due follows at once, and the room is told where the answer changed.

    A confirmed decision is not overturned: until it is confirmed again the stricter of the two clocks runs.
    In: `before`, what the law asked before the new facts. Raises InvalidField where they cannot be assessed.
    """
    law = _law_with_its_clock(case, now)
    after = answer_json(law, case.facts, case.aware_at)
    told = answer_json(before, case.facts, case.aware_at)
    agrees = False
    if confirmed := case.assessment:
        told = confirmed["pending"] or confirmed
        agrees = not differ(confirmed, after)
        case.assessment = {**confirmed, "pending": None if agrees else after}
    await settle_obligations(db, case, law, await _plans(db, case, law), now)
    if not differ(told, after):
        return
    data = {
        "before": {name: value for name, value in told.items() if name in after},
        "after": after,
        "confirmed": _summary(confirmed),
        "agrees": agrees,
        "ask": sorted(privacy_office) if confirmed and not agrees else [],
    }
    await log.append(db, case, LogKind.REASSESSED, LEAKBOT, now, data)


async def notice_recorded(
    db: AsyncSession,
    case: Case,
    notice: Submission,
    *,
    person: str,
    privacy_office: Collection[str],
    now: datetime,
) -> None:
    """The processor told its controller (RULE 9). Where a class is met, recording it decides: exempt.

    The form says so before it is sent, and whoever may record may decide. While no class is known to be met
    there is nothing yet to be exempt from: the provisional dates stay.
    """
    before = assessment_of_case(case)
    case.facts = {**case.facts, "controller_notified": True}
    law = assessment_of_case(case)
    if law.decision is not Decision.EXEMPT:
        await reassess(db, case, before, privacy_office=privacy_office, now=now)
        return
    previous = case.assessment
    answer = answer_json(law, case.facts, case.aware_at)
    given = {
        "recipient": notice.recipient,
        "submitted_at": notice.submitted_at.isoformat(),
        "receipt_no": notice.receipt_no,
    }
    case.assessment = {
        **answer,
        "confirmed_by": person,
        "confirmed_at": now.isoformat(),
        "remark": None,
        "notice": given,
        "plans": [],
        "pending": None,
        "form": None,
    }
    await settle_obligations(db, case, law, (), now)
    data = {
        "answer": answer,
        "remark": None,
        "notice": given,
        "facts": dict(case.facts),
        "changed": ["controller_notified"],
        "previous": _summary(previous),
    }
    await log.append(db, case, LogKind.ASSESSMENT_CONFIRMED, person, now, data)


async def report_recorded(db: AsyncSession, case: Case, now: datetime) -> None:
    """The company filed a report itself: a processor's notice that was to replace it is no longer waited for.

    Nothing else changes but the status.
    """
    law = assessment_of_case(case)
    await settle_obligations(db, case, law, await _plans(db, case, law), now)


async def _plans(db: AsyncSession, case: Case, law: Assessment) -> tuple[ObligationPlan, ...]:
    """What is due: what was confirmed, the stricter of the two where newer facts disagree with it."""
    newer = obligations(law)
    confirmed = case.assessment
    stands = tuple(plan_of(each) for each in confirmed["plans"]) if confirmed else ()
    if await reports_itself(db, case):
        newer, stands = without_notice(newer), without_notice(stands)
    if confirmed is None:
        return newer
    return stands if confirmed["pending"] is None else stricter(stands, newer)


def assessment_json(case: Case) -> dict[str, Any]:
    """The decision for scripts and auditors: the confirmed one, else what the facts suggest."""
    if case.assessment is not None:
        return dict(case.assessment)
    law = assessment_of_case(case)
    nobody = dict.fromkeys(("confirmed_by", "confirmed_at", "remark", "notice", "pending"))
    return {**answer_json(law, case.facts, case.aware_at), **nobody}


def _check(answers: Mapping[str, Any], aware_at: datetime) -> None:
    """What two answers together, or the times of the case, rule out. The rest is the law's to refuse."""
    stated = Facts.from_mapping({n: answers[n] for n in answers if not n.endswith("persons")})
    if stated.trigger_known_at and stated.trigger_known_at < aware_at:
        raise InvalidField("trigger_known_at", "before_aware_at")
    public = stated.my_number_public_exposure == "true" and stated.my_number != "false"
    if public and stated.recovered_unread == "true":
        raise InvalidField("recovered_unread", "recovered_but_public")
    if stated.my_number == "true" and answers.get("my_number_persons") in ({"exact": 0}, {"max": 0}):
        raise InvalidField("my_number_persons", "my_number_of_nobody")


def _merged(facts: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers over the facts. What was known of My Number goes where there is said to be none."""
    merged = {**facts, **answers}
    if merged.get("my_number") is False:
        stale = [n for n in merged if n.startswith("my_number_") and n not in answers]
        for name in stale:
            del merged[name]
    return {name: value for name, value in merged.items() if value is not None}


def _law_with_its_clock(case: Case, now: datetime) -> Assessment:
    """What the law asks. Where "no duty" was confirmed and there is one now, this moment is its day 1.

    GL 3-5-3-1 for the number of persons that grows over 1,000; the same for the other classes.
    """
    law = assessment_of_case(case)
    if (case.assessment or {}).get("decision") != Decision.NO_REPORT:
        return law
    facts = {name: value for name, value in case.facts.items() if name != "trigger_known_at"}
    if law.deadlines is not None:
        facts["trigger_known_at"] = case.facts.get("trigger_known_at") or now.isoformat()
    case.facts = facts
    return assessment_of_case(case)


def _summary(confirmed: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if confirmed is None:
        return None
    return {name: confirmed[name] for name in ("decision", "confirmed_by", "confirmed_at")}


def _written(persons: Any) -> str | None:
    """The number as somebody would have typed it, so that the forms show the newest one."""
    return write_persons(Persons.from_json("persons", persons)) or None
