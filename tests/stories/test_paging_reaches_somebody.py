"""Handing over, not being able to, and coming and going: somebody always has the case, and all see who."""

from __future__ import annotations

from bot.workspace import Submission
from tests.world import World, payload

REASON = "出張の移動中で、2時間ほど手が離せません"


async def hands_over(world: World, who: str, to: str, reason: str = REASON) -> Submission:
    """Presses 「引き継ぐ」 under the newest page, fills in the form and sends it."""
    await world.person(who).click(world.said_to(who, "leak_page")[-1], "page_hand_over")
    sent = await world.sends(who, to=to, reason=reason)
    await world.bot.settled()
    return sent


async def test_a_page_is_handed_over_and_the_person_named_has_a_clock_of_their_own(world: World) -> None:
    number = await world.reports()
    await world.passes(minutes=4)
    assert (await hands_over(world, "manager", "U0HRMGR")).ok
    [page] = world.said_to("hr_manager", "leak_page")
    assert payload(page) == {"case": number, "level": 0, "key": f"{number}/page/0/2/U0HRMGR"}
    assert "<@U0MANAGER>" in page.plain
    assert REASON not in page.plain, "what is said of the case stays in its room"
    [notice] = [m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "handed_over"]
    for said in ("<@U0MANAGER>", "<@U0HRMGR>", REASON):
        assert said in notice.plain
    assert [payload(m)["level"] for m in world.heard(number, "leak_page")] == [0, 0]
    assert "<@U0HRMGR>" in world.heard(number, "leak_page")[-1].plain
    assert "U0HRMGR" in world.person("privacy").conversation(world.room(number)).members
    await world.passes(minutes=9, seconds=59)
    assert world.said_to("deputy", "leak_page") == [], "the clock runs for whom it was handed to"
    await world.passes(seconds=1)
    assert len(world.said_to("deputy", "leak_page")) == 1, "silence goes on along the chain"
    await world.acknowledges("hr_manager")
    assert world.notices(number)[-1] == "acknowledged"
    assert "<@U0HRMGR>" in world.card(number).plain
    await world.passes(hours=2)
    assert world.said_to("ciso", "leak_page") == []


async def test_a_case_handed_over_after_it_was_taken_is_nobodys_until_somebody_answers(world: World) -> None:
    number = await world.reports()
    await world.passes(minutes=10)
    await world.acknowledges("manager")
    await world.passes(hours=1)
    assert (await hands_over(world, "manager", "U0HRMGR")).ok
    assert "応答待ち" in world.card(number).plain
    assert "<@U0HRMGR>" in world.card(number).plain
    assert "応答待ち" in world.heard(number, "leak_notice")[-1].plain
    [page] = world.said_to("manager", "leak_page")
    assert "page_acknowledge" in page.buttons, "what said that the manager has it says so no more"
    await world.passes(minutes=10)
    assert [payload(m)["key"] for m in world.said_to("deputy", "leak_page")] == [
        f"{number}/page/1/1/U0DEPUTY",
        f"{number}/page/1/2/U0DEPUTY",
    ]
    await world.acknowledges("hr_manager")
    for who in ("manager", "deputy", "hr_manager"):
        for page in world.said_to(who, "leak_page"):
            assert "page_acknowledge" not in page.buttons
            assert "<@U0HRMGR>" in page.plain
    await world.passes(hours=2)
    assert world.said_to("ciso", "leak_page") == []
    async with world.bot.database.reading() as db:
        from bot.cases import log

        assert await log.verify(db, number) == []


async def test_whoever_cannot_take_it_is_refused_at_the_field(world: World) -> None:
    number = await world.reports()
    guest = world.workspace.add_person("guest", "出向さん", restricted=True)
    gone = world.workspace.add_person("gone", "退職さん", deleted=True)
    for nobody in ("U0REPORTER", "U0MANAGER", "U0LEAKBOT", "USLACKBOT", guest.id, gone.id, "U0NOSUCH"):
        sent = await hands_over(world, "manager", nobody)
        assert set(sent.errors) == {"to"}, nobody
        await world.person("manager").close_view()
    sent = await hands_over(world, "manager", "U0HRMGR", reason="   ")
    assert set(sent.errors) == {"reason"}
    assert world.notices(number) == []
    assert len(world.heard(number, "leak_page")) == 1


async def test_the_same_hand_over_sent_twice_is_one(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    await world.person("manager").click(world.said_to("manager", "leak_page")[-1], "page_hand_over")
    world.workspace.redeliver = 2
    assert (await world.sends("manager", to="U0HRMGR", reason=REASON)).ok
    await world.bot.settled()
    world.workspace.redeliver = 0
    assert world.notices(number).count("handed_over") == 1
    assert len(world.said_to("hr_manager", "leak_page")) == 1


async def test_acknowledging_and_handing_over_at_the_same_second(world: World) -> None:
    number = await world.reports()
    await world.passes(minutes=10)
    await world.person("deputy").click(world.said_to("deputy", "leak_page")[-1], "page_hand_over")
    await world.acknowledges("manager")
    sent = await world.sends("deputy", to="U0HRMGR", reason=REASON)
    await world.bot.settled()
    assert not sent.ok, "the manager was quicker, and the deputy is told so"
    assert world.notices(number) == ["acknowledged"]
    assert world.said_to("hr_manager", "leak_page") == []


async def test_whoever_cannot_sends_the_call_on_at_once_and_stays_in_the_room(world: World) -> None:
    number = await world.reports()
    await world.person("manager").click(world.said_to("manager", "leak_page")[-1], "page_cannot")
    await world.bot.settled()
    assert len(world.said_to("deputy", "leak_page")) == 1, "no minute is waited for"
    assert world.notices(number) == ["cannot"]
    assert "<@U0MANAGER>" in world.heard(number, "leak_notice")[-1].plain
    assert "U0MANAGER" in world.person("privacy").conversation(world.room(number)).members
    [reply] = [m for m in world.person("manager").messages("bot") if m.ephemeral]
    assert "代行者" in reply.plain
    await world.person("manager").click(world.said_to("manager", "leak_page")[-1], "page_cannot")
    await world.bot.settled()
    assert world.notices(number) == ["cannot"], "saying it again changes nothing"
    await world.acknowledges("manager")
    assert world.notices(number)[-1] == "acknowledged", "and one may still take it"


async def test_at_the_last_level_there_is_nobody_further_and_the_calls_go_on(world: World) -> None:
    number = await world.reports()
    await world.passes(minutes=20)
    await world.person("ciso").click(world.said_to("ciso", "leak_page")[-1], "page_cannot")
    await world.bot.settled()
    assert "10分ごと" in world.heard(number, "leak_notice")[-1].plain
    assert len(world.said_to("ciso", "leak_page")) == 1
    await world.passes(minutes=10)
    assert len(world.said_to("ciso", "leak_page")) == 2


async def test_whoever_is_not_called_can_neither_hand_over_nor_pass(world: World) -> None:
    number = await world.reports()
    page = world.heard(number, "leak_page", "legal")[0]
    for action in ("page_cannot", "page_hand_over"):
        await world.person("legal").click(page, action)
        assert world.person("legal").modal is None
        assert [m for m in world.person("legal").messages(world.room(number)) if m.ephemeral][-1].plain
    await world.bot.settled()
    assert world.notices(number) == []


async def test_whoever_leaves_the_room_loses_the_case_at_once_and_comes_back_when_called(
    world: World,
) -> None:
    number = await world.reports()
    card = world.card(number, "legal")
    room = world.room(number)
    await world.person("legal").leave(room)
    await world.workspace.delivered()
    await world.until(world.now())
    reply = await world.person("legal").command("/leak", f"status {number}")
    unknown = await world.person("legal").command("/leak", "status 2026-9999")
    assert (reply.text, reply.blocks) == (unknown.text, unknown.blocks)
    assert number not in str((await world.person("legal").command("/leak", "list")).blocks)
    assert number not in str(await world.person("legal").open_home())
    assert card.buttons
    assert (await hands_over(world, "manager", "U0LEGAL")).ok
    assert "U0LEGAL" in world.person("privacy").conversation(room).members, "who is called is invited again"
    reply = await world.person("legal").command("/leak", f"status {number}")
    assert number in str(reply.blocks)


async def test_who_left_while_the_bot_was_away_is_noticed_when_it_is_back(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    room = world.room(number)
    await world.bot_stops()
    await world.person("legal").leave(room)
    await world.bot_starts()
    for _ in range(100):
        reply = await world.person("legal").command("/leak", f"status {number}")
        if "見つかりません" in str(reply.text):
            break
    assert "見つかりません" in str(reply.text)


async def test_a_guest_let_in_by_hand_is_told_of_and_sees_nothing_through_the_bot(world: World) -> None:
    number = await world.reports()
    guest = world.workspace.add_person("guest", "出向さん", restricted=True)
    await world.person("privacy").invite(world.room(number), guest.id)
    heard = await world.person("privacy").sees(
        lambda m: bool(m.metadata) and payload(m).get("kind") == "outsider_joined"
    )
    await world.bot.settled()
    assert f"<@{guest.id}>" in heard.plain
    assert "<@U0PRIVACY>" in heard.plain, "the privacy office is asked to look at it"
    assert f"<@{guest.id}>" in world.card(number).plain
    reply = await guest.command("/leak", f"status {number}", channel=world.room(number))
    assert "USB" not in str(reply.blocks)
    await guest.click(world.heard(number, "leak_card")[0], "case_add_facts")
    assert guest.modal is None
    await world.person("privacy").remove(world.room(number), guest.id)
    for _ in range(50):
        await world.bot.settled()
        if f"<@{guest.id}>" not in world.card(number).plain:
            break
    assert f"<@{guest.id}>" not in world.card(number).plain


async def test_a_case_that_was_taken_and_forgotten_is_asked_after_and_then_called_again(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    await world.passes(hours=3, minutes=59)
    assert world.notices(number) == ["acknowledged"]
    await world.passes(minutes=1)
    assert world.notices(number) == ["acknowledged", "still_there"]
    assert "<@U0MANAGER>" in world.heard(number, "leak_notice")[-1].plain
    [asked] = [m for m in world.said_to("manager", "leak_notice") if payload(m)["kind"] == "still_there"]
    await world.passes(hours=4)
    [page] = world.said_to("deputy", "leak_page")
    assert payload(page)["level"] == 1
    assert "page_acknowledge" in page.buttons
    assert world.notices(number)[-1] == "lapsed"
    assert "<@U0MANAGER>" in world.card(number).plain, "the manager still has it until somebody else takes it"
    await world.passes(minutes=30)
    assert len(world.said_to("deputy", "leak_page")) == 1, "nobody is called every ten minutes"
    await world.person("manager").click(asked, "still_working")
    await world.bot.settled()
    assert world.notices(number)[-1] == "still_working"
    [page] = world.said_to("deputy", "leak_page")
    assert "page_acknowledge" not in page.buttons
    await world.passes(hours=3, minutes=59)
    assert world.notices(number).count("still_there") == 1


async def test_whoever_is_called_beside_a_silent_one_may_take_the_case_over(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    await world.passes(hours=8)
    await world.acknowledges("deputy")
    assert "<@U0DEPUTY>" in world.card(number).plain
    for who in ("manager", "deputy"):
        page = world.said_to(who, "leak_page")[-1]
        assert "<@U0DEPUTY>" in page.plain
        assert "page_acknowledge" not in page.buttons
    await world.person("manager").click(world.card(number), "case_add_facts")
    assert (await world.sends("manager", data_items="氏名")).ok
    await world.bot.settled()
    await world.passes(hours=3)
    assert world.said_to("ciso", "leak_page") == []
