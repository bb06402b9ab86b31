"""The main job: from `/leak` to the last reminder, as people live through it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.cases import log
from bot.cases.states import case_state
from tests.world import TOKYO, World, payload


async def test_one_choice_and_one_sentence_call_the_manager(world: World) -> None:
    form = await world.opens_form("reporter")
    assert form["callback_id"] == "first_report"
    sent = await world.sends("reporter", indicator="media_lost", summary="USBメモリを電車に忘れました")
    assert sent.ok
    assert sent.view, "the form turns into the confirmation"
    confirmation = str(sent.view)
    assert "2026-0001" in confirmation
    assert "<@U0MANAGER>" in confirmation, "the reporter is told who is coming"
    await world.bot.settled()

    [page] = world.said_to("manager", "leak_page")
    assert payload(page) == {"case": "2026-0001", "level": 0, "key": "2026-0001/page/0/1/U0MANAGER"}
    assert "対応します" in page.plain
    [receipt] = world.said_to("reporter")
    assert payload(receipt)["kind"] == "receipt"
    assert "2026-0001" in receipt.plain
    assert "ありがとう" in receipt.plain


async def test_the_room_is_private_and_holds_card_and_page_and_the_right_people(world: World) -> None:
    number = await world.reports()
    room = next(c for c in world.person("privacy").conversations() if c.name == "leak-2026-0001")
    assert room.kind == "private"
    assert set(room.members) == {"U0LEAKBOT", "U0REPORTER", "U0MANAGER", "U0PRIVACY", "U0LEGAL"}
    first, second = world.heard(number)[:2]
    assert first.metadata
    assert first.metadata["event_type"] == "leak_card"
    assert room.pinned == [first.ts]
    assert "USBメモリ" in first.plain, "the card shows the reporter's own words"
    assert second.metadata
    assert second.metadata["event_type"] == "leak_page"
    assert "<@U0MANAGER>" in second.plain, "the page in the room mentions, so that it rings"
    assert not [c for c in world.person("hr_manager").conversations() if "leak" in c.name]


async def test_messages_sent_before_the_room_was_there_gain_the_way_into_it(world: World) -> None:
    world.workspace.clock.reset()  # a clock that runs: the room opens a moment after the page was sent
    world.workspace.faults.add(method="conversations.create", latency=0.2)
    number = await world.reports()
    for message in (*world.said_to("manager"), *world.said_to("reporter")):
        assert f"<#{world.room(number)}>" in message.plain


async def test_the_manager_takes_the_case_and_everybody_sees_it(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    assert world.notices(number) == ["acknowledged"]
    assert "<@U0MANAGER>" in world.card(number).plain
    [page] = world.said_to("manager", "leak_page")
    assert "page_acknowledge" not in page.buttons, "a page that was answered has no button any more"
    [in_room] = world.heard(number, "leak_page")
    assert "page_acknowledge" not in in_room.buttons
    [receipt] = world.said_to("reporter")
    assert "<@U0MANAGER>" in receipt.plain, "the reporter sees who has it"


async def test_silence_calls_the_deputy_at_minute_ten_then_the_last_resort_again_and_again(
    world: World,
) -> None:
    number = await world.reports()
    await world.passes(minutes=9, seconds=59)
    assert world.said_to("deputy") == []
    await world.passes(seconds=1)
    assert [payload(m)["level"] for m in world.said_to("deputy", "leak_page")] == [1]
    assert [payload(m)["level"] for m in world.heard(number, "leak_page")] == [0, 1]
    assert (
        "U0DEPUTY"
        in next(c for c in world.person("privacy").conversations() if c.name == "leak-2026-0001").members
    )
    await world.passes(minutes=30)
    pages = [payload(m) for m in world.said_to("ciso", "leak_page")]
    assert [p["level"] for p in pages] == [2, 2, 2]
    assert len({p["key"] for p in pages}) == 3
    assert len(world.said_to("manager", "leak_page")) == 1
    await world.acknowledges("deputy")
    await world.passes(hours=3)
    assert len(world.said_to("ciso", "leak_page")) == 3, "nobody is called after somebody took it"


async def test_the_deputy_may_answer_before_it_is_the_deputys_turn(world: World) -> None:
    number = await world.reports()
    await world.person("privacy").post(world.room(number), "代行者に電話しました")
    case = world.heard(number, "leak_page")[0]
    await world.person("manager").click(case, "page_acknowledge")
    await world.bot.settled()
    await world.passes(minutes=11)
    assert world.said_to("deputy", "leak_page") == []


async def test_ten_days_in_one_test(world: World) -> None:
    number = await world.reports(
        aware_at=int(datetime(2026, 11, 22, 21, 10, tzinfo=TOKYO).timestamp()), persons="約800人"
    )
    await world.acknowledges("manager")

    # Monday: nothing to say yet, the limit is Thursday.
    await world.until(datetime(2026, 11, 24, 6, 59, tzinfo=TOKYO).astimezone(UTC))
    assert world.reminders(number) == []

    # Tuesday morning: the three-day step waited for the end of the quiet hours.
    await world.passes(minutes=2)
    assert world.reminders(number) == ["preliminary countdown 3d"]
    reminder = world.heard(number, "leak_reminder")[0]
    assert "11月26日（木）" in reminder.plain
    assert "case_record_submission" in reminder.buttons
    assert payload(reminder)["due_at"] == "2026-11-26T23:59:59+09:00"

    # Wednesday: the privacy office files the preliminary report and writes it down.
    await world.until(datetime(2026, 11, 25, 14, 0, tzinfo=TOKYO).astimezone(UTC))
    assert world.reminders(number)[1:] == ["preliminary countdown 2d"]
    sent = await world.records(number, "preliminary", receipt_no="第123号")
    assert sent.ok, sent.errors
    assert "第123号" in world.heard(number, "leak_notice")[-1].plain

    # The limit passes in silence, and the days after it too.
    await world.until(datetime(2026, 12, 2, 21, 18, tzinfo=TOKYO).astimezone(UTC))
    assert world.reminders(number) == ["preliminary countdown 3d", "preliminary countdown 2d"]

    # Thirty days are counted from the day of knowing: 21 December, an ordinary Monday.
    await world.until(datetime(2026, 12, 21, 7, 0, tzinfo=TOKYO).astimezone(UTC))
    assert world.reminders(number)[2:] == [
        "final countdown 14d",
        "final countdown 7d",
        "final countdown 3d",
        "final countdown 2d",
        "final countdown 1d",
        "final due due",
    ]
    refused = await world.person("privacy").click(world.card(number), "case_close")
    assert world.person("privacy").modal is None, refused
    assert "確報" in world.person("privacy").messages(world.room(number))[-1].plain

    # Nobody files it: it is overdue, every six hours, until somebody does.
    await world.until(datetime(2026, 12, 22, 12, 30, tzinfo=TOKYO).astimezone(UTC))
    assert [r for r in world.reminders(number) if "overdue" in r] == [
        "final overdue overdue-0",
        "final overdue overdue-1",
        "final overdue overdue-2",
    ]
    assert (await world.records(number, "final")).ok
    assert (await world.closes(number)).ok
    assert world.notices(number) == [
        "acknowledged",
        "still_there",
        "lapsed",
        "lapsed",
        "submission_recorded",
        "submission_recorded",
        "closed",
    ]
    async with world.bot.database.reading() as db:
        case = await case_state(db, number)
        assert await log.verify(db, number) == []
    assert case
    assert case.status == "closed"
    # Prevention has dates of its own and goes on, asked after by day (due 12/22 in the evening); once it is
    # done, the closed case asks for nothing any more.
    assert await world.bot.next_wake() == datetime(2026, 12, 23, 7, 0, tzinfo=TOKYO)
    manager = world.person("manager")
    await manager.click(world.card(number, "manager"), "case_checklist")
    for task in ("root_cause", "recurrence_prevention", "staff_retraining", "near_miss_review"):
        assert manager.modal is not None
        await manager.click(manager.modal, "task_done", block_id=f"task:{task}")
        await world.bot.settled()
    assert await world.bot.next_wake() is None


async def test_after_a_weekend_off_only_the_newest_missed_reminder_is_said(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    await world.bot_stops()
    world.workspace.clock.set(datetime(2026, 11, 26, 18, 30, tzinfo=TOKYO).astimezone(UTC))
    await world.bot_starts()
    assert world.reminders(number) == ["preliminary countdown 6h"]
    await world.bot_stops()
    world.workspace.clock.set(datetime(2026, 11, 28, 9, 0, tzinfo=TOKYO).astimezone(UTC))
    await world.bot_starts()
    assert len(world.reminders(number)) == 2
    assert world.reminders(number)[-1].startswith("preliminary overdue")


async def test_a_silence_that_ends_while_the_bot_is_down_pages_the_deputy_when_it_is_back(
    world: World,
) -> None:
    number = await world.reports()
    await world.bot_stops()
    world.workspace.clock.advance(timedelta(minutes=50))
    await world.bot_starts()
    assert [payload(m)["level"] for m in world.heard(number, "leak_page")] == [0, 1]
    assert len(world.said_to("manager", "leak_page")) == 1


async def test_a_report_stored_just_before_the_bot_went_down_is_carried_out_when_it_is_back(
    world: World,
) -> None:
    await world.opens_form()
    world.workspace.faults.add(method="*", times=1000, status=503, when="before")
    sent = await world.sends("reporter", indicator="media_lost", summary="USBメモリを失くしました")
    assert sent.ok, "the report is taken although Slack takes nothing from the bot"
    await world.bot_stops()
    world.workspace.faults.clear()
    await world.bot_starts()
    assert len(world.said_to("manager", "leak_page")) == 1
    assert world.card("2026-0001")
