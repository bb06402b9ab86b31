"""Numbers of the people concerned, typed into the tool: taken all the same, and never seen again."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from bot import logs
from bot.cases import log, queries
from bot.cases.casefile import case_json
from bot.cases.database import Database
from bot.workspace import Workspace
from tests.world import MakeWorld, World, the_company

CARD = "4111 1111 1111 1111"  # published by the card schemes for tests
MY_NUMBER = "621498320257"  # made up; its check digit fits
TYPED = {
    "summary": f"名簿を誤送信しました。例えば {CARD} の方です",
    "data_items": f"氏名、マイナンバー（{MY_NUMBER}）",
}
SECRETS = (CARD, CARD.replace(" ", ""), MY_NUMBER)


def holds_a_secret(said: object) -> bool:
    words = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False, default=str)
    return any(secret in words for secret in SECRETS)


async def stored(database: Database) -> str:
    """Every text of every row, as it lies in the database."""
    found = []
    async with database.reading() as db:
        for table in ("'case'", "log_entry", "delivery", "obligation", "member", "page"):
            name = table.replace("'", '"')
            found += [str(row) for row in await db.execute(text(f"SELECT * FROM {name}"))]  # noqa: S608
    assert found
    return "\n".join(found)


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


async def test_what_is_typed_is_taken_masked_and_said_nowhere(world: World, logged: io.StringIO) -> None:
    number = await world.reports(**TYPED)
    await world.acknowledges()
    assert not holds_a_secret([call.arguments for call in world.workspace.calls])
    assert not holds_a_secret(await stored(world.bot.database))
    assert not holds_a_secret(logged.getvalue())
    card = world.card(number).plain
    assert "［カード番号 末尾1111］" in card
    assert "［マイナンバー］" in card
    async with world.bot.database.reading() as db:
        assert not holds_a_secret(await case_json(db, number, {}))
        assert await log.verify(db, number) == []
        case = await queries.case_row(db, number)
        assert case is not None
        assert case.typed is None, "without keys there is nowhere to keep it"


async def test_the_reporter_is_told_kindly_in_the_confirmation(world: World) -> None:
    await world.opens_form()
    assert (await world.sends(indicator="other", **TYPED)).ok
    told = json.dumps(world.person("reporter").modal, ensure_ascii=False)
    assert "2026-0001" in told
    assert "マイナンバー、カード番号と思われる部分" in told
    assert "伏せて保存しました" in told
    assert not holds_a_secret(told)


async def test_an_ordinary_report_hears_nothing_of_it(world: World) -> None:
    await world.opens_form()
    assert (
        await world.sends(indicator="other", summary="電話は090-1111-2222です。12月1日に3件送りました")
    ).ok
    assert "伏せて" not in json.dumps(world.person("reporter").modal, ensure_ascii=False)


@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_facts_added_later_are_masked_and_the_form_says_so(make_world: MakeWorld, locale: str) -> None:
    world = await make_world(locale)
    number = await world.reports()
    await world.person("manager").click(world.card(number, "manager"), "case_add_facts")
    sent = await world.sends("manager", data_items=f"カード番号 {CARD}", immediate_actions="消した")
    assert sent.ok, sent.errors
    told = json.dumps(world.person("manager").modal, ensure_ascii=False)
    assert ("伏せて保存しました" if locale == "ja" else "those parts masked") in told
    await world.bot.settled()
    assert not holds_a_secret([call.arguments for call in world.workspace.calls])
    assert not holds_a_secret(await stored(world.bot.database))
    assert "1111］" in world.card(number).plain


async def test_a_recipient_and_the_closure_are_masked_and_a_receipt_number_is_not(world: World) -> None:
    number = await world.reports()
    await world.person("privacy").click(world.card(number), "case_record_submission")
    sent = await world.sends(
        "privacy",
        obligation="preliminary",
        report_kind="preliminary",
        recipient=f"個人情報保護委員会 {MY_NUMBER}",
        receipt_no=MY_NUMBER,
    )
    assert sent.ok, sent.errors
    await world.bot.settled()
    async with world.bot.database.reading() as db:
        [entry] = await queries.log_of(db, 1, ["submission_recorded"])
        assert entry.data["recipient"] == "個人情報保護委員会 ［マイナンバー］"
        assert entry.data["receipt_no"] == MY_NUMBER
        [noted] = await queries.log_of(db, 1, ["words_masked"])
    assert noted.data["fields"] == ["recipient"]
    assert noted.data["kinds"] == ["my_number"]
    assert noted.data["kept"] is False


async def test_with_keys_what_was_typed_is_kept_sealed_and_still_shown_nowhere(
    workspace: Workspace, sqlite_url: str
) -> None:
    key = Fernet.generate_key().decode()
    world = World(workspace, sqlite_url, the_company())
    world.environment = {"LEAKBOT_ENCRYPTION_KEYS": key}
    await world.bot_starts()
    try:
        number = await world.reports(**TYPED)
        assert not holds_a_secret([call.arguments for call in workspace.calls])
        assert not holds_a_secret(await stored(world.bot.database))
        async with world.bot.database.reading() as db:
            assert not holds_a_secret(await case_json(db, number, {}))
            case = await queries.case_row(db, number)
            assert case is not None
            assert case.typed is not None
            assert case.typed[0]["words"] == TYPED
            [noted] = await queries.log_of(db, 1, ["words_masked"])
        assert noted.data["kept"] is True
        assert noted.seq == case.typed[0]["seq"]
    finally:
        await world.bot_stops()
    left = Path(sqlite_url.removeprefix("sqlite:///"))
    written = b"".join(each.read_bytes() for each in left.parent.glob(f"{left.name}*"))
    assert not any(secret.encode() in written for secret in SECRETS)


async def test_the_same_form_sent_twice_is_noted_once(world: World) -> None:
    await world.opens_form()
    world.workspace.redeliver = 2
    assert (await world.sends(indicator="other", **TYPED)).ok
    await world.bot.settled()
    world.workspace.redeliver = 0
    async with world.bot.database.reading() as db:
        assert len(await queries.log_of(db, 1, ["words_masked"])) == 1
