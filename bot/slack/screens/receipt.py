"""What whoever reported is told in person: the receipt, and how it goes on for those outside the room."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.policy.closing import outcome_of
from bot.policy.confidential import is_unnamed_reporter
from bot.policy.state import CaseState, EventState
from bot.rendering import Written, label, renderer
from bot.slack.screens import blocks as b
from bot.slack.screens.chain import called, next_role, role
from bot.slack.screens.message import Message, message, written
from bot.vocabulary import Action, Locale, LogKind

#: The `block_id` of the button under which facts are added as the reporter, without a name.
AS_REPORTER: Final = "as_reporter"


def receipt_parts(locale: Locale, case: CaseState) -> Written:
    """The receipt's text; once the case is closed the advice has done its work and is left away."""
    level, users = called(case)
    advice = renderer().data("advice.yaml", locale)[case.indicator.value] if case.closed_at is None else None
    return written(
        "receipt",
        locale,
        case=case,
        called=users,
        called_role=role(case, level, locale),
        next_role=next_role(case, level, locale),
        advice=advice,
        outside=_is_outside(case),
        outcome=outcome_of(case) or "",
        reopened=bool(case.events_of(LogKind.REOPENED)),
    )


def receipt(locale: Locale, tz: ZoneInfo, case: CaseState, now: datetime) -> Message:
    """The reporter's direct message. Updated when the room is open and when somebody has answered.

    Who does not come into the room adds facts from here.
    """
    rendered = receipt_parts(locale, case)
    blocks = [b.section(part) for part in rendered.parts]
    if _is_outside(case):
        blocks += _more(locale, case)
    return message(case, locale, rendered.text, blocks)


def told(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState, user: str) -> Message:
    """How it goes on, to a reporter outside the room (and to each whose report was joined to another)."""
    unnamed = is_unnamed_reporter(case, user) or user not in case.members
    data: dict[str, Any] = dict(event.data)
    rendered = written(
        "told",
        locale,
        tz=tz,
        case=case,
        kind=event.kind.value,
        event=event,
        decision=(data.get("answer") or {}).get("decision", ""),
        into=str(data.get("into") or ""),
        outcome=str(data.get("outcome") or ""),
        room=None if unnamed else data.get("channel"),
        outside=unnamed,
    )
    blocks = [b.section(part) for part in rendered.parts]
    if event.kind is LogKind.JOINED_INTO and unnamed:
        blocks += [_button(locale, str(data["into"]))]
    elif event.kind is not LogKind.JOINED_INTO:
        blocks += _more(locale, case)
    return message(case, locale, rendered.text, blocks)


def _is_outside(case: CaseState) -> bool:
    return case.confidential or case.reporter not in case.members


def _more(locale: Locale, case: CaseState) -> list[b.Block]:
    return [] if case.closed_at else [_button(locale, case.number)]


def _button(locale: Locale, number: str) -> b.Block:
    add = b.button(label("buttons.case_add_facts", locale), Action.CASE_ADD_FACTS, number)
    return {**b.actions(add), "block_id": AS_REPORTER}
