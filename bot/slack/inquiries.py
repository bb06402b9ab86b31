"""Inquiries (問い合わせ): buttons and forms."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Refused
from bot.law.calendar import closed as is_closed
from bot.policy.access import Act, check_answer, check_inquiries, may
from bot.policy.inquiries import is_here, usual_due
from bot.policy.standing import standings
from bot.policy.state import CaseState, InquiryState
from bot.slack import forms
from bot.slack.buttons import Listener, button
from bot.slack.desk import Desk
from bot.slack.screens import inquiries as screens
from bot.slack.showing import show
from bot.slack.submissions import form, note_masked
from bot.vocabulary import InquiryChannel, InquirySource
from bot.workflow import inquiries
from bot.workflow.inquiries import Answer, Asked, Who

Json = dict[str, Any]
#: Draws a form, given the person, the case, the inquiry and the page behind the form.
Draw = Callable[[Desk, str, CaseState, InquiryState, int], Json]
#: Takes a form: given the database, what the form keeps, its fields and who sends it.
Take = Callable[[Desk, AsyncSession, Json, forms.Fields, Who, datetime], Awaitable[None]]


def open_inquiries(desk: Desk) -> Listener:
    """「問い合わせ」: the list, from the card or a message."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await _seen(desk, user, action["value"])
        await _show(desk, body, _list(desk, user, case))

    return button(desk, press)


def turn(desk: Desk, by: int) -> Listener:
    """「前の問い合わせ」「次の問い合わせ」."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await _seen(desk, user, action["value"])
        view = _list(desk, user, case, _page(body) + by)
        await desk.client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

    return button(desk, press)


def open_record(desk: Desk) -> Listener:
    """「問い合わせを記録」. Whoever speaks for the department is proposed, else oneself if one may speak."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await _seen(desk, user, action["value"])
        owner = next((each for each in _speakers(desk, case) if is_here(case, each)), None)
        speaks = may(Act.SPEAK, standings(case, user, desk.people.privacy_office))
        if owner is None and speaks and is_here(case, user):
            owner = user
        await _show(desk, body, screens.record_form(desk.locale(user), case, owner, desk.now(), _page(body)))

    return button(desk, press)


def open_answer(desk: Desk) -> Listener:
    """「回答を記録」「回答を直す」."""

    def draw(desk: Desk, user: str, case: CaseState, inquiry: InquiryState, page: int) -> Json:
        _check_answer(desk, user, case, inquiry)
        zone = desk.organisation.timezone
        return screens.answer_form(desk.locale(user), zone, case, inquiry, desk.now(), page)

    return _asks(desk, draw)


def open_close(desk: Desk) -> Listener:
    """「回答不要」."""

    def draw(desk: Desk, user: str, case: CaseState, inquiry: InquiryState, page: int) -> Json:
        _check_answer(desk, user, case, inquiry)
        return screens.close_form(desk.locale(user), desk.organisation.timezone, case, inquiry, page)

    return _asks(desk, draw)


def open_assign(desk: Desk) -> Listener:
    """「担当・期限」."""

    def draw(desk: Desk, user: str, case: CaseState, inquiry: InquiryState, page: int) -> Json:
        return screens.assign_form(desk.locale(user), desk.organisation.timezone, case, inquiry, page)

    return _asks(desk, draw)


def reopen(desk: Desk) -> Listener:
    """「未回答に戻す」: at once, and the list shows it."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        number = action["value"]
        case = await _seen(desk, user, number)
        async with desk.database.transaction() as db:
            who = _who(desk, user, case)
            await inquiries.reopen_inquiry(db, number, _number(action), who=who, now=desk.now())
        desk.ring()
        if view := body.get("view"):
            await _redraw(desk, user, number, view["id"], _page(body))

    return button(desk, press)


def recorded(desk: Desk) -> Listener:
    """What somebody asks was written."""

    async def take(
        desk: Desk, db: AsyncSession, kept: Json, fields: forms.Fields, who: Who, now: datetime
    ) -> None:
        source = fields.required("source", fields.word("source", InquirySource))
        channel = fields.required("channel", fields.word("channel", InquiryChannel))
        received_at = fields.required("received_at", _past(fields, "received_at", now))
        question = fields.required("question", fields.text("question", screens.WORDS_LIMIT))
        due_at = fields.moment("due_at")
        asker, owner = fields.text("who", screens.WHO_LIMIT), fields.user("owner")
        answer = fields.text("answer", screens.WORDS_LIMIT)
        fields.check()
        quiet = desk.organisation.reminders.quiet_hours
        due_at = due_at or usual_due(source, received_at, desk.organisation.timezone, quiet, is_closed)
        asked = Asked(source, channel, received_at, due_at, question, kept["form"], asker, owner)
        answered = Answer(answer, max(now, received_at)) if answer else None
        await inquiries.record_inquiry(db, kept["case"], asked, answered, who=who, now=now)

    return _form(desk, take)


def answered(desk: Desk) -> Listener:
    """What was answered was written."""

    async def take(
        desk: Desk, db: AsyncSession, kept: Json, fields: forms.Fields, who: Who, now: datetime
    ) -> None:
        text = fields.required("answer", fields.text("answer", screens.WORDS_LIMIT))
        answered_at = fields.required("answered_at", _past(fields, "answered_at", now))
        faq = screens.FAQ in fields.boxes(screens.FAQ)
        fields.check()
        answer = Answer(text, answered_at, faq)
        await inquiries.answer_inquiry(db, kept["case"], kept["inquiry"], answer, who=who, now=now)

    return _form(desk, take)


def closed(desk: Desk) -> Listener:
    """Why no answer is needed was written."""

    async def take(
        desk: Desk, db: AsyncSession, kept: Json, fields: forms.Fields, who: Who, now: datetime
    ) -> None:
        reason = fields.required("reason", fields.text("reason", screens.REASON_LIMIT))
        fields.check()
        await inquiries.close_inquiry(db, kept["case"], kept["inquiry"], reason, who=who, now=now)

    return _form(desk, take)


def assigned(desk: Desk) -> Listener:
    """Who answers, and by when, was chosen."""

    async def take(
        desk: Desk, db: AsyncSession, kept: Json, fields: forms.Fields, who: Who, now: datetime
    ) -> None:
        due_at = fields.required("due_at", fields.moment("due_at"))
        owner = fields.user("owner")
        fields.check()
        await inquiries.assign_inquiry(
            db, kept["case"], kept["inquiry"], owner=owner, due_at=due_at, who=who, now=now
        )

    return _form(desk, take)


def _asks(desk: Desk, draw: Draw) -> Listener:
    """A button about one inquiry that opens a form, over the list where that is open."""

    async def press(desk: Desk, user: str, action: Json, body: Json) -> None:
        case = await _seen(desk, user, action["value"])
        inquiry = case.inquiry(_number(action))
        if inquiry is None:
            raise Refused("no_such_inquiry")
        await _show(desk, body, draw(desk, user, case, inquiry, _page(body)))

    return button(desk, press)


def _form(desk: Desk, step: Take) -> Listener:
    """A form about an inquiry: the step in one commit, and the list behind it shows it."""

    async def take(user: str, view: Json) -> None:
        kept = {**_kept(view), "form": view["id"]}
        case = await desk.case(kept["case"])
        async with desk.database.transaction() as db:
            await step(desk, db, kept, forms.Fields(view), _who(desk, user, case), desk.now())
            await note_masked(db, desk, kept["case"], user, view)
        desk.ring()
        if behind := view.get("previous_view_id"):
            desk.in_background(_redraw(desk, user, kept["case"], behind, int(kept.get("page") or 0)))

    return form(desk, take)


def _past(fields: forms.Fields, field: str, now: datetime) -> datetime | None:
    """A time that has already been; the form asks for no moment of noticing."""
    when = fields.moment(field)
    if when and when > now + forms.CLOCK_TOLERANCE:
        fields.wrong(field, "not_yet")
    return when


async def _seen(desk: Desk, user: str, number: str) -> CaseState:
    case = await desk.case(number)
    check_inquiries(case, user, desk.people.privacy_office, desk.people.kind_of(user))
    return case


def _check_answer(desk: Desk, user: str, case: CaseState, inquiry: InquiryState) -> None:
    who = _who(desk, user, case)
    check_answer(case, inquiry.source, user, who.privacy_office, who.speakers, who.kind)


def _who(desk: Desk, user: str, case: CaseState) -> Who:
    return Who(user, desk.people.privacy_office, _speakers(desk, case), desk.people.kind_of(user))


def _speakers(desk: Desk, case: CaseState) -> tuple[str, ...]:
    """Who speaks for the case's department, as the organisation file stands now."""
    department = desk.organisation.department(case.department)
    return desk.people.users_of([department.contact_point or ""]) if department else ()


def _list(desk: Desk, user: str, case: CaseState, page: int = 0) -> Json:
    own = screens.Contact(case.department_name, _speakers(desk, case))
    others = [
        screens.Contact(each.name, desk.people.users_of([each.contact_point or ""]))
        for each in desk.organisation.departments
        if each.id != case.department
    ]
    zone = desk.organisation.timezone
    return screens.inquiry_list(desk.locale(user), zone, case, [own, *others], desk.now(), page)


async def _show(desk: Desk, body: Json, view: Json) -> None:
    """Over the list where it is open, else by itself."""
    await show(desk, body, view)


async def _redraw(desk: Desk, user: str, number: str, view_id: str, page: int) -> None:
    """The list shows what was done."""
    await desk.client.views_update(view_id=view_id, view=_list(desk, user, await desk.case(number), page))


def _number(action: Json) -> int:
    return int(str(action["block_id"]).removeprefix(screens.BLOCK))


def _page(body: Json) -> int:
    return int(_kept(body.get("view") or {}).get("page") or 0)


def _kept(view: Json) -> Json:
    kept = json.loads(view.get("private_metadata") or "{}")
    return kept if isinstance(kept, dict) else {}
