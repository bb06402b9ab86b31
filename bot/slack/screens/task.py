"""Forms about tasks and criteria, and what the room hears of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.policy import criteria
from bot.policy.prevention import is_measure
from bot.policy.state import CaseState, EventState, TaskState
from bot.policy.tasks import in_the_room, owners, progress
from bot.rendering import Mrkdwn, escape, label
from bot.slack.screens import blocks as b
from bot.slack.screens.checklist import BLOCK, criterion_lines, decision_buttons, open_criteria, title, why
from bot.slack.screens.message import Message, marks, message, simple, written
from bot.vocabulary import Action, Callback, CriterionKind, Locale, Role, TaskPhase

TITLE_LIMIT = 150
REASON_LIMIT = 1000
MOST_LISTED = 12


def metadata(case: CaseState, **more: str) -> str:
    """What a form about a task keeps: the case, and what it is about."""
    return json.dumps({"case": case.number, **more})


def assign_form(locale: Locale, case: CaseState, task: TaskState, proposed: str) -> b.View:
    """Who is to do it; `proposed` stands there at first."""
    element = b.person_input(label("common.choose", locale), task.user or proposed)
    field = b.field("to", label("task_form.to.label", locale), element, label("task_form.to.hint", locale))
    kept = metadata(case, task=task.key)
    return _form(locale, case, "assign", Callback.TASK_ASSIGN, [_about(locale, case, task), field], kept)


def aside_form(locale: Locale, case: CaseState, task: TaskState) -> b.View:
    """Why a task is not applicable here."""
    kept = metadata(case, task=task.key)
    blocks = [_about(locale, case, task), _reason(locale, "aside")]
    return _form(locale, case, "aside", Callback.TASK_NOT_APPLICABLE, blocks, kept)


def add_form(locale: Locale, case: CaseState, phase: TaskPhase, person: str, now: datetime) -> b.View:
    """A task in one's own words. A day is proposed, and oneself."""
    phases = [phase] if case.closed_at else list(TaskPhase)
    choice = b.select(b.choices(phases, locale), label("common.choose", locale), phase.value)
    tomorrow = (now + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    words = b.text_input(TITLE_LIMIT, label("task_form.title.placeholder", locale))
    who = b.person_input(label("common.choose", locale), person)
    hint = label("task_form.to.hint", locale)
    fields = [
        b.field("title", label("task_form.title.label", locale), words),
        b.field("phase", label("task_form.phase", locale), choice),
        b.field("to", label("task_form.to.label", locale), who, hint),
        b.field("due_at", label("task_form.due_at", locale), b.moment_input(tomorrow)),
    ]
    return _form(locale, case, "add", Callback.TASK_ADD, fields, metadata(case, phase=phase.value))


def declaration_form(locale: Locale, case: CaseState) -> b.View:
    """Why the whole company is to respond although no criterion says so."""
    blocks = [_said(locale, case, "declaration_intro"), _reason(locale, "declaration")]
    return _form(locale, case, "declaration", Callback.DECLARATION, blocks, metadata(case))


def deviation_form(locale: Locale, case: CaseState) -> b.View:
    """Why a criterion that is met is not followed. The case needs at least one of those."""
    kinds = criteria.not_followed(case)
    first = next(iter(criteria.unexplained(case)), kinds[0])
    choice = b.select(b.choices(kinds, locale), label("common.choose", locale), first.value)
    blocks = [
        _said(locale, case, "deviation_intro"),
        b.field("criterion", label("task_form.criterion", locale), choice),
        _reason(locale, "deviation"),
    ]
    return _form(locale, case, "deviation", Callback.DEVIATION, blocks, metadata(case))


def _form(
    locale: Locale, case: CaseState, name: str, callback: Callback, blocks: list[b.Block], kept: str
) -> b.View:
    mark, title_mark = marks(locale, case.drill)
    if mark and blocks[0]["type"] == "input":
        blocks = [b.section(Mrkdwn(mark)), *blocks]
    return b.modal(
        title_mark + label(f"task_form.titles.{name}", locale),
        blocks,
        close=label("common.cancel", locale),
        submit=label("common.record", locale),
        callback_id=callback,
        private_metadata=kept,
    )


def _about(locale: Locale, case: CaseState, task: TaskState) -> b.Block:
    mark, _ = marks(locale, case.drill)
    return b.section(Mrkdwn(f"{mark}{escape(title(locale, task))}"))


def _said(locale: Locale, case: CaseState, template: str) -> b.Block:
    mark, _ = marks(locale, case.drill)
    return b.section(Mrkdwn(mark + written(template, locale, case=case).parts[0]))


def _reason(locale: Locale, name: str) -> b.Block:
    element = b.text_input(
        REASON_LIMIT, label(f"task_form.reasons.{name}.placeholder", locale), multiline=True
    )
    return b.field("reason", label(f"task_form.reasons.{name}.label", locale), element)


# --- what stands on the card, and what the room hears ---------------------------------------------


def card_tasks(locale: Locale, tz: ZoneInfo, case: CaseState, now: datetime) -> list[b.Block]:
    """How far the tasks are, whether the whole company responds, and which criteria are met."""
    lines = criterion_lines(locale, tz, case)
    possible = open_criteria(locale, case) if case.closed_at is None else []
    if not (case.tasks or lines or possible):
        return []
    part = written(
        "card_tasks",
        locale,
        tz=tz,
        case=case,
        progress=progress(case, now),
        lines=lines,
        possible=possible,
    ).parts[0]
    return [b.section(part)]


def task_assigned(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Whoever is to do something is asked for it by name."""
    task = case.task(str(event.data.get("task")))
    return simple(
        "task_assigned",
        locale,
        case,
        b.actions(_open(locale, case)),
        tz=tz,
        event=event,
        to=str(event.data["to"]),
        title=title(locale, task) if task else "—",
        due_at=task.due_at if task else None,
    )


def tasks_overdue(
    locale: Locale, tz: ZoneInfo, case: CaseState, keys: Sequence[str], now: datetime
) -> Message:
    """Which tasks are past their time, each with whoever is asked for it; one message for all of them.

    Of a closed case, whose few tasks are far apart, each has its own button.
    """
    named = [task for task in case.tasks if task.key in keys]
    shown = named[:MOST_LISTED]
    rendered = written(
        "tasks_overdue",
        locale,
        case=case,
        tz=tz,
        lines=[Mrkdwn(_asked(locale, tz, case, task, now)) for task in shown] if not case.closed_at else [],
        count=len(named),
        late=sum(task.due_at <= now for task in named),
        more=len(named) - len(shown),
        progress=progress(case, now),
    )
    blocks = [b.section(part) for part in rendered.parts]
    if case.closed_at:
        lines = [_asked(locale, tz, case, task, now) for task in shown]
        blocks[1:1] = [_with_button(locale, case, *each) for each in zip(shown, lines, strict=True)]
    blocks.append(b.actions(_open(locale, case, primary=not case.closed_at)))
    return message(case, locale, rendered.text, blocks)


def task_done_reply(locale: Locale, case: CaseState, task: TaskState) -> Message:
    """To whoever pressed 「完了」 under a message: it is done."""
    return simple("task_done_reply", locale, case, title=title(locale, task))


def _asked(locale: Locale, tz: ZoneInfo, case: CaseState, task: TaskState, now: datetime) -> Mrkdwn:
    return written(
        "task_asked",
        locale,
        case=case,
        tz=tz,
        title=title(locale, task),
        users=owners(case, task),
        due_at=task.due_at,
        by_day=is_measure(task),
        late=task.due_at <= now,
        today=task.due_at.astimezone(tz).date() == now.astimezone(tz).date(),
    ).parts[0]


def _with_button(locale: Locale, case: CaseState, task: TaskState, said: Mrkdwn) -> b.Block:
    done = b.button(label(f"buttons.{Action.TASK_DONE.value}", locale), Action.TASK_DONE, case.number)
    return {**b.section(said), "block_id": f"{BLOCK}{task.key}", "accessory": done}


def criterion_met(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """One of the organisation's criteria is met: whoever decides is asked."""
    kind = CriterionKind.of(event.data["criterion"])
    return simple(
        "criterion_met",
        locale,
        case,
        b.actions(_open(locale, case), *decision_buttons(locale, case)),
        tz=tz,
        kind=kind,
        why=why(locale, case, kind),
        ask=in_the_room(case, Role.PRIVACY_OFFICE),
    )


def company_wide(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """The whole company responds; the crisis team is called by name."""
    rendered = written(
        "company_wide",
        locale,
        case=case,
        tz=tz,
        event=event,
        team=tuple(event.data.get("crisis_team") or ()),
        why=why(locale, case, CriterionKind.COMPANY_WIDE),
    )
    remark = str(event.data.get("remark") or "").strip()
    blocks = [b.section(rendered.parts[0]), *([b.words(remark)] if remark else [])]
    blocks += [b.section(part) for part in rendered.parts[1:]]
    return message(case, locale, rendered.text, [*blocks, b.actions(_open(locale, case, primary=True))])


def deviation_recorded(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """Which criterion is not followed, who says so, and why."""
    kind = CriterionKind.named(event.data["criterion"])
    rendered = written("deviation_recorded", locale, case=case, tz=tz, event=event, kind=kind)
    remark = b.words(str(event.data.get("remark") or "—"))
    return message(case, locale, rendered.text, [*(b.section(part) for part in rendered.parts), remark])


def reason_needed(locale: Locale, case: CaseState, refusal: str) -> Message:
    """Why the case cannot be closed yet, with the buttons to decide or explain; for that person alone."""
    missed = criteria.unexplained(case)
    acts = [Action.PUBLICATION_DECIDE] if CriterionKind.PUBLISH in missed else []
    acts += [Action.RECORD_DEVIATION] if set(missed) - {CriterionKind.PUBLISH} else []
    buttons = (b.button(label(f"buttons.{act.value}", locale), act, case.number) for act in acts)
    return Message(refusal, [b.section(Mrkdwn(refusal)), b.actions(*buttons)])


def _open(locale: Locale, case: CaseState, primary: bool = False) -> b.Block:
    text = label("buttons.case_checklist", locale)
    return b.button(text, Action.CASE_CHECKLIST, case.number, style="primary" if primary else None)
