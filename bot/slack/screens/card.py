"""The case card (事案カード): the first message of the room, kept current, readable at a glance."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.policy.criteria import not_followed
from bot.policy.rooms import old_rooms
from bot.policy.state import CaseState
from bot.rendering import label
from bot.slack.screens import blocks as b
from bot.slack.screens.assessed import card_assessment
from bot.slack.screens.chain import called
from bot.slack.screens.closure import card_closure
from bot.slack.screens.inquiries_said import card_inquiries
from bot.slack.screens.knowledge import item_names, missing, short_facts
from bot.slack.screens.message import Message, message, written
from bot.slack.screens.notifying import card_notices, told_line
from bot.slack.screens.obligations import replaces, shown, undecided
from bot.slack.screens.task import card_tasks
from bot.vocabulary import Action, CriterionKind, Locale, LogKind

# Slack refuses a message whose blocks hold about 13,000 characters together, so long words are cut: the whole
# of them stands in the case file.
SUMMARY_PASSAGES = 2
FREE_TEXT = 1100


def card(locale: Locale, tz: ZoneInfo, case: CaseState, now: datetime) -> Message:
    """The card as of `now`. The reporter's words stand as plain text, which can neither mention nor link."""
    outsiders = [m.user for m in case.members.values() if m.outsider and not m.left_at]
    rendered = written(
        "card",
        locale,
        tz=tz,
        case=case,
        called=called(case)[1],
        outsiders=outsiders,
        reopened=next(reversed(case.events_of(LogKind.REOPENED)), None),
        old_rooms=old_rooms(case),
    )
    passages = SUMMARY_PASSAGES if case.closed_at is None else 1  # how it ended needs room too
    blocks = [
        *(b.section(part) for part in rendered.parts),
        b.section(written("card_words", locale, case=case).parts[0]),
        *(b.words(passage) for passage in b.passages(_summary(locale, case), passages) or ["—"]),
        *_facts(locale, tz, case),
        b.divider(),
        *card_assessment(locale, tz, case),
        *_obligations(locale, tz, case, now),
        *card_notices(locale, tz, case),
        *card_tasks(locale, tz, case, now),
        *card_inquiries(locale, case, now),
        *card_closure(locale, tz, case, now),
    ]
    if case.blanked_at is None:
        blocks += _buttons(locale, case)
    files = len(case.report.files)
    blocks.append(b.context(written("card_source", locale, tz=tz, case=case, files=files, now=now).parts[0]))
    return message(case, locale, rendered.text, blocks)


def _summary(locale: Locale, case: CaseState) -> str:
    return label("values.blanked", locale) if case.blanked_at else case.report.summary


def _facts(locale: Locale, tz: ZoneInfo, case: CaseState) -> list[b.Block]:
    facts = short_facts(case, locale, tz)
    lacking = item_names(missing(case), locale) if case.closed_at is None else []
    blocks: list[b.Block] = []
    if facts or lacking:
        part = written("card_facts", locale, case=case, facts=facts, missing=lacking).parts[0]
        blocks.append(b.section(part))
    free = {
        "data_items": case.report.data_items,
        "immediate_actions": case.report.immediate_actions,
        "on_behalf_of": case.report.on_behalf_of,
        "source": case.report.source_permalink,
    }
    for name, text in free.items():
        if text and text.strip():
            heading = written("card_heading", locale, case=case, name=label(f"facts.{name}", locale))
            blocks.append(b.section(heading.parts[0]))
            blocks.append(b.words(b.clip(text.strip(), FREE_TEXT)))
    return blocks


def _obligations(locale: Locale, tz: ZoneInfo, case: CaseState, now: datetime) -> list[b.Block]:
    standing = case.standing_obligations
    heading = written(
        "card_obligations",
        locale,
        case=case,
        any=bool(standing),
        provisional=any(obligation.provisional for obligation in standing),
        replaces=replaces(case),
        undecided=undecided(case),
    )
    closed = case.closed_at is not None
    told = told_line(locale, case)
    lines = (
        written("obligation", locale, tz=tz, case=case, closed=closed, told=told, **shown(o, locale, now))
        for o in standing
    )
    return [b.section(heading.parts[0]), *(b.section(line.parts[0]) for line in lines)]


def _buttons(locale: Locale, case: CaseState) -> list[b.Block]:
    """Two rows: what can be done, then what can be looked at. Empty ones are left out.

    Recording is offered only while something is open; closing always, and refused with the reason.
    Documents are still written after a case is closed: the report on recurrence prevention, a follow-up.
    """
    acts: list[Action] = []
    if case.closed_at is None:
        acts += [Action.CASE_ADD_FACTS, Action.CASE_ASSESS]
        if case.open_obligations:
            acts.append(Action.CASE_RECORD_SUBMISSION)
        if CriterionKind.COMPANY_WIDE in not_followed(case):
            acts.append(Action.DECLARE_COMPANY_WIDE)
        acts.append(Action.CASE_CLOSE)
    elif case.joined_into is None:
        acts += [Action.PREVENTION_ADD, Action.CASE_REOPEN]
    registers = [
        Action.CASE_CHECKLIST,
        Action.CASE_DOCUMENTS,
        Action.CASE_NOTICES,
        Action.CASE_INQUIRIES,
        Action.CASE_TIMELINE,
    ]
    rows = [row for row in (acts, registers) if row]
    return [
        b.actions(*(b.button(label(f"buttons.{act.value}", locale), act, case.number) for act in row))
        for row in rows
    ]
