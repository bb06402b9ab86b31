"""The persons are told bit by bit until nobody is left; publication is decided, put off, decided again."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from bot.cases.casefile import case_json
from bot.cases.export import case_file
from bot.cases.log import verify
from bot.vocabulary import LogKind
from bot.workspace import Person, Submission
from tests.stories.test_the_tasks import said_by, shown
from tests.stories.test_the_timeline import noted
from tests.world import TOKYO, MakeWorld, World, payload

Json = dict[str, Any]
CRITERIA = {"paging: {": "criteria: {publish: {persons: 1000}}\npaging: {"}
HOSTILE = "<!channel> <https://evil.example|x> 退会した方の宛先が残っていないため"


async def opens(world: World, number: str, who: str) -> Person:
    """Somebody presses 「本人通知・公表」 on the card."""
    person = world.person(who)
    if person.modal:
        await person.close_view(all_of_them=True)
    await person.click(world.card(number, who), "case_notices")
    assert said_by(shown(person))
    return person


async def records(world: World, number: str, who: str = "legal", **values: Any) -> Submission:
    """Opens the register and records a notice."""
    person = await opens(world, number, who)
    await person.click(shown(person), "notice_record")
    sent = await person.submit(values)
    await world.bot.settled()
    return sent


async def decides(world: World, number: str, who: str = "privacy", **values: Any) -> Submission:
    """Opens the register and decides on publication."""
    person = await opens(world, number, who)
    await person.click(shown(person), "publication_decide")
    sent = await person.submit(values)
    await world.bot.settled()
    return sent


async def the_file(world: World, number: str) -> Json:
    """`case.json`, of a record that verifies."""
    async with world.bot.database.reading() as db:
        found = await case_json(db, number, {})
        assert await verify(db, number) == []
    return found


def unix(day: int, hour: int = 0, month: int = 11) -> int:
    """A moment of 2026 in Tokyo as a datetimepicker gives it."""
    return int(datetime(2026, month, day, hour, tzinfo=TOKYO).timestamp())


async def test_the_persons_are_told_until_nobody_is_left(world: World) -> None:
    number = await world.reports(persons="1200")
    await world.acknowledges("manager")
    assert (await records(world, number, way="mail", persons="６００人")).ok
    assert (await records(world, number, "manager", way="letter", persons="200", why=HOSTILE)).ok
    card = world.card(number)
    assert "通知済み 800人／対象 1,200人" in card.plain
    assert "本人への対応" not in card.plain.split("調査中", 1)[1].split("\n", 1)[0], "item 6 is known now"
    assert world.notices(number) == ["acknowledged"], "who was told stands on the card; nobody is disturbed"

    # Somebody's slip is put right by a record of its own.
    legal = await opens(world, number, "legal")
    assert "内訳　電子メール 600人、郵送 200人" in said_by(shown(legal))
    await legal.click(shown(legal), "notice_correct", block_id="notice:1")
    assert (await legal.submit({"persons": "580"})).ok
    await world.bot.settled()
    behind = said_by(shown(legal))
    assert "~1  電子メール 600人" in behind, "the register behind the form shows it"
    assert "電子メール 580人" in behind
    assert "&lt;!channel&gt;" in behind
    assert "通知済み 780人／対象 1,200人" in world.card(number).plain

    # What cannot be right is said beside its field, and nothing is stored.
    many = await records(world, number, way="phone", persons="500")
    assert list(many.errors) == ["persons"]
    assert "対象の1,200人より多くなります" in many.errors["persons"]
    wrong: dict[str, Json] = {
        "persons": {"way": "mail", "persons": "500くらい〜600"},
        "why": {"way": "substitute_publication", "persons": "20"},
        "told_at": {"way": "mail", "persons": "1", "told_at": unix(30)},
    }
    for field, values in wrong.items():
        assert list((await records(world, number, **values)).errors) == [field]
    early = await records(world, number, way="mail", persons="1", told_at=unix(21))
    assert list(early.errors) == ["told_at"]

    # Only whoever decides is offered to complete, and only once everybody is accounted for.
    legal = await opens(world, number, "legal")
    assert "notices_complete" not in str(shown(legal))
    await legal.click(shown(legal), "notice_record")
    assert "complete" not in [block["block_id"] for block in shown(legal)["blocks"]]
    too_early = await records(world, number, "privacy", way="mail", persons="20", complete=["complete"])
    assert list(too_early.errors) == ["complete"]
    sent = await records(
        world, number, way="substitute_inquiry_desk", persons="420", why="連絡先が古く、届かないため"
    )
    assert sent.ok, sent.errors
    told_at = world.now()
    await world.passes(hours=30)
    legal = await opens(world, number, "legal")
    assert "notices_complete" not in str(shown(legal)), "it is theirs to record, not to end"
    privacy = await opens(world, number, "privacy")
    await privacy.click(shown(privacy), "notices_complete")
    await world.bot.settled()
    assert "本人通知の完了を記録済み（2026年11月22日（日）21:18）" in said_by(shown(privacy))
    assert world.notices(number)[-1] == "submission_recorded"
    assert "✅ *本人通知*" in world.card(number).plain

    found = await the_file(world, number)
    notice = next(o for o in found["obligations"] if o["kind"] == "individual_notice")
    assert notice["submitted_at"] == told_at.astimezone(TOKYO).isoformat(), "when the last of them was told"
    kept = found["notices"]["entries"]
    assert [(e["number"], e["way"], e["persons"], e["corrects"]) for e in kept] == [
        (1, "mail", 600, None),
        (2, "letter", 200, None),
        (3, "mail", 580, 1),
        (4, "substitute_inquiry_desk", 420, None),
    ]
    assert "form" not in kept[0]
    kinds = [entry["kind"] for entry in found["log"]]
    assert kinds.count("persons_told") == 4


async def test_the_office_completes_it_with_the_last_record(world: World) -> None:
    number = await world.reports(persons="1001以上")  # how many exactly, nobody knows
    done = {"way": "mail", "persons": "1100", "complete": ["complete"]}
    unknown = await records(world, number, "privacy", **done)
    assert "全体の人数がわかりません" in unknown.errors["complete"]
    assert (await records(world, number, "privacy", total="1100人", **done)).ok
    assert "✅ *本人通知*" in world.card(number).plain
    assert "notice_record" in str(shown(await opens(world, number, "privacy")))
    assert "complete" not in [
        block.get("block_id") for block in shown(await opens(world, number, "privacy"))["blocks"]
    ]


async def test_publication_is_put_off_asked_for_and_decided_against_the_criterion(
    make_world: MakeWorld,
) -> None:
    world = await make_world(**CRITERIA)
    number = await world.reports(persons="1200")
    await world.acknowledges("manager")
    assert "公表するかどうかを決めてください" in world.heard(number, "leak_notice")[0].plain

    # It is the office's to decide, with a reason, and a day where it is put off.
    manager = await opens(world, number, "manager")
    assert "publication_decide" not in str(shown(manager))
    privacy = world.person("privacy")
    asked = next(m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "criterion_met")
    await privacy.click(asked, "publication_decide")
    assert "社内基準「公表」を満たしています" in said_by(shown(privacy))
    no_day = await privacy.submit({"decision": "later", "reason": "ログの調査を待つため"})
    assert list(no_day.errors) == ["review_on"]
    today = await privacy.submit({"review_on": "2026-11-22"})
    assert list(today.errors) == ["review_on"]
    assert (await privacy.submit({"review_on": "2026-11-25"})).ok
    await world.bot.settled()
    assert "*公表*  あとで判断する（11月25日（水）に改めて判断）" in world.card(number).plain
    assert "社内基準*  公表の基準を満たしています" in world.card(number).plain, "putting it off is no reason"

    # On its day, and each morning until it is decided, the office is asked by name.
    await world.until(datetime(2026, 11, 25, 6, 59, tzinfo=TOKYO))
    assert "publication_due" not in world.notices(number)
    await world.until(datetime(2026, 11, 26, 12, 0, tzinfo=TOKYO))
    due = [m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "publication_due"]
    assert [payload(m)["key"].rsplit("/", 1)[-1] for m in due] == ["2026-11-25", "2026-11-26"]
    assert f"<@{world.person('privacy').id}>" in due[0].blocks[1]["text"]["text"]
    assert due[0].text == f"公表を判断する日です 事案 {number}"

    # Not publishing although the criterion is met deviates from it, by this very decision.
    await privacy.click(due[-1], "publication_decide")
    sent = await privacy.submit({"decision": "do_not_publish", "reason": HOSTILE})
    assert sent.ok, sent.errors
    await world.bot.settled()
    told = world.heard(number, "leak_notice")[-1]
    assert payload(told)["kind"] == "publication_decided"
    assert "社内基準「公表」によらない理由としても記録しました" in told.plain
    assert [b["text"]["type"] for b in told.blocks if HOSTILE in b["text"]["text"]] == ["plain_text"]
    assert "evil" not in told.text
    card = world.card(number).plain
    assert "*公表*  公表しない" in card
    assert "社内基準*  公表（よらない理由を記録済み）" in card
    await world.passes(days=2)
    assert world.notices(number).count("publication_due") == 2, "what is decided is not asked for"

    # Another decision is a new one; the old ones stay on record.
    sent = await decides(
        world,
        number,
        decision="publish",
        reason="問い合わせが続くため",
        ways=["website"],
        publish_at=unix(30, 10),
    )
    assert sent.ok, sent.errors
    assert "公表する（実施予定、自社のウェブサイト、11月30日（月））" in world.card(number).plain
    assert "社内基準*  公表（実施済み）" in world.card(number).plain
    found = await the_file(world, number)
    assert found["publication"]["decision"] == "publish"
    assert found["publication"]["publish_at"] == "2026-11-30T10:00:00+09:00"
    assert found["deviations"] == {}, "nobody deviates any more"
    made = [entry["data"] for entry in found["log"] if entry["kind"] == "publication_decided"]
    assert [each["publication"] for each in made] == ["later", "do_not_publish", "publish"]
    assert [each["deviates"] for each in made] == [False, True, False]

    # The same form sent again changes nothing.
    again = await decides(
        world,
        number,
        decision="publish",
        reason="問い合わせが続くため",
        ways=["website"],
        publish_at=unix(30, 10),
    )
    assert again.ok
    assert (await the_file(world, number))["log"][-1]["hash"] == found["log"][-1]["hash"]


async def test_english_rooms_read_it_in_english(make_world: MakeWorld) -> None:
    world = await make_world("en")
    number = await world.reports(persons="1200")
    assert (await records(world, number, way="mail", persons="800")).ok
    assert (await decides(world, number, decision="do_not_publish", reason="Everybody was reached")).ok
    card = world.card(number).plain
    assert "told 800 of 1,200" in card
    assert "*Publication*  Do not publish" in card
    assert "Publication: Do not publish" in world.heard(number, "leak_notice")[-1].plain


async def test_what_two_people_do_at_once_is_done_once(world: World) -> None:
    number = await world.reports(persons="1200")
    await world.acknowledges("manager")
    assert (await records(world, number, way="mail", persons="1200")).ok

    # Two correct the same record: the second is told, beside the form, and nothing is lost.
    legal, manager = await opens(world, number, "legal"), await opens(world, number, "manager")
    for person in (legal, manager):
        await person.click(shown(person), "notice_correct", block_id="notice:1")
    assert (await legal.submit({"persons": "1100"})).ok
    late = await manager.submit({"persons": "1000"})
    assert list(late.errors) == ["way"]
    assert "すでに訂正されています" in late.errors["way"]
    assert (await records(world, number, way="phone", persons="100")).ok

    # Two end it at the same moment: one entry, and the second is told that it is done.
    privacy = await opens(world, number, "privacy")
    first, old = shown(privacy), shown(privacy)
    await asyncio.gather(privacy.click(first, "notices_complete"), privacy.click(old, "notices_complete"))
    await world.bot.settled()
    found = await the_file(world, number)
    assert [entry["kind"] for entry in found["log"]].count("submission_recorded") == 1
    assert "すでに記録されています" in privacy.messages("bot")[-1].plain

    # Whoever is not of the room learns nothing; of a closed case everything can be read and nothing changed.
    for obligation in ("preliminary", "final"):
        assert (await world.records(number, obligation)).ok
    assert (await world.closes(number)).ok
    legal = await opens(world, number, "legal")
    assert not {"notice_record", "notice_correct", "publication_decide"} & set(str(shown(legal)).split("'"))
    async with world.bot.database.reading() as db:
        table = (await case_file(db, number, {}, "ja", TOKYO)).members["timeline.csv"].decode("utf-8-sig")
    assert "知らせた方法：電子メール" in table
    assert "知らせた人数：1100" in table
    assert "訂正する記録番号：1" in table


async def test_pressing_an_old_button_is_decided_now(world: World) -> None:
    number = await world.reports(persons="1200")
    legal = await opens(world, number, "legal")
    register = shown(legal)
    await world.person("legal").leave(world.room(number))
    await noted(world, number, LogKind.MEMBER_LEFT)
    await legal.click(register, "notice_record")
    assert shown(legal)["id"] == register["id"], "no form for somebody who left"
    assert "見つかりません" in legal.messages("bot")[-1].plain
    reporter = await opens(world, number, "reporter")
    assert "notice_record" not in str(shown(reporter)), (
        "reading is for everybody of the room, recording is not"
    )
