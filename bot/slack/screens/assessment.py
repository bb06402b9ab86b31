"""The assessment (報告義務の判断): the form, and what it turns into to be confirmed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from bot.law.authorities import AUTHORITIES, DELEGATIONS, PPC, recipient_name
from bot.law.facts import NO_DELEGATION
from bot.policy.state import CaseState
from bot.rendering import Mrkdwn, label
from bot.slack.screens import blocks as b
from bot.slack.screens.answer import answer_blocks, proposed
from bot.slack.screens.message import marks, written
from bot.slack.screens.obligations import LAW_ZONE
from bot.slack.screens.questions import (
    AUTHORITY,
    CHOICES,
    GROUPS,
    NUMBERS,
    SINCE,
    STEERING,
    asked,
    known,
)
from bot.vocabulary import Callback, Locale
from bot.workflow.answers import differ
from bot.workflow.assessing import NO_DUTY, Judged, based_on
from bot.workflow.obligations import suggestions

NUMBER_LIMIT: Final = 60
REMARK_LIMIT: Final = 2000


def assessment(
    locale: Locale, case: CaseState, now: datetime, answers: Mapping[str, Any] | None = None
) -> b.View:
    """The form. In: `answers` as they stand in the open form; None fills in what is known or suggested.

    `private_metadata` is JSON: the case, the state of the facts, and answers to questions not asked just now.
    """
    filled, sources = known(case)
    if answers is None:
        answers = filled
        if (case.assessment or {}).get("decision") == "no_report":
            # There was no duty: if there is one now, its first day is when that became known.
            answers = {SINCE: now.isoformat(), **filled}
    names = asked(answers)
    mark, title_mark = marks(locale, case.drill)
    blocks = [b.section(Mrkdwn(mark + part)) for part in _intro(locale, case)]
    for group, members in GROUPS.items():
        shown = [name for name in members if name in names]
        if shown:
            blocks.append(b.section(Mrkdwn(f"*{label(f'assessment.groups.{group}', locale)}*")))
            blocks += [
                _question(
                    locale, case, name, answers.get(name), answers.get(name) == filled.get(name), sources
                )
                for name in shown
            ]
    metadata = {
        "case": case.number,
        "based_on": based_on(case),
        "kept": {name: value for name, value in answers.items() if name not in names and value},
    }
    return b.modal(
        title_mark + label("assessment.title", locale),
        blocks,
        close=label("common.cancel", locale),
        submit=label("assessment.submit", locale),
        callback_id=Callback.ASSESSMENT,
        private_metadata=json.dumps(metadata, ensure_ascii=False),
    )


def assessment_confirm(
    locale: Locale, case: CaseState, judged: Judged, answers: Mapping[str, Any], based_on: int
) -> b.View:
    """What follows from the answers, to be confirmed. `reason` must be given where there is to be no duty."""
    mark, title_mark = marks(locale, case.drill)
    answer = judged.answer
    no_duty = judged.law.decision in NO_DUTY
    intro = written(
        "assessment_proposed",
        locale,
        tz=LAW_ZONE,
        case=case,
        headline=proposed(answer, locale),
        no_duty=no_duty,
        before=case.assessment,
        differs=case.assessment is not None and differ(case.assessment, answer),
        confirmed_at=_confirmed_at(case),
        rules_on=date.fromisoformat(answer["rules_on"]),
        rules_as_of=judged.law.rules_as_of,
    )
    head, *after = intro.parts
    why = "no_duty" if no_duty else "duty"
    field = b.text_input(REMARK_LIMIT, label(f"assessment.reason.{why}.placeholder", locale), multiline=True)
    return b.modal(
        title_mark + label("assessment.confirm_title", locale),
        [
            b.section(Mrkdwn(mark + head)),
            *answer_blocks(answer, locale),
            b.divider(),
            *(b.context(part) for part in after),
            b.field("reason", label(f"assessment.reason.{why}.label", locale), field, optional=not no_duty),
        ],
        close=label("common.cancel", locale),
        submit=label("assessment.confirm", locale),
        callback_id=Callback.ASSESSMENT_CONFIRM,
        private_metadata=json.dumps(
            {"case": case.number, "based_on": based_on, "answers": dict(answers)}, ensure_ascii=False
        ),
    )


def _intro(locale: Locale, case: CaseState) -> tuple[Mrkdwn, ...]:
    return written(
        "assessment_intro",
        locale,
        tz=LAW_ZONE,
        case=case,
        before=case.assessment,
        headline=label(f"assessment.decided.{case.assessment['decision']}", locale)
        if case.assessment
        else "",
        confirmed_at=_confirmed_at(case),
        pending=bool(case.assessment and case.assessment["pending"]),
    ).parts


def _confirmed_at(case: CaseState) -> datetime | None:
    return datetime.fromisoformat(case.assessment["confirmed_at"]) if case.assessment else None


def _question(
    locale: Locale, case: CaseState, name: str, value: Any, untouched: bool, sources: Mapping[str, str]
) -> b.Block:
    """One question with its example, and where its first answer comes from."""
    hint = label(f"assessment.questions.{name}.hint", locale)
    if untouched and (source := sources.get(name)):
        if source == "suggested":
            why = suggestions(case.indicator, case.report.protection)[name].reason(locale)
            hint += "\n" + label("assessment.suggested", locale, why=why)
        else:
            hint += "\n" + label("assessment.known", locale)
    field = b.field(
        name,
        label(f"assessment.questions.{name}.label", locale),
        _element(locale, name, value),
        hint,
        optional=name in (*NUMBERS, SINCE),
    )
    return {**field, "dispatch_action": True} if name in STEERING else field


def _element(locale: Locale, name: str, value: Any) -> b.Block:
    choose = label("common.choose", locale)
    if name in CHOICES:
        options = [b.option(word.value, _choice(locale, name, word.value)) for word in CHOICES[name]]
        return b.select(options, choose, value or "unknown")
    if name == AUTHORITY:
        return b.select(_authorities(locale, value), choose, value or NO_DELEGATION)
    if name == SINCE:
        return b.moment_input(datetime.fromisoformat(value) if value else None)
    return b.text_input(NUMBER_LIMIT, label("assessment.number", locale), value)


def _choice(locale: Locale, name: str, value: str) -> str:
    """A choice in everyday words; yes, no and not known are the same everywhere."""
    if value == "unknown":
        return label("values.unknown", locale)
    if value in ("true", "false"):
        return CHOICES[name].of(value).label(locale)
    return label(f"assessment.choices.{name}.{value}", locale)


def _authorities(locale: Locale, value: Any) -> list[b.Block]:
    """The PPC first, then whom it delegated to, by line of business; and the organisation's own label."""
    businesses: dict[str, list[str]] = {}
    for row in DELEGATIONS:
        if row.authority:
            business = row.business_ja if locale == "ja" else row.business_en
            businesses.setdefault(row.authority, []).append(business)
    named = [b.option(NO_DELEGATION, recipient_name(PPC, locale), label("assessment.not_delegated", locale))]
    comma = "、" if locale == "ja" else ", "
    named += [
        b.option(each, recipient_name(each, locale), comma.join(businesses.get(each, [])))
        for each in AUTHORITIES
        if each != PPC
    ]
    if value and value != NO_DELEGATION and value not in AUTHORITIES:
        named.append(b.option(value, value))
    return named
