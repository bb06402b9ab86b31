"""What is to be done: a stolen laptop worked off task by task, and ransomware that calls everybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.cases.casefile import case_json
from bot.cases.log import verify
from bot.vocabulary import LogKind
from bot.workspace import Person
from tests.world import TOKYO, MakeWorld, World, payload

Json = dict[str, Any]
STOLEN = {
    "indicator": "media_stolen",
    "summary": "車上荒らしで、顧客名簿の入ったノートPCを盗まれました",
    "medium": "computer",
}
RANSOMWARE = {
    "indicator": "system_intrusion",
    "summary": "基幹サーバのファイルが暗号化され、身代金を求める画面が出ています",
    "medium": "system",
}
CRITERIA = {
    "crisis_team: []": "crisis_team: [hr_manager@sample.example]",
    "paging: {": "criteria: {company_wide: {persons: 1000}, publish: {persons: 5000}}\npaging: {",
}


def said_by(view: Json) -> str:
    """Every text of a view."""
    found: list[str] = []

    def look(node: object) -> None:
        if isinstance(node, dict):
            if node.get("type") in ("plain_text", "mrkdwn"):
                found.append(node["text"])
            for value in node.values():
                look(value)
        elif isinstance(node, list):
            for value in node:
                look(value)

    look(view["blocks"])
    return "\n".join(found)


async def opens(world: World, number: str, who: str, phase: str | None = None) -> Person:
    """Somebody presses 「やること」 on the card, and chooses a phase."""
    person = world.person(who)
    if person.modal:
        await person.close_view(all_of_them=True)
    await person.click(world.card(number, who), "case_checklist")
    if phase:
        await person.click(shown(person), "checklist_phase", phase)
    return person


def shown(person: Person) -> Json:
    assert person.modal is not None
    return person.modal


async def finishes(world: World, number: str, who: str, phase: str, key: str) -> None:
    """Somebody presses 「完了」 beside a task."""
    person = await opens(world, number, who, phase)
    await person.click(shown(person), "task_done", block_id=f"task:{key}")
    await world.bot.settled()


async def tasks(world: World, number: str) -> dict[str, Json]:
    """The tasks of the case as they stand in its file, by key."""
    async with world.bot.database.reading() as db:
        found = await case_json(db, number, {})
        assert await verify(db, number) == []
    return {task["key"]: task for task in found["tasks"]}


async def test_a_stolen_laptop_is_worked_off_task_by_task(world: World) -> None:
    number = await world.reports(**STOLEN)
    await world.acknowledges("manager")
    found = await tasks(world, number)
    assert {"report_police", "remote_lock", "secure_place", "prepare_notice"} <= set(found)
    assert not {"report_jpcert_ipa", "ask_lost_property", "publish_on_site"} & set(found)
    assert found["report_police"]["due_at"] == "2026-11-23T21:18:00+09:00"
    total = len(found)
    assert f"やること*  0/{total} 完了" in world.card(number).plain

    # Whoever is in the room does them; the list says why and where that is from.
    legal = await opens(world, number, "legal", "report")
    view = said_by(shown(legal))
    assert "警察に届け出る" in view
    assert "犯罪の疑い" in view
    assert "<https://www.ipa.go.jp/security/awareness/johorouei/|IPA" in view
    await legal.click(shown(legal), "task_done", block_id="task:report_police")
    await world.bot.settled()
    assert "✅ *警察に届け出る" in said_by(shown(legal))
    assert f"やること*  1/{total} 完了" in world.card(number).plain
    assert world.notices(number) == ["acknowledged"], "what is done is not told to everybody"

    # Pressing an old button again changes nothing; undone, it is to be done again.
    await legal.click(shown(legal), "task_reopen", block_id="task:report_police")
    await world.bot.settled()
    assert (await tasks(world, number))["report_police"]["state"] == "open"

    # Somebody is named for it, and asked by name.
    await legal.click(shown(legal), "task_assign", block_id="task:report_police")
    sent = await legal.submit({"to": world.person("manager").id})
    assert sent.ok, sent.errors
    await world.bot.settled()
    asked = world.heard(number, "leak_notice")[-1]
    assert payload(asked)["kind"] == "task_assigned"
    assert f"<@{world.person('manager').id}> さん、*警察に届け出る" in asked.blocks[0]["text"]["text"]
    assert asked.text == f"やることの担当 事案 {number}"

    # Only people of the room can be named.
    await opens(world, number, "legal", "first_hour")
    await legal.click(shown(legal), "task_assign", block_id="task:remote_lock")
    refused = await legal.submit({"to": world.person("hr_manager").id})
    assert list(refused.errors) == ["to"]

    # Not applicable needs a reason, and says who gave it.
    await opens(world, number, "legal", "first_hour")
    await legal.click(shown(legal), "task_not_applicable", block_id="task:secure_place")
    await legal.submit({"reason": "車は警察が <!channel> 預かっています"})
    await world.bot.settled()
    await legal.close_view() if shown(legal).get("callback_id") else None
    found = await tasks(world, number)
    assert found["secure_place"]["state"] == "not_applicable"
    assert found["secure_place"]["reason"] == "車は警察が <!channel> 預かっています"
    assert found["secure_place"]["by"] == world.person("legal").id
    again = await opens(world, number, "manager", "first_hour")
    assert "車は警察が &lt;!channel&gt; 預かっています" in said_by(shown(again))
    assert f"0/{total - 1} 完了" in world.card(number).plain

    # One of their own.
    await again.click(shown(again), "task_add")
    due = datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO)
    late = await again.submit(
        {"title": "車の保険会社に連絡する", "due_at": int(due.timestamp()) - 10 * 86400}
    )
    assert list(late.errors) == ["due_at"]
    sent = await again.submit({"due_at": int(due.timestamp())})
    assert sent.ok, sent.errors
    await world.bot.settled()
    own = (await tasks(world, number))["own-1"]
    assert (own["title"], own["phase"], own["due_at"]) == (
        "車の保険会社に連絡する",
        "first_hour",
        "2026-11-24T12:00:00+09:00",
    )
    await again.close_view(all_of_them=True)
    await world.passes(hours=39)
    await again.click(world.card(number, "manager"), "case_timeline")
    told = said_by(shown(again))
    while "timeline_older" in str(shown(again)["blocks"]):
        await again.click(shown(again), "timeline_older")
        told += said_by(shown(again))
    assert "やること「車の保険会社に連絡する」を加えました" in told
    assert "期限を過ぎたやることをお知らせしました：「車の保険会社に連絡する」" in told
    assert "own-1" not in told, "people read titles, not keys"


async def test_forgotten_tasks_are_asked_for_in_one_word_and_no_more(world: World) -> None:
    number = await world.reports(**STOLEN)
    await world.acknowledges("manager")
    await finishes(world, number, "manager", "first_hour", "secure_place")
    await world.passes(minutes=59)
    assert world.task_reminders(number) == []
    await world.passes(minutes=1)
    (first,) = world.task_reminders(number)
    assert first.text == f"期限を過ぎたやること 3件 事案 {number}"
    assert "現場をそのまま" not in first.plain
    lines = first.blocks[1]["text"]["text"]
    assert f"<@{world.person('manager').id}>" in lines
    assert f"<@{world.person('legal').id}>" in lines, "the response team's own"
    assert "期限超過 3" in world.card(number).plain

    # The night is quiet; in the morning one message names everything that is late.
    await world.until(datetime(2026, 11, 23, 6, 59, tzinfo=TOKYO))
    assert len(world.task_reminders(number)) == 1
    await world.passes(minutes=1)
    assert len(world.task_reminders(number)) == 2
    assert world.task_reminders(number)[1].text.startswith("期限を過ぎたやること 4件")

    # What is done is not asked for again, and the button in the message leads to the list.
    privacy = world.person("privacy")
    await privacy.click(world.task_reminders(number)[1], "case_checklist")
    for key in ("stop_damage", "convene_experts", "remote_lock"):
        blocks = [b["block_id"] for b in shown(privacy)["blocks"] if b["type"] == "actions"]
        if f"task:{key}" in blocks:
            await privacy.click(shown(privacy), "task_done", block_id=f"task:{key}")
    await world.until(datetime(2026, 11, 24, 7, 0, tzinfo=TOKYO))
    newest = world.task_reminders(number)[-1]
    assert "被害の広がりを止める" not in newest.plain
    assert "証拠を保全する" in newest.plain
    keys = [payload(m)["key"] for m in world.task_reminders(number)]
    assert len(keys) == len(set(keys))


async def test_the_bot_was_down_for_days_and_says_it_once(world: World) -> None:
    number = await world.reports(**STOLEN)
    await world.acknowledges("manager")
    await world.bot_stops()
    world.workspace.clock.set(world.now() + timedelta(days=3))
    await world.bot_starts()
    await world.bot.settled()
    assert len(world.task_reminders(number)) == 1


async def test_ransomware_and_the_company_stands_up(make_world: MakeWorld) -> None:
    world = await make_world(**CRITERIA)
    number = await world.reports(**RANSOMWARE)
    await world.acknowledges("manager")
    found = await tasks(world, number)
    assert {"report_jpcert_ipa", "report_police", "isolate_systems", "disable_credentials"} <= set(found)
    assert "社内基準*  今後わかる事実によって満たす可能性：全社対応、公表" in world.card(number).plain
    assert world.notices(number) == ["acknowledged"]

    # The number grows: the room is told once, and the office is asked.
    await world.person("manager").click(world.card(number, "manager"), "case_add_facts")
    assert (await world.sends("manager", persons="800-1200")).ok
    await world.bot.settled()
    assert world.notices(number).count("criterion_met") == 1
    said = next(m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "criterion_met")
    assert "本人の数 800〜1,200人、基準 1,000人以上" in said.plain
    assert f"<@{world.person('privacy').id}>" in said.blocks[1]["text"]["text"]
    assert "を満たしています" in world.card(number).plain

    # Nobody else declares it.
    manager = world.person("manager")
    await manager.click(said, "declare_company_wide")
    assert "個人情報保護担当と最終連絡先だけ" in manager.messages(world.room(number, "manager"))[-1].plain
    assert "hr_manager" not in [p.handle for p in people_of(world, number)]

    # The office presses once: the crisis team is there and asked, the tasks have grown, the card says so.
    before = len(await tasks(world, number))
    await world.person("privacy").click(said, "declare_company_wide")
    await world.bot.settled()
    assert "hr_manager" in [p.handle for p in people_of(world, number)]
    told = next(m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "company_wide")
    assert f"<@{world.person('hr_manager').id}>" in told.blocks[1]["text"]["text"]
    found = await tasks(world, number)
    assert {"open_committee", "press_conference_faq", "publish_on_site", "inform_employees"} <= set(found)
    assert len(found) > before
    assert "全社対応" in world.card(number).plain
    assert "declare_company_wide" not in world.card(number).buttons
    kinds = world.notices(number)
    assert (kinds.count("criterion_met"), kinds.count("company_wide")) == (1, 1)

    # Pressed again by somebody with an old look at the message: said alone, nothing changes.
    await world.person("privacy").click(said, "declare_company_wide")
    await world.bot.settled()
    assert world.notices(number).count("company_wide") == 1

    # The crisis team does tasks like everybody else in the room.
    await finishes(world, number, "hr_manager", "notify", "press_conference_faq")
    assert (await tasks(world, number))["press_conference_faq"]["state"] == "done"


def people_of(world: World, number: str) -> list[Person]:
    room = world.room(number)
    everybody = ("reporter", "manager", "deputy", "privacy", "legal", "ciso", "hr_manager")
    people = [world.person(who) for who in everybody]
    return [p for p in people if any(c.id == room for c in p.conversations())]


async def test_company_wide_without_a_criterion_needs_a_reason(world: World) -> None:
    number = await world.reports()
    privacy = await opens(world, number, "privacy")
    await privacy.click(shown(privacy), "declare_company_wide")
    assert shown(privacy)["callback_id"] == "declaration"
    await privacy.submit({"reason": "報道される見込みがあるため"})
    await world.bot.settled()
    assert "company_wide" in world.notices(number)
    assert "報道される見込みがあるため" in world.heard(number, "leak_notice")[-1].plain
    assert "press_inquiries" in await tasks(world, number)
    manager = await opens(world, number, "manager")
    assert "declare_company_wide" not in str(shown(manager)["blocks"]), "it is not theirs to decide"


async def test_a_criterion_that_is_not_followed_needs_a_reason_before_the_end(make_world: MakeWorld) -> None:
    world = await make_world(**CRITERIA)
    number = await world.reports(persons="6000")
    for obligation in ("preliminary", "final", "individual_notice"):
        assert (await world.records(number, obligation)).ok
    privacy = world.person("privacy")
    await privacy.click(world.card(number), "case_close")
    assert privacy.modal is None
    refusal = privacy.messages(world.room(number))[-1]
    assert "全社対応" in refusal.plain
    assert "公表" in refusal.plain

    await privacy.click(refusal, "record_deviation")
    sent = await privacy.submit({"criterion": "publish", "reason": "全員に個別に連絡がついたため"})
    assert sent.ok, sent.errors
    await world.bot.settled()
    said = world.heard(number, "leak_notice")[-1]
    assert payload(said)["kind"] == "publication_decided", "not publishing is the decision on publication"
    assert "社内基準「公表」によらない理由としても記録しました" in said.plain
    assert "全員に個別に連絡がついたため" in said.plain
    await privacy.click(world.card(number), "case_close")
    assert privacy.modal is None, "one more is open"
    await privacy.click(world.card(number), "declare_company_wide")
    await world.bot.settled()
    assert (await world.closes(number)).ok
    assert "社内基準*  公表（よらない理由を記録済み）" in world.card(number).plain

    # Prevention goes on: its tasks can still be done, the others stay as they are.
    await finishes(world, number, "manager", "aftercare", "recurrence_prevention")
    assert (await tasks(world, number))["recurrence_prevention"]["state"] == "done"
    manager = await opens(world, number, "manager", "report")
    assert "task_done" not in str(shown(manager)["blocks"])


async def test_tasks_that_the_facts_take_back(world: World) -> None:
    number = await world.reports(**STOLEN)
    await finishes(world, number, "manager", "first_hour", "secure_place")
    privacy = world.person("privacy")
    await privacy.click(world.card(number), "case_assess")
    answered = await privacy.submit(
        {"certainty": "suspected", "kind": "leak", "malicious": "false", "sensitive": "true"}
    )
    assert answered.ok, answered.errors
    assert (await privacy.submit()).ok
    await world.bot.settled()
    found = await tasks(world, number)
    assert found["report_police"]["state"] == "not_applicable"
    assert found["report_police"]["by"] == "leakbot"
    assert found["secure_place"]["state"] == "done", "nothing that was done is lost"
    person = await opens(world, number, "manager", "report")
    assert "いまは必要がなくなりました" in said_by(shown(person))
    async with world.bot.database.reading() as db:
        kinds = [entry["kind"] for entry in (await case_json(db, number, {}))["log"]]
    assert kinds.count(LogKind.TASKS_GROWN) == 2


async def test_in_english_and_as_a_drill(make_world: MakeWorld) -> None:
    world = await make_world("en")
    await world.person("reporter").command("/leak", "drill")
    await world.sends(**STOLEN)
    await world.bot.settled()
    (number,) = await world.numbers()
    await world.passes(hours=1)
    (said,) = world.task_reminders(number)
    assert said.text.startswith("【訓練】")
    assert "tasks are overdue" in said.plain
    manager = await opens(world, number, "manager", "report")
    view = said_by(shown(manager))
    assert view.startswith("【訓練】")
    assert "Report to the police" in view
    assert "Source: <https://" in view
