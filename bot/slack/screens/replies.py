"""What the bot answers one person alone: lists, help, refusals, and what is wrong with a field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import InvalidField
from bot.law.field_errors import REASONS
from bot.law.field_errors import field_error as law_error
from bot.policy.rooms import is_without_room
from bot.policy.state import CaseState
from bot.rendering import Mrkdwn, label, render
from bot.slack.screens import blocks as b
from bot.slack.screens.card import card
from bot.slack.screens.case_line import case_line
from bot.slack.screens.chain import next_role
from bot.slack.screens.join import join_button
from bot.slack.screens.message import Message, marks, message, simple, written
from bot.slack.screens.prevention import prevention_button
from bot.vocabulary import Action, Locale

MOST_CASES = 20


def help(locale: Locale) -> Message:  # noqa: A001 - the word people type
    """What can be done, with the button to report."""
    return simple("help", locale, None, b.actions(_report(locale, "home_report", primary=True)))


def case_list(
    locale: Locale,
    tz: ZoneInfo,
    cases: Sequence[CaseState],
    now: datetime,
    *,
    more: int = 0,
    or_more: bool = False,
) -> Message:
    """The newest cases a person may see (at most MOST_CASES), and how many `more` there are (at least).

    No cases and none that may be seen read the same.
    """
    lines = [case_line(locale, tz, case, now) for case in cases]
    rendered = written("case_list", locale, lines=lines, more=more, or_more=or_more)
    return message(None, locale, rendered.text, [b.section(rendered.parts[0]), *lines])


def status(
    locale: Locale,
    tz: ZoneInfo,
    case: CaseState,
    now: datetime,
    *,
    may_export: bool = False,
    may_join: bool = False,
    may_reopen: bool = False,
) -> Message:
    """Where one case stands: the card without its buttons, and what whoever may do so does from here."""
    shown = card(locale, tz, case, now)
    blocks = [block for block in shown.blocks if block["type"] != "actions"]
    # Nothing can be pressed in a room that is archived.
    roomless = is_without_room(case) and case.blanked_at is None
    registers = [Action.CASE_CHECKLIST, Action.CASE_DOCUMENTS] if roomless else []
    registers.append(Action.CASE_TIMELINE)
    blocks.append(
        b.actions(*(b.button(label(f"buttons.{act.value}", locale), act, case.number) for act in registers))
    )
    offered = [join_button(locale, case.number)] if may_join else []
    if may_reopen:
        offered.append(prevention_button(locale, case))  # for the same people, as long as the case has words
        text = label(f"buttons.{Action.CASE_REOPEN.value}", locale)
        offered.append(b.button(text, Action.CASE_REOPEN, case.number))
    if may_export:
        text = label(f"buttons.{Action.CASE_EXPORT.value}", locale)
        offered.append(b.button(text, Action.CASE_EXPORT, case.number))
    if offered:
        blocks.append(b.actions(*offered))
    return Message(text=shown.text, blocks=blocks)


def status_view(locale: Locale, case: CaseState, shown: Message) -> b.View:
    """The status as a modal: `shown`, as it would be answered, under a title."""
    _, title_mark = marks(locale, case.drill)
    title, close = title_mark + label("status.title", locale), label("common.close", locale)
    return b.modal(title, shown.blocks, close=close)


def in_case_channel(locale: Locale, case: CaseState) -> Message:
    """`/leak` inside a case channel: add facts to this case, or report another."""
    add = b.button(
        label("buttons.case_add_facts", locale), Action.CASE_ADD_FACTS, case.number, style="primary"
    )
    return simple("in_case_channel", locale, case, b.actions(add, _report(locale, "report_another")))


def cannot_reply(locale: Locale, case: CaseState, person: str) -> Message:
    """What happens now, to somebody who cannot. `case` is how it stood when they pressed."""
    level = max((p.level for p in case.pages if p.user == person and not p.skipped), default=0)
    return simple("cannot_reply", locale, case, next_role=next_role(case, level, locale))


def case_file_coming(locale: Locale, case: CaseState) -> Message:
    """The case file is on its way to the one who asked for it."""
    return simple("case_file_coming", locale, case)


def case_file(locale: Locale, case: CaseState) -> Mrkdwn:
    """What stands above the case file in the direct message, marked where the case is a drill."""
    mark, _ = marks(locale, case.drill)
    return Mrkdwn(mark + written("case_file", locale, case=case).parts[0])


def case_file_failed(locale: Locale, case: CaseState) -> Message:
    """The case file could not be sent."""
    return simple("case_file_failed", locale, case)


def timeline_taken(locale: Locale) -> Message:
    """The message will be kept in the timeline."""
    return simple("timeline_taken", locale, None)


def direct_message_hint(locale: Locale) -> Message:
    """The answer when somebody writes to the bot instead of reporting."""
    return simple(
        "direct_message_hint", locale, None, b.actions(_report(locale, "home_report", primary=True))
    )


def _report(locale: Locale, name: str, primary: bool = False) -> b.Block:
    text = label(f"buttons.{name}", locale)
    return b.button(text, Action.HOME_REPORT, Action.HOME_REPORT, style="primary" if primary else None)


def refused(locale: Locale, reason: str, values: Mapping[str, Any] | None = None) -> str:
    """Why something was not done, as mrkdwn for that person alone: messages/refused/`reason`.txt.

    `values`: `by` (user id, already_acknowledged), `obligations` (ObligationKind words, obligations_open),
    `reference` (internal). Raises jinja2.TemplateNotFound for an unknown reason.
    """
    return render(f"messages/refused/{reason}.txt", locale, **(values or {}))


def field_error(locale: Locale, reason: str, values: Mapping[str, Any] | None = None) -> str:
    """What is wrong with a field, as plain text beside it. Raises KeyError for an unknown reason."""
    try:
        return label(f"errors.{reason}", locale, **(values or {}))
    except KeyError:
        if reason not in REASONS:
            raise
    # The law's own words, for what only it refuses.
    what, remedy = law_error(InvalidField("", reason, **(values or {})), locale)
    return what[:1].upper() + what[1:] + (" " if locale == "en" else "") + remedy
