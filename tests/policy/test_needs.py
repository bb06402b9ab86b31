"""What a case needs now: the protocol, read as a story in plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.policy.need import Need, Say
from bot.policy.needs import needs
from bot.policy.state import CaseState, EventState, MemberState, MessageRef
from bot.vocabulary import LogKind, Role
from tests.policy.situations import MINUTE, ORGANISATION, REPORTED, a_case, due, paged, with_room


def wanted(case: CaseState, now: datetime = REPORTED) -> dict[Say, list[Need]]:
    found: dict[Say, list[Need]] = {}
    for need in needs(case, ORGANISATION, now).wanted:
        found.setdefault(need.say, []).append(need)
    return found


def test_a_fresh_report_needs_a_page_a_room_and_a_receipt_side_by_side() -> None:
    answer = needs(a_case(), ORGANISATION, REPORTED)
    assert [n.say for n in answer.wanted] == [Say.PAGE_DIRECT, Say.ROOM, Say.RECEIPT]
    assert len({n.lane for n in answer.wanted}) == 3, "none of them waits for another"


def test_an_open_room_needs_its_card_before_anything_else_is_said_in_it() -> None:
    said = wanted(replace(a_case(), channel="C0ROOM"))
    assert Say.ROOM not in said
    assert {Say.INVITE, Say.CARD} <= set(said)
    assert not {Say.PAGE_ROOM, Say.PIN, Say.TOPIC, Say.NOTICE} & set(said)


def test_the_page_in_the_room_waits_until_the_person_was_invited() -> None:
    case = replace(a_case(), channel="C0ROOM", card=MessageRef("C0ROOM", "1.1"))
    not_yet = replace(case, members={"U0MANAGER": MemberState("U0MANAGER", Role.MANAGER)})
    assert Say.PAGE_ROOM not in wanted(not_yet)
    invited = MemberState("U0MANAGER", Role.MANAGER, invited_at=REPORTED)
    assert wanted(replace(case, members={"U0MANAGER": invited}))[Say.PAGE_ROOM][0].data["users"] == [
        "U0MANAGER"
    ]
    cannot = MemberState("U0MANAGER", Role.MANAGER, error="user_is_restricted")
    assert Say.PAGE_ROOM in wanted(replace(case, members={"U0MANAGER": cannot}))


def test_people_who_come_later_make_a_new_invitation() -> None:
    first = wanted(replace(a_case(), channel="C0ROOM"))[Say.INVITE][0].key
    people = {
        "U0REPORTER": MemberState("U0REPORTER", Role.REPORTER, invited_at=REPORTED),
        "U0DEPUTY": MemberState("U0DEPUTY", Role.DEPUTY),
    }
    second = wanted(replace(a_case(), channel="C0ROOM", members=people))[Say.INVITE][0].key
    assert first != second


def test_nobody_is_called_and_no_countdown_is_said_once_it_is_over() -> None:
    over = replace(
        with_room(a_case(pages=(paged(0, "U0MANAGER", MINUTE),), obligations=(due(REPORTED),))),
        closed_at=REPORTED + MINUTE,
        acknowledged_at=REPORTED + MINUTE,
    )
    said = wanted(over, REPORTED + timedelta(days=3))
    assert not {Say.PAGE_DIRECT, Say.PAGE_ROOM, Say.REMINDER} & set(said)
    assert needs(over, ORGANISATION, REPORTED).next_at is None


def test_a_countdown_key_names_obligation_due_date_and_step() -> None:
    case = with_room(a_case(obligations=(due(datetime(2026, 11, 26, 3, tzinfo=UTC)),)))
    reminder = wanted(case, datetime(2026, 11, 24, 0, tzinfo=UTC))[Say.REMINDER]
    assert [n.key for n in reminder] == ["2026-0001/preliminary/2026-11-26/3d"]


def test_a_moved_deadline_is_a_new_countdown_and_the_old_one_is_gone() -> None:
    before = with_room(a_case(obligations=(due(datetime(2026, 11, 26, 3, tzinfo=UTC)),)))
    after = with_room(a_case(obligations=(due(datetime(2026, 11, 28, 3, tzinfo=UTC)),)))
    now = datetime(2026, 11, 26, 2, tzinfo=UTC)
    old, new = (wanted(case, now)[Say.REMINDER][0].key for case in (before, after))
    assert old != new
    assert not needs(after, ORGANISATION, now).wants(old)


def test_the_next_moment_is_the_earliest_of_page_countdown_and_morning() -> None:
    sent = paged(0, "U0MANAGER", timedelta())
    case = with_room(a_case(pages=(sent,), obligations=(due(datetime(2026, 11, 26, 3, tzinfo=UTC)),)))
    assert needs(case, ORGANISATION, REPORTED).next_at == REPORTED + 10 * MINUTE
    answered = replace(case, acknowledged_at=REPORTED, acknowledged_by="U0MANAGER")
    morning = datetime(2026, 11, 22, 22, tzinfo=UTC)  # 07:00 on the 23rd in Japan
    assert needs(answered, ORGANISATION, REPORTED).next_at == morning


def test_a_quiet_case_asks_for_no_attention_at_all() -> None:
    quiet = with_room(a_case(acknowledged_at=REPORTED, acknowledged_by="U0MANAGER"))
    assert needs(quiet, ORGANISATION, REPORTED).next_at is None


def test_the_card_is_drawn_again_for_what_shows_on_it_only() -> None:
    case = with_room(a_case(acknowledged_at=REPORTED))
    assert Say.CARD_REDRAW not in wanted(case)
    news = EventState(9, REPORTED, "U0PRIVACY", LogKind.FACTS_ADDED, {})
    assert wanted(replace(case, events=(*case.events, news)))[Say.CARD_REDRAW][0].key == "2026-0001/card/9"


def test_messages_sent_before_the_room_opened_gain_its_link() -> None:
    direct = replace(paged(0, "U0MANAGER", MINUTE), direct=MessageRef("D1", "1.1"))
    assert Say.PAGE_REDRAW in wanted(with_room(a_case(pages=(direct,))))
    assert Say.PAGE_REDRAW not in wanted(a_case(pages=(direct,))), "there is no room yet"
    assert Say.PAGE_REDRAW not in wanted(with_room(a_case(pages=(replace(direct, linked=True),))))


def test_what_is_marked_is_read_each_time_and_a_file_once() -> None:
    marked = [
        EventState(seq, REPORTED, who, LogKind.TIMELINE_WANTED, {"ts": "1.5", "act": str(seq)})
        for seq, who in ((5, "U0LEGAL"), (6, "U0PRIVACY"))
    ]
    shared = [
        EventState(seq, REPORTED, "U0LEGAL", LogKind.FILE_SHARED, {"file": file})
        for seq, file in ((7, "F1"), (8, "F2"), (9, "F2"))
    ]
    report = replace(a_case().report, files=("F1",))
    case = replace(with_room(a_case(report=report)), events=(*marked, *shared))
    found = wanted(case)
    assert [(n.key, n.data["person"]) for n in found[Say.TIMELINE]] == [
        ("2026-0001/timeline/1.5/5", "U0LEGAL"),
        ("2026-0001/timeline/1.5/6", "U0PRIVACY"),
    ]
    assert [(n.key, n.data["person"]) for n in found[Say.FILE]] == [
        ("2026-0001/file/F1", "U0REPORTER"),
        ("2026-0001/file/F2", "U0LEGAL"),
    ]
    assert not {n.lane for n in (*found[Say.TIMELINE], *found[Say.FILE])} & {n.lane for n in found[Say.CARD]}


def test_every_key_is_unique_and_carries_the_number_only() -> None:
    case = with_room(a_case(obligations=(due(REPORTED),), pages=(paged(0, "U0MANAGER", MINUTE),)))
    keys = [n.key for n in needs(case, ORGANISATION, REPORTED + timedelta(days=9)).wanted]
    assert len(keys) == len(set(keys))
    assert all(key.startswith("2026-0001/") for key in keys)
    assert not any("営業" in key or "USB" in key for key in keys)
