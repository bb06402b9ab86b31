"""The form that closes a case (終結), and what the card and the notice say of how it ended."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.policy.closing import outcome_of, outcomes, still_open
from bot.policy.criteria import unexplained
from bot.policy.state import CaseState, EventState
from bot.policy.tasks import is_live
from bot.rendering import Mrkdwn, escape, label
from bot.slack.screens import blocks as b
from bot.slack.screens.checklist import title
from bot.slack.screens.message import Message, marks, message, written
from bot.slack.screens.prevention import measure_lines, prevention_button
from bot.vocabulary import Action, Callback, Locale, Outcome
from bot.workflow.closing import settled_by

FREE_TEXT: Final = 3000
REASON_LIMIT: Final = 1000
#: Tasks that are named in the form; the others are counted.
MOST_LISTED: Final = 6
#: Measures on the card, which has to hold much else.
MOST_ON_CARD: Final = 5
#: The two forms: the ordinary one, and the short one of a case in which nothing leaked after all.
Way = Literal["ordinary", "no_leak"]


def closure(locale: Locale, tz: ZoneInfo, case: CaseState, way: Way = "ordinary") -> b.View:
    """Outcome, root cause, prevention; with tasks left a reason, and in the short form how one made sure.

    `private_metadata` is JSON: the case, which form it is, and what whoever fills it in has seen.
    """
    settled = settled_by(case) if way == "no_leak" else ()
    short = bool(settled)  # somebody may have decided since the short way was offered
    offered = settled or outcomes(case)
    only = offered[0].value if len(offered) == 1 else None
    choice = b.select(b.choices(offered, locale), label("common.choose", locale), only)
    mark, title_mark = marks(locale, case.drill)
    head, *parts = _intro(locale, case, short)
    metadata = {"case": case.number, "way": "no_leak" if short else "ordinary", "revision": case.revision}
    left = [_left_reason(locale)] if still_open(case).is_left else []
    return b.modal(
        title_mark + label("closure.title", locale),
        [
            b.section(Mrkdwn(mark + head)),
            *(b.section(part) for part in parts),
            b.field("outcome", label("closure.outcome", locale), choice),
            *([_long(locale, "statement", REASON_LIMIT * 2, hint=True)] if short else []),
            _long(locale, "root_cause", FREE_TEXT),
            _long(locale, "prevention", FREE_TEXT),
            *left,
            b.section(_measures(locale, tz, case)),
            b.actions(prevention_button(locale, case)),
        ],
        close=label("common.cancel", locale),
        submit=label("buttons.case_close", locale),
        callback_id=Callback.CLOSURE,
        private_metadata=json.dumps(metadata),
    )


def obligations_stand(locale: Locale, case: CaseState, refusal: str) -> Message:
    """Why the case cannot be closed yet; where nobody has decided, the way to say that nothing leaked."""
    blocks = [b.section(Mrkdwn(refusal))]
    if settled_by(case):
        text = label(f"buttons.{Action.CASE_CLOSE_NO_LEAK.value}", locale)
        blocks.append(b.section(written("closure_no_leak", locale, case=case).parts[0]))
        blocks.append(b.actions(b.button(text, Action.CASE_CLOSE_NO_LEAK, case.number)))
    return Message(refusal, blocks)


def card_closure(locale: Locale, tz: ZoneInfo, case: CaseState, now: datetime) -> list[b.Block]:
    """How the case ended, and the measures against recurrence with owner, day and state."""
    outcome, lines = outcome_of(case), measure_lines(locale, tz, case, now, MOST_ON_CARD)
    if outcome is None and not lines:
        return []
    return [b.section(written("card_closure", locale, case=case, outcome=outcome, lines=lines).parts[0])]


def closed(locale: Locale, tz: ZoneInfo, case: CaseState, event: EventState) -> Message:
    """That the case is closed, with what outcome, cause and prevention, and what was left of it."""
    data = event.data
    outcome = Outcome.named(data.get("outcome"))
    count = len(data.get("tasks") or ())
    rendered = written("closed", locale, case=case, tz=tz, event=event, outcome=outcome, count=count)
    blocks = [b.section(part) for part in rendered.parts]
    for name in ("root_cause", "prevention", "left_reason"):
        if text := str(data.get(name) or "").strip():
            heading = written("card_heading", locale, case=case, name=label(f"closure.{name}.label", locale))
            blocks += [b.section(heading.parts[0]), b.words(b.clip(text))]
    return message(case, locale, rendered.text, [*blocks, b.actions(prevention_button(locale, case))])


def _intro(locale: Locale, case: CaseState, short: bool) -> Sequence[Mrkdwn]:
    found = still_open(case)
    left = found.tasks
    return written(
        "closure_intro",
        locale,
        case=case,
        left=[title(locale, task) for task in left[:MOST_LISTED]],
        more=max(0, len(left) - MOST_LISTED),
        count=len(left),
        after=sum(is_live(case, task) for task in case.tasks) - len(left),
        inquiries=[(each.number, each.source, each.question or "") for each in found.inquiries[:MOST_LISTED]],
        waiting=len(found.inquiries),
        documents=[ref.kind.label(locale) for ref in found.documents],
        short=short,
        obligations=[o.kind for o in case.open_obligations],
        criteria=[kind.label(locale) for kind in unexplained(case)] if short else [],
    ).parts


def _long(locale: Locale, name: str, limit: int, *, hint: bool = False) -> b.Block:
    element = b.text_input(limit, label(f"closure.{name}.placeholder", locale), multiline=True)
    below = label(f"closure.{name}.hint", locale) if hint else ""
    return b.field(name, label(f"closure.{name}.label", locale), element, below)


def _left_reason(locale: Locale) -> b.Block:
    ready = label("closure.left_reason.ready", locale)
    element = b.text_input(REASON_LIMIT, initial=ready, multiline=True)
    return b.field("left_reason", label("closure.left_reason.label", locale), element)


def _measures(locale: Locale, tz: ZoneInfo, case: CaseState) -> Mrkdwn:
    lines = measure_lines(locale, tz, case, None)
    none = escape(label("prevention.none", locale)) if not lines else ""
    return Mrkdwn(
        "\n".join([f"*{escape(label('prevention.heading', locale))}*", *lines, *([none] if none else [])])
    )
