"""Somebody's account is closed in the middle of it: nobody waits for them, and nothing stays with them."""

from __future__ import annotations

from bot.cases import log
from bot.workspace import Message
from tests.world import World, payload


async def hears(world: World, number: str, kind: str, count: int = 1) -> Message:
    """Wait until the room has heard so many notices of this kind; gives the newest."""

    def so_many(message: Message) -> bool:
        return bool(message.metadata) and world.notices(number).count(kind) >= count

    await world.person("privacy").sees(so_many)
    await world.bot.settled()
    return [m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == kind][-1]


async def test_whoever_is_called_and_loses_the_account_is_passed_over_at_once(world: World) -> None:
    number = await world.reports()
    await world.passes(minutes=2)
    world.workspace.deactivate("manager")
    notice = await hears(world, number, "page_skipped")
    assert "アカウントが停止されています" in notice.plain
    assert "<@U0MANAGER>" in notice.plain
    [page] = world.said_to("deputy", "leak_page")
    assert payload(page)["level"] == 1, "nobody waits for eight more minutes"
    assert world.notices(number) == ["page_skipped"], "and it is said once"
    await world.acknowledges("deputy")
    assert world.notices(number) == ["page_skipped", "acknowledged"]


async def test_whoever_is_not_called_yet_is_passed_over_when_their_turn_comes(world: World) -> None:
    number = await world.reports()
    world.workspace.deactivate("deputy")
    while "停止" not in str(await entries(world, number)):
        await world.bot.settled()
    assert world.notices(number) == []
    assert len(world.said_to("ciso", "leak_page")) == 0
    await world.passes(minutes=10)
    assert world.notices(number) == ["page_skipped"]
    assert len(world.said_to("ciso", "leak_page")) == 1
    assert world.said_to("deputy", "leak_page") == []


async def entries(world: World, number: str) -> list[str]:
    """The labels of the case's log."""
    from bot.cases.states import case_state

    async with world.bot.database.reading() as db:
        state = await case_state(db, number)
        assert state is not None
        return [event.kind.ja for event in state.events]


async def test_a_case_of_somebody_whose_account_is_closed_is_called_for_again(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    await world.passes(minutes=30)
    world.workspace.deactivate("manager")
    notice = await hears(world, number, "holder_gone")
    assert "<@U0MANAGER>" in notice.plain
    assert "応答待ち" in world.card(number).plain
    assert [payload(m)["level"] for m in world.said_to("deputy", "leak_page")] == [1]
    assert world.notices(number) == ["acknowledged", "holder_gone"]
    await world.passes(minutes=10)
    assert len(world.said_to("ciso", "leak_page")) == 1, "the chain goes on"
    await world.acknowledges("deputy")
    assert "<@U0DEPUTY>" in world.card(number).plain
    async with world.bot.database.reading() as db:
        assert await log.verify(db, number) == []


async def test_when_the_last_resort_is_gone_with_the_case_the_manager_is_called_again(world: World) -> None:
    number = await world.reports()
    await world.passes(minutes=20)
    await world.acknowledges("ciso")
    world.workspace.deactivate("ciso")
    await hears(world, number, "holder_gone")
    assert len(world.said_to("manager", "leak_page")) == 2, "somebody is always called"


async def test_whoever_it_was_handed_to_is_not_waited_for_either(world: World) -> None:
    number = await world.reports()
    page = world.said_to("manager", "leak_page")[-1]
    await world.person("manager").click(page, "page_hand_over")
    assert (await world.sends("manager", to="U0HRMGR", reason="出張中です")).ok
    await world.bot.settled()
    world.workspace.deactivate("hr_manager")
    await hears(world, number, "page_skipped")
    assert len(world.said_to("deputy", "leak_page")) == 1


async def test_an_account_closed_while_the_bot_was_away_is_noticed_at_its_start(world: World) -> None:
    number = await world.reports()
    await world.acknowledges("manager")
    await world.bot_stops()
    world.workspace.person("manager").user.deleted = True
    await world.bot_starts()
    await hears(world, number, "holder_gone")
    assert len(world.said_to("deputy", "leak_page")) == 1


async def test_the_same_event_again_and_one_of_a_profile_change_nothing(world: World) -> None:
    number = await world.reports()
    await world.passes(minutes=2)
    world.workspace.redeliver = 2
    world.workspace.deactivate("manager")
    await hears(world, number, "page_skipped")
    world.workspace.redeliver = 0
    world.workspace.reactivate("legal")
    await world.person("reporter").command("/leak", "help")
    await world.bot.settled()
    assert world.notices(number) == ["page_skipped"]
    assert len(world.said_to("deputy", "leak_page")) == 1


async def test_whoever_is_back_is_called_in_their_turn(world: World) -> None:
    number = await world.reports()
    world.workspace.deactivate("deputy")
    while (await entries(world, number)).count("アカウントの停止・再開") < 1:
        await world.bot.settled()
    world.workspace.reactivate("deputy")
    while (await entries(world, number)).count("アカウントの停止・再開") < 2:
        await world.bot.settled()
    await world.passes(minutes=10)
    assert len(world.said_to("deputy", "leak_page")) == 1
    assert world.notices(number) == []


async def test_with_the_account_goes_everything_the_bot_would_show_or_do(world: World) -> None:
    number = await world.reports()
    page = world.said_to("manager", "leak_page")[-1]
    world.workspace.deactivate("manager")
    await hears(world, number, "page_skipped")
    manager = world.person("manager")
    for words in (f"status {number}", "list"):
        reply = await manager.command("/leak", words)
        assert number not in str(reply.blocks)
        assert "USB" not in str(reply.blocks)
    for action in ("page_acknowledge", "page_hand_over"):
        await manager.click(page, action)
        await world.bot.settled()
        assert manager.modal is None
    assert world.notices(number) == ["page_skipped"]


async def test_do_not_disturb_shortens_the_wait_and_the_page_says_so(world: World) -> None:
    now = int(world.now().timestamp())
    world.workspace.person("manager").user.dnd = (now - 3600, now + 36000)
    world.workspace.person("deputy").user.dnd = (now + 36000, now + 72000)
    number = await world.reports()
    assert len(world.said_to("manager", "leak_page")) == 1, "never a reason not to call"
    assert "5分以内" in world.said_to("manager", "leak_page")[0].plain
    assert "5分以内" in world.heard(number, "leak_page")[0].plain
    await world.passes(minutes=4, seconds=59)
    assert world.said_to("deputy", "leak_page") == []
    await world.passes(seconds=1)
    assert "10分以内" in world.said_to("deputy", "leak_page")[0].plain
    await world.passes(minutes=9, seconds=59)
    assert world.said_to("ciso", "leak_page") == []
    await world.passes(seconds=1)
    assert len(world.said_to("ciso", "leak_page")) == 1


async def test_a_slack_that_does_not_tell_of_do_not_disturb_delays_nothing(world: World) -> None:
    world.workspace.faults.add("dnd.info", times=None, status=503)
    await world.reports()
    await world.passes(minutes=10)
    assert len(world.said_to("manager", "leak_page")) == 1
    assert len(world.said_to("deputy", "leak_page")) == 1
