"""Two people report the same thing: whoever leads makes one case of it, and nothing is lost."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.cases import log
from bot.cases.states import case_state
from bot.policy.state import CaseState
from bot.vocabulary import LogKind, Status
from bot.workspace import Message, Submission
from tests.world import MakeWorld, World, payload

FIRST = {"indicator": "media_lost", "summary": "営業車の鞄が見当たりません", "department": "sales"}
SECOND = {
    "indicator": "media_lost",
    "summary": "先輩が電車に鞄を忘れたと聞きました <!channel>",
    "data_items": "顧客の氏名と住所",
    "department": "sales",
}


def at(moment: datetime) -> int:
    """As the form's clock gives it."""
    return int(moment.timestamp())


async def state(world: World, number: str) -> CaseState:
    async with world.bot.database.reading() as db:
        found = await case_state(db, number)
        assert await log.verify(db, number) == []
    assert found
    return found


def offers(world: World, who: str) -> list[Message]:
    """Where somebody is asked whether it is the same."""
    return [m for m in world.said_to(who, "leak_notice") if payload(m)["kind"] == "similar"]


async def joins(world: World, number: str, into: str, who: str = "privacy") -> Submission:
    """Presses the button of the offer, chooses the case and sends the form."""
    offer = next(m for m in offers(world, who) if payload(m)["case"] == number)
    await world.person(who).click(offer, "case_join")
    sent = await world.sends(who, into=into)
    await world.bot.settled()
    if not sent.ok:
        await world.person(who).close_view()
    return sent


async def takes(world: World, number: str) -> None:
    """The manager presses 「対応します」 under the page of this case."""
    [page] = [m for m in world.said_to("manager", "leak_page") if payload(m)["case"] == number]
    await world.person("manager").click(page, "page_acknowledge")
    await world.bot.settled()


def room_of(world: World, number: str) -> set[str]:
    room = next(c for c in world.person("privacy").conversations() if c.id == world.room(number))
    return set(room.members)


async def twice(world: World, second: str = "legal", **changes: Any) -> tuple[str, str]:
    """Two reports, minutes apart, by two people."""
    first = await world.reports("reporter", **FIRST)
    await world.passes(minutes=5)
    return first, await world.reports(second, **{**SECOND, **changes})


@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_manager_and_privacy_office_are_asked_and_the_reporter_is_not(
    make_world: MakeWorld, locale: str
) -> None:
    world = await make_world(locale)
    first, second = await twice(world)
    for who in ("manager", "privacy"):
        [offer] = offers(world, who)
        assert payload(offer) == {
            "case": second,
            "kind": "similar",
            "key": f"{second}/similar/{first}/{world.person(who).id}",
        }
        assert first in offer.plain
        assert "営業車" not in offer.plain, "number and kind, and no words"
        assert "case_join" in offer.buttons
    for who in ("reporter", "legal", "deputy", "ciso"):
        assert offers(world, who) == []
    assert first not in json.dumps([m.raw for m in world.heard(second)]), "the room is not told of another"
    assert payload(world.said_to("legal")[-1])["kind"] == "receipt", "the reporter was not held up"


@pytest.mark.parametrize(
    "other",
    [
        {"indicator": "media_stolen"},
        {"department": "hr"},
    ],
)
async def test_another_kind_or_department_is_not_offered(world: World, other: dict[str, str]) -> None:
    await twice(world, **other)
    assert offers(world, "privacy") == []


async def test_neither_after_a_day_nor_between_a_drill_and_a_case(world: World) -> None:
    drill = await world.reports("reporter", words="drill", **FIRST)
    first = await world.reports("reporter", **FIRST)
    assert offers(world, "privacy") == [], "a drill is another matter"
    for number in (drill, first):
        await takes(world, number)  # or a day of paging would follow
    await world.passes(days=1, seconds=1)
    second = await world.reports("legal", **SECOND)
    assert offers(world, "privacy") == []
    await world.passes(minutes=5)
    third = await world.reports("legal", **SECOND)
    [offer] = offers(world, "privacy")
    assert payload(offer)["key"] == f"{third}/similar/{second}/U0PRIVACY"
    assert first not in offer.plain


async def test_joined_both_records_keep_both_reports_and_the_second_comes_to_rest(world: World) -> None:
    first, second = await twice(world)
    sent = await joins(world, second, first, who="manager")
    assert sent.ok, sent.errors
    stays, ended = await state(world, first), await state(world, second)

    assert (ended.status, ended.joined_into) == (Status.CLOSED, first)
    assert ended.closed_at is not None
    assert ended.open_obligations == ()
    assert all(o.removed_at for o in ended.obligations)
    assert ended.report.summary == SECOND["summary"], "its report stays its own"
    [into] = ended.events_of(LogKind.JOINED_INTO)
    assert (into.actor, into.data["into"]) == ("U0MANAGER", first)
    [joined] = stays.events_of(LogKind.JOINED)
    assert joined.data["other"] == second
    assert joined.data["words"]["summary"] == SECOND["summary"]
    assert stays.open_obligations, "what is due goes on"

    [told] = [m for m in world.heard(first, "leak_notice") if payload(m)["kind"] == "joined"]
    assert SECOND["summary"] in told.plain
    assert "顧客の氏名と住所" in told.plain
    assert "<@U0LEGAL>" in told.plain
    assert f"<#{world.room(second)}>" in told.plain
    plain = [b["text"] for b in told.blocks if "<!channel>" in json.dumps(b, ensure_ascii=False)]
    assert {text["type"] for text in plain} == {"plain_text"}
    [end] = [m for m in world.heard(second, "leak_notice") if payload(m)["kind"] == "joined_into"]
    assert first in end.plain
    assert f"<#{world.room(first)}>" in end.plain
    assert first in world.card(second).plain
    assert "page_acknowledge" not in world.heard(second, "leak_page")[0].buttons

    pages = len(world.said_to("ciso", "leak_page"))
    await takes(world, first)
    before = len(world.heard(second))
    await world.passes(days=6)
    assert len(world.heard(second)) == before, "no page, no reminder, nothing more in that room"
    assert len([m for m in world.said_to("ciso", "leak_page") if payload(m)["case"] == second]) <= pages
    assert world.reminders(first), "the first case counts down"


async def test_the_second_reporter_is_told_and_comes_into_the_first_room(world: World) -> None:
    first, second = await twice(world, "hr_manager")
    assert "U0HRMGR" not in room_of(world, first)
    assert (await joins(world, second, first)).ok
    assert "U0HRMGR" in room_of(world, first)
    told = [payload(m)["kind"] for m in world.said_to("hr_manager", "leak_notice")]
    assert told == ["receipt", "joined_into"]
    said = world.said_to("hr_manager")[-1].plain
    assert first in said
    assert f"<#{world.room(first)}>" in said
    await world.person("hr_manager").click(world.card(first, "hr_manager"), "case_add_facts")
    assert (await world.sends("hr_manager", persons="20")).ok


async def test_the_earlier_awareness_counts_and_the_deadlines_follow(world: World) -> None:
    """The law counts from when anybody in the company first knew (GL 3-5-3-3)."""
    now = world.now()
    first = await world.reports("reporter", **FIRST, aware_at=at(now))
    await world.acknowledges("manager")
    due = {o.kind: o.due_at for o in (await state(world, first)).open_obligations}
    second = await world.reports("legal", **SECOND, aware_at=at(now - timedelta(days=4)))
    assert (await joins(world, second, first)).ok
    case = await state(world, first)
    assert case.aware_at == datetime.fromtimestamp(at(now - timedelta(days=4)), case.aware_at.tzinfo)
    moved = {o.kind: o.due_at for o in case.open_obligations}
    assert set(moved) == set(due)
    for kind, was in due.items():
        is_now = moved[kind]
        if was and is_now:
            assert is_now < was, kind
    [told] = [m for m in world.heard(first, "leak_notice") if payload(m)["kind"] == "joined"]
    assert "改めました" in told.plain
    assert "社内の誰かが最初に気づいた時から数える" in told.plain
    assert "reassessed" in world.notices(first), "and what that changes"
    assert "11月18日" in world.card(first).plain


async def test_a_later_awareness_moves_nothing(world: World) -> None:
    now = world.now()
    first = await world.reports("reporter", **FIRST, aware_at=at(now - timedelta(days=1)))
    due = [o.due_at for o in (await state(world, first)).open_obligations]
    second = await world.reports("legal", **SECOND, aware_at=at(now))
    assert (await joins(world, second, first)).ok
    case = await state(world, first)
    assert [o.due_at for o in case.open_obligations] == due
    [told] = [m for m in world.heard(first, "leak_notice") if payload(m)["kind"] == "joined"]
    assert "改めました" not in told.plain


async def test_a_confidential_second_reporter_stays_unnamed_and_is_kept_informed_about_the_first(
    world: World,
) -> None:
    first, second = await twice(world, "hr_manager", confidential=["true"])
    calls = len(world.workspace.calls)
    assert (await joins(world, second, first)).ok
    assert "U0HRMGR" not in room_of(world, first)
    [told] = [m for m in world.heard(first, "leak_notice") if payload(m)["kind"] == "joined"]
    assert "名前は伏せています" in told.plain
    said = world.said_to("hr_manager")[-1]
    assert payload(said)["kind"] == "joined_into"
    assert "<#" not in said.plain

    await world.person("hr_manager").click(said, "case_add_facts")
    assert (await world.sends("hr_manager", persons="70")).ok, "facts go to the case that goes on"
    await world.bot.settled()
    [note] = [m for m in world.heard(first, "leak_notice") if payload(m)["kind"] == "facts_added"]
    assert "報告した人" in note.plain
    await takes(world, first)
    kinds = [(payload(m)["case"], payload(m)["kind"]) for m in world.said_to("hr_manager")]
    assert kinds == [(second, "receipt"), (second, "joined_into"), (first, "acknowledged")]
    reply = await world.person("hr_manager").command("/leak", "list")
    assert reply.ok
    listed = [m for m in world.person("hr_manager").messages("general") if m.ephemeral][-1].plain
    assert first in listed
    others = [
        c.arguments
        for c in world.workspace.calls[calls:]
        if c.arguments.get("channel") != "U0HRMGR" and c.method not in ("users.info", "usergroups.users.list")
    ]
    assert "U0HRMGR" not in json.dumps(others, default=str)


async def test_nothing_that_was_decided_or_filed_is_lost_by_joining(world: World) -> None:
    first, second = await twice(world)
    assert (await world.records(second, "preliminary")).ok
    refused = await joins(world, second, first)
    assert "判断、提出、本人通知、公表の判断のどれかが記録されています" in str(refused.errors)
    assert (await state(world, second)).joined_into is None
    await world.person("privacy").command("/leak", f"status {first}")
    answer = [m for m in world.person("privacy").messages("general") if m.ephemeral][-1]
    await world.person("privacy").click(answer, "case_join")
    assert (await world.sends("privacy", into=second)).ok, "the other way round keeps what was filed"
    await world.bot.settled()
    assert (await state(world, first)).joined_into == second


async def test_a_case_that_needs_no_report_takes_no_running_clock(world: World) -> None:
    first, second = await twice(world)
    privacy = world.person("privacy")
    await privacy.click(world.card(first), "case_assess")
    assert (await privacy.submit({"certainty": "ruled_out"})).ok
    assert (await privacy.submit({"reason": "鞄は社内で見つかった"})).ok
    await world.bot.settled()
    refused = await joins(world, second, first)
    assert "報告は不要と判断されています" in str(refused.errors)
    assert (await state(world, second)).open_obligations


async def test_closed_cases_take_nothing_and_the_form_sent_twice_joins_once(world: World) -> None:
    first, second = await twice(world)
    world.workspace.redeliver = 2
    assert (await joins(world, second, first)).ok
    world.workspace.redeliver = 0
    assert len((await state(world, first)).events_of(LogKind.JOINED)) == 1
    [offer] = offers(world, "manager")
    await world.person("manager").click(offer, "case_join")
    assert world.person("manager").modal is None, "it is joined already"
    assert [m for m in world.person("manager").messages("bot") if m.ephemeral][-1].plain
    assert world.notices(first).count("joined") == 1


async def test_whoever_does_not_lead_both_cases_learns_of_neither(world: World) -> None:
    first, second = await twice(world, "hr_manager")
    assert (await world.person("privacy").command("/leak", f"status {second}")).ok
    offered = [m for m in world.person("privacy").messages("general") if m.ephemeral][-1]
    assert "case_join" in offered.buttons
    for who, told in (
        ("reporter", "見つかりませんでした"),
        ("deputy", "見つかりませんでした"),
        ("hr_manager", "Cases are joined by those who lead them"),
    ):
        # The button of somebody else's answer: what is checked is who presses.
        await world.person(who).click(offered, "case_join")
        assert world.person(who).modal is None, who
        answers = [m for m in world.person(who).messages("general") if m.ephemeral]
        assert told in answers[-1].plain
        assert (await world.person(who).command("/leak", f"status {second}")).ok
        said = [m for m in world.person(who).messages("general") if m.ephemeral][-1]
        assert "case_join" not in said.buttons
    assert (await state(world, second)).joined_into is None
    assert first not in json.dumps([m.raw for m in world.said_to("hr_manager")])


async def test_a_drill_joins_a_drill_and_says_so(world: World) -> None:
    first = await world.reports("reporter", words="drill", **FIRST)
    second = await world.reports("legal", words="drill", **SECOND)
    assert (await joins(world, second, first)).ok
    heard = [*world.heard(first), *world.heard(second), *world.said_to("legal"), *offers(world, "manager")]
    assert all(m.text.startswith("【訓練】") for m in heard)
