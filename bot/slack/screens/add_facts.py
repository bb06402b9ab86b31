"""The form that adds facts to a case (事実を追加)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.policy.state import CaseState
from bot.rendering import Mrkdwn, label
from bot.slack.screens import blocks as b
from bot.slack.screens.first_report import ACTIONS_LIMIT, DATA_ITEMS_LIMIT, PERSONS_LIMIT
from bot.slack.screens.message import marks, written
from bot.vocabulary import Callback, Locale, Medium, Protection


def add_facts(locale: Locale, tz: ZoneInfo, case: CaseState) -> b.View:
    """The form, filled in with what is known. `private_metadata` is the case number."""
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
    intro = written("add_facts_intro", locale, case=case).parts[0]
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
        private_metadata=case.number,
    )
