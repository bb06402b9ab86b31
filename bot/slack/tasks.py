"""Tasks and criteria: buttons and forms."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Refused
from bot.policy import criteria
from bot.policy.access import Act, check_declare, check_deviate, check_do_task, check_see_tasks, may
from bot.policy.standing import Kind, standings
from bot.policy.state import CaseState, TaskState
from bot.slack import forms
from bot.slack.buttons import Listener, button
from bot.slack.desk import Desk
from bot.slack.notifying import publication_form_of, settle_publication
from bot.slack.screens import task as screens
from bot.slack.screens.checklist import BLOCK, checklist, first_phase
from bot.slack.screens.message import Message
from bot.slack.screens.task import task_done_reply
from bot.slack.showing import show
from bot.slack.submissions import form, note_masked
from bot.vocabulary import CriterionKind, Publication, TaskPhase
from bot.workflow import tasks
from bot.workflow.criteria import declare_company_wide, record_deviation
from bot.workflow.notifying import Decided

Json = dict[str, Any]
Draw = Callable[[Desk, str, CaseState, TaskState], Json]
Step = Callable[..., Awaitable[None]]


def open_checklist(desk: Desk) -> Listener:
    """「やること」: the phase in which something is still to be done."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await _seen(desk, user, action["value"])
        view = _list(desk, user, case, first_phase(case))
        await show(desk, body, view)

    return button(desk, press)


def other_phase(desk: Desk) -> Listener:
    """Another phase is chosen: the list is drawn again."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await _seen(desk, user, _kept(body["view"])["case"])
        view = _list(desk, user, case, TaskPhase.of(action["selected_option"]["value"]))
        await desk.client.views_update(view_id=body["view"]["id"], view=view)

    return button(desk, press)


def done(desk: Desk) -> Listener:
    """「完了」."""
    return _at_once(desk, tasks.finish_task)


def reopen(desk: Desk) -> Listener:
    """「未完了に戻す」."""
    return _at_once(desk, tasks.reopen_task)


def assign(desk: Desk) -> Listener:
    """「担当を決める」."""
    return _asks(
        desk, lambda desk, user, case, task: screens.assign_form(desk.locale(user), case, task, user)
    )


def set_aside(desk: Desk) -> Listener:
    """「該当しない」."""
    return _asks(desk, lambda desk, user, case, task: screens.aside_form(desk.locale(user), case, task))


def add(desk: Desk) -> Listener:
    """「やることを追加」."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await _seen(desk, user, action["value"])
        phase = TaskPhase.of(_kept(body["view"])["phase"])
        phase = TaskPhase.AFTERCARE if case.closed_at else phase
        view = screens.add_form(desk.locale(user), case, phase, user, desk.now())
        await show(desk, body, view)

    return button(desk, press)


def declare(desk: Desk) -> Listener:
    """「全社対応を宣言」: at once where the criterion is met, else the reason is asked for."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await desk.case(action["value"])
        check_declare(case, user, desk.people.privacy_office)
        if CriterionKind.COMPANY_WIDE not in criteria.met(case):
            await show(desk, body, screens.declaration_form(desk.locale(user), case))
            return
        async with desk.database.transaction() as db:
            await _declare(desk, db, case.number, user, None)
        desk.ring()
        await _redraw(desk, user, case.number, body.get("view"))

    return button(desk, press)


def deviate(desk: Desk) -> Listener:
    """「基準によらない理由を記録」; where only publication is left, it is decided."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await desk.case(action["value"])
        check_deviate(case, user, desk.people.privacy_office)
        if not (kinds := criteria.not_followed(case)):
            raise Refused("nothing_to_explain")
        if kinds == (CriterionKind.PUBLISH,):
            await show(desk, body, publication_form_of(desk, user, case))
        else:
            await show(desk, body, screens.deviation_form(desk.locale(user), case))

    return button(desk, press)


def assigned(desk: Desk) -> Listener:
    """Whoever is to do it was chosen."""

    async def take(desk: Desk, db: AsyncSession, kept: Json, fields: forms.Fields, **who: Any) -> None:
        to = fields.required("to", fields.user("to"))
        fields.check()
        await tasks.assign_task(db, kept["case"], kept["task"], to, **who)

    return _form(desk, take)


def was_set_aside(desk: Desk) -> Listener:
    """Why it is not applicable was written."""

    async def take(desk: Desk, db: AsyncSession, kept: Json, fields: forms.Fields, **who: Any) -> None:
        await tasks.set_task_aside(db, kept["case"], kept["task"], _reason(fields), **who)

    return _form(desk, take)


def added(desk: Desk) -> Listener:
    """A task in somebody's own words."""

    async def take(desk: Desk, db: AsyncSession, kept: Json, fields: forms.Fields, **who: Any) -> None:
        title = fields.required("title", fields.text("title", screens.TITLE_LIMIT))
        phase = fields.required("phase", fields.word("phase", TaskPhase))
        due_at = fields.required("due_at", fields.moment("due_at"))
        to = fields.required("to", fields.user("to"))
        fields.check()
        new = tasks.NewTask(title, phase, due_at, to, kept["form"])
        await tasks.add_task(db, kept["case"], new, **who)

    return _form(desk, take)


def declared(desk: Desk) -> Listener:
    """The reason for a company-wide response was written."""

    async def take(desk: Desk, db: AsyncSession, kept: Json, fields: forms.Fields, **who: Any) -> None:
        await _declare(desk, db, kept["case"], who["person"], _reason(fields))

    return _form(desk, take)


def deviated(desk: Desk) -> Listener:
    """The reason for not following a criterion was written; of publication, that is the decision not to."""

    async def take(desk: Desk, db: AsyncSession, kept: Json, fields: forms.Fields, **who: Any) -> None:
        kind = fields.required("criterion", fields.word("criterion", CriterionKind))
        reason = _reason(fields)
        if kind is CriterionKind.PUBLISH:
            given = Decided(Publication.DO_NOT_PUBLISH, reason)
            await settle_publication(desk, db, kept["case"], given, who["person"])
        else:
            await record_deviation(db, kept["case"], kind, reason, **who)

    return _form(desk, take)


def _at_once(desk: Desk, step: Step) -> Listener:
    """A button beside a task that asks for nothing more: the step, and the list shows it."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> Message | None:
        office = desk.people.privacy_office
        async with desk.database.transaction() as db:
            await step(db, action["value"], _key(action), person=user, privacy_office=office, now=desk.now())
        desk.ring()
        if body.get("view") is None:  # under a message, which stays as it is: others may still read it
            case = await desk.case(action["value"])
            task = case.task(_key(action))
            return task_done_reply(desk.locale(user), case, task) if task else None
        await _redraw(desk, user, action["value"], body["view"])
        return None

    return button(desk, press)


def _asks(desk: Desk, draw: Draw) -> Listener:
    """A button beside a task that opens a form over the list."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await _seen(desk, user, action["value"])
        task = case.task(_key(action))
        if task is None:
            raise Refused("no_such_task")
        check_do_task(case, task, user, desk.people.privacy_office)
        await show(desk, body, draw(desk, user, case, task))

    return button(desk, press)


def _form(desk: Desk, step: Step) -> Listener:
    """A form about a task or criterion: the step in one commit, and the list behind it shows it."""

    async def take(user: str, view: Json) -> None:
        kept = {**_kept(view), "form": view["id"]}
        who = {"person": user, "privacy_office": desk.people.privacy_office, "now": desk.now()}
        async with desk.database.transaction() as db:
            await step(desk, db, kept, forms.Fields(view), **who)
            await note_masked(db, desk, kept["case"], user, view)
        desk.ring()
        if behind := view.get("previous_view_id"):
            desk.in_background(_redraw_behind(desk, user, kept["case"], behind, kept.get("phase")))

    return form(desk, take)


async def _declare(desk: Desk, db: AsyncSession, number: str, user: str, reason: str | None) -> None:
    team = desk.people.users_of(desk.organisation.crisis_team)
    await declare_company_wide(
        db,
        number,
        crisis_team=[each for each in team if desk.people.kind_of(each) is Kind.MEMBER],
        reason=reason,
        person=user,
        privacy_office=desk.people.privacy_office,
        now=desk.now(),
    )


def _reason(fields: forms.Fields) -> str:
    reason = fields.required("reason", fields.text("reason", screens.REASON_LIMIT))
    fields.check()
    return reason


async def _seen(desk: Desk, user: str, number: str) -> CaseState:
    case = await desk.case(number)
    check_see_tasks(case, user, desk.people.privacy_office)
    return case


def _list(desk: Desk, user: str, case: CaseState, phase: TaskPhase) -> Json:
    is_now = standings(case, user, desk.people.privacy_office, desk.people.kind_of(user))
    zone, decides = desk.organisation.timezone, may(Act.DECLARE, is_now)
    return checklist(desk.locale(user), zone, case, desk.now(), phase, decides=decides)


async def _redraw(desk: Desk, user: str, number: str, view: Json | None) -> None:
    """The open list shows what was done."""
    if view is not None and "phase" in (kept := _kept(view)):
        shown = _list(desk, user, await desk.case(number), TaskPhase.of(kept["phase"]))
        await desk.client.views_update(view_id=view["id"], view=shown)


async def _redraw_behind(desk: Desk, user: str, number: str, view_id: str, phase: str | None) -> None:
    case = await desk.case(number)
    shown = _list(desk, user, case, TaskPhase.named(phase) or first_phase(case))
    await desk.client.views_update(view_id=view_id, view=shown)


def _key(action: Json) -> str:
    return str(action["block_id"]).removeprefix(BLOCK)


def _kept(view: Json) -> Json:
    kept = json.loads(view.get("private_metadata") or "{}")
    return kept if isinstance(kept, dict) else {}
