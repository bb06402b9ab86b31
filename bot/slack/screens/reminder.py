"""The reminder (お知らせ): what is due to whom by when, the time left, what is missing, who is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.policy.state import CaseState, ObligationState
from bot.rendering import label
from bot.slack.screens import blocks as b
from bot.slack.screens.knowledge import Item, item_names, missing
from bot.slack.screens.message import Message, simple
from bot.slack.screens.obligations import replaces, shown, undecided
from bot.vocabulary import Action, Locale, ObligationKind, ReminderKind


def reminder(
    locale: Locale,
    tz: ZoneInfo,
    case: CaseState,
    obligation: ObligationState,
    kind: ReminderKind,
    step: str,
    now: datetime,
    ask: Sequence[str] = (),
) -> Message:
    """One reminder. The time left is counted at `now`, since a late reminder must not repeat its `step`.

    In: an obligation with a due date (others have no reminders), `ask` the user ids of whoever is asked.
    """
    lacking = missing(case)
    button = b.button(
        label("buttons.case_record_submission", locale),
        Action.CASE_RECORD_SUBMISSION,
        case.number,
        style="primary",
    )
    buttons = [button]
    if obligation.provisional and undecided(case):
        text = label("buttons.case_assess", locale)
        buttons.append(b.button(text, Action.CASE_ASSESS, case.number))
    return simple(
        "reminder",
        locale,
        case,
        b.actions(*buttons),
        tz=tz,
        kind=kind.value,
        step=step,
        known=len(Item) - len(lacking),
        items=len(Item),
        missing=item_names(lacking, locale),
        ask=tuple(ask),
        replaces=replaces(case) and obligation.kind is not ObligationKind.CONTROLLER_NOTICE,
        **shown(obligation, locale, now),
    )
