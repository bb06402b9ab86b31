"""Measures against recurrence (再発防止策): the form that adds one, and their lines on card and forms."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.policy.confidential import is_in_the_room
from bot.policy.prevention import measures
from bot.policy.state import CaseState
from bot.rendering import Mrkdwn, label
from bot.slack.screens import blocks as b
from bot.slack.screens.checklist import title
from bot.slack.screens.message import marks, written
from bot.vocabulary import Action, Callback, Locale, TaskStatus

TEXT_LIMIT: Final = 150
#: Lines of one section; the rest stands in the list of tasks.
MOST_LISTED: Final = 10


def prevention_form(locale: Locale, case: CaseState, person: str, proposed: date, behind: str = "") -> b.View:
    """What is done, by whom, until when. `behind`: which form of the closure lies under it, if any."""
    mark, title_mark = marks(locale, case.drill)
    holder = case.acknowledged_by
    owner = holder if holder and is_in_the_room(case, holder) else person
    words = b.text_input(TEXT_LIMIT, label("prevention.measure.placeholder", locale))
    who = b.person_input(label("common.choose", locale), owner)
    return b.modal(
        title_mark + label("prevention.title", locale),
        [
            b.section(Mrkdwn(mark + written("prevention_intro", locale, case=case).parts[0])),
            b.field("measure", label("prevention.measure.label", locale), words),
            b.field("owner", label("prevention.owner", locale), who, label("task_form.to.hint", locale)),
            b.field("due_on", label("prevention.due_on", locale), b.day_input(proposed)),
        ],
        close=label("common.cancel", locale),
        submit=label("prevention.submit", locale),
        callback_id=Callback.PREVENTION_ADD,
        private_metadata=json.dumps({"case": case.number, "behind": behind}),
    )


def prevention_button(locale: Locale, case: CaseState) -> b.Block:
    """「再発防止策を登録」."""
    text = label(f"buttons.{Action.PREVENTION_ADD.value}", locale)
    return b.button(text, Action.PREVENTION_ADD, case.number)


def measure_lines(
    locale: Locale, tz: ZoneInfo, case: CaseState, now: datetime | None, most: int = MOST_LISTED
) -> list[Mrkdwn]:
    """Each measure with its owner, its day and its state. `now` None: what is late is not marked.

    Open ones stand first where there are more than `most`.
    """
    found = measures(case)
    if len(found) > most:
        found = tuple(sorted(found, key=lambda task: task.status is TaskStatus.DONE))
    lines = [
        written(
            "measure_line",
            locale,
            tz=tz,
            case=case,
            title=title(locale, task),
            user=task.user or "",
            due_at=task.due_at,
            done_at=task.at if task.status is TaskStatus.DONE else None,
            late=bool(now and task.status is TaskStatus.OPEN and task.due_at <= now),
        ).parts[0]
        for task in found[:most]
    ]
    more = len(found) - len(lines)
    return [*lines, *([Mrkdwn(label("prevention.more", locale, count=more))] if more else [])]
