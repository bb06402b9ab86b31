"""Buttons, commands and forms in the hands of the right and the wrong people, with right and wrong input."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.workspace import Message
from tests.world import LOST_USB, World


def alone(world: World, who: str, channel: str) -> Message:
    """The newest message in the channel that only this person sees."""
    private = [m for m in world.person(who).messages(channel) if m.ephemeral]
    assert private, f"{who} was told nothing"
    return private[-1]


async def test_a_person_outside_the_chain_cannot_acknowledge_and_is_told_why(world: World) -> None:
    number = await world.reports()
    await world.person("legal").click(world.heard(number, "leak_page", "legal")[0], "page_acknowledge")
    await world.bot.settled()
    assert world.notices(number) == []
    assert alone(world, "legal", world.room(number)).plain
    assert not [m for m in world.person("manager").messages(world.room(number)) if m.ephemeral]


async def test_of_two_who_press_at_once_one_has_the_case_and_the_other_is_told_who(world: World) -> None:
    number = await world.reports()
    await world.passes(minutes=10)
    pages = {who: world.said_to(who, "leak_page")[0] for who in ("manager", "deputy")}
    for who, page in pages.items():
        await world.person(who).click(page, "page_acknowledge")
    await world.bot.settled()
    assert world.notices(number) == ["acknowledged"]
    assert "<@U0MANAGER>" in [m for m in world.person("deputy").messages("bot") if m.ephemeral][-1].plain


async def test_only_the_privacy_office_and_the_last_resort_record_submissions_and_close(world: World) -> None:
    number = await world.reports()
    for action in ("case_record_submission", "case_close"):
        await world.person("manager").click(world.card(number, "manager"), action)
        assert world.person("manager").modal is None
        assert alone(world, "manager", world.room(number)).plain


async def test_everybody_in_the_room_may_add_facts_and_the_room_hears_it(world: World) -> None:
    number = await world.reports()
    await world.person("reporter").click(world.card(number, "reporter"), "case_add_facts")
    sent = await world.sends("reporter", persons="800〜1,200人", medium="portable_media")
    assert sent.ok, sent.errors
    await world.bot.settled()
    assert world.notices(number) == ["facts_added", "reassessed"], "over 1,000 at most: it must be reported"
    assert "1,200" in world.card(number).plain or "1200" in world.card(number).plain


async def test_the_same_form_sent_twice_is_one_case(world: World) -> None:
    await world.opens_form()
    world.workspace.redeliver = 2
    sent = await world.sends("reporter", **LOST_USB)
    assert sent.ok
    await world.bot.settled()
    world.workspace.redeliver = 0
    assert await world.numbers() == ["2026-0001"]
    assert len(world.said_to("manager", "leak_page")) == 1


async def test_numbers_have_no_gaps_and_drills_count_for_themselves(world: World) -> None:
    assert [await world.reports() for _ in range(2)] == ["2026-0001", "2026-0002"]
    assert await world.reports(words="drill") == "D2026-0001"
    assert await world.reports() == "2026-0003"


async def test_every_message_of_a_drill_says_so(world: World) -> None:
    number = await world.reports(words="drill")
    await world.acknowledges("manager")
    heard = [*world.heard(number), *world.said_to("manager"), *world.said_to("reporter")]
    assert len(heard) >= 5
    for message in heard:
        assert message.text.startswith("【訓練】"), message.text
        assert message.plain.count("【訓練】") >= 2, "in the text and in the first block"


async def test_words_after_the_command_are_the_summary(world: World) -> None:
    form = await world.opens_form(words="USBを電車に忘れた <!channel> & more")
    summary = next(b for b in form["blocks"] if b.get("block_id") == "summary")
    assert summary["element"]["initial_value"] == "USBを電車に忘れた <!channel> & more"


async def test_a_message_can_be_reported(world: World) -> None:
    ts = await world.person("reporter").post(
        "C0SALES", "お客様から、名簿がネットに出ていると電話がありました"
    )
    await world.person("reporter").message_shortcut("report_message", "C0SALES", ts)
    form = world.person("reporter").modal
    assert form
    assert "名簿がネットに出ている" in str(form)
    assert (await world.sends("reporter", indicator="external_inquiry")).ok
    await world.bot.settled()
    async with world.bot.database.reading() as db:
        from bot.cases.states import case_state

        case = await case_state(db, "2026-0001")
    assert case
    assert case.report.source_permalink == f"https://sample.slack.com/archives/C0SALES/p{ts.replace('.', '')}"


async def test_the_global_shortcut_and_app_home_open_the_form_too(world: World) -> None:
    await world.person("hr_manager").shortcut("first_report")
    assert (world.person("hr_manager").modal or {})["callback_id"] == "first_report"
    await world.person("hr_manager").close_view()
    home = await world.person("hr_manager").open_home()
    assert home
    assert "home_report" in str(home)
    await world.person("hr_manager").click(home, "home_report")
    assert (world.person("hr_manager").modal or {})["callback_id"] == "first_report"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"persons": "たくさん"}, "persons"),
        ({"persons": "1200-800"}, "persons"),
        ({"summary": "   "}, "summary"),
    ],
)
async def test_wrong_input_is_told_beside_the_field_and_nothing_is_stored(
    world: World, wrong: dict[str, str], field: str
) -> None:
    await world.opens_form()
    sent = await world.sends("reporter", **{**LOST_USB, **wrong})
    assert not sent.ok
    assert set(sent.errors) == {field}
    assert await world.numbers() == []
    assert (await world.sends("reporter", **LOST_USB, persons="")).ok, (
        "the form is still open and can be sent"
    )


async def test_a_moment_in_the_future_is_refused_at_its_field(world: World) -> None:
    await world.opens_form()
    tomorrow = int((world.now() + timedelta(days=1)).timestamp())
    sent = await world.sends("reporter", **LOST_USB, aware_at=tomorrow)
    assert set(sent.errors) == {"aware_at"}


async def test_inside_a_room_the_command_offers_that_case_or_another(world: World) -> None:
    number = await world.reports()
    reply = await world.person("reporter").command("/leak", "", channel=world.room(number, "reporter"))
    assert {"case_add_facts", "home_report"} <= {
        e["action_id"] for b in reply.blocks or [] for e in b.get("elements", []) if "action_id" in e
    }


async def test_list_and_status_tell_only_what_the_person_may_know(world: World) -> None:
    number = await world.reports()
    for words in ("list", f"status {number}", "status"):
        mine = await world.person("reporter").command("/leak", words)
        assert number in str(mine.text) + str(mine.blocks), words
        theirs = await world.person("hr_manager").command("/leak", words)
        assert "営業部" not in str(theirs.text) + str(theirs.blocks), words
    unknown = await world.person("hr_manager").command("/leak", "status 2026-9999")
    hidden = await world.person("hr_manager").command("/leak", f"status {number}")
    assert unknown.text == hidden.text, "a case one may not see is as if it were not there"
    assert unknown.blocks == hidden.blocks


async def test_help_lists_the_commands(world: World) -> None:
    reply = await world.person("reporter").command("/leak", "help")
    assert "/leak status" in str(reply.text) + str(reply.blocks)


async def test_people_are_answered_in_their_own_language_and_the_room_in_the_companys(world: World) -> None:
    number = await world.reports("hr_manager", department="hr")
    [receipt] = world.said_to("hr_manager", "leak_notice")
    assert "Thank you" in receipt.plain
    assert "事案" in world.card(number).plain


async def test_writing_to_the_bot_shows_the_way_to_report(world: World) -> None:
    person = world.person("reporter")
    await person.post("bot", "USBを失くしたかもしれません")
    hint = await person.sees(lambda m: "home_report" in m.buttons, channel="bot")
    await person.click(hint, "home_report")
    assert (person.modal or {})["callback_id"] == "first_report"


async def test_hostile_words_neither_mention_nor_link(world: World) -> None:
    hostile = "<!channel> <@U0CISO> <https://evil.example|login> ```x *b*"
    number = await world.reports(summary=hostile)
    card = world.card(number)
    assert hostile in card.plain, "shown literally"
    for message in [*world.heard(number), *world.said_to("manager"), *world.said_to("reporter")]:
        marked_up = [
            block["text"]["text"]
            for block in message.blocks or []
            if isinstance(block.get("text"), dict) and block["text"]["type"] == "mrkdwn"
        ]
        for text in [message.text, *marked_up]:
            assert "<!channel>" not in text
            assert "<https://evil" not in text


async def test_nothing_of_the_case_leaves_its_room(world: World) -> None:
    marker = "極秘マーカー42"
    number = await world.reports(summary=marker, data_items=marker, immediate_actions=marker)
    await world.acknowledges("manager")
    room = world.room(number)
    for call in world.workspace.calls:
        if marker in str(call.arguments):
            assert call.method in ("chat.postMessage", "chat.update", "views.open"), call.method
            assert call.arguments.get("channel") == room, call.method
            assert marker not in str(call.arguments.get("text")), "nor in the text that lock screens show"
    for message in [*world.said_to("manager"), *world.said_to("reporter")]:
        assert marker not in message.plain
