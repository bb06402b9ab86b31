"""Whom mail, telephone and other services call too, and when: pure, in plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.organisation import Channel, Organisation
from bot.policy.need import Say
from bot.policy.needs import needs
from bot.policy.state import CaseState, EventState
from bot.vocabulary import LogKind, Role, SkipReason
from tests.policy.situations import MINUTE, ORGANISATION, REPORTED, a_case, paged, with_room

ALL = frozenset({Role.MANAGER, Role.DEPUTY, Role.LAST_RESORT})
MAIL = Channel("mailto://mail.sample.example?to={email}", ALL, 5 * MINUTE)
PHONE = Channel("twilio://a:b@c/{phone}", frozenset({Role.LAST_RESORT}), 5 * MINUTE)
DUTY_DESK = Channel("pagerduty://key@service", frozenset({Role.MANAGER}), 2 * MINUTE)


def company(*channels: Channel) -> Organisation:
    return replace(ORGANISATION, paging=replace(ORGANISATION.paging, channels=channels))


def called(case: CaseState, now: datetime, *channels: Channel) -> list[str]:
    """The keys of the calls by further channels, without the case's number."""
    wanted = needs(case, company(*channels), now).wanted
    return [need.key.removeprefix("2026-0001/page/") for need in wanted if need.say is Say.PAGE_CHANNEL]


def asked_again(case: CaseState, now: datetime, *channels: Channel) -> timedelta | None:
    next_at = needs(case, company(*channels), now).next_at
    return next_at - REPORTED if next_at else None


def test_silence_after_the_page_was_sent_calls_by_mail() -> None:
    case = a_case(pages=(paged(0, "U0MANAGER", MINUTE),))
    assert called(case, REPORTED + 6 * MINUTE - timedelta(seconds=1), MAIL) == []
    assert asked_again(case, REPORTED + MINUTE, MAIL) == 6 * MINUTE, "the bot wakes for it"
    assert called(case, REPORTED + 6 * MINUTE, MAIL) == ["0/1/U0MANAGER/channel-1"]


def test_a_page_still_on_its_way_calls_nobody_yet() -> None:
    assert called(a_case(), REPORTED + 60 * MINUTE, MAIL) == []


def test_a_page_that_slack_does_not_take_calls_by_mail_at_once() -> None:
    delayed = replace(paged(0, "U0MANAGER", MINUTE), sent_at=None)
    assert called(a_case(pages=(delayed,)), REPORTED + 10 * MINUTE, MAIL) == ["0/1/U0MANAGER/channel-1"]


def test_the_last_resort_is_called_at_once_and_with_every_further_page() -> None:
    pages = (
        paged(0, "U0MANAGER", 0 * MINUTE),
        paged(1, "U0DEPUTY", 10 * MINUTE),
        paged(2, "U0CISO", 20 * MINUTE),
    )
    at_once = called(a_case(pages=pages), REPORTED + 20 * MINUTE, MAIL, PHONE)
    assert at_once[-2:] == ["2/1/U0CISO/channel-1", "2/1/U0CISO/channel-2"]
    again = (*pages, paged(2, "U0CISO", 30 * MINUTE, attempt=2))
    later = called(a_case(pages=again), REPORTED + 30 * MINUTE, PHONE)
    assert later == ["2/2/U0CISO/channel-1"], "of several pages the newest: no flood after a pause"


def test_a_channel_serves_the_levels_it_is_for() -> None:
    case = a_case(pages=(paged(0, "U0MANAGER", 0 * MINUTE),))
    assert called(case, REPORTED + 60 * MINUTE, PHONE) == []
    assert called(case, REPORTED + 60 * MINUTE, PHONE, MAIL) == ["0/1/U0MANAGER/channel-2"]


def test_a_channel_without_a_persons_address_is_called_once_for_the_level() -> None:
    pages = (paged(0, "U0MANAGER", 0 * MINUTE), paged(0, "U0OTHER", MINUTE))
    assert called(a_case(pages=pages), REPORTED + 5 * MINUTE, DUTY_DESK) == ["0/1/channel-1"]


def test_nobody_is_called_once_somebody_has_the_case_or_it_is_closed() -> None:
    case = a_case(pages=(paged(0, "U0MANAGER", 0 * MINUTE),))
    now = REPORTED + 60 * MINUTE
    taken = replace(case, acknowledged_at=REPORTED + MINUTE, acknowledged_by="U0DEPUTY")
    assert called(taken, now, MAIL) == []
    assert called(replace(case, closed_at=REPORTED + MINUTE), now, MAIL) == []


def test_whoever_cannot_was_skipped_or_handed_it_on_is_left_alone() -> None:
    page = paged(0, "U0MANAGER", 0 * MINUTE)
    now = REPORTED + 6 * MINUTE
    assert called(a_case(pages=(replace(page, cannot_at=REPORTED),)), now, MAIL) == []
    assert called(a_case(pages=(replace(page, skipped=SkipReason.DEACTIVATED),)), now, MAIL) == []
    handed = replace(
        paged(0, "U0HRMGR", 2 * MINUTE, attempt=2), handed_by="U0MANAGER", handed_at=REPORTED + MINUTE
    )
    assert called(a_case(pages=(page, handed)), now, MAIL) == []
    assert called(a_case(pages=(page, handed)), now + MINUTE, MAIL) == ["0/2/U0HRMGR/channel-1"]


def test_whoever_is_called_beside_a_silent_holder_hears_it_by_mail_too() -> None:
    case = with_room(
        a_case(
            acknowledged_at=REPORTED,
            acknowledged_by="U0MANAGER",
            pages=(paged(0, "U0MANAGER", 0 * MINUTE), paged(1, "U0DEPUTY", timedelta(hours=8))),
        )
    )
    beside = {"step": 4, "level": 1, "attempt": 1, "user": "U0MANAGER"}
    events = (
        EventState(4, REPORTED, "U0MANAGER", LogKind.ACKNOWLEDGED, {}),
        EventState(5, REPORTED + timedelta(hours=4), "leakbot", LogKind.ASKED, {"step": 4}),
        EventState(6, REPORTED + timedelta(hours=8), "leakbot", LogKind.LAPSED, beside),
    )
    case = replace(case, events=(*case.events, *events))
    assert called(case, REPORTED + timedelta(hours=8, minutes=4), MAIL) == []
    assert called(case, REPORTED + timedelta(hours=8, minutes=5), MAIL) == ["1/1/U0DEPUTY/channel-1"]
