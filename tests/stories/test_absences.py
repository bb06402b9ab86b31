"""Being away: declared in App Home, passed over at once, and whoever stands in is called instead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.workspace import Submission, Workspace
from tests.world import World, payload, the_company


async def declares(world: World, who: str, **values: Any) -> Submission:
    """Presses 「不在を登録」 in App Home, fills in the form and sends it."""
    home = await world.person(who).open_home()
    assert home
    await world.person(who).click(home, "absence_declare")
    now = int(world.now().timestamp())
    sent = await world.sends(who, **{"from": now - 60, "until": now + 3 * 86_400, **values})
    await world.bot.settled()
    return sent


async def test_somebody_absent_is_passed_over_with_a_word_in_the_room(world: World) -> None:
    assert (await declares(world, "manager")).ok
    number = await world.reports()
    assert world.said_to("manager", "leak_page") == []
    assert len(world.said_to("deputy", "leak_page")) == 1, "at once, without a minute of silence"
    [notice] = [m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "page_skipped"]
    assert "不在" in notice.plain
    assert "<@U0MANAGER>" in notice.plain


async def test_whoever_stands_in_is_called_instead_and_may_take_the_case(world: World) -> None:
    assert (await declares(world, "manager", deputy="U0HRMGR")).ok
    number = await world.reports()
    [page] = world.said_to("hr_manager", "leak_page")
    assert payload(page)["level"] == 0
    assert world.said_to("deputy", "leak_page") == []
    [notice] = [m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "page_skipped"]
    assert "<@U0HRMGR>" in notice.plain
    await world.acknowledges("hr_manager")
    assert world.notices(number)[-1] == "acknowledged"
    await world.passes(minutes=30)
    assert world.said_to("deputy", "leak_page") == []


async def test_an_absence_is_seen_and_ended_in_app_home(world: World) -> None:
    assert (await declares(world, "manager", deputy="U0HRMGR")).ok
    home = await world.person("manager").open_home()
    assert home
    assert "<@U0HRMGR>" in str(home)
    assert "absence_end" not in str(await world.person("deputy").open_home())
    await world.person("manager").click(home, "absence_end")
    await world.reports()
    assert len(world.said_to("manager", "leak_page")) == 1
    assert "absence_end" not in str(await world.person("manager").open_home())


async def test_the_privacy_office_declares_for_others_and_nobody_else_does(world: World) -> None:
    assert (await declares(world, "privacy", person="U0MANAGER")).ok
    assert "<@U0PRIVACY>" in str(await world.person("manager").open_home()), "one sees who declared it"
    home = await world.person("deputy").open_home()
    assert home
    await world.person("deputy").click(home, "absence_declare")
    assert "person" not in [block.get("block_id") for block in (world.person("deputy").modal or {})["blocks"]]
    mine = await world.person("privacy").open_home()
    assert mine
    await world.person("privacy").click(mine, "absence_end")
    await world.reports()
    assert len(world.said_to("manager", "leak_page")) == 1


async def test_wrong_absences_are_refused_at_the_field(world: World) -> None:
    now = int(world.now().timestamp())
    guest = world.workspace.add_person("guest", "出向さん", restricted=True)
    for wrong, field in (
        ({"until": now - 3600}, "until"),
        ({"from": now - 7200, "until": now - 3600}, "until"),
        ({"deputy": "U0MANAGER"}, "deputy"),
        ({"deputy": guest.id}, "deputy"),
        ({"deputy": "U0LEAKBOT"}, "deputy"),
    ):
        sent = await declares(world, "manager", **wrong)
        assert set(sent.errors) == {field}, wrong
        await world.person("manager").close_view()
    assert "absence_end" not in str(await world.person("manager").open_home())


async def test_an_absence_that_is_over_counts_no_more(world: World) -> None:
    assert (await declares(world, "manager", until=int(world.now().timestamp()) + 3600)).ok
    world.workspace.clock.advance(timedelta(hours=2))
    await world.reports()
    assert len(world.said_to("manager", "leak_page")) == 1


async def test_a_status_the_organisation_reads_as_absence_passes_over_at_once(
    workspace: Workspace, database_url: str
) -> None:
    quiet = "acknowledge_within: 10m, repeat_every: 10m"
    company = the_company(**{quiet: f'{quiet}, absence_emoji: [palm_tree, ":face_with_thermometer:"]'})
    world = World(workspace, database_url, company)
    await world.bot_starts()
    people = {who: world.person(who).user for who in ("manager", "deputy", "ciso")}
    people["manager"].status_emoji = ":palm_tree:"
    people["deputy"].status_emoji, people["deputy"].status_expiration = ":palm_tree:", 1  # long over
    number = await world.reports()
    assert world.said_to("manager", "leak_page") == []
    assert len(world.said_to("deputy", "leak_page")) == 1, "a status that is over says nothing"
    [notice] = [m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "page_skipped"]
    assert "ステータス" in notice.plain
    people["ciso"].status_emoji = ":face_with_thermometer:"
    await world.passes(minutes=10)
    assert len(world.said_to("ciso", "leak_page")) == 1, "somebody must hear of it"
    await world.bot_stops()
