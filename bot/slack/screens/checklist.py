"""The tasks of a case (やること) by phase, with why each matters, and the organisation's own criteria."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.cases.task_rows import texts
from bot.law.fact_labels import fact_label
from bot.policy import criteria
from bot.policy.state import CaseState, TaskState
from bot.policy.tasks import LEFT_OPEN, NO_LONGER_FITS, is_live, progress
from bot.rendering import Mrkdwn, escape, label
from bot.slack.screens import blocks as b
from bot.slack.screens.knowledge import fact_text
from bot.slack.screens.message import marks, written
from bot.vocabulary import Action, CriterionKind, Locale, TaskPhase, TaskStatus

#: A modal holds 100 blocks, and an open task takes two.
MOST_TASKS = 44
#: The tasks' blocks are named by their keys, behind this.
BLOCK = "task:"
_MARKS = {TaskStatus.OPEN: "⬜", TaskStatus.DONE: "✅", TaskStatus.NOT_APPLICABLE: "➖"}


def title(locale: Locale, task: TaskState) -> str:
    """What a task is called; somebody's own words stay hostile until they are escaped."""
    known = texts(locale)["tasks"].get(task.key)
    return task.title or (str(known["title"]) if known else label("values.blanked", locale))


def first_phase(case: CaseState) -> TaskPhase:
    """Where somebody begins to read: the first phase in which something is still to be done."""
    live = [task.phase for task in case.tasks if is_live(case, task)]
    return next((phase for phase in TaskPhase if phase in live), TaskPhase.AFTERCARE)


def checklist(
    locale: Locale, tz: ZoneInfo, case: CaseState, now: datetime, phase: TaskPhase, *, decides: bool
) -> b.View:
    """The tasks of one phase. `decides`: may declare a company-wide response. Metadata: case and phase."""
    mark, title_mark = marks(locale, case.drill)
    intro = written("checklist_intro", locale, case=case, progress=progress(case, now)).parts[0]
    tasks = sorted((t for t in case.tasks if t.phase is phase), key=lambda t: t.status is not TaskStatus.OPEN)
    choice = b.select(
        [_phase(locale, case, each) for each in TaskPhase], label("common.choose", locale), phase
    )
    add = b.button(label("buttons.task_add", locale), Action.TASK_ADD, case.number)
    steering = {
        **b.actions({**choice, "action_id": Action.CHECKLIST_PHASE}, add),
        "block_id": "checklist_phase",
    }
    more = [b.context(Mrkdwn(escape(label("checklist.more", locale, count=len(tasks) - MOST_TASKS))))]
    none = [b.context(Mrkdwn(escape(label("checklist.none", locale))))]
    return b.modal(
        title_mark + label("checklist.title", locale),
        [
            b.section(Mrkdwn(mark + intro)),
            *_criteria(locale, case, decides=decides),
            steering,
            b.divider(),
            *(block for task in tasks[:MOST_TASKS] for block in _task(locale, tz, case, task, now)),
            *(none if not tasks else more if len(tasks) > MOST_TASKS else []),
        ],
        close=label("common.close", locale),
        private_metadata=json.dumps({"case": case.number, "phase": phase.value}),
    )


def _phase(locale: Locale, case: CaseState, phase: TaskPhase) -> b.Block:
    counted = [t for t in case.tasks if t.phase is phase and t.status is not TaskStatus.NOT_APPLICABLE]
    done = sum(task.status is TaskStatus.DONE for task in counted)
    return b.option(phase.value, f"{phase.label(locale)}  {done}/{len(counted)}")


def _task(locale: Locale, tz: ZoneInfo, case: CaseState, task: TaskState, now: datetime) -> list[b.Block]:
    known = texts(locale)["tasks"].get(task.key) or {}
    live = is_live(case, task)
    dropped = task.reason == NO_LONGER_FITS
    part = written(
        "task_line",
        locale,
        tz=tz,
        case=case,
        mark=_MARKS[task.status],
        title=title(locale, task),
        task=task,
        open=task.status is TaskStatus.OPEN,
        late=live and task.due_at <= now,
        why=task.why or known.get("why") or "",
        source=source(locale, known),
        reason=_reason(locale, task),
        by_person=task.by if task.by and not dropped else "",
    ).parts[0]
    said, named = b.section(part), {"block_id": f"{BLOCK}{task.key}"}
    if live:
        acts = (Action.TASK_DONE, Action.TASK_ASSIGN, Action.TASK_NOT_APPLICABLE)
        return [said, {**b.actions(*(_button(locale, act, case, task) for act in acts)), **named}]
    over = case.closed_at is not None and task.phase is not TaskPhase.AFTERCARE
    if task.status is TaskStatus.OPEN or over:
        return [said]
    return [{**said, "accessory": _button(locale, Action.TASK_REOPEN, case, task), **named}]


def _reason(locale: Locale, task: TaskState) -> str:
    """Why the task is not applicable: our own words for what leakbot decided, else somebody's own."""
    ours = {NO_LONGER_FITS: "checklist.no_longer_fits", LEFT_OPEN: "checklist.left_open"}
    return label(ours[task.reason], locale) if task.reason in ours else task.reason or ""


def _button(locale: Locale, act: Action, case: CaseState, task: TaskState | None = None) -> b.Block:
    # What somebody typed stands in plain text alone: a task in their own words goes unnamed here.
    about = title(locale, task) if task and task.title is None else ""
    return b.button(label(f"buttons.{act.value}", locale), act, case.number, about=about)


def source(locale: Locale, known: dict[str, Any]) -> Mrkdwn:
    """Where a task is from, as links that can be followed; nothing for tasks of the organisation's own."""
    if not known:
        return Mrkdwn("")
    found = texts(locale)["sources"]
    places = [(found[known["source"]], f" {known['place']}" if known.get("place") else "")]
    places += [(found[known["also"]], "")] if known.get("also") else []
    return Mrkdwn(
        ("、" if locale == "ja" else ", ").join(
            f"<{each['address']}|{escape(each['name'] + place)}>" for each, place in places
        )
    )


def criterion_lines(locale: Locale, tz: ZoneInfo | None, case: CaseState) -> list[tuple[str, str, str]]:
    """Each criterion that is met: what it asks for, whether that was done, and by which facts it is met."""
    lines = []
    for kind in criteria.met(case):
        done = criteria.followed(case, kind)
        state = "followed" if done else "explained" if kind in case.deviations else "met"
        lines.append((kind.label(locale), state, why(locale, case, kind)))
    return lines


def why(locale: Locale, case: CaseState, kind: CriterionKind) -> str:
    """By which facts a criterion is met, as 「本人の数 1,200人（基準 1,000人以上）」."""
    found = []
    for name in criteria.why_met(case, kind):
        if name == criteria.PERSONS:
            criterion = criteria.named(case.criteria, kind)
            number = fact_text(name, case.facts[name], locale, ZoneInfo("UTC"))
            limit = f"{criterion.persons:,}" if criterion and criterion.persons else ""
            found.append(label("checklist.persons", locale, number=number, limit=limit))
        else:
            found.append(fact_label(name, locale))
    return ("、" if locale == "ja" else ", ").join(found)


def open_criteria(locale: Locale, case: CaseState) -> list[str]:
    """The criteria that may be met once more is known."""
    return [kind.label(locale) for kind in criteria.possible(case)]


def _criteria(locale: Locale, case: CaseState, *, decides: bool) -> list[b.Block]:
    lines, possible = criterion_lines(locale, None, case), open_criteria(locale, case)
    said: Sequence[Mrkdwn] = ()
    if lines or possible or case.company_wide_at:
        said = written("checklist_criteria", locale, case=case, lines=lines, possible=possible).parts
    buttons = decision_buttons(locale, case) if decides and case.closed_at is None else []
    return [*(b.section(part) for part in said), *([b.actions(*buttons)] if buttons else [])]


def decision_buttons(locale: Locale, case: CaseState) -> list[b.Block]:
    """For whoever decides: a company-wide response, publication, and why a criterion is not followed."""
    buttons = []
    if case.company_wide_at is None:
        buttons.append(_button(locale, Action.DECLARE_COMPANY_WIDE, case))
    missed = criteria.not_followed(case)
    if CriterionKind.PUBLISH in missed:
        buttons.append(_button(locale, Action.PUBLICATION_DECIDE, case))
    if set(missed) - {CriterionKind.PUBLISH}:
        buttons.append(_button(locale, Action.RECORD_DEVIATION, case))
    return buttons
