"""Who asks what: a journalist, a ministry, and the persons themselves call, and somebody answers in time."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

from bot.cases.casefile import case_json
from bot.cases.export import case_file
from bot.cases.log import verify
from bot.workspace import Message, Person
from tests.stories.test_the_tasks import said_by, shown
from tests.world import TOKYO, MakeWorld, World, payload

Json = dict[str, Any]
CONTACT = {'members: ["@sales"]': 'members: ["@sales"]\n    contact_point: legal@sample.example'}
PRESS = {
    "source": "press",
    "channel": "phone",
    "who": "山の手新聞 社会部",
    "question": "何人分の情報が <!channel> https://evil.example 漏れたのですか",
}
PERSON = {"source": "person", "channel": "phone", "question": "自分の情報も入っていますか"}
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=TOKYO)


async def opens(world: World, number: str, who: str) -> Person:
    """Somebody presses 「問い合わせ」 on the card."""
    person = world.person(who)
    if person.modal:
        await person.close_view(all_of_them=True)
    await person.click(world.card(number, who), "case_inquiries")
    return person


async def records(world: World, number: str, by: str, **values: Any) -> Person:
    """Somebody takes a call and writes it down."""
    person = await opens(world, number, by)
    await person.click(shown(person), "inquiry_add")
    sent = await person.submit(values)
    assert sent.ok, (sent.errors, sent.trouble)
    await world.bot.settled()
    return person


async def answers(world: World, number: str, who: str, inquiry: int, **values: Any) -> None:
    """Somebody writes down what was answered."""
    person = await opens(world, number, who)
    await person.click(shown(person), "inquiry_answer", block_id=f"inquiry:{inquiry}")
    sent = await person.submit(values)
    assert sent.ok, (sent.errors, sent.trouble)
    await world.bot.settled()


async def inquiries(world: World, number: str) -> list[Json]:
    """The inquiries as they stand in the case's file."""
    async with world.bot.database.reading() as db:
        found = await case_json(db, number, {})
        assert await verify(db, number) == []
    entries: list[Json] = found["inquiries"]
    return entries


def told(world: World, number: str, kind: str) -> list[Message]:
    return [m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == kind]


def mrkdwn(message: Message) -> str:
    """What Slack would read as markup."""
    texts = [block["text"] for block in message.blocks if block["type"] == "section"]
    return "\n".join(text["text"] for text in texts if text["type"] == "mrkdwn")


async def test_a_journalist_calls_and_the_company_answers_with_one_voice(make_world: MakeWorld) -> None:
    world = await make_world(**CONTACT)
    number = await world.reports()
    await world.acknowledges("manager")
    await world.until(TUESDAY)

    # Whoever picks up the telephone sees who speaks for the department, and that they are proposed.
    reporter = await opens(world, number, "reporter")
    assert f"窓口　営業部 <@{world.person('legal').id}>" in said_by(shown(reporter))
    await reporter.click(shown(reporter), "inquiry_add")
    (owner,) = [b["element"] for b in shown(reporter)["blocks"] if b.get("block_id") == "owner"]
    assert owner["initial_user"] == world.person("legal").id
    refused = await reporter.submit({**PRESS, "answer": "800人です"})
    assert "ひとつ" in refused.errors["source"], "the answer is not theirs to give"
    refused = await reporter.submit({**PRESS, "answer": "", "owner": reporter.id})
    assert list(refused.errors) == ["owner"]
    sent = await reporter.submit({"owner": world.person("legal").id})
    assert sent.ok, sent.errors
    await world.bot.settled()
    assert "⬜ *No.1　報道機関*　山の手新聞 社会部" in said_by(shown(reporter)), "the list behind shows it"
    await reporter.close_view()

    # The room hears of it: who answers, by when, and that nobody else does.
    (said,) = told(world, number, "inquiry_recorded")
    assert said.text == f"報道機関からの問い合わせ 事案 {number}"
    assert f"担当 <@{world.person('legal').id}>　回答期限 *11月24日（火）13:00*" in mrkdwn(said)
    assert "ほかの人は直接答えず" in mrkdwn(said)
    assert "<!channel>" not in mrkdwn(said), "their words are shown as plain text"
    assert "何人分の情報が" in said.plain
    (entry,) = await inquiries(world, number)
    assert entry["question"] == PRESS["question"]
    assert (entry["number"], entry["source"], entry["state"]) == (1, "press", "open")
    assert entry["due_at"] == "2026-11-24T13:00:00+09:00"
    assert "問い合わせ*  1件（未回答 1件）" in world.card(number).plain

    # An hour before, and at its time, whoever has it is asked; once each.
    await world.until(TUESDAY + timedelta(hours=1, minutes=59))
    assert told(world, number, "inquiries_due") == []
    await world.until(TUESDAY + timedelta(hours=2))
    (soon,) = told(world, number, "inquiries_due")
    assert "まもなく期限 1件" in mrkdwn(soon)
    assert f"<@{world.person('legal').id}>" in mrkdwn(soon)
    assert "何人分" not in soon.text
    await world.until(TUESDAY + timedelta(hours=3, minutes=30))
    assert [m.text for m in told(world, number, "inquiries_due")] == [soon.text] * 2
    assert "*期限超過 1件*" in mrkdwn(told(world, number, "inquiries_due")[-1])
    assert "期限超過 1件" in world.card(number).plain

    # Who may not speak is told why; the contact point answers from the message.
    visitor = world.person("reporter")
    await visitor.click(said, "inquiry_answer")
    assert visitor.modal is None
    assert "窓口の人です" in visitor.messages(world.room(number, "reporter"))[-1].plain
    legal = world.person("legal")
    await legal.click(said, "inquiry_answer")
    assert "何人分の情報が" in said_by(shown(legal))
    early = await legal.submit(
        {"answer": "x", "answered_at": int((TUESDAY - timedelta(hours=1)).timestamp())}
    )
    assert list(early.errors) == ["answered_at"]
    now = int(world.now().timestamp())
    sent = await legal.submit({"answer": "約800人です。原因は調査中です", "answered_at": now, "faq": ["faq"]})
    assert sent.ok, sent.errors
    await world.bot.settled()
    (answer,) = told(world, number, "inquiry_answered")
    assert answer.text == f"報道機関への回答 事案 {number}"
    assert "約800人です。原因は調査中です" in answer.plain
    assert "未回答なし" in world.card(number).plain

    # Nothing more is asked, and what was answered is in the questions and answers, without the asker.
    await world.passes(days=2)
    assert len(told(world, number, "inquiries_due")) == 2
    office = world.person("privacy")
    await office.click(world.card(number), "case_documents")
    await office.click(shown(office), "document_draft", block_id="press_faq")
    faq = said_by(shown(office))
    assert "問15　何人分の情報が" in faq
    assert "約800人です。原因は調査中です" in faq
    assert "山の手新聞" not in faq
    await office.close_view(all_of_them=True)

    # The answer is put right, and everybody hears that too.
    await answers(world, number, "manager", 1, answer="813人です", faq=[])
    newest = told(world, number, "inquiry_answered")[-1]
    assert "への回答を直しました" in mrkdwn(newest)
    (entry,) = await inquiries(world, number)
    assert (entry["answer"], entry["faq"], entry["by"]) == ("813人です", False, world.person("manager").id)


async def test_the_help_desk_takes_calls_without_drowning_the_room(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    await world.until(TUESDAY)
    before = len(world.heard(number))
    for _ in range(10):
        await records(world, number, "legal", **PERSON, answer="対象の方には郵送でお知らせします")
    desk = await records(world, number, "legal", **PERSON, who="匿名希望の方")
    assert len(world.heard(number)) == before, "nobody needs to hear of each call"
    assert "未回答 1件、回答済み 10件（全11件）" in said_by(shown(desk))
    assert "1/2ページ" in said_by(shown(desk))
    await desk.click(shown(desk), "inquiries_on")
    assert "2/2ページ" in said_by(shown(desk))
    await desk.click(shown(desk), "inquiries_back")

    # Somebody else is asked for it, by name; an empty owner is nobody's.
    await desk.click(shown(desk), "inquiry_assign", block_id="inquiry:11")
    outside = await desk.submit({"owner": world.person("hr_manager").id})
    assert list(outside.errors) == ["owner"]
    sent = await desk.submit({"owner": world.person("manager").id})
    assert sent.ok, sent.errors
    await world.bot.settled()
    (asked,) = told(world, number, "inquiry_assigned")
    assert f"<@{world.person('manager').id}> さん" in mrkdwn(asked)

    # A person waits three days, and is asked after in the morning of that day.
    await world.until(datetime(2026, 11, 27, 6, 59, tzinfo=TOKYO))
    assert told(world, number, "inquiries_due") == []
    await world.until(datetime(2026, 11, 27, 7, 0, tzinfo=TOKYO))
    (due,) = told(world, number, "inquiries_due")
    assert f"<@{world.person('manager').id}>" in mrkdwn(due)

    # No answer is needed, and then it is after all.
    manager = world.person("manager")
    await manager.click(due, "case_inquiries")
    await manager.click(shown(manager), "inquiry_close", block_id="inquiry:11")
    sent = await manager.submit({"reason": "ご本人から、解決したと連絡があった"})
    assert sent.ok, sent.errors
    await world.bot.settled()
    assert "理由 ご本人から、解決したと連絡があった" in said_by(shown(manager))
    assert [each["state"] for each in await inquiries(world, number)][10] == "closed"
    await manager.click(shown(manager), "inquiry_reopen", block_id="inquiry:11")
    await world.bot.settled()
    assert [each["state"] for each in await inquiries(world, number)][10] == "open"
    assert "未回答 1件" in said_by(shown(manager))


async def test_it_goes_on_after_the_end_and_stands_in_the_file(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    for obligation in ("preliminary", "final"):
        assert (await world.records(number, obligation)).ok
    assert (await world.closes(number)).ok
    await world.until(TUESDAY)
    office = await records(
        world, number, "privacy", source="ministry", channel="mail", question="=SUM(1,2) 報告書を見たい"
    )
    await office.close_view(all_of_them=True)
    await world.until(datetime(2026, 11, 25, 17, 30, tzinfo=TOKYO))
    assert len(told(world, number, "inquiries_due")) == 2, "in the morning of its day, and at its time"
    await answers(world, number, "privacy", 1, answer="明日お送りします")
    await world.passes(days=3)
    assert len(told(world, number, "inquiries_due")) == 2
    async with world.bot.database.reading() as db:
        file = await case_file(db, number, {}, "ja", TOKYO)
    rows = list(csv.DictReader(io.StringIO(file.members["timeline.csv"].decode("utf-8-sig"))))
    texts = {row["kind"]: row["text"] for row in rows}
    assert "問い合わせ No.1 を記録しました（官公庁、メール、受付" in texts["inquiry_recorded"]
    assert "=SUM(1,2) 報告書を見たい" in texts["inquiry_recorded"]
    assert "明日お送りします" in texts["inquiry_answered"]
    assert not [row for row in rows if any(value.startswith("=") for value in row.values())]


async def test_the_bot_was_down_and_says_it_once_and_in_english(make_world: MakeWorld) -> None:
    world = await make_world("en")
    number = await world.reports()
    await world.acknowledges("manager")
    await world.until(TUESDAY)
    await records(world, number, "manager", **PRESS)
    (said,) = told(world, number, "inquiry_recorded")
    assert said.text == f"Inquiry from: Press, case {number}"
    assert f"<@{world.person('manager').id}>" in mrkdwn(said), "whoever leads it takes it"
    await world.bot_stops()
    world.workspace.clock.set(world.now() + timedelta(days=3))
    await world.bot_starts()
    await world.bot.settled()
    (late,) = told(world, number, "inquiries_due")
    assert late.text == f"1 inquiry waits for an answer in case {number}"
    assert "*1 overdue*" in mrkdwn(late)
