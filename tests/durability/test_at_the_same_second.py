"""One takes the case while another hands it over, at the same second: one outcome, and nobody is lost.

Which of the two is quicker is left to chance. Who was slower so far gets a growing head start, until both
orders have come.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.cases import log
from bot.cases.states import case_state
from bot.cases.tables import PageLink
from bot.errors import Refused
from bot.policy.standing import Kind
from bot.policy.state import CaseState
from bot.vocabulary import LogKind
from bot.workflow import channels
from bot.workspace import Message, Submission
from tests.world import World, payload

REASON = "移動中で手が離せません"
ROUNDS = 20  # at most; both orders come much sooner
STEP = 0.03  # seconds


async def page_of(world: World, who: str, number: str) -> Message:
    """The newest page of this case in somebody's direct messages."""
    return [m for m in world.said_to(who, "leak_page") if payload(m)["case"] == number][-1]


def told(world: World, who: str) -> list[str]:
    """What the bot answered somebody alone, under its own messages."""
    return [m.plain for m in world.person(who).messages("bot") if m.ephemeral]


async def state_of(world: World, number: str) -> CaseState:
    """The case as it stands; its record is sound."""
    async with world.bot.database.reading() as db:
        state = await case_state(db, number)
        assert await log.verify(db, number) == []
    assert state is not None
    return state


async def at_once(world: World, button: Message, taker: str, giver: str, head_start: float) -> Submission:
    """`taker` presses 「対応します」 while `giver` sends the open form that names the HR manager.

    In: the page as the taker's telephone shows it, and the seconds that the one who takes begins earlier
    (negative: later). Out: what came of the form.
    """

    async def takes() -> None:
        await asyncio.sleep(max(-head_start, 0))
        await world.person(taker).click(button, "page_acknowledge")

    async def gives() -> Submission:
        await asyncio.sleep(max(head_start, 0))
        return await world.person(giver).submit({"to": "U0HRMGR", "reason": REASON})

    _, sent = await asyncio.gather(takes(), gives())
    await world.bot.settled()
    return sent


async def test_one_takes_it_while_another_who_was_called_hands_the_page_on(world: World) -> None:
    head_start = 0.0
    seen: set[str] = set()
    for _ in range(ROUNDS):
        number = await world.reports()
        await world.passes(minutes=10)
        await world.person("deputy").click(await page_of(world, "deputy", number), "page_hand_over")
        button = await page_of(world, "manager", number)
        sent = await at_once(world, button, "manager", "deputy", head_start)
        case = await state_of(world, number)
        assert case.acknowledged_by == "U0MANAGER", "whoever pressed first or second, the manager has it"
        handed = [e.actor for e in case.events_of(LogKind.HANDED_OVER)]
        if handed:
            seen.add("handed on, then taken")
            head_start = abs(head_start) + STEP
            assert sent.ok
            for page in world.said_to("hr_manager", "leak_page"):
                if payload(page)["case"] == number:
                    assert "page_acknowledge" not in page.buttons, "the person named sees who has it"
        else:
            seen.add("taken, and not handed on")
            head_start = -abs(head_start) - STEP
            assert not sent.ok
            [why] = sent.errors.values()
            assert "応答しています" in why, "the deputy is told kindly, at the form"
            assert "<@" not in why, "the text beside a field is plain: a mention would show its id"
            mine = [m for m in world.said_to("hr_manager", "leak_page") if payload(m)["case"] == number]
            assert mine == []
        assert len(case.events_of(LogKind.ACKNOWLEDGED)) == 1
        if not sent.ok:
            await world.person("deputy").close_view()
        if len(seen) == 2:
            return
    raise AssertionError(f"in {ROUNDS} rounds only: {seen}")


async def test_one_takes_it_while_whoever_has_it_hands_it_over(world: World) -> None:
    head_start = 0.0
    seen: set[str] = set()
    for _ in range(ROUNDS):
        number = await world.reports()
        await world.passes(minutes=10)
        button = await page_of(world, "deputy", number)  # as the deputy's telephone still shows it
        await world.person("manager").click(await page_of(world, "manager", number), "page_acknowledge")
        await world.bot.settled()
        await world.person("manager").click(await page_of(world, "manager", number), "page_hand_over")
        before = len(told(world, "deputy"))
        sent = await at_once(world, button, "deputy", "manager", head_start)
        assert sent.ok
        case = await state_of(world, number)
        if case.acknowledged_by == "U0DEPUTY":
            seen.add("handed over, then taken by the deputy")
            head_start = abs(head_start) + STEP
        else:
            seen.add("the deputy was early, and the HR manager is called")
            head_start = -abs(head_start) - STEP
            assert case.acknowledged_by is None
            [answer] = told(world, "deputy")[before:]
            assert "<@U0MANAGER>" in answer, "the deputy is told who had it"
            assert "page_acknowledge" in (await page_of(world, "hr_manager", number)).buttons
            assert "応答待ち" in world.card(number).plain
        if len(seen) == 2:
            return
    raise AssertionError(f"in {ROUNDS} rounds only: {seen}")


async def test_a_link_pressed_twice_at_once_answers_once(world: World) -> None:
    number = await world.reports()
    database, office = world.bot.database, world.bot.people.privacy_office
    token, now = "t" * 43, world.now()
    async with database.transaction() as db:
        await channels.link_made(db, number, user="U0MANAGER", token=token, now=now)

    async def press() -> str:
        try:
            async with database.transaction() as db:
                await channels.link_used(db, token, kind=Kind.MEMBER, privacy_office=office, now=now)
        except Refused as no:
            return no.reason
        return "taken"

    assert sorted(await asyncio.gather(*(press() for _ in range(5)))) == ["link_over"] * 4 + ["taken"]
    [answer] = (await state_of(world, number)).events_of(LogKind.ACKNOWLEDGED)
    assert (answer.actor, answer.data["by_link"]) == ("U0MANAGER", True)


async def test_a_link_is_for_whoever_may_answer_at_that_moment(world: World) -> None:
    number = await world.reports()
    database, now = world.bot.database, world.now()
    for user, kind in (
        ("U0LEGAL", Kind.MEMBER),
        ("U0MANAGER", Kind.DEACTIVATED),
        ("U0MANAGER", Kind.GUEST),
        ("U0MANAGER", None),
    ):
        token = f"{user}{kind}"
        async with database.transaction() as db:
            await channels.link_made(db, number, user=user, token=token, now=now)
        with pytest.raises(Refused):
            async with database.transaction() as db:
                await channels.link_used(db, token, kind=kind, privacy_office=["U0PRIVACY"], now=now)
    assert (await state_of(world, number)).acknowledged_by is None


async def test_no_token_is_stored_and_old_links_are_forgotten(world: World) -> None:
    number = await world.reports()
    database, now = world.bot.database, world.now()
    for token, at in (("first" * 9, now), ("second" * 9, now + timedelta(hours=24))):
        async with database.transaction() as db:
            await channels.link_made(db, number, user="U0MANAGER", token=token, now=at)
    async with database.reading() as db:
        [link] = list(await db.scalars(select(PageLink)))
    assert link.user == "U0MANAGER"
    assert "second" not in str(link.model_dump())
    assert link.expires_at == now + timedelta(hours=48)
