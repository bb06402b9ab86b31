"""Deciding in Slack what the law asks: the button, the form that follows the answers, the confirmation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.errors import SlackApiError

from bot.errors import Refused
from bot.policy.access import check_decide
from bot.slack.answers import code_of
from bot.slack.buttons import Listener, button
from bot.slack.desk import Desk, by_direct_message
from bot.slack.forms import Fields
from bot.slack.screens.assessment import NUMBER_LIMIT, REMARK_LIMIT, assessment_confirm
from bot.slack.screens.assessment import assessment as assessment_form
from bot.slack.screens.questions import AUTHORITY, CHOICES, NUMBERS, SINCE
from bot.slack.showing import show
from bot.slack.submissions import form, note_masked
from bot.vocabulary import Callback
from bot.workflow import assessing
from bot.workflow.inputs import Confirmation

#: The form was changed again, or closed, before the answer to a click was drawn.
_OVERTAKEN = frozenset({"hash_conflict", "not_found", "view_not_found"})


def assess(desk: Desk) -> Listener:
    """「報告義務を判断」."""

    async def press(desk: Desk, user: str, action: dict[str, Any], body: dict[str, Any]) -> None:
        case = await desk.case(action["value"])
        check_decide(case, user, desk.people.privacy_office)
        view = assessment_form(desk.locale(user), case, desk.now())
        await show(desk, body, view)

    return button(desk, press)


def answered(desk: Desk) -> Listener:
    """An answer that decides which questions still matter: the form is drawn again with those."""

    async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
        user, view = body["user"]["id"], body.get("view") or {}

        async def act() -> None:
            if view.get("callback_id") != Callback.ASSESSMENT:
                return
            metadata = _metadata(view)
            case = await desk.case(metadata["case"])
            answers = {**metadata["kept"], **_typed(view)}
            drawn = assessment_form(desk.locale(user), case, desk.now(), answers)
            # The state of the facts on which the person began to answer.
            drawn["private_metadata"] = json.dumps(
                {**json.loads(drawn["private_metadata"]), "based_on": metadata["based_on"]},
                ensure_ascii=False,
            )
            if _questions(drawn) == _questions(view):
                return
            try:
                await desk.client.views_update(view_id=view["id"], hash=view["hash"], view=drawn)
            except SlackApiError as error:
                if code_of(error) not in _OVERTAKEN:
                    raise

        await desk.served(ack, user, act(), by_direct_message(ack, desk.client, user))

    return listener


def assessment(desk: Desk) -> Listener:
    """The answers are given: the same window shows what follows from them, to be confirmed."""

    async def take(user: str, view: dict[str, Any]) -> dict[str, Any]:
        metadata = _metadata(view)
        case = await desk.case(metadata["case"])
        check_decide(case, user, desk.people.privacy_office)
        answers = _read(view, desk)
        if assessing.based_on(case) != metadata["based_on"]:
            raise Refused("facts_changed")
        judged = assessing.judge(case, answers)
        return assessment_confirm(desk.locale(user), case, judged, answers, metadata["based_on"])

    return form(desk, take)


def confirm(desk: Desk) -> Listener:
    """「この内容で確定する」."""

    async def take(user: str, view: dict[str, Any]) -> None:
        metadata = _metadata(view)
        fields = Fields(view)
        remark = fields.text("reason", REMARK_LIMIT)
        fields.check()
        confirmation = Confirmation(metadata["answers"], remark, metadata["based_on"], view["id"])
        async with desk.database.transaction() as db:
            await assessing.confirm_assessment(
                db,
                metadata["case"],
                confirmation,
                person=user,
                privacy_office=desk.people.privacy_office,
                now=desk.now(),
            )
            await note_masked(db, desk, metadata["case"], user, view)
        desk.ring()

    return form(desk, take)


def _read(view: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
    """The answers to the questions asked, as JSON values. Raises FieldErrors with all that is wrong."""
    fields = Fields(view)
    answers: dict[str, Any] = {}
    for name in _questions(view):
        if name in CHOICES:
            word = fields.word(name, CHOICES[name]) or CHOICES[name].of("unknown")
            answers[name] = word.value == "true" if word.value in ("true", "false") else word.value
        elif name in NUMBERS:
            typed, fact = fields.persons(name)
            answers[name] = "unknown" if typed is None else fact
        elif name == AUTHORITY:
            answers[name] = fields.choice(name) or "none"
        elif name == SINCE:
            since = fields.past(name, desk.now())
            answers[name] = since.isoformat() if since else None
    fields.check()
    return answers


def _typed(view: Mapping[str, Any]) -> dict[str, Any]:
    """The same while the form is still open: as it stands there, right or wrong."""
    fields = Fields(view)
    answers: dict[str, Any] = {}
    for name in _questions(view):
        if name in NUMBERS:
            answers[name] = (fields.text(name, NUMBER_LIMIT) or "")[:NUMBER_LIMIT]
        elif name == SINCE:
            since = fields.moment(name)
            answers[name] = since.isoformat() if since else ""
        else:
            answers[name] = fields.choice(name) or "unknown"
    return answers


def _questions(view: Mapping[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def _metadata(view: Mapping[str, Any]) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(view["private_metadata"])
    return value
