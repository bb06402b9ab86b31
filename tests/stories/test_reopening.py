"""A case that was closed goes on, and a case whose room was archived: in another room, with nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cases import log
from bot.cases.states import case_state
from bot.policy.state import CaseState
from bot.workspace import Message, Submission
from tests.stories.test_closing import closes_without_leak
from tests.stories.test_the_assessment import HARMLESS, as_json, decides
from tests.world import MakeWorld, World, payload

REASON = "回収したUSBメモリが読み取られていたとわかりました"


async def closed_case(world: World, **report: Any) -> str:
    """Reported, taken, judged to need no report, closed."""
    number = await world.reports(persons="30", **report)
    await world.acknowledges("manager")
    await decides(world, number, reason="駅で未開封のまま回収した", **HARMLESS)
    assert (await world.closes(number)).ok
    return number


async def reopens(world: World, number: str, who: str = "privacy", reason: str = REASON) -> Submission:
    """Presses 「再開する」 on the card, gives the reason and sends it."""
    await world.person(who).click(world.card(number, who), "case_reopen")
    return await gives_the_reason(world, who, reason)


async def gives_the_reason(world: World, who: str = "privacy", reason: str = REASON) -> Submission:
    sent = await world.sends(who, reason=reason)
    await world.bot.settled()
    return sent


async def reopens_by_status(world: World, number: str, who: str = "privacy") -> Submission:
    """The same where the room cannot be pressed in any more: `/leak status`."""
    await world.person(who).click(await status(world, number, who), "case_reopen")
    return await gives_the_reason(world, who)


async def status(world: World, number: str, who: str = "privacy") -> Message:
    """What `/leak status` answers somebody, as they alone see it."""
    reply = await world.person(who).command("/leak", f"status {number}")
    assert reply.ok, reply.error
    return [m for m in world.person(who).messages("general") if m.ephemeral][-1]


async def state(world: World, number: str) -> CaseState:
    async with world.bot.database.reading() as db:
        found = await case_state(db, number)
    assert found
    return found


async def verified(world: World, number: str) -> bool:
    async with world.bot.database.reading() as db:
        return await log.verify(db, number) == []


async def archives(world: World, number: str, who: str = "privacy") -> str:
    """Somebody archives the room; gives its id."""
    room = world.room(number)
    await world.person(who).archive(room)
    await told(world)
    return room


async def told(world: World) -> None:
    """Until the events under way have been heard and what follows from them has been done."""
    await world.workspace.delivered()
    await world.bot.settled()


def rooms(world: World, who: str) -> list[str]:
    return sorted(c.name for c in world.person(who).conversations() if c.name.startswith(("leak-", "drill-")))


def kinds(world: World, number: str) -> list[str]:
    """What the room that stands was told of this."""
    told = ("closed", "reopened", "room_moved")
    return [kind for kind in world.notices(number) if kind in told]


async def test_a_closed_case_goes_on_in_the_room_that_stands(world: World) -> None:
    number = await closed_case(world)
    await world.passes(days=3)
    card = world.card(number)
    assert "case_reopen" in str(card.blocks)
    assert (await reopens(world, number)).ok

    case = await state(world, number)
    assert (case.status, case.closed_at, case.acknowledged_by) == ("assessed", None, "U0MANAGER")
    [note] = [m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "reopened"]
    for words in (
        f"事案 {number} を再開しました",
        REASON,
        "<@U0PRIVACY>",
        "<@U0MANAGER>",
        "期限のある対応はありません",
    ):
        assert words in note.plain, words
    assert REASON not in note.text, "a locked telephone shows no reason"
    card = world.card(number)
    assert "再開" in card.plain
    assert "終結 " not in card.plain
    assert "case_reopen" not in str(card.blocks)
    assert "case_close" in str(card.blocks)
    receipt = world.said_to("reporter", "leak_notice")[0]
    assert "あらためて確認することになり" in receipt.plain
    assert rooms(world, "manager") == [f"leak-{number}"]

    # What has become known makes it a case to report, late as it is.
    await decides(world, number, **{**HARMLESS, "malicious": "true"})
    await world.passes(days=3)
    assert any(reminder.startswith("preliminary countdown") for reminder in world.reminders(number))
    assert await verified(world, number)


async def test_what_the_closure_itself_had_decided_and_put_aside_comes_back(world: World) -> None:
    """The stick had come back unread, so that nothing was to be reported; then it had been read after all."""
    number = await world.reports(persons="1200")
    await world.acknowledges("manager")
    before = await state(world, number)
    assert (await closes_without_leak(world, number)).ok
    ended = await state(world, number)
    assert ended.open_obligations == ()
    await world.passes(days=8)
    assert world.reminders(number) == []

    assert (await reopens(world, number)).ok
    case = await state(world, number)
    assert (case.status, case.assessment, dict(case.facts)) == ("acknowledged", None, dict(before.facts))
    assert [o.kind for o in case.open_obligations] == [o.kind for o in before.open_obligations]
    assert {t.key for t in case.tasks if t.status == "open"} >= {
        t.key for t in before.tasks if t.status == "open"
    }
    [note] = [m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "reopened"]
    for words in ("取り消しました", "速報", "確報", "未完了に戻ったやること"):
        assert words in note.plain, words
    assert "暫定" in world.card(number).plain
    assert any(r.startswith("preliminary overdue") for r in world.reminders(number)), "the day has passed"
    assert await verified(world, number)


async def test_closed_again_each_end_and_each_new_beginning_is_said(world: World) -> None:
    number = await closed_case(world)
    assert (await reopens(world, number)).ok
    await world.passes(days=1)
    assert (await world.closes(number)).ok
    await world.passes(days=1)
    assert (await reopens(world, number, reason="もう一度")).ok
    assert (await world.closes(number)).ok
    assert kinds(world, number) == ["closed", "reopened", "closed", "reopened", "closed"]
    said = [payload(m)["key"] for m in world.heard(number)]
    assert len(said) == len(set(said)), "each has a key of its own"
    assert (await state(world, number)).status == "closed"
    written = await as_json(world, number)
    assert [e["kind"] for e in written["log"]].count("reopened") == 2


async def test_the_room_was_archived_so_it_goes_on_in_a_new_one(world: World) -> None:
    number = await closed_case(world)
    old = await archives(world, number)
    await world.passes(days=10)
    assert rooms(world, "legal") == [f"leak-{number}"], "nobody needs a new room for a closed case"
    assert (await reopens_by_status(world, number)).ok

    new = world.room(number)
    assert rooms(world, "legal") == [f"leak-{number}", f"leak-{number}-2"]
    for who in ("reporter", "manager", "privacy", "legal"):
        assert new in [c.id for c in world.person(who).conversations()], f"{who} is asked into the new room"
    card = world.card(number)
    assert f"前の対応チャンネル <#{old}>" in card.plain
    assert world.person("privacy").conversation(new).pinned == [card.ts]
    assert kinds(world, number) == ["reopened"], "that it was reopened says enough"
    case = await state(world, number)
    assert (case.channel, case.former_rooms) == (new, (old,))

    await decides(world, number, **{**HARMLESS, "malicious": "true"})
    await world.passes(days=3)
    assert [r for r in world.reminders(number) if r.startswith("preliminary countdown")], "in the new room"
    await world.passes(days=3)
    assert [r for r in world.reminders(number) if r.startswith("preliminary overdue")]
    for obligation in [o.kind for o in (await state(world, number)).open_obligations]:
        sent = await world.records(number, obligation)
        assert sent.ok, (sent.errors, sent.trouble)
    assert (await world.closes(number)).ok
    written = await as_json(world, number)
    assert (written["channel"], written["former_channels"], written["status"]) == (new, [old], "closed")


async def test_slack_told_nothing_of_the_archived_room_so_the_first_word_there_tells(world: World) -> None:
    """As with an app that was installed from an older manifest: what is refused is said in the next room."""
    number = await closed_case(world)
    world.workspace.events.discard("group_archive")
    await archives(world, number)
    assert (await state(world, number)).former_rooms == ()
    assert (await reopens_by_status(world, number)).ok
    assert rooms(world, "manager") == [f"leak-{number}", f"leak-{number}-2"]
    assert sorted(kinds(world, number)) == ["reopened", "room_moved"]
    assert await verified(world, number)


async def test_somebody_archives_the_room_of_an_open_case(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    old = await archives(world, number, "legal")
    new = world.room(number)
    assert new != old
    [moved] = [m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "room_moved"]
    assert f"<#{old}>" in moved.plain
    assert "<@U0MANAGER>" in moved.plain
    assert kinds(world, number) == ["room_moved"], "what the old room heard is not said again"
    assert f"<#{new}>" in world.said_to("manager", "leak_page")[-1].plain, "the page leads to the new room"
    assert f"<#{new}>" in world.said_to("reporter", "leak_notice")[0].plain, "and so does the receipt"

    await world.person("manager").post(new, "ここで続けます")
    await world.passes(days=3)
    assert [r for r in world.reminders(number) if r.startswith("preliminary countdown")]
    by = [e for e in (await as_json(world, number))["log"] if e["kind"] == "room_lost"]
    assert [(e["actor"], e["data"]["channel"]) for e in by] == [("U0LEGAL", old)]


async def test_what_was_kept_of_the_old_room_stands_and_the_new_one_is_kept_too(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    old, manager = world.room(number), world.person("manager")
    before = await manager.post(old, "駅に電話しました")
    await manager.react(old, before, "pushpin")
    await told(world)
    await archives(world, number)
    after = await manager.post(world.room(number), "届いているそうです")
    await manager.react(world.room(number), after, "pushpin")
    await told(world)
    kept = [e["data"] for e in (await as_json(world, number))["log"] if e["kind"] == "timeline_entry"]
    assert [entry["text"] for entry in kept] == ["駅に電話しました", "届いているそうです"]
    assert old in kept[0]["permalink"]
    await manager.click(world.card(number, "manager"), "case_timeline")
    assert f"<#{old}>" in str(manager.modal), "the timeline says which room could not be used any more"


async def test_the_room_of_an_open_case_is_archived_while_the_bot_is_down(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    old = world.room(number)
    await world.bot_stops()
    world.workspace.events.discard("group_archive")
    await world.person("legal").archive(old)
    await world.bot_starts()

    await world.person("manager").sees(lambda message: "room_moved" in str(message.metadata))
    assert world.room(number) != old
    assert kinds(world, number) == ["room_moved"]


async def test_nobody_has_answered_yet_and_the_room_is_archived(world: World) -> None:
    number = await world.reports()
    await archives(world, number)
    [page] = world.heard(number, "leak_page")
    assert "<@U0MANAGER>" in page.plain, "the new room sees who is being called"
    await world.person("manager").click(page, "page_acknowledge")
    await world.bot.settled()
    assert "acknowledged" in world.notices(number)
    assert "<@U0MANAGER> さんが対応しています" in world.heard(number, "leak_page")[0].plain


async def test_the_bot_is_removed_from_the_room(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    old = world.room(number)
    await world.person("legal").remove(old, "leakbot")
    await told(world)
    assert rooms(world, "privacy") == [f"leak-{number}", f"leak-{number}-2"]
    assert (await state(world, number)).former_rooms == (old,)


@pytest.mark.parametrize("told_of_it", [True, False])
async def test_the_room_is_deleted_for_good(world: World, told_of_it: bool) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    old = world.room(number)
    if not told_of_it:
        world.workspace.events.discard("group_deleted")
    await world.person("legal").delete_channel(old)
    await told(world)
    if not told_of_it:
        assert rooms(world, "privacy") == [], "nobody told, and there is nothing to say yet"
        await world.passes(hours=12)  # the first reminder finds nothing to be said in
    assert rooms(world, "privacy") == [f"leak-{number}-2"]
    assert (await state(world, number)).former_rooms == (old,)


async def test_a_room_that_was_brought_back_is_used_again(world: World) -> None:
    number = await closed_case(world)
    old = await archives(world, number)
    card = world.card(number)
    await world.person("privacy").unarchive(old)
    await world.person("privacy").invite(old, "leakbot")
    assert (await reopens_by_status(world, number)).ok
    assert rooms(world, "manager") == [f"leak-{number}"]
    assert world.card(number).ts == card.ts, "its card is drawn again, there is no second one"
    assert "再開" in world.card(number).plain
    assert kinds(world, number) == ["closed", "reopened"]
    assert (await state(world, number)).channel == old


async def test_another_channel_has_the_name_already(world: World) -> None:
    number = await closed_case(world)
    await archives(world, number)
    world.workspace.add_channel(f"leak-{number}-2", ["hr_manager"], private=True)
    assert (await reopens_by_status(world, number)).ok
    assert f"leak-{number}-3" in rooms(world, "manager")


async def test_words_said_while_the_room_is_refused_reach_the_next_room(world: World) -> None:
    """Slack answers is_archived to the notice; the facts that were added are told in the new room."""
    number = await world.reports()
    await world.acknowledges("manager")
    world.workspace.faults.add("chat.postMessage", error="is_archived")
    await world.person("manager").click(world.card(number), "case_add_facts")
    # The room still stands, as far as Slack's own books go: it is entered again, and nothing is opened.
    assert (await world.sends("manager", persons="1200")).ok
    await world.bot.settled()
    assert world.notices(number).count("facts_added") == 1
    assert rooms(world, "manager") == [f"leak-{number}"]
    assert len(world.heard(number, "leak_card")) == 1


async def test_two_people_reopen_it_at_once(world: World) -> None:
    number = await world.reports(persons="30")
    await world.passes(minutes=21)
    await world.acknowledges("ciso")
    await decides(world, number, reason="駅で未開封のまま回収した", **HARMLESS)
    assert (await world.closes(number)).ok
    await world.person("ciso").click(await status(world, number, "ciso"), "case_reopen")
    assert (await reopens(world, number)).ok
    late = await gives_the_reason(world, "ciso", "二人目")
    assert "終結していません" in str(late.errors)
    assert kinds(world, number) == ["closed", "reopened"]


async def test_whoever_may_not_is_told_so_and_nothing_changes(world: World) -> None:
    number = await closed_case(world)
    await world.person("manager").click(world.card(number, "manager"), "case_reopen")
    assert world.person("manager").modal is None
    assert "case_reopen" not in (await status(world, number, "manager")).buttons
    assert (await state(world, number)).closed_at is not None


async def test_whoever_had_it_has_left_the_company_so_the_chain_is_called_anew(world: World) -> None:
    number = await closed_case(world)
    await world.passes(days=30)
    world.workspace.deactivate("manager")
    before = len(world.said_to("deputy", "leak_page"))
    assert (await reopens(world, number)).ok
    case = await state(world, number)
    assert case.acknowledged_by is None
    [note] = [m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "reopened"]
    assert "責任者から順に呼び出します" in note.plain
    assert len(world.said_to("deputy", "leak_page")) == before + 1, "the manager is passed over at once"
    assert world.said_to("ciso", "leak_page") == [], "and nobody else is called for a month of silence"
    await world.acknowledges("deputy")
    assert (await state(world, number)).acknowledged_by == "U0DEPUTY"


async def test_a_confidential_reporter_hears_of_it_and_of_no_room(world: World) -> None:
    number = await closed_case(world, confidential=["true"])
    old = await archives(world, number)
    assert (await reopens_by_status(world, number)).ok
    said = world.said_to("reporter", "leak_notice")
    assert "あらためて確認することになり、対応を再開しました" in said[-1].plain
    assert all(room not in message.plain for message in said for room in (old, world.room(number)))


async def test_a_document_of_a_closed_case_without_room_reaches_whoever_drafted_it(world: World) -> None:
    number = await closed_case(world)
    await archives(world, number)
    person = world.person("legal")
    answer = await status(world, number, "legal")
    assert {"case_checklist", "case_documents"} <= set(answer.buttons), "nothing can be pressed in that room"
    await person.click(answer, "case_documents")
    assert person.modal is not None
    await person.click(person.modal, "document_draft", block_id="prevention_report")
    await world.bot.settled()
    said = [m for m in world.said_to("legal", "leak_notice") if payload(m)["kind"] == "document_drafted"]
    assert len(said) == 1
    threads = [
        m for m in person.messages("bot") if m.raw.get("thread_ts") == said[0].ts and m.raw.get("files")
    ]
    assert len(threads) == 1, "with its file"
    assert rooms(world, "legal") == [f"leak-{number}"]


async def test_a_drill_is_reopened_as_a_drill_in_english(make_world: MakeWorld) -> None:
    world = await make_world("en")
    form = await world.person("reporter").command("/leak", "drill")
    assert form.ok
    sent = await world.sends("reporter", indicator="media_lost", summary="A USB stick")
    assert sent.ok, (sent.errors, sent.trouble)
    await world.bot.settled()
    [number] = await world.numbers()
    await world.acknowledges("manager")
    await decides(world, number, reason="found unopened", **HARMLESS)
    assert (await world.closes(number)).ok
    await archives(world, number)
    assert (await reopens_by_status(world, number)).ok
    assert f"drill-{number.removeprefix('D')}-2" in rooms(world, "manager")
    assert all(
        message.text.startswith("【訓練】") or "DRILL" in message.text for message in world.heard(number)
    )
