"""What happens when a form is sent: read it, take the step, commit, and only then ack."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import InvalidField, Refused
from bot.policy.access import check_report
from bot.policy.standing import Kind
from bot.rendering import label
from bot.slack import forms
from bot.slack.desk import Desk
from bot.slack.home import acted
from bot.slack.screens.add_facts import case_of
from bot.slack.screens.first_report import received
from bot.slack.screens.masked import recorded
from bot.slack.screens.replies import field_error, refused
from bot.slack.twins import Twins
from bot.vocabulary import Locale
from bot.workflow import adding, handing, submitting
from bot.workflow.masking import words_masked

logger = structlog.get_logger(__name__)

Listener = Callable[..., Awaitable[None]]
#: Takes the form; gives the view that replaces it, or None to close it.
Take = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any] | None]]


def form(desk: Desk, take: Take, *, once: bool = True) -> Listener:
    """A listener for one form. The ack is the receipt: a failure before it stays visible in the open form.

    `once`: what is sent twice is taken once. A form that only looks something up answers anew each time.
    """

    twins = Twins()

    async def listener(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        user = body["user"]["id"]
        locale = desk.locale(user)
        try:
            after = await (twins.once(view, lambda: take(user, view)) if once else take(user, view))
        except forms.FieldErrors as wrong:
            errors = {
                name: field_error(locale, reason, values) for name, (reason, values) in wrong.reasons.items()
            }
        except InvalidField as wrong:
            errors = {_beside(view, wrong.field): field_error(locale, wrong.reason, wrong.values)}
        except Refused as no:
            # Beside a field Slack shows plain text: whoever is meant would stand there as an id.
            values = {name: value for name, value in no.values.items() if name != "by"}
            errors = {_first_input(view): refused(locale, no.reason, values)}
        except Exception as error:
            reference = uuid.uuid4().hex[:8]
            logger.exception("form_not_taken", reference=reference, error=type(error).__name__)
            errors = {_first_input(view): refused(locale, "internal", {"reference": reference})}
        else:
            if after is None and (typed := forms.typed(view)):
                after = recorded(locale, forms.kinds_of(typed), drill=_is_drill(view, locale))
            if after is None:
                await ack()
            else:
                await ack(response_action="update", view=after)
            acted(desk, user)
            return
        await ack(response_action="errors", errors=errors)

    return listener


def first_report(desk: Desk) -> Listener:
    """第一報. Sent twice, it is one case, and the same confirmation."""

    async def take(user: str, view: dict[str, Any]) -> dict[str, Any]:
        check_report(desk.people.kind_of(user))
        report = forms.read_first_report(view, desk.now())
        drill = bool(_metadata(view).get("drill"))
        case = await desk.take(report, user, view["id"], drill)
        return received(desk.locale(user), case, forms.kinds_of(report.typed))

    return form(desk, take)


def add_facts(desk: Desk) -> Listener:
    """事実を追加."""

    async def take(user: str, view: dict[str, Any]) -> None:
        number, as_reporter = case_of(view)
        case = await desk.case(number, user)
        added = forms.read_added_facts(view, desk.now(), case.aware_at)
        async with desk.database.transaction() as db:
            await adding.add_facts(
                db,
                number,
                added,
                person=user,
                privacy_office=desk.people.privacy_office,
                now=desk.now(),
                as_reporter=as_reporter,
            )
            await note_masked(db, desk, number, user, view)
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
            await note_masked(db, desk, view["private_metadata"], user, view)
        desk.ring()

    return form(desk, take)


def hand_over(desk: Desk) -> Listener:
    """引き継ぐ. Whoever cannot be paged is refused at the field, by what Slack says of them now."""

    async def take(user: str, view: dict[str, Any]) -> None:
        read = forms.read_hand_over(view)
        if (why := CANNOT_TAKE_OVER.get(await desk.kind_now(read.to))) is not None:
            raise InvalidField("to", why)
        async with desk.database.transaction() as db:
            await handing.hand_over(
                db,
                view["private_metadata"],
                read,
                person=user,
                privacy_office=desk.people.privacy_office,
                now=desk.now(),
            )
            await note_masked(db, desk, view["private_metadata"], user, view)
        desk.ring()

    return form(desk, take)


#: What is wrong with naming somebody who is no ordinary member; None stands for nobody Slack knows.
CANNOT_TAKE_OVER: dict[Kind | None, str] = {
    Kind.BOT: "hand_over_to_bot",
    Kind.DEACTIVATED: "hand_over_to_deactivated",
    Kind.GUEST: "hand_over_to_guest",
    Kind.EXTERNAL: "hand_over_to_guest",
    None: "hand_over_to_nobody",
}


async def note_masked(db: AsyncSession, desk: Desk, number: str, user: str, view: dict[str, Any]) -> None:
    """Note on the case what was masked in this form, in the same commit as what it says."""
    await words_masked(db, number, forms.typed(view), person=user, form=view["id"], now=desk.now())


def _is_drill(view: dict[str, Any], locale: Locale) -> bool:
    """The form of a drill says so in its title."""
    return str(view["title"]["text"]).startswith(label("drill.title_mark", locale))


def _metadata(view: dict[str, Any]) -> dict[str, Any]:
    try:
        metadata = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return metadata if isinstance(metadata, dict) else {}


#: Where a form does not ask for the fact that is wrong, the one it contradicts may be asked for.
_CONTRADICTS = {"my_number_persons": "persons", "aware_at": "trigger_known_at"}


def _beside(view: dict[str, Any], fact: str) -> str:
    """The field beside which something wrong with `fact` is shown: Slack takes only fields of the form."""
    fields = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    near = (fact, _CONTRADICTS.get(fact, fact))
    return next((each for each in near if each in fields), _first_input(view))


def _first_input(view: dict[str, Any]) -> str:
    """The field beside which a refusal of the whole form is shown."""
    return str(next(block["block_id"] for block in view["blocks"] if block["type"] == "input"))
