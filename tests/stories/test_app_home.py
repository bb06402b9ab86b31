"""App Home and the register: what waits for somebody, all open cases by their deadline, and every old one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.policy.waiting import Awaited
from bot.slack.screens.home import BUTTONS
from bot.vocabulary import Action
from bot.workspace import Person
from tests.world import MakeWorld, World

Json = dict[str, Any]
HARMLESS = {
    "certainty": "confirmed",
    "kind": "leak",
    "malicious": "false",
    "persons": "30",
    "sensitive": "false",
    "financial_harm": "false",
    "my_number": "false",
}


def texts(view: Json | None) -> list[str]:
    """The texts of its sections, lines and headings."""
    found = []
    for block in (view or {"blocks": []})["blocks"]:
        found += [block["text"]["text"]] if "text" in block else []
        found += [each["text"] for each in block.get("elements", []) if each.get("type") == "mrkdwn"]
    return found


def line(view: Json | None, words: str) -> Json:
    """The one section that says this."""
    [block] = [each for each in (view or {})["blocks"] if words in each.get("text", {}).get("text", "")]
    return dict(block)


async def opens(world: World, who: str) -> Json:
    """Somebody opens App Home."""
    home = await world.person(who).open_home()
    assert home is not None
    return home


async def presses(world: World, who: str, home: Json, words: str) -> None:
    """Somebody presses the button beside the line that says this."""
    block = line(home, words)
    await world.person(who).click(home, block["accessory"]["action_id"], block_id=block["block_id"])
    await world.bot.settled()


async def sees(person: Person, wanted: Callable[[Json], bool]) -> Json:
    """Somebody looks at App Home until it shows this, without opening it again."""
    async with asyncio.timeout(20):
        while True:
            if (home := person.home) and wanted(home):
                return home
            await asyncio.sleep(0.02)


async def chooses(world: World, menu: str, value: str) -> list[str]:
    """The privacy office chooses in the open register; gives its lines."""
    person = world.person("privacy")
    await person.click(person.modal or {}, menu, value)
    return numbers(person.modal)


def numbers(view: Json | None) -> list[str]:
    """The cases that the register shows, in order."""
    lines = [block for block in (view or {"blocks": []})["blocks"] if "accessory" in block]
    return [block["accessory"]["value"] for block in lines]


async def test_whoever_reported_reads_in_everyday_words_what_became_of_it(world: World) -> None:
    home = await opens(world, "reporter")
    assert "*あなたが知らせたこと*  いまはありません。" in texts(home)
    assert not any("待っている" in text or "対応中の事案" in text for text in texts(home))
    number = await world.reports()
    home = await opens(world, "reporter")
    said = line(home, number)["text"]["text"]
    assert f"担当者を呼び出しています。　<#{world.room(number)}>" in said
    assert "速報" not in str(home)
    assert "第一報" not in str(home)

    await world.acknowledges("manager")
    home = await opens(world, "reporter")
    assert "<@U0MANAGER> さんが対応しています。" in line(home, number)["text"]["text"]
    await presses(world, "reporter", home, number)
    assert (world.person("reporter").modal or {})["callback_id"] == "add_facts"


async def test_the_page_is_answered_in_app_home_which_then_shows_that(world: World) -> None:
    home = await opens(world, "manager")
    assert "*あなたを待っていること*  いまはありません。" in texts(home)
    assert "*対応中の事案*  いまはありません。" in texts(home)
    number = await world.reports()
    await world.passes(minutes=2)
    home = await opens(world, "manager")
    assert f"🔔 *呼び出し*  {number}　営業部\n応答をお願いします（あと8分）。" in texts(home)
    await world.passes(minutes=9)
    home = await opens(world, "manager")
    assert "応答の時間が過ぎています" in line(home, "呼び出し")["text"]["text"]

    await presses(world, "manager", home, "呼び出し")
    assert "acknowledged" in world.notices(number)
    after = await sees(world.person("manager"), lambda view: "呼び出し" not in str(view))
    assert "対応中" in line(after, f"*{number}*  ")["text"]["text"]


async def test_the_office_works_from_app_home_decision_submission_tasks(world: World) -> None:
    number = await world.reports(persons="約1,200人")
    await world.acknowledges("manager")
    home = await opens(world, "privacy")
    said = line(home, "⚖️ *報告義務の判断*")["text"]["text"]
    assert (
        said == f"⚖️ *報告義務の判断*  {number}　営業部\n速報（暫定）　あと4日2時間　11月26日（木）23:59まで"
    )
    case = line(home, f"*{number}*  対応中")["text"]["text"]
    assert case.endswith("次　速報（暫定） あと4日2時間　11月26日（木）23:59まで")

    await presses(world, "privacy", home, "報告義務の判断")
    assert (world.person("privacy").modal or {})["callback_id"] == "assessment"
    answers = {**HARMLESS, "persons": "1200", "sensitive": "true"}
    assert (await world.sends("privacy", **answers)).ok
    assert (await world.sends("privacy")).ok
    await world.bot.settled()
    office = world.person("privacy")
    home = await sees(office, lambda view: "報告義務の判断" not in str(view))
    assert "ほかに2件" in line(home, "⏳ *速報*")["text"]["text"]

    # Six days on the day has passed: it says so in bold, before everything else.
    await world.passes(days=6)
    home = await opens(world, "privacy")
    assert "*目安の上限を1日21時間過ぎています*" in line(home, "⏳ *速報*")["text"]["text"]
    assert "*目安の上限を1日21時間過ぎています*" in line(home, f"*{number}*  報告の準備中")["text"]["text"]
    await presses(world, "privacy", home, "⏳ *速報*")
    form = world.person("privacy").modal
    chosen = next(block for block in (form or {})["blocks"] if block["block_id"] == "obligation")
    assert chosen["element"]["initial_option"]["value"] == "preliminary"
    recipient = {"recipient": "個人情報保護委員会", "report_kind": "preliminary"}
    assert (await world.sends("privacy", obligation="preliminary", **recipient)).ok
    await world.bot.settled()
    home = await sees(office, lambda view: "速報" not in str(view))
    assert "あと23日2時間" in line(home, "⏳ *確報*")["text"]["text"]

    await presses(world, "privacy", home, "📋 *やること")
    assert "やること" in str(world.person("privacy").modal)


async def test_what_others_do_shows_when_somebody_comes_back(world: World) -> None:
    await opens(world, "privacy")
    number = await world.reports()
    assert number not in str(world.person("privacy").home), "Slack asks for it when it is opened"
    assert number in str(await opens(world, "privacy"))


async def test_a_home_that_stood_there_before_a_restart_is_drawn_again_after_what_is_pressed_in_it(
    world: World,
) -> None:
    await world.reports()
    home = await opens(world, "manager")
    await world.bot_stops()
    await world.bot_starts()
    await presses(world, "manager", home, "呼び出し")
    await sees(world.person("manager"), lambda view: "呼び出し" not in str(view))


async def test_nobody_sees_what_is_not_theirs(world: World) -> None:
    number = await world.reports()
    for who in ("hr_manager", "deputy", "ciso"):
        assert number not in str(await opens(world, who))
        assert "home_register" not in str(world.person(who).home)
    room = world.room(number)
    await world.person("legal").leave(room)
    async with asyncio.timeout(20):
        while number in str(await opens(world, "legal")):
            pass  # the event that tells of it comes by itself


async def test_a_confidential_reporter_is_named_to_the_office_alone_and_adds_without_a_name(
    world: World,
) -> None:
    number = await world.reports("hr_manager", department="sales", confidential=["true"])
    mine = await opens(world, "hr_manager")
    said = line(mine, number)
    assert "<#" not in said["text"]["text"], "the room is not theirs"
    for who in ("manager", "legal", "privacy"):
        assert "U0HRMGR" not in str(await opens(world, who))
    await presses(world, "hr_manager", mine, number)
    assert (await world.sends("hr_manager", data_items="氏名と住所")).ok
    await world.bot.settled()
    heard = world.heard(number, "leak_notice", "manager")
    assert "U0HRMGR" not in "".join(message.plain for message in heard)


async def test_the_register_finds_old_cases_and_opens_them(world: World) -> None:
    first = await world.reports(persons="30")
    await world.acknowledges("manager")
    await world.person("privacy").click(world.card(first), "case_assess")
    assert (await world.sends("privacy", **HARMLESS)).ok
    assert (await world.sends("privacy", reason="未開封で回収した")).ok
    await world.bot.settled()
    assert (await world.closes(first)).ok
    second = await world.reports(indicator="system_intrusion", department="hr")
    await world.person("reporter").command("/leak", "drill")
    assert (await world.sends(indicator="media_lost", summary="訓練です")).ok
    await world.bot.settled()
    drill = (await world.numbers())[-1]

    home = await opens(world, "privacy")
    assert first not in [block.get("accessory", {}).get("value") for block in home["blocks"]]
    office = world.person("privacy")
    await office.click(home, "home_register")
    assert (office.modal or {})["callback_id"] == "register"
    assert numbers(office.modal) == [second, drill, first] or numbers(office.modal) == [drill, second, first]
    assert "*3件*  1〜3件目" in str(office.modal)
    assert "書類・媒体・PC等の紛失" in line(office.modal, f"*{first}*")["text"]["text"]
    assert "終結　11月22日（日）" in line(office.modal, f"*{first}*")["text"]["text"]

    assert await chooses(world, "register_drill", "without") == [second, first]
    assert await chooses(world, "register_status", "closed") == [first]
    assert await chooses(world, "register_status", "open") == [second]
    assert await chooses(world, "register_department", "sales") == []
    assert "あてはまる事案はありません。" in str(office.modal)
    assert await chooses(world, "register_status", "any") == [first]
    assert await chooses(world, "register_indicator", "system_intrusion") == []
    await chooses(world, "register_indicator", "any")
    assert await chooses(world, "register_department", "any") == [second, first]
    assert await chooses(world, "register_year", "2026") == [second, first]
    assert (await office.submit({"number": "２０２６－０００１"})).ok
    assert numbers(office.modal) == [first], "typed as people type it"
    assert (await office.submit({"number": None})).ok
    assert numbers(office.modal) == [second, first]

    # Over the register opens the case, over that its timeline, and there is room to write into it.
    await office.click(office.modal or {}, "case_status", first)
    assert "報告は不要と判断されました" in str(office.modal)
    await office.click(office.modal or {}, "case_timeline")
    assert first in str(office.modal)
    await office.click(office.modal or {}, "timeline_add")
    assert (office.modal or {})["callback_id"] == "timeline_entry"
    await office.close_view()
    await office.close_view()
    assert numbers(office.modal) == [second, first], "back in the register"


async def test_the_register_is_turned_page_by_page(world: World) -> None:
    for _ in range(17):
        await world.reports()
    home = await opens(world, "privacy")
    assert "ほかに2件あります。「事案の台帳を開く」ですべて見られます。" in texts(home)
    office = world.person("privacy")
    await office.click(home, "home_register")
    assert len(numbers(office.modal)) == 15
    first = numbers(office.modal)
    await office.click(office.modal or {}, "register_after")
    assert len(numbers(office.modal)) == 2
    assert not set(first) & set(numbers(office.modal))
    assert "*17件*  16〜17件目" in str(office.modal)
    await office.click(office.modal or {}, "register_before")
    assert numbers(office.modal) == first


async def test_the_register_is_for_the_office_also_when_it_stood_open(world: World) -> None:
    await world.reports()
    office = world.person("privacy")
    home = await opens(world, "privacy")
    await office.click(home, "home_register")
    shown = office.modal or {}
    world.bot.people.privacy_office = frozenset({"U0LEGAL"})
    await office.click(shown, "register_status", "closed")
    assert numbers(office.modal) == numbers(shown), "nothing more is shown"
    refused = await office.sees(
        lambda message: "事案の台帳は、個人情報保護担当だけが開けます" in message.plain, "bot"
    )
    assert refused


@pytest.mark.parametrize("who", ["manager", "reporter", "hr_manager"])
async def test_an_old_button_of_the_register_opens_nothing_for_others(world: World, who: str) -> None:
    home = await opens(world, "privacy")
    button = next(
        e for b in home["blocks"] for e in b.get("elements", []) if e.get("action_id") == "home_register"
    )
    mine = await opens(world, who)
    forged = {**mine, "blocks": [{"type": "actions", "block_id": "x", "elements": [button]}]}
    await world.person(who).click(forged, "home_register")
    assert world.person(who).modal is None


async def test_every_button_of_a_line_opens_what_it_names_from_app_home_too(world: World) -> None:
    number = await world.reports()
    home = await opens(world, "privacy")
    office = world.person("privacy")
    opened = set()
    for act in (*set(BUTTONS.values()) - {Action.PAGE_ACKNOWLEDGE}, Action.CASE_STATUS):
        button = {
            "type": "button",
            "action_id": act,
            "text": {"type": "plain_text", "text": "x"},
            "value": number,
        }
        line_of = {**home, "blocks": [{"type": "actions", "block_id": "x", "elements": [button]}]}
        await office.click(line_of, act)
        assert office.modal, act
        opened.add(str(office.modal["title"]["text"]))
        await office.close_view(all_of_them=True)
    assert len(opened) == len(Awaited), "a window of its own for each"


async def test_it_speaks_english(make_world: MakeWorld) -> None:
    world = await make_world("en")
    number = await world.reports()
    home = await opens(world, "manager")
    assert f"🔔 *You are called*  {number}, 営業部\nPlease answer (10 minutes left)." in texts(home)
    home = await opens(world, "privacy")
    decision = line(home, "⚖️ *Assessment*")["text"]["text"]
    assert decision.endswith(
        "Preliminary report (provisional): 4 days 2 hours left, by Thu 26 Nov, 23:59 JST"
    )
