"""The form that adds facts to a case (事実を追加)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.policy.state import CaseState
from bot.rendering import Mrkdwn, label
from bot.slack.screens import blocks as b
from bot.slack.screens.first_report import ACTIONS_LIMIT, DATA_ITEMS_LIMIT, PERSONS_LIMIT
from bot.slack.screens.message import marks, written
from bot.vocabulary import Callback, Locale, Medium, Protection, Role


def case_of(view: Mapping[str, Any]) -> tuple[str, bool]:
    """The number of the case that this form is about, and whether it was opened as its reporter's."""
    number, _, capacity = str(view["private_metadata"]).partition(" ")
    return number, capacity == Role.REPORTER


def add_facts(locale: Locale, tz: ZoneInfo, case: CaseState, as_reporter: bool = False) -> b.View:
    """The form, filled in with what is known. `private_metadata` is what `case_of` reads.

    In: `as_reporter`, opened by a reporter who is not to be named, from what they were told in person.
    """
    report = case.report
    mark, title_mark = marks(locale, case.drill)
    choose = label("common.choose", locale)
    elements = {
        "occurred_at": b.moment_input(case.occurred_at),
        "persons": b.text_input(
            PERSONS_LIMIT, label("first_report.persons.placeholder", locale), report.persons
        ),
        "data_items": b.text_input(
            DATA_ITEMS_LIMIT,
            label("first_report.data_items.placeholder", locale),
            report.data_items,
            multiline=True,
        ),
        "medium": b.select(b.choices(Medium, locale), choose, report.medium),
        "protection": b.select(b.choices(Protection, locale), choose, report.protection),
        "immediate_actions": b.text_input(
            ACTIONS_LIMIT,
            label("first_report.immediate_actions.placeholder", locale),
            report.immediate_actions,
            multiline=True,
        ),
    }
    intro = written("add_facts_intro", locale, case=case, unnamed=as_reporter).parts[0]
    fields = [
        b.field(name, label(f"facts.{name}", locale), element, optional=True)
        for name, element in elements.items()
    ]
    return b.modal(
        title_mark + label("add_facts.title", locale),
        [b.section(Mrkdwn(mark + intro)), *fields],
        close=label("common.cancel", locale),
        submit=label("common.record", locale),
        callback_id=Callback.ADD_FACTS,
        private_metadata=f"{case.number} {Role.REPORTER}" if as_reporter else case.number,
    )
