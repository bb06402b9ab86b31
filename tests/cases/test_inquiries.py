"""The steps of inquiries: numbered, once each, with a line in the log; refused where they may not be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.cases import queries
from bot.cases.casefile import case_json
from bot.cases.database import Database
from bot.cases.guard import UnloggedChange
from bot.cases.log import append, verify
from bot.cases.states import case_state
from bot.cases.tables import Member
from bot.cases.timeline import sentences
from bot.errors import InvalidField, Refused
from bot.policy.inquiries import open_inquiries
from bot.policy.state import CaseState
from bot.slack.screens.inquiries import inquiry_list
from bot.vocabulary import InquiryChannel, InquirySource, InquiryStatus, Locale, LogKind, Role
from bot.workflow import inquiries
from bot.workflow.inquiries import Answer, Asked, Who
from bot.workflow.joining import join_cases
from tests.cases.rows import NOON, reported
from tests.policy.situations import TOKYO

LATER = NOON + timedelta(hours=1)
OFFICE = frozenset({"U0PRIVACY"})
SPEAKS = Who("U0PRIVACY", OFFICE)
LEGAL = Who("U0LEGAL", OFFICE)
PRESS = Asked(
    source=InquirySource.PRESS,
    channel=InquiryChannel.PHONE,
    received_at=NOON,
    due_at=NOON + timedelta(hours=3),
    question="何人分ですか",
    form="V-1",
    who="夕刊の記者",
)
PERSON = replace(PRESS, source=InquirySource.PERSON, form="V-2", who=None)
ANSWER = Answer("約800人です", LATER)


async def a_case(database: Database, view_id: str = "V0") -> str:
    """A case with the privacy office, legal and the manager in its room."""
    async with database.transaction() as db:
        case = await reported(db, view_id)
        for user, role in (
            ("U0PRIVACY", Role.PRIVACY_OFFICE),
            ("U0LEGAL", Role.RESPONSE_TEAM),
            ("U0BUCHOU", Role.MANAGER),
            ("U0GUEST", Role.VISITOR),
        ):
            outsider = user == "U0GUEST"
            db.add(Member(case_id=case.id or 0, user=user, role=role, invited_at=NOON, outsider=outsider))
        await append(db, case, LogKind.MEMBERS_INVITED, "leakbot", NOON, {})
        return case.number


async def does(
    database: Database, step: Any, number: str, *args: Any, who: Who = SPEAKS, **more: Any
) -> None:
    async with database.transaction() as db:
        await step(db, number, *args, who=who, now=LATER, **more)


async def the_case(database: Database, number: str) -> CaseState:
    async with database.reading() as db:
        state = await case_state(db, number)
        assert await verify(db, number) == []
    assert state is not None
    return state


def logged(case: CaseState) -> list[str]:
    return [event.kind.value for event in case.events if event.kind.value.startswith("inquir")]


async def test_they_are_numbered_within_the_case_and_each_form_is_one(database: Database) -> None:
    number = await a_case(database)
    for asked in (PRESS, PERSON, PRESS):
        await does(database, inquiries.record_inquiry, number, asked, who=LEGAL)
    case = await the_case(database, number)
    assert [(each.number, each.source, each.status) for each in case.inquiries] == [
        (1, InquirySource.PRESS, InquiryStatus.OPEN),
        (2, InquirySource.PERSON, InquiryStatus.OPEN),
    ]
    assert (case.inquiries[0].question, case.inquiries[0].who) == ("何人分ですか", "夕刊の記者")
    assert case.inquiries[0].recorded_by == "U0LEGAL"
    assert logged(case) == ["inquiry_recorded"] * 2


async def test_an_answer_given_at_once_is_two_lines_in_the_log(database: Database) -> None:
    number = await a_case(database)
    with pytest.raises(Refused, match="one_voice"):
        await does(database, inquiries.record_inquiry, number, PRESS, ANSWER, who=LEGAL)
    assert (await the_case(database, number)).inquiries == ()
    await does(database, inquiries.record_inquiry, number, PERSON, ANSWER, who=LEGAL)
    case = await the_case(database, number)
    assert logged(case) == ["inquiry_recorded", "inquiry_answered"]
    assert case.events[-2].data["answered"] is True
    (inquiry,) = case.inquiries
    assert (inquiry.status, inquiry.answer, inquiry.answered_at) == (
        InquiryStatus.ANSWERED,
        "約800人です",
        LATER,
    )


async def test_the_same_said_again_is_said_once(database: Database) -> None:
    number = await a_case(database)
    await does(database, inquiries.record_inquiry, number, PRESS)
    due = LATER + timedelta(days=1)
    for _ in range(2):
        await does(database, inquiries.assign_inquiry, number, 1, owner="U0BUCHOU", due_at=due)
    for _ in range(2):
        await does(database, inquiries.answer_inquiry, number, 1, ANSWER)
    for _ in range(2):
        await does(database, inquiries.reopen_inquiry, number, 1)
    for _ in range(2):
        await does(database, inquiries.close_inquiry, number, 1, "同じ記者が取り下げた")
    case = await the_case(database, number)
    kinds = ["inquiry_recorded", "inquiry_assigned", "inquiry_answered", "inquiry_reopened", "inquiry_closed"]
    assert logged(case) == kinds
    (inquiry,) = case.inquiries
    assert (inquiry.owner, inquiry.due_at, inquiry.reason) == ("U0BUCHOU", due, "同じ記者が取り下げた")
    assert inquiry.answer is None, "what was answered before stands in the record"


async def test_an_answer_is_put_right_and_only_some_stand_in_the_faq(database: Database) -> None:
    number = await a_case(database)
    for n, source in enumerate(InquirySource, start=1):
        asked = replace(PRESS, source=source, form=f"V-{n}")
        await does(database, inquiries.record_inquiry, number, asked)
        await does(database, inquiries.answer_inquiry, number, n, replace(ANSWER, faq=True))
    await does(database, inquiries.answer_inquiry, number, 1, Answer("813人です", LATER, faq=True))
    case = await the_case(database, number)
    assert [each.faq for each in case.inquiries] == [True, False, True, True, False]
    assert case.inquiries[0].answer == "813人です"
    assert case.events[-1].data["corrected"] is True


async def test_what_cannot_be_is_refused_at_its_field(database: Database) -> None:
    number = await a_case(database)
    before = NOON - timedelta(hours=1)

    async def wrong(step: Any, *args: Any, who: Who = SPEAKS, **more: Any) -> tuple[str, str]:
        with pytest.raises(InvalidField) as no:
            await does(database, step, number, *args, who=who, **more)
        return no.value.field, no.value.reason

    record, assign = inquiries.record_inquiry, inquiries.assign_inquiry
    assert await wrong(record, replace(PRESS, due_at=before)) == ("due_at", "before_received")
    assert await wrong(record, replace(PRESS, owner="U0HR")) == ("owner", "not_in_the_room")
    assert await wrong(record, replace(PERSON, owner="U0GUEST")) == ("owner", "not_in_the_room")
    assert await wrong(record, replace(PRESS, owner="U0LEGAL")) == ("owner", "may_not_speak")
    early = Answer("x", before)
    assert await wrong(record, PRESS, early) == ("answered_at", "before_received")
    contact = Who("U0PRIVACY", OFFICE, speakers=("U0LEGAL",))
    await does(database, record, number, replace(PRESS, owner="U0LEGAL"), who=contact)
    assert await wrong(assign, 1, owner="U0BUCHOU", due_at=before) == ("due_at", "before_received")
    assert await wrong(inquiries.answer_inquiry, 1, early) == ("answered_at", "before_received")
    with pytest.raises(Refused, match="no_such_inquiry"):
        await does(database, inquiries.reopen_inquiry, number, 2)
    with pytest.raises(Refused, match="one_voice"):
        await does(database, inquiries.close_inquiry, number, 1, "x", who=LEGAL)
    with pytest.raises(Refused, match="not_found"):
        await does(database, inquiries.reopen_inquiry, number, 1, who=Who("U0HR", OFFICE))


async def test_nothing_changes_without_a_line_in_the_log(database: Database) -> None:
    number = await a_case(database)
    await does(database, inquiries.record_inquiry, number, PRESS)

    async def in_silence() -> None:
        async with database.transaction() as db:
            case = await queries.case_row(db, number)
            (row,) = await queries.inquiries_of(db, (case and case.id) or 0)
            row.owner = "U0BUCHOU"

    with pytest.raises(UnloggedChange):
        await in_silence()
    assert (await the_case(database, number)).inquiries[0].owner is None


async def test_what_waits_goes_on_in_the_case_that_its_own_is_joined_to(database: Database) -> None:
    number, other = await a_case(database), await a_case(database, "V-other")
    await does(database, inquiries.record_inquiry, number, PRESS)
    await does(database, inquiries.record_inquiry, other, PRESS, ANSWER)
    due = NOON + timedelta(hours=3)
    await does(database, inquiries.record_inquiry, other, PERSON, who=LEGAL)
    await does(database, inquiries.assign_inquiry, other, 2, owner="U0LEGAL", due_at=due)
    async with database.transaction() as db:
        await join_cases(db, other, number, person="U0PRIVACY", privacy_office=OFFICE, now=LATER)
    case, gone = await the_case(database, number), await the_case(database, other)
    assert [(each.number, each.source) for each in open_inquiries(case)] == [(1, "press"), (2, "person")]
    brought = case.inquiries[1]
    assert (brought.owner, brought.due_at, brought.recorded_by) == ("U0LEGAL", due, "U0LEGAL")
    assert brought.question == PERSON.question
    assert open_inquiries(gone) == ()
    assert [each.status for each in gone.inquiries] == [InquiryStatus.ANSWERED, InquiryStatus.CLOSED]
    async with database.reading() as db:
        row = await queries.case_row(db, other)
        assert row is not None
        told = sentences(row, gone.events, "ja", TOKYO)
    assert f"まとめた先の事案 {number} で続けます。" in "".join(told)
    shown = inquiry_list("ja", TOKYO, gone, (), LATER)
    assert "まとめた先の事案で続けています" in str(shown["blocks"])


@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_the_file_and_the_timeline_tell_all_of_it(database: Database, locale: Locale) -> None:
    number = await a_case(database)
    await does(database, inquiries.record_inquiry, number, PRESS)
    await does(
        database, inquiries.assign_inquiry, number, 1, owner="U0BUCHOU", due_at=NOON + timedelta(hours=3)
    )
    await does(database, inquiries.assign_inquiry, number, 1, owner=None, due_at=NOON + timedelta(hours=3))
    await does(database, inquiries.answer_inquiry, number, 1, replace(ANSWER, faq=True))
    async with database.transaction() as db:
        moment = LATER.isoformat()
        await inquiries.inquiries_reminded(db, number, moment=moment, inquiries=[1], fresh=[1], now=LATER)
    async with database.reading() as db:
        (entry,) = (await case_json(db, number, {}))["inquiries"]
        case = await queries.case_row(db, number)
        assert case is not None
        entries = [e for e in await queries.log_of(db, case.id or 0) if e.kind.startswith("inquir")]
        told = sentences(case, entries, locale, TOKYO)
    assert entry == {
        "number": 1,
        "source": "press",
        "who": "夕刊の記者",
        "channel": "phone",
        "received_at": "2026-11-22T21:10:00+09:00",
        "due_at": "2026-11-23T00:10:00+09:00",
        "question": "何人分ですか",
        "state": "answered",
        "owner": None,
        "answer": "約800人です",
        "answered_at": "2026-11-22T22:10:00+09:00",
        "reason": None,
        "faq": True,
        "recorded_by": "U0PRIVACY",
        "by": "U0PRIVACY",
        "at": "2026-11-22T22:10:00+09:00",
    }
    ja = [
        "問い合わせ No.1 を記録しました（報道機関、夕刊の記者、電話、受付 2026年11月22日（日）21:10）。"
        "回答期限 2026年11月23日（月）00:10\n何人分ですか",
        "問い合わせ No.1 の担当を U0BUCHOU に決めました。",
        "問い合わせ No.1 の担当を未定に戻しました。",
        "問い合わせ No.1（報道機関）に回答しました（2026年11月22日（日）22:10）。"
        "想定問答に載せます。\n約800人です",
        "回答を待っている問い合わせをお知らせしました：No.1",
    ]
    en = [
        "Inquiry No. 1 recorded (Press, 夕刊の記者, Telephone, received Sun 22 Nov 2026, 21:10 JST). "
        "Answer due Mon 23 Nov 2026, 00:10 JST\n何人分ですか",
        "Inquiry No. 1: assigned to U0BUCHOU.",
        "Inquiry No. 1: assigned to nobody.",
        "Inquiry No. 1 (Press): answered (Sun 22 Nov 2026, 22:10 JST). "
        "It goes into the press Q&A.\n約800人です",
        "The room was told which inquiries wait for an answer: No. 1",
    ]
    assert told == (ja if locale == "ja" else en)
