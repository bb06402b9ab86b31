"""Every screen and message, in both languages, with little, much and hostile content, fits into Slack."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.cases.register import Filter
from bot.documents.composing import Composer
from bot.policy.confidential import seen_by
from bot.policy.items import KEYS
from bot.policy.state import CaseState
from bot.policy.waiting import Awaited, Waiting
from bot.slack.screens import (
    absence,
    add_facts,
    assessed,
    assessment,
    card,
    closure,
    documents,
    first_report,
    hand_over,
    home,
    items,
    join,
    notices,
    page,
    receipt,
    register,
    reminder,
    replies,
    still_there,
    submission,
)
from bot.slack.screens.message import Message
from bot.vocabulary import (
    DocumentKind,
    Indicator,
    Locale,
    LogKind,
    ObligationKind,
    Outcome,
    ReminderKind,
    ReportItem,
    SkipReason,
)
from bot.workflow.assessing import judge
from tests.policy.situations import ORGANISATION
from tests.screens import situations as s
from tests.screens.limits import check_message, check_view, texts

LOCALES: tuple[Locale, ...] = ("ja", "en")
SITUATIONS: dict[str, Callable[[], CaseState]] = {
    "just reported": s.reported,
    "in hand": s.in_hand,
    "closed": s.closed,
    "decided": lambda: s.decided(s.in_hand()),
    "to be decided again": lambda: s.decided(s.in_hand(), pending=True),
    "entrusted": s.entrusted,
    "entrusted, not decided": lambda: s.entrusted(decided=False),
    "drill": lambda: replace(s.in_hand(), number="D2026-0001", drill=True),
    "confidential": s.confidential,
    "confidential, as the room sees it": lambda: seen_by(s.confidential(), None, ()),
    "joined to another": lambda: replace(s.closed(), joined_into="2026-0002"),
    "nobody in the chain": lambda: replace(s.reported(), chain=()),
    **{f"hostile {n}": lambda text=text: s.hostile(text) for n, text in enumerate(s.HOSTILE)},  # type: ignore[misc]
}


def messages(locale: Locale, case: CaseState, typed: str) -> dict[str, Message]:
    """Everything that can be said of `case`; `typed` stands wherever an event repeats somebody's words."""
    tz, now = s.TOKYO, s.NOW
    event = s.event
    said = {
        "receipt": receipt.receipt(locale, tz, case, now),
        "card": card.card(locale, tz, case, now),
        "document drafted": documents.document_drafted(
            locale, tz, case, DocumentKind.APOLOGY, 2, "UMANAGER", now
        ),
        "page": page.page(locale, tz, case, s.page(), now, in_room=False),
        "page room": page.page(locale, tz, case, s.page(2, 3, "UCISO"), now, True, ("UCISO", "UOTHER")),
        "answered": page.answered(locale, tz, case, s.page(), in_room=False),
        "acknowledged": notices.acknowledged(locale, tz, case, event(LogKind.ACKNOWLEDGED, level=0)),
        "acknowledged by office": notices.acknowledged(
            locale, tz, case, event(LogKind.ACKNOWLEDGED, level=None)
        ),
        "facts": notices.facts_added(
            locale,
            tz,
            case,
            event(
                LogKind.FACTS_ADDED,
                facts={
                    "persons": {"min": 800, "max": 1200},
                    "occurred_at": "2026-11-22T10:00:00+00:00",
                    "medium": "paper",
                    "data_items": typed,
                    "immediate_actions": typed,
                    "protection": "unknown",
                    "sensitive": True,
                },
                added=["persons", "occurred_at", "medium", "data_items", "immediate_actions", "protection"],
            ),
        ),
        "submitted": notices.submission_recorded(
            locale,
            tz,
            case,
            event(
                LogKind.SUBMISSION_RECORDED,
                obligation="preliminary",
                report_kind="preliminary",
                submitted_at="2026-11-24T01:00:00+00:00",
                recipient=typed,
                receipt_no=typed,
            ),
        ),
        "submitted to the controller": notices.submission_recorded(
            locale,
            tz,
            case,
            event(
                LogKind.SUBMISSION_RECORDED,
                obligation="controller_notice",
                report_kind="preliminary",
                submitted_at="2026-11-24T01:00:00+00:00",
                recipient=typed,
                receipt_no=typed,
                reported_instead=True,
            ),
        ),
        "closed": closure.closed(
            locale,
            tz,
            case,
            event(LogKind.CLOSED, outcome=Outcome.NO_LEAK.value, root_cause=typed, prevention=typed),
        ),
        "handed over": notices.handed_over(
            locale, tz, case, event(LogKind.HANDED_OVER, level=0, to="UOTHER", reason=typed, held=True)
        ),
        "handed over last": notices.handed_over(
            locale, tz, case, event(LogKind.HANDED_OVER, level=2, to="UOTHER", reason=typed, held=False)
        ),
        "cannot": notices.cannot(locale, tz, case, event(LogKind.CANNOT, level=0)),
        "cannot last": notices.cannot(locale, tz, case, event(LogKind.CANNOT, level=2)),
        "cannot reply": replies.cannot_reply(locale, case, "UMANAGER"),
        "outsider": notices.outsider_joined(
            locale, tz, case, event(LogKind.OUTSIDER_JOINED, user="UOTHER", ask=["UPRIVACY"])
        ),
        "still there": still_there.still_there(locale, case, "UMANAGER", timedelta(hours=4), in_room=True),
        "still there alone": still_there.still_there(locale, case, "UMANAGER", timedelta(hours=4), False),
        "still working": notices.still_working(locale, tz, case, event(LogKind.STILL_WORKING)),
        "channel failed": notices.channel_failed(
            locale,
            tz,
            case,
            event(LogKind.CHANNEL_FAILED, user="UMANAGER", level=0, name="mail", reason="not_sent"),
        ),
        "channel of a level failed": notices.channel_failed(
            locale,
            tz,
            case,
            event(LogKind.CHANNEL_FAILED, user=None, level=2, name="Pager Duty", reason="no_address"),
        ),
        "holder gone": notices.holder_gone(
            locale, tz, case, event(LogKind.HOLDER_GONE, user="UMANAGER", level=0)
        ),
        "lapsed": notices.lapsed(locale, tz, case, event(LogKind.LAPSED, user="UMANAGER", level=1)),
        "page handed over": page.page(
            locale, tz, case, replace(s.page(), handed_by="UDEPUTY"), now, True, ("UMANAGER",)
        ),
        "help": replies.help(locale),
        **assessed_messages(locale, case, typed),
        **joining_messages(locale, case, typed),
        **told_messages(locale, case),
        "list": replies.case_list(locale, tz, [case] * replies.MOST_CASES, now, more=20, or_more=True),
        "empty list": replies.case_list(locale, tz, [], now),
        "status": replies.status(locale, tz, case, now),
        "in case channel": replies.in_case_channel(locale, case),
        "hint": replies.direct_message_hint(locale),
    }
    stood_in = {"level": 0, "user": "UMANAGER", "reference": "x", "reason": "absent", "instead": "UOTHER"}
    said["stand-in"] = notices.page_skipped(locale, tz, case, event(LogKind.PAGE_SKIPPED, **stood_in))
    for reason in SkipReason:
        data = {"level": 0, "user": None, "reference": typed, "reason": reason.value}
        said[f"skipped {reason}"] = notices.page_skipped(
            locale, tz, case, event(LogKind.PAGE_SKIPPED, **data)
        )
    for obligation in case.obligations:
        for kind in ReminderKind:
            if obligation.due_at:
                late = obligation.due_at + timedelta(hours=2)
                said[f"reminder {obligation.kind} {kind}"] = reminder.reminder(
                    locale, tz, case, obligation, kind, "3d", late, ("UPRIVACY",)
                )
    return said


def joining_messages(locale: Locale, case: CaseState, typed: str) -> dict[str, Message]:
    """The offer, and what both rooms read; with a name and without, earlier and later."""
    tz, said = s.TOKYO, {}
    found = s.event(LogKind.SIMILAR_FOUND, other="2026-0002", reported_at=s.NOW.isoformat(), ask=["UMANAGER"])
    said["similar"] = join.offer(locale, tz, case, found)
    for reporter, moved in (("UREPORTER", s.AWARE.isoformat()), (None, None)):
        other = s.event(
            LogKind.JOINED,
            other="2026-0002",
            channel="CROOM" if reporter else None,
            reporter=reporter,
            aware_at=s.AWARE.isoformat(),
            reported_at=s.NOW.isoformat(),
            moved_from=moved,
            words={"summary": typed, "data_items": typed, "medium": "paper", "on_behalf_of": typed[:300]},
        )
        said[f"joined {reporter}"] = join.joined(locale, tz, case, other)
        into = s.event(LogKind.JOINED_INTO, into="2026-0002", channel="CROOM" if reporter else None)
        said[f"joined into {reporter}"] = join.joined_into(locale, tz, case, into)
        said[f"told joined {reporter}"] = receipt.told(locale, tz, case, into, reporter or "UOTHER")
    return said


def told_messages(locale: Locale, case: CaseState) -> dict[str, Message]:
    """What a reporter outside the room hears."""
    events = {
        "taken": s.event(LogKind.ACKNOWLEDGED, level=0),
        "closed": s.event(LogKind.CLOSED, outcome="no_leak", root_cause="x", prevention="x"),
        **{
            f"decided {name}": s.event(LogKind.ASSESSMENT_CONFIRMED, answer=s.answer_of(facts))
            for name, facts in s.ANSWERS.items()
        },
    }
    return {
        f"told {name}": receipt.told(locale, s.TOKYO, case, event, "UREPORTER")
        for name, event in events.items()
    }


def assessed_messages(locale: Locale, case: CaseState, typed: str) -> dict[str, Message]:
    """What the room reads of every decision, and of facts that change it."""
    tz, said = s.TOKYO, {}
    nothing = s.answer_of({"certainty": "ruled_out"})
    for name, facts in s.ANSWERS.items():
        answer = s.answer_of(facts)
        was = {"decision": answer["decision"], "confirmed_by": "UPRIVACY", "confirmed_at": s.NOW.isoformat()}
        confirmed = s.event(
            LogKind.ASSESSMENT_CONFIRMED, answer=answer, remark=typed, facts=facts, changed=[], previous=was
        )
        said[f"confirmed {name}"] = assessed.assessment_confirmed(locale, tz, case, confirmed)
        given = {"recipient": typed, "submitted_at": s.NOW.isoformat(), "receipt_no": typed}
        by_notice = replace(confirmed, data={**confirmed.data, "remark": None, "notice": given})
        said[f"confirmed {name} by notice"] = assessed.assessment_confirmed(locale, tz, case, by_notice)
        for stands in (None, was):
            changed = s.event(
                LogKind.REASSESSED,
                before=nothing,
                after=answer,
                confirmed=stands,
                agrees=False,
                ask=["UPRIVACY"] if stands else [],
            )
            said[f"reassessed {name} {bool(stands)}"] = assessed.reassessed(locale, tz, case, changed)
    return said


def assessment_views(locale: Locale, case: CaseState) -> dict[str, dict[str, Any]]:
    """The form with little and much asked, and the confirmation of every decision."""
    found = {
        "assessment": assessment.assessment(locale, case, s.NOW),
        "assessment again": assessment.assessment(locale, s.decided(case), s.NOW),
        "assessment of damage": assessment.assessment(
            locale,
            case,
            s.NOW,
            {"kind": "damage", "role": "processor", "my_number": "true", "delegated_to_authority": "x" * 70},
        ),
    }
    for name, facts in s.ANSWERS.items():
        judged = judge(replace(case, facts={}), facts)
        for state in (case, s.decided(case)):
            view = assessment.assessment_confirm(locale, state, judged, facts, 7)
            found[f"confirm {name} {state.assessment is not None}"] = view
    return found


COMPOSER = Composer(ORGANISATION)
LONGEST = (DocumentKind.INTERNAL_REPORT, DocumentKind.FINAL_SHEET, DocumentKind.MINISTRY_EXPLANATION)


def document_views(locale: Locale, case: CaseState) -> dict[str, dict[str, Any]]:
    """The list of documents, the nine items, and every form and preview."""
    tz, typed = s.TOKYO, {"text": case.report.summary[:3000], "by": "UPRIVACY", "at": s.NOW.isoformat()}
    written = replace(case, items=dict.fromkeys(KEYS, typed))
    found = {
        "documents": documents.documents(locale, tz, case, "ja", edits=True),
        "documents in english": documents.documents(locale, tz, case, "en", edits=False),
        "nine items": items.nine_items(locale, tz, case),
        "nine items written": items.nine_items(locale, tz, written),
    }
    for item in ReportItem:
        found[f"item {item}"] = items.item_form(locale, tz, case, item)
        found[f"item {item} written"] = items.item_form(locale, tz, written, item)
    for kind in DocumentKind:
        # The longest of each look also with every field written at length.
        for state in (case, written) if kind in LONGEST else (case,):
            content = COMPOSER.compose(kind, locale, state, s.NOW)
            found[f"preview {kind} {state is written}"] = documents.preview(
                locale, case, content, 3, new=state is case
            )
    return found


def views(locale: Locale, case: CaseState, typed: str) -> dict[str, dict[str, Any]]:
    """Every modal and the home."""
    tz, now = s.TOKYO, s.NOW
    departments = [replace(s.DEPARTMENTS[0], id=f"d{n}", name=f"部署{n}") for n in range(100)]
    return {
        "first report": first_report.first_report(locale, tz, departments, "d3", now, summary=typed),
        "first report drill": first_report.first_report(locale, tz, departments, None, now, drill=True),
        "received": first_report.received(locale, case),
        "already": first_report.already(locale, case),
        "add facts": add_facts.add_facts(locale, tz, case),
        "add facts unnamed": add_facts.add_facts(locale, tz, case, as_reporter=True),
        **assessment_views(locale, case),
        "submission": submission.submission(locale, tz, case, None, now),
        "submission final": submission.submission(locale, tz, case, ObligationKind.FINAL, now),
        "nothing to submit": submission.submission(locale, tz, replace(case, obligations=()), None, now),
        "closure": closure.closure(locale, tz, case),
        "join": join.join(
            locale, tz, case, [replace(case, number=f"2026-{n:04}") for n in range(2, 60)], None
        ),
        "nothing to join": join.join(locale, tz, case, [], None),
        **document_views(locale, case),
        "absence": absence.absence(locale, "UMANAGER", now, for_others=True),
        "hand over": hand_over.hand_over(locale, case),
        **home_views(locale, case),
    }


def home_views(locale: Locale, case: CaseState) -> dict[str, dict[str, Any]]:
    """The home of people of every kind with nothing and with far too much; the register; the status."""
    tz, now = s.TOKYO, s.NOW
    many = [replace(case, number=f"2026-{n:04}") for n in range(1, 31)]
    waiting = [
        Waiting(
            kind, each, due.due_at if due else now, late, due, count=3, overdue=2 if late else 0, again=late
        )
        for each in many
        for kind in Awaited
        for late in (True, False)
        for due in ([case.obligations[0], case.obligations[-1]] if kind is Awaited.OBLIGATION else [None])
    ]
    away = [s.AWAY, replace(s.AWAY, deputy=None)] * 10
    full = home.Shown(waiting, many, many, away, leads=True, office=True)
    departments = [(f"d{n}", case.department_name) for n in range(120)]
    choices = register.Choices(departments, range(2026, 2010, -1))
    looked_for = Filter(
        status=case.status, department="d7", indicator=case.indicator, year=2026, number="<!channel>"
    )
    found = many[: register.PAGE]
    return {
        "home": home.home(locale, tz, full, now, "UPERSON"),
        "home of a manager": home.home(locale, tz, replace(full, office=False), now, "UPERSON"),
        "home of a reporter": home.home(locale, tz, home.Shown(reports=many), now, "UPERSON"),
        "empty home": home.home(locale, tz, home.Shown(), now, "UPERSON"),
        "empty home of the office": home.home(
            locale, tz, home.Shown(leads=True, office=True), now, "UPERSON"
        ),
        **{
            f"waiting {n}": {"type": "home", "blocks": [home.waiting_line(locale, tz, each, now)]}
            for n, each in enumerate(waiting[:20])
        },
        "register": register.register(locale, tz, looked_for, choices, found, 31, 1, now),
        "register, nothing found": register.register(locale, tz, Filter(), choices, [], 0, 0, now),
        "status": replies.status_view(
            locale, case, replies.status(locale, tz, case, now, may_export=True, may_join=True)
        ),
    }


OURS = re.compile(r"<@(UMANAGER|UDEPUTY|UCISO|UOTHER|UREPORTER|UPRIVACY)>|<#CROOM>")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_message_is_within_the_limits_and_mentions_only_whom_we_mean(
    situation: str, locale: Locale
) -> None:
    case = SITUATIONS[situation]()
    for name, said in messages(locale, case, case.report.summary).items():
        check_message(said.text, said.blocks)
        for text in [said.text, *(t["text"] for t in texts(said.blocks) if t["type"] == "mrkdwn")]:
            assert "<" not in OURS.sub("", text), (name, text)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_view_is_within_the_limits_and_mentions_only_whom_we_mean(
    situation: str, locale: Locale
) -> None:
    case = SITUATIONS[situation]()
    for name, view in views(locale, case, case.report.summary).items():
        check_view(view)
        for text in (t["text"] for t in texts(view) if t["type"] == "mrkdwn"):
            assert "<" not in OURS.sub("", text), (name, text)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_notification_carries_number_and_kind_and_nothing_of_the_case(locale: Locale) -> None:
    for text in s.HOSTILE[:1]:
        case = s.hostile(text)
        for name, said in messages(locale, case, text).items():
            assert text not in said.text, name
            assert "evil" not in said.text, name
            if name not in ("help", "list", "empty list", "hint", "in case channel"):
                assert case.number in said.text, name


@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_of_a_drill_says_so_first_in_the_notification_and_in_the_first_block(
    locale: Locale,
) -> None:
    case = SITUATIONS["drill"]()
    for name, said in messages(locale, case, "x").items():
        if name in ("help", "hint", "list", "empty list"):
            continue
        assert said.text.startswith("【訓練】"), name
        assert said.blocks[0]["text"]["text"].startswith("【訓練】"), name
        assert said.drill(locale) == said, "marking twice marks once"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("sign", Indicator)
def test_every_sign_has_its_own_advice(sign: Indicator, locale: Locale) -> None:
    said = receipt.receipt(locale, s.TOKYO, replace(s.reported(), indicator=sign), s.NOW)
    check_message(said.text, said.blocks)
    do, do_not = (block["text"]["text"] for block in said.blocks[1:3])
    assert do.startswith("*いまやること*" if locale == "ja" else "*What to do now*")
    assert do_not.startswith("*しないこと*" if locale == "ja" else "*Better not*")
    assert 2 <= do.count("•") <= 4
    assert 1 <= do_not.count("•") <= 3
