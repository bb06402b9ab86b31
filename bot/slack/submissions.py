"""What happens when a form is sent: read it, take the step, commit, and only then ack."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck

from bot.errors import InvalidField, Refused
from bot.slack import forms
from bot.slack.desk import Desk
from bot.slack.screens.first_report import received
from bot.slack.screens.replies import field_error, refused
from bot.workflow import adding, closing, submitting

logger = structlog.get_logger(__name__)

Listener = Callable[..., Awaitable[None]]
#: Takes the form; gives the view that replaces it, or None to close it.
Take = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any] | None]]


def form(desk: Desk, take: Take) -> Listener:
    """A listener for one form. The ack is the receipt: a failure before it stays visible in the open form."""

    async def listener(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        user = body["user"]["id"]
        locale = desk.locale(user)
        try:
            after = await take(user, view)
        except forms.FieldErrors as wrong:
            errors = {
                name: field_error(locale, reason, values) for name, (reason, values) in wrong.reasons.items()
            }
        except InvalidField as wrong:
            errors = {wrong.field: field_error(locale, wrong.reason, wrong.values)}
        except Refused as no:
            errors = {_first_input(view): refused(locale, no.reason, no.values)}
        except Exception as error:
            reference = uuid.uuid4().hex[:8]
            logger.exception("form_not_taken", reference=reference, error=type(error).__name__)
            errors = {_first_input(view): refused(locale, "internal", {"reference": reference})}
        else:
            if after is None:
                await ack()
            else:
                await ack(response_action="update", view=after)
            return
        await ack(response_action="errors", errors=errors)

    return listener


def first_report(desk: Desk) -> Listener:
    """第一報. Sent twice, it is one case, and the same confirmation."""

    async def take(user: str, view: dict[str, Any]) -> dict[str, Any]:
        report = forms.read_first_report(view, desk.now())
        drill = bool(_metadata(view).get("drill"))
        return received(desk.locale(user), await desk.take(report, user, view["id"], drill))

    return form(desk, take)


def add_facts(desk: Desk) -> Listener:
    """事実を追加."""

    async def take(user: str, view: dict[str, Any]) -> None:
        number = view["private_metadata"]
        case = await desk.case(number)
        added = forms.read_added_facts(view, desk.now(), case.aware_at)
        async with desk.database.transaction() as db:
            await adding.add_facts(
                db, number, added, person=user, privacy_office=desk.people.privacy_office, now=desk.now()
            )
        desk.ring()

    return form(desk, take)


def submission(desk: Desk) -> Listener:
    """提出の記録."""

    async def take(user: str, view: dict[str, Any]) -> None:
        read = forms.read_submission(view, desk.now())
        async with desk.database.transaction() as db:
            await submitting.record_submission(
                db,
                view["private_metadata"],
                read,
                person=user,
                privacy_office=desk.people.privacy_office,
                now=desk.now(),
            )
        desk.ring()

    return form(desk, take)


def closure(desk: Desk) -> Listener:
    """終結."""

    async def take(user: str, view: dict[str, Any]) -> None:
        read = forms.read_closure(view)
        async with desk.database.transaction() as db:
            await closing.close_case(
                db,
                view["private_metadata"],
                read,
                person=user,
                privacy_office=desk.people.privacy_office,
                now=desk.now(),
            )
        desk.ring()

    return form(desk, take)


def _metadata(view: dict[str, Any]) -> dict[str, Any]:
    try:
        metadata = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return metadata if isinstance(metadata, dict) else {}


def _first_input(view: dict[str, Any]) -> str:
    """The field beside which a refusal of the whole form is shown."""
    return str(next(block["block_id"] for block in view["blocks"] if block["type"] == "input"))
