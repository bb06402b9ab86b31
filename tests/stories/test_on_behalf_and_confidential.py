"""Somebody reports what another told them, or without wanting to be known: help comes all the same."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot import logs
from bot.cases import log, queries
from bot.cases.casefile import case_json
from bot.cases.states import case_state
from bot.policy.state import CaseState
from bot.vocabulary import LogKind, SkipReason
from tests.world import MakeWorld, World, payload

WHISTLE: dict[str, Any] = {
    "indicator": "internal_tip",
    "summary": "先輩が顧客名簿を自宅のPCに送っているのを見ました",
    "department": "sales",
    "confidential": ["true"],
}
EVERYBODY_ELSE = ("manager", "deputy", "legal", "ciso", "hr_manager")


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What is logged meanwhile. Logging belongs to the whole process, so it is put back."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    heard = io.StringIO()
    logs.configure("json", heard)
    yield heard
    root.handlers[:] = before
    root.setLevel(level)


async def state(world: World, number: str) -> CaseState:
    async with world.bot.database.reading() as db:
        found = await case_state(db, number)
    assert found
    return found


def sent_to_others(world: World, user: str = "U0REPORTER") -> list[dict[str, Any]]:
    """Every call of the bot but look-ups, and what is posted to this person."""
    asked = ("users.info", "users.list", "users.lookupByEmail", "usergroups.users.list", "conversations.open")
    return [
        {"method": call.method, **call.arguments}
        for call in world.workspace.calls
        if call.method not in asked and call.arguments.get("channel") != user
    ]


async def asks(world: World, who: str, words: str) -> str:
    """The answer to `/leak WORDS`, which this person alone sees."""
    reply = await world.person(who).command("/leak", words)
    assert reply.ok
    return [m for m in world.person(who).messages("general") if m.ephemeral][-1].plain


def seen(world: World, who: str) -> str:
    """Everything that somebody can see of what the bot says: messages with their metadata, App Home, form."""
    person = world.person(who)
    said = [m.raw for m in person.everything() if m.user == "U0LEAKBOT" or m.ephemeral]
    return json.dumps([said, person.home, person.modal], ensure_ascii=False, default=str)


async def works_on(world: World, number: str) -> None:
    """The manager takes it, adds facts, the privacy office decides, files and closes."""
    await world.acknowledges("manager")
    await world.person("manager").click(world.card(number, "manager"), "case_add_facts")
    assert (await world.sends("manager", persons="50")).ok
    await world.bot.settled()
    await decides(world, number)
    for obligation in [o.kind for o in (await state(world, number)).open_obligations]:
        assert (await world.records(number, obligation)).ok
    assert (await world.closes(number)).ok


async def decides(world: World, number: str) -> None:
    """The privacy office confirms that it has to be reported."""
    privacy = world.person("privacy")
    await privacy.click(world.card(number), "case_assess")
    sent = await privacy.submit({"malicious": "true", "data_status": "personal_data"})
    assert sent.ok, sent.errors
    assert (await privacy.submit({})).ok
    await world.bot.settled()
    if privacy.modal:
        await privacy.close_view(all_of_them=True)


async def test_a_report_on_behalf_of_a_contractor_stands_on_the_card_and_the_typist_stays_the_reporter(
    world: World,
) -> None:
    teller = "委託先の配送センター長から電話 <!channel> 4111 1111 1111 1111"
    number = await world.reports(on_behalf_of=teller)
    card = world.card(number).plain
    assert "委託先の配送センター長から電話 <!channel> ［カード番号 末尾1111］" in card
    shown = json.dumps(world.card(number).blocks, ensure_ascii=False)
    assert '"type": "plain_text", "text": "委託先の配送センター長' in shown, "it can neither mention nor link"
    assert "<@U0REPORTER>" in card
    assert (await state(world, number)).reporter == "U0REPORTER"
    sent = json.dumps([call.arguments for call in world.workspace.calls], default=str)
    assert "41111111" not in sent.replace(" ", ""), "only the last four digits may leave the form"


@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_nobody_but_the_privacy_office_learns_who_reported(
    make_world: MakeWorld, logged: io.StringIO, locale: str
) -> None:
    world = await make_world(locale)
    number = await world.reports(**WHISTLE)
    await world.passes(minutes=11)  # the deputy is called too
    await world.person("reporter").click(world.said_to("reporter")[0], "case_add_facts")
    assert (await world.sends("reporter", data_items="氏名と住所")).ok
    await world.bot.settled()
    await works_on(world, number)
    for who in ("manager", "legal", "deputy"):
        for words in (f"status {number}", "list"):
            assert number in await asks(world, who, words)
        await world.person(who).open_home()
    for button in ("case_documents", "case_timeline"):
        await world.person("manager").click(world.card(number, "manager"), button)
        assert "U0REPORTER" not in seen(world, "manager")
        await world.person("manager").close_view(all_of_them=True)

    assert "U0REPORTER" not in json.dumps(sent_to_others(world), ensure_ascii=False, default=str)
    assert "U0REPORTER" not in logged.getvalue()
    for who in EVERYBODY_ELSE:
        assert "U0REPORTER" not in seen(world, who), who
    room = next(c for c in world.person("privacy").conversations() if c.id == world.room(number))
    assert "U0REPORTER" not in room.members
    case = await state(world, number)
    assert case.closed_at is not None, "the whole way was gone"
    assert case.reporter == "U0REPORTER"


async def test_a_message_reported_in_confidence_leads_nobody_else_back_to_its_author(world: World) -> None:
    ts = await world.person("reporter").post("C0SALES", WHISTLE["summary"])
    link = f"https://sample.slack.com/archives/C0SALES/p{ts.replace('.', '')}"
    await world.person("reporter").message_shortcut("report_message", "C0SALES", ts)
    assert (await world.sends("reporter", **WHISTLE)).ok
    await world.bot.settled()
    number = (await world.numbers())[-1]
    await world.acknowledges("manager")
    await asks(world, "manager", f"status {number}")
    await world.person("manager").click(world.card(number, "manager"), "case_timeline")
    for who in EVERYBODY_ELSE:
        assert link not in seen(world, who), who
    assert link in await asks(world, "privacy", f"status {number}"), "the office can ask whoever wrote it"
    assert (await state(world, number)).report.source_permalink == link


async def test_a_report_that_is_not_confidential_names_whoever_sent_it(world: World) -> None:
    """What the test above looks for is really there otherwise."""
    number = await world.reports(**{**WHISTLE, "confidential": []})
    assert "U0REPORTER" in seen(world, "manager")
    assert "U0REPORTER" in json.dumps(sent_to_others(world), ensure_ascii=False, default=str)
    assert "<@U0REPORTER>" in world.card(number).plain


async def test_the_reporter_is_kept_informed_in_person_and_adds_facts_without_a_name(world: World) -> None:
    number = await world.reports(**WHISTLE)
    [receipt] = world.said_to("reporter")
    assert "個人情報保護担当だけが知っています" in receipt.plain
    assert "招待" not in receipt.plain
    assert "<#" not in receipt.plain, "no link to a room that cannot be entered"
    assert not [c for c in world.person("reporter").conversations() if c.name.startswith("leak-")]

    await world.person("reporter").click(receipt, "case_add_facts")
    form = world.person("reporter").modal or {}
    assert "あなたの名前なしで" in str(form)
    assert (await world.sends("reporter", persons="300")).ok
    await world.bot.settled()
    [note] = [m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "facts_added"]
    assert note.plain.startswith("事実が追加されました")
    assert "報告した人が事実を追加しました" in note.plain

    await works_on(world, number)
    told = world.said_to("reporter")
    assert [payload(m)["kind"] for m in told] == ["receipt", "acknowledged", "assessment_confirmed", "closed"]
    assert "<@U0MANAGER> さんが対応しています" in told[1].plain
    assert "case_add_facts" in told[1].buttons
    assert "報告することが決まりました" in told[2].plain
    assert "case_add_facts" not in told[3].buttons, "a closed case takes no more facts"
    keys = [payload(m)["key"] for m in told]
    assert len(set(keys)) == 4
    assert not [key for key in keys if "U0REPORTER" in key]


async def test_the_reporter_finds_the_case_in_list_status_and_home(world: World) -> None:
    number = await world.reports(**WHISTLE)
    assert number in await asks(world, "reporter", "list")
    assert WHISTLE["summary"] in await asks(world, "reporter", f"status {number}")
    assert WHISTLE["summary"] in await asks(world, "reporter", "status")
    assert number in str(await world.person("reporter").open_home())
    assert "<#" not in str(world.person("reporter").home)


async def test_the_privacy_office_sees_the_name_in_the_status_alone(world: World) -> None:
    number = await world.reports(**WHISTLE)
    assert "だれが報告したかは、個人情報保護担当だけが知っています" in world.card(number).plain
    said = await asks(world, "privacy", f"status {number}")
    assert "<@U0REPORTER>" in said
    assert "個人情報保護担当だけが見られます" in said
    reply = await world.person("privacy").command("/leak", "status", channel=world.room(number))
    assert reply.ok
    in_room = [m for m in world.person("privacy").messages(world.room(number)) if m.ephemeral]
    assert "<@U0REPORTER>" in in_room[-1].plain
    assert "U0REPORTER" not in await asks(world, "manager", f"status {number}")


async def test_the_case_file_names_the_reporter_and_is_for_the_privacy_office_alone(world: World) -> None:
    number = await world.reports(**WHISTLE)
    await world.passes(minutes=30)
    ciso, general = world.person("ciso"), "general"
    assert "事案ファイル" not in await asks(world, "ciso", f"status {number}"), "not even offered"
    offered = await asks(world, "privacy", f"status {number}")
    assert "事案ファイルを受け取る" in offered
    answer = [m for m in world.person("privacy").messages(general) if m.ephemeral][-1]
    before = await state(world, number)
    await ciso.click(answer, "case_export")  # what is checked is who presses
    assert (await state(world, number)).revision == before.revision
    assert "個人情報保護担当だけが受け取れます" in ciso.messages(general)[-1].plain
    await world.person("privacy").click(answer, "case_export")
    assert (await state(world, number)).revision > before.revision
    async with world.bot.database.reading() as db:
        value = await case_json(db, number, {})
        assert await log.verify(db, number) == []
    assert (value["reporter"], value["confidential"]) == ("U0REPORTER", True)


async def test_a_manager_who_reports_in_confidence_is_passed_over_without_saying_why(world: World) -> None:
    number = await world.reports("manager", **WHISTLE)
    assert [payload(m)["level"] for m in world.heard(number, "leak_page")] == [1], "the deputy at once"
    [skipped] = [m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "page_skipped"]
    assert SkipReason.IS_REPORTER.ja not in skipped.plain
    assert SkipReason.NOT_TOLD.ja in skipped.plain
    room = next(c for c in world.person("privacy").conversations() if c.id == world.room(number))
    assert "U0MANAGER" in room.members, "a manager who is missing would tell as much"
    others = json.dumps(sent_to_others(world, "U0MANAGER"), ensure_ascii=False, default=str)
    assert SkipReason.IS_REPORTER.ja not in others
    assert "報告した人" not in skipped.plain
    log_of_skip = next(e for e in (await state(world, number)).events if e.kind is LogKind.PAGE_SKIPPED)
    assert log_of_skip.data["reason"] == SkipReason.IS_REPORTER, "the record keeps the truth"


async def test_whatever_the_reason_it_is_not_shown_so_that_it_tells_of_nobody(world: World) -> None:
    world.person("manager").user.deleted = True  # an address that Slack finds nobody for any more
    await world.bot_stops()
    await world.bot_starts()
    number = await world.reports(**WHISTLE)
    [skipped] = [m for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "page_skipped"]
    assert SkipReason.NO_SUCH_USER.ja not in skipped.plain
    assert SkipReason.NOT_TOLD.ja in skipped.plain
    open_case = await world.reports(**{**WHISTLE, "confidential": []})
    [said] = [m for m in world.heard(open_case, "leak_notice") if payload(m)["kind"] == "page_skipped"]
    assert SkipReason.NO_SUCH_USER.ja in said.plain


async def test_a_manager_who_reported_adds_facts_as_either(world: World) -> None:
    number = await world.reports("manager", **WHISTLE)
    await world.person("manager").click(world.said_to("manager")[0], "case_add_facts")
    assert (await world.sends("manager", persons="300")).ok
    await world.bot.settled()
    await world.person("manager").click(world.card(number, "manager"), "case_add_facts")
    assert (await world.sends("manager", data_items="氏名")).ok
    await world.bot.settled()
    notes = [m.plain for m in world.heard(number, "leak_notice") if payload(m)["kind"] == "facts_added"]
    assert "<@U0MANAGER>" not in notes[0], "said as the reporter"
    assert "報告した人" in notes[0]
    assert "<@U0MANAGER>" in notes[1], "said in the room, where everybody sees the manager"


async def test_handing_over_to_the_reporter_is_not_refused_which_would_tell(world: World) -> None:
    number = await world.reports(**WHISTLE)
    await world.person("manager").click(world.said_to("manager", "leak_page")[0], "page_hand_over")
    sent = await world.sends("manager", to="U0REPORTER", reason="出張中のため")
    assert sent.ok, sent.errors
    await world.bot.settled()
    assert world.said_to("reporter", "leak_page"), "called like anybody else"
    assert "<@U0REPORTER>" in str([m.plain for m in world.heard(number)]), "as whom it was handed to"
    assert "だれが報告したかは、個人情報保護担当だけが知っています" in world.card(number).plain


async def test_a_guest_who_reports_hears_in_person_how_it_goes_on(world: World) -> None:
    world.person("legal").user.restricted = True
    await world.bot_stops()
    await world.bot_starts()
    number = await world.reports("legal", **{**WHISTLE, "confidential": []})
    assert "<@U0LEGAL>" in world.card(number).plain, "nothing is withheld"
    await world.acknowledges("manager")
    kinds = [payload(m)["kind"] for m in world.said_to("legal")]
    assert kinds == ["receipt", "acknowledged"]
    assert "招待" not in world.said_to("legal")[0].plain


async def test_a_drill_in_confidence_says_that_it_is_one(world: World) -> None:
    number = await world.reports(words="drill", **WHISTLE)
    await world.acknowledges("manager")
    for message in [*world.said_to("reporter"), *world.heard(number)]:
        assert message.text.startswith("【訓練】")


async def test_who_reported_in_confidence_stays_so_when_the_bot_starts_again(world: World) -> None:
    number = await world.reports(**WHISTLE)
    await world.bot_stops()
    await world.bot_starts()
    await world.acknowledges("manager")
    assert "U0REPORTER" not in json.dumps(sent_to_others(world), ensure_ascii=False, default=str)
    async with world.bot.database.reading() as db:
        row = await queries.case_row(db, number)
    assert row
    assert row.confidential
