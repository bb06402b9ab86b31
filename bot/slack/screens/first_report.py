"""The first report (第一報): the form, and what is shown when it has arrived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.organisation import Department
from bot.policy.state import CaseState
from bot.rendering import Mrkdwn, label
from bot.slack.screens import blocks as b
from bot.slack.screens.masked import Kinds, words_masked
from bot.slack.screens.message import marks, written
from bot.slack.screens.receipt import receipt_parts
from bot.vocabulary import Callback, Indicator, Locale, Medium, Protection

SUMMARY_LIMIT = 3000
DATA_ITEMS_LIMIT = 1000
ACTIONS_LIMIT = 2000
PERSONS_LIMIT = 100
TELLER_LIMIT = 300
#: The value of the box that keeps the reporter's name.
CONFIDENTIAL = "true"


def first_report(
    locale: Locale,
    tz: ZoneInfo,
    departments: Sequence[Department],
    department: str | None,
    now: datetime,
    summary: str = "",
    drill: bool = False,
    private_metadata: str = "",
) -> b.View:
    """The form. The required fields come first and are filled in as far as they can be known.

    In: `department` is the id of the reporter's own one (None or unknown: nothing is chosen), `now` the
    moment of opening and the first guess for `aware_at`; Slack shows it in the person's own zone.
    """

    def text(key: str) -> str:
        return label(f"first_report.{key}", locale)

    choose = label("common.choose", locale)
    mark, title_mark = marks(locale, drill)
    intro, later = (
        written("form_intro", locale, tz=tz).parts[0],
        written("form_optional", locale, tz=tz).parts[0],
    )
    signs = [
        b.option(sign.value, text(f"signs.{sign.value}.text"), text(f"signs.{sign.value}.description"))
        for sign in Indicator
    ]
    required = [
        b.field("indicator", text("indicator.label"), b.select(signs, choose), text("indicator.hint")),
        b.field(
            "summary",
            text("summary.label"),
            b.text_input(SUMMARY_LIMIT, text("summary.placeholder"), summary, multiline=True),
            text("summary.hint"),
        ),
        b.field("aware_at", text("aware_at.label"), b.moment_input(now), text("aware_at.hint")),
        b.field(
            "department",
            text("department.label"),
            b.select([b.option(entry.id, entry.name) for entry in departments], choose, department),
        ),
    ]
    optional = [
        b.field(
            "occurred_at",
            text("occurred_at.label"),
            b.moment_input(),
            text("occurred_at.hint"),
            optional=True,
        ),
        b.field("medium", text("medium.label"), b.select(b.choices(Medium, locale), choose), optional=True),
        b.field(
            "data_items",
            text("data_items.label"),
            b.text_input(DATA_ITEMS_LIMIT, text("data_items.placeholder"), multiline=True),
            optional=True,
        ),
        b.field(
            "persons",
            text("persons.label"),
            b.text_input(PERSONS_LIMIT, text("persons.placeholder")),
            optional=True,
        ),
        b.field(
            "protection",
            text("protection.label"),
            b.select(b.choices(Protection, locale), choose),
            optional=True,
        ),
        b.field(
            "immediate_actions",
            text("immediate_actions.label"),
            b.text_input(ACTIONS_LIMIT, text("immediate_actions.placeholder"), multiline=True),
            optional=True,
        ),
        b.field("files", text("files.label"), b.file_input(), optional=True),
        b.field(
            "on_behalf_of",
            text("on_behalf_of.label"),
            b.text_input(TELLER_LIMIT, text("on_behalf_of.placeholder")),
            optional=True,
        ),
        b.field(
            "confidential",
            text("confidential.label"),
            b.boxes([b.option(CONFIDENTIAL, text("confidential.text"), text("confidential.description"))]),
            text("confidential.hint"),
            optional=True,
        ),
    ]
    return b.modal(
        title_mark + text("title"),
        [b.section(Mrkdwn(mark + intro)), *required, b.divider(), b.context(later), *optional],
        close=label("common.cancel", locale),
        submit=text("submit"),
        callback_id=Callback.FIRST_REPORT,
        private_metadata=private_metadata,
    )


def received(locale: Locale, case: CaseState, masked: Kinds = ()) -> b.View:
    """What the form turns into: the number, who is being called, what to do and not to do now.

    In: `masked`, what was masked in the words, of which the reporter is told.
    """
    mark, title_mark = marks(locale, case.drill)
    first, *rest = receipt_parts(locale, case).parts
    return b.modal(
        title_mark + label("received.title", locale),
        [
            b.section(Mrkdwn(mark + first)),
            *words_masked(locale, masked),
            *(b.section(part) for part in rest),
        ],
        close=label("common.close", locale),
    )


def already(locale: Locale, case: CaseState) -> b.View:
    """The same form was sent twice: it is one case, and the person reads the same once more."""
    return received(locale, case)
