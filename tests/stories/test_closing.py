"""The end of a case: in one form where nothing leaked, with what is left put aside; prevention goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from bot.cases import log
from bot.cases.casefile import case_json
from bot.cases.states import case_state
from bot.policy.state import CaseState
from bot.workspace import Message, Submission
from tests.stories.test_inquiries import records
from tests.stories.test_the_tasks import CRITERIA
from tests.world import TOKYO, MakeWorld, World, payload

FOUND = {
    "outcome": "recovered",
    "statement": "駅で封をしたまま保管されていたことを、遺失物係に確かめた",
    "root_cause": "荷物を網棚に置いた",
    "prevention": "持ち出すときは肩から離さないことにした",
}
MIS_SENT = {"indicator": "other", "summary": "見積書を、名前のよく似た別の会社に送ってしまいました"}


async def the_case(world: World, number: str) -> CaseState:
    async with world.bot.database.reading() as db:
        case = await case_state(db, number)
        assert await log.verify(db, number) == []
    assert case
    return case


def alone(world: World, number: str, who: str = "privacy") -> Message:
    """What somebody was told alone in the room, the newest."""
    return [m for m in world.person(who).messages(world.room(number, who)) if m.ephemeral][-1]


def text_of(view: Any) -> str:
    """Everything that stands in a form."""
    return str(view["blocks"])


async def closes_without_leak(world: World, number: str, **values: str) -> Submission:
    """Presses 「終結する」, then the short way under the refusal, fills in its one form and sends it."""
    privacy = world.person("privacy")
    await privacy.click(world.card(number), "case_close")
    assert privacy.modal is None, "what is due stands in the way"
    await privacy.click(alone(world, number), "case_close_no_leak")
    sent = await privacy.submit({**FOUND, **values})
    await world.bot.settled()
    return sent


async def promises(
    world: World, number: str, text: str, on: date, to: str = "manager", message: Message | None = None
) -> Submission:
    """The office adds a measure from the card, or from another message."""
    privacy = world.person("privacy")
    await privacy.click(message or world.card(number), "prevention_add")
    sent = await privacy.submit({"measure": text, "owner": world.person(to).id, "due_on": on.isoformat()})
    await world.bot.settled()
    return sent


async def test_a_lost_stick_that_was_found_is_closed_in_one_form(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    privacy = world.person("privacy")
    await privacy.click(world.card(number), "case_close")
    refusal = alone(world, number)
    assert "まだ終結できません" in refusal.plain
    assert "速報" in refusal.plain
    assert "漏えい等がなかったと確かめられたとき" in refusal.plain

    await privacy.click(refusal, "case_close_no_leak")
    assert privacy.modal
    assert privacy.modal["callback_id"] == "closure"
    shown = text_of(privacy.modal)
    assert "残っているやること" in shown
    assert "被害の広がりを止める" in shown
    assert "あなたの名前と日時が記録に残ります" in shown
    missing = await privacy.submit({**FOUND, "statement": ""})
    assert set(missing.errors) == {"statement"}
    sent = await privacy.submit(FOUND)
    assert sent.ok, sent.errors
    await world.bot.settled()

    # The decision stands on the record as after the long form: who, when, why.
    case = await the_case(world, number)
    assert case.status == "closed"
    assert case.assessment
    assert case.assessment["decision"] == "no_report"
    assert case.assessment["confirmed_by"] == privacy.id
    assert case.assessment["remark"] == FOUND["statement"]
    assert case.facts["recovered_unread"] is True
    assert case.open_obligations == ()
    assert {o.kind.value for o in case.obligations if o.removed_at} >= {"preliminary", "final"}
    assert world.notices(number) == ["acknowledged", "assessment_confirmed", "closed"]
    decided, closed = world.heard(number, "leak_notice")[-2:]
    assert "報告は不要と判断されました" in decided.plain
    assert FOUND["statement"] in decided.plain
    assert "見られる前に回収できた" in closed.plain
    assert "「該当しない」にしました" in closed.plain
    assert "見られる前に回収できた" in world.card(number).plain
    assert "だれかに見られる前に、取り戻すことができました" in world.said_to("reporter")[0].plain

    # What was left is set aside with the reason that stood in the form; prevention goes on.
    by_key = {task.key: task for task in case.tasks}
    assert by_key["stop_damage"].status == "not_applicable"
    assert by_key["stop_damage"].reason == "事案の終結により、残りは不要と判断した。"
    assert by_key["recurrence_prevention"].status == "open"
    await world.passes(days=5)
    assert world.reminders(number) == [], "nothing is due any more"


async def test_a_mail_to_the_wrong_company_that_nobody_read(world: World) -> None:
    number = await world.reports(**MIS_SENT, medium="mail")
    await world.acknowledges("manager")
    sent = await closes_without_leak(
        world,
        number,
        statement="先方が開かずに削除したことを、画面の写しで確認した",
        root_cause="宛先の候補を確かめずに選んだ",
        prevention="社外への送信を一分間保留する設定にした",
        left_reason="先方への依頼は済んだため",
    )
    assert sent.ok, sent.errors
    case = await the_case(world, number)
    assert case.assessment
    assert case.assessment["reportable"] is False
    task = case.task("ask_recipient")
    assert task
    assert task.reason == "先方への依頼は済んだため"
    assert "先方への依頼は済んだため" in world.heard(number, "leak_notice")[-1].plain
    async with world.bot.database.reading() as db:
        written = await case_json(db, number, {})
    assert written["closure"]["outcome"] == "recovered"
    (end,) = [e["data"] for e in written["log"] if e["kind"] == "closed"]
    assert end["removed"] == ["preliminary", "final"]
    assert "ask_recipient" in end["tasks"]


async def test_a_near_miss_goes_straight_to_prevention(world: World) -> None:
    number = await world.reports(
        indicator="other", summary="顧客一覧を添付したメールを、送る直前に取り消しました"
    )
    await world.acknowledges("manager")
    privacy = world.person("privacy")
    await privacy.click(world.card(number), "case_close")
    await privacy.click(alone(world, number), "case_close_no_leak")

    # A measure with owner and day is added over the form, which shows it and keeps what was typed.
    form = privacy.modal
    assert form
    await privacy.click(form, "prevention_add")
    assert privacy.modal
    assert privacy.modal["callback_id"] == "prevention_add"
    past = await privacy.submit({"measure": "x", "due_on": "2026-11-01"})
    assert set(past.errors) == {"due_on"}
    outside = await privacy.submit({"owner": world.person("hr_manager").id, "due_on": "2026-12-25"})
    assert set(outside.errors) == {"owner"}
    added = await privacy.submit(
        {"measure": "添付ファイルの確認画面を <!channel> 入れる", "owner": "U0MANAGER"}
    )
    assert added.ok, added.errors
    await world.bot.settled()
    assert privacy.modal
    assert privacy.modal["callback_id"] == "closure"
    assert "確認画面を &lt;!channel&gt; 入れる" in text_of(privacy.modal)
    assert "12月25日（金）" in text_of(privacy.modal)

    sent = await privacy.submit(
        {
            **FOUND,
            "outcome": "near_miss",
            "statement": "送信サーバーの記録に、送信がないことを確認した",
        }
    )
    assert sent.ok, sent.errors
    await world.bot.settled()
    case = await the_case(world, number)
    assert case.facts["certainty"] == "ruled_out"
    going_on = {task.key for task in case.tasks if task.status == "open"}
    assert going_on == {"near_miss_review", "measure-1"}, "nobody is asked for more after a near miss"
    closed = world.heard(number, "leak_notice")[-1]
    assert "ヒヤリハットとして終結しました" in closed.plain
    assert "早く知らせてもらえた" in closed.plain
    card = world.card(number).plain
    assert "ヒヤリハット" in card
    assert "⬜ 添付ファイルの確認画面を &lt;!channel&gt; 入れる" in card
    assert "ヒヤリハットとして終結しました" in world.said_to("reporter")[0].plain
    assert [payload(m)["kind"] for m in world.heard(number, "leak_notice")].count("task_assigned") == 1


async def test_what_was_decided_or_filed_is_not_undone_by_the_short_way(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    privacy = world.person("privacy")
    await privacy.click(world.card(number), "case_close")
    offered = alone(world, number)
    assert (await world.records(number, "preliminary")).ok
    await privacy.click(offered, "case_close_no_leak")
    assert privacy.modal is None
    assert "ここからは終結できません" in alone(world, number).plain
    await privacy.click(world.card(number), "case_close")
    assert "case_close_no_leak" not in alone(world, number).buttons
    # The ordinary form, once everything is filed, offers no near miss: there was a report.
    assert (await world.records(number, "final")).ok
    await privacy.click(world.card(number), "case_close")
    assert privacy.modal
    assert "leak_confirmed" in text_of(privacy.modal)
    assert "near_miss" not in text_of(privacy.modal)
    assert (await privacy.submit({k: FOUND[k] for k in ("outcome", "root_cause", "prevention")})).ok


async def test_what_comes_up_while_the_form_is_open_is_not_closed_unseen(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    privacy, manager = world.person("privacy"), world.person("manager")
    await privacy.click(world.card(number), "case_close")
    await privacy.click(alone(world, number), "case_close_no_leak")
    await manager.click(world.card(number, "manager"), "case_checklist")
    await manager.click(manager.modal, "task_add")  # type: ignore[arg-type]
    due_at = int(datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO).timestamp())
    assert (await manager.submit({"title": "防犯カメラを見せてもらう", "due_at": due_at})).ok
    await world.bot.settled()
    refused = await privacy.submit(FOUND)
    assert set(refused.errors) == {"outcome"}
    assert "やることが増えました" in refused.errors["outcome"]
    assert (await the_case(world, number)).closed_at is None
    await privacy.close_view()

    # Facts that came meanwhile are looked at before anybody decides on them.
    await privacy.click(world.card(number), "case_close")
    await privacy.click(alone(world, number), "case_close_no_leak")
    await manager.click(world.card(number, "manager"), "case_add_facts")
    assert (await world.sends("manager", persons="1500")).ok
    await world.bot.settled()
    refused = await privacy.submit(FOUND)
    assert not refused.ok
    assert (await the_case(world, number)).closed_at is None
    await privacy.close_view()
    assert (await closes_without_leak(world, number)).ok
    assert (await the_case(world, number)).status == "closed"


async def test_only_whoever_decides_closes_or_adds_measures(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    manager, privacy = world.person("manager"), world.person("privacy")
    await privacy.click(world.card(number), "case_close")
    assert (await closes_without_leak(world, number)).ok
    await manager.click(world.card(number, "manager"), "prevention_add")
    assert manager.modal is None
    assert "個人情報保護担当と最終連絡先だけ" in alone(world, number, "manager").plain
    hr = world.person("hr_manager")
    reply = await hr.command("/leak", f"status {number}")
    assert "回収" not in str(reply), "whoever may not see the case learns nothing"


async def test_prevention_is_called_to_mind_after_the_end_and_done_by_a_button(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    assert (await closes_without_leak(world, number, outcome="near_miss")).ok
    notice = world.heard(number, "leak_notice")[-1]
    assert (await promises(world, number, "鍵つきの鞄を配る", date(2027, 1, 20), message=notice)).ok
    assert (await promises(world, number, "研修をする", date(2027, 3, 31), to="privacy")).ok
    card = world.card(number).plain
    assert "⬜ 鍵つきの鞄を配る" in card
    assert "2027年1月20日（水）" in card
    ahead_at = await world.bot.next_reminder()
    assert ahead_at == datetime(2027, 1, 13, 7, 0, tzinfo=TOKYO), "the demo's clock finds it, closed or not"

    await world.until(datetime(2027, 1, 13, 6, 59, tzinfo=TOKYO).astimezone(UTC))
    assert world.task_reminders(number) == []
    await world.passes(minutes=2)
    (ahead,) = world.task_reminders(number)
    assert ahead.text == f"期限が近いやること 1件 事案 {number}"
    assert "<@U0MANAGER>" in ahead.plain
    await world.until(datetime(2027, 1, 20, 12, 0, tzinfo=TOKYO).astimezone(UTC))
    today = world.task_reminders(number)[-1]
    assert "本日まで" in today.plain
    await world.until(datetime(2027, 1, 21, 12, 0, tzinfo=TOKYO).astimezone(UTC))
    late = world.task_reminders(number)[-1]
    assert late.text == f"期限を過ぎたやること 1件 事案 {number}"
    assert len(world.task_reminders(number)) == 3

    manager = world.person("manager")
    await manager.click(late, "task_done", block_id="task:measure-1")
    await world.bot.settled()
    assert "「鍵つきの鞄を配る」を完了にしました" in alone(world, number, "manager").plain
    assert "✅ 鍵つきの鞄を配る" in world.card(number).plain
    before = [m for m in world.task_reminders(number) if "鍵つきの鞄" in m.plain]
    await world.until(datetime(2027, 2, 15, 12, 0, tzinfo=TOKYO).astimezone(UTC))
    assert [m for m in world.task_reminders(number) if "鍵つきの鞄" in m.plain] == before

    # The report on prevention and the nine items take what was done and what is planned from the measures.
    privacy = world.person("privacy")
    await privacy.click(world.card(number), "case_documents")
    assert privacy.modal
    await privacy.click(privacy.modal, "document_draft", block_id="prevention_report")
    shown = text_of(privacy.modal)
    assert "鍵つきの鞄を配る（2027年1月21日実施）" in shown
    assert "研修をする（2027年3月31日まで）" in shown
    assert "担当 責任者" in shown
    async with world.bot.database.reading() as db:
        written = {task["key"]: task for task in (await case_json(db, number, {}))["tasks"]}
    assert (written["measure-1"]["state"], written["measure-1"]["user"]) == ("done", "U0MANAGER")
    assert written["measure-2"]["due_at"] == "2027-03-31T23:59:59+09:00"


async def test_where_the_room_is_archived_each_hears_in_person(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    assert (await closes_without_leak(world, number, outcome="near_miss")).ok
    assert (await promises(world, number, "鍵つきの鞄を配る", date(2027, 1, 20))).ok
    await world.person("privacy").archive(world.room(number))
    await world.bot.settled()
    await world.until(datetime(2027, 1, 13, 12, 0, tzinfo=TOKYO).astimezone(UTC))
    (told,) = [m for m in world.said_to("manager", "leak_notice") if payload(m)["kind"] == "tasks_overdue"]
    assert told.text == f"期限が近いやること 1件 事案 {number}"
    manager = world.person("manager")
    await manager.click(told, "task_done", block_id="task:measure-1")
    await world.bot.settled()
    assert "✅ 「鍵つきの鞄を配る」" in [m for m in manager.messages("bot") if m.ephemeral][-1].plain
    await world.until(datetime(2027, 2, 15, 12, 0, tzinfo=TOKYO).astimezone(UTC))
    heard = [m for m in world.said_to("manager", "leak_notice") if payload(m)["kind"] == "tasks_overdue"]
    assert len(heard) == 1, "what is done is not asked for any more"
    office = [m for m in world.said_to("privacy", "leak_notice") if payload(m)["kind"] == "tasks_overdue"]
    assert office, "the review of near misses is the office's own"

    # Another one, long after: nothing can be pressed in the room, so it starts from the status.
    reply = await world.person("privacy").command("/leak", f"status {number}")
    assert reply.ok, reply.error
    status = await world.person("privacy").sees(lambda m: m.ephemeral and "prevention_add" in m.buttons)
    assert (await promises(world, number, "棚に鍵をつける", date(2027, 4, 30), message=status)).ok
    asked = world.said_to("manager", "leak_notice")[-1]
    assert payload(asked)["kind"] == "task_assigned"
    assert "棚に鍵をつける" in asked.plain
    await the_case(world, number)


async def test_one_reason_answers_criteria_tasks_and_inquiries_alike(make_world: MakeWorld) -> None:
    world = await make_world(**CRITERIA)
    number = await world.reports(persons="6000")
    await world.acknowledges("manager")
    await records(world, number, "manager", source="person", channel="phone", question="私の分もですか")
    privacy = world.person("privacy")
    await privacy.click(world.card(number), "case_close")
    await privacy.click(alone(world, number), "case_close_no_leak")
    assert privacy.modal
    shown = text_of(privacy.modal)
    assert "社内基準（全社対応、公表）も、同じ理由" in shown
    assert "回答を待っている問い合わせ" in shown
    assert (await privacy.submit({**FOUND, "left_reason": "心配された方には電話で説明済み"})).ok
    await world.bot.settled()
    case = await the_case(world, number)
    assert {each["reason"] for each in case.deviations.values()} == {FOUND["statement"]}
    assert set(case.deviations) == {"company_wide", "publish"}
    (inquiry,) = case.inquiries
    assert (inquiry.status, inquiry.reason) == ("closed", "心配された方には電話で説明済み")
    assert "「回答不要」にしました" in world.heard(number, "leak_notice")[-1].plain


async def test_in_english_and_as_a_drill(make_world: MakeWorld) -> None:
    world = await make_world("en")
    await world.person("reporter").command("/leak", "drill")
    assert (await world.sends(indicator="media_lost", summary="a stick")).ok
    await world.bot.settled()
    (number,) = await world.numbers()
    await world.acknowledges("manager")
    sent = await closes_without_leak(world, number, outcome="near_miss", statement="it was in the drawer")
    assert sent.ok, sent.errors
    closed = world.heard(number, "leak_notice")[-1]
    assert closed.plain.startswith("【訓練】")
    assert "closed as a near miss" in closed.plain
    assert (await promises(world, number, "lockers", date(2027, 1, 20))).ok
    await world.until(datetime(2027, 1, 20, 12, 0, tzinfo=TOKYO).astimezone(UTC))
    assert "1 task due soon" in world.task_reminders(number)[-1].text
    assert world.task_reminders(number)[-1].text.startswith("【訓練】")
