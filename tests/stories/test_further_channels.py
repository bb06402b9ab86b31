"""Silence in Slack: mail and telephone ring too, say nothing of the case, and can be answered there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import aiohttp
import pytest

from bot.cases import queries
from bot.errors import ConfigurationError
from bot.workspace import Workspace
from tests.smtp import Mailbox, listening, nobody_listens
from tests.world import LOST_USB, World, payload, the_company

PAGING = "paging: {acknowledge_within: 10m, repeat_every: 10m}"
SECRETS = ("USB", "顧客リスト", "営業部", "紛失", "sales", "media_lost")


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    """A mail server."""
    async with listening() as box:
        yield box


WithChannels = Callable[..., Awaitable[World]]


@pytest.fixture
async def with_channels(workspace: Workspace, database_url: str) -> AsyncIterator[WithChannels]:
    """Makes a world whose organisation has these channels, with an address people reach from outside."""
    made: list[World] = []

    async def make(*channels: str, public: bool = True, **environment: str) -> World:
        listed = "".join(f"\n    - {channel}" for channel in channels)
        paging = f"paging:\n  acknowledge_within: 10m\n  repeat_every: 10m\n  channels:{listed}"
        world = World(workspace, database_url, the_company(**{PAGING: paging}))
        world.environment |= {"LEAKBOT_PUBLIC_URL": "http://127.0.0.1:8080"} if public else {}
        world.environment |= environment
        await world.bot_starts()
        made.append(world)
        return world

    yield make
    for world in made:
        await world.bot_stops()


def link_in(world: World, text: str) -> str:
    """The link of a mail, at the address where this world's bot listens."""
    [found] = re.findall(r"http://127\.0\.0\.1:8080(/acknowledge/\S+)", text)
    return f"{world.bot.address}{found}"


async def visits(link: str, method: str = "GET") -> tuple[int, str, dict[str, str]]:
    """Open a link, or press its button. Out: status, page, headers."""
    async with aiohttp.ClientSession() as session, session.request(method, link) as answer:
        return answer.status, await answer.text(), dict(answer.headers)


async def test_whoever_stays_silent_in_slack_gets_a_mail_without_a_word_of_the_case(
    with_channels: WithChannels, mailbox: Mailbox
) -> None:
    world = await with_channels(mailbox.url)
    number = await world.reports()
    await world.passes(minutes=4, seconds=59)
    assert mailbox.texts() == []
    await world.passes(seconds=1)
    [text] = mailbox.texts()
    assert mailbox.recipients == ["manager@sample.example"]
    assert text.startswith(f"呼び出し 事案 {number}\n")
    page = world.said_to("manager", "leak_page")[0]
    assert f"/archives/{page.channel}/p{page.ts.replace('.', '')}" in text
    for raw in mailbox.raw:
        for secret in SECRETS:
            assert secret.encode() not in raw
    for secret in SECRETS:
        assert secret not in text
    await world.passes(minutes=9, seconds=59)
    assert mailbox.recipients[1:] == [], "the deputy has been silent for less than five minutes"
    await world.passes(seconds=1)
    assert mailbox.recipients[1:] == ["deputy@sample.example"]
    await world.passes(minutes=5)
    assert mailbox.recipients[2:] == ["ciso@sample.example"], "the last resort at once"
    async with world.bot.database.reading() as db:
        row = await queries.case_row(db, number)
        assert row is not None
        kinds = [e.kind for e in await queries.log_of(db, row.id or 0)]
    assert kinds.count("channel_sent") == 3
    assert world.notices(number) == [], "nobody is told of what works"


async def test_an_answer_in_slack_stops_every_other_channel(
    with_channels: WithChannels, mailbox: Mailbox
) -> None:
    world = await with_channels(mailbox.url)
    await world.reports()
    await world.passes(minutes=4)
    await world.acknowledges("manager")
    await world.passes(hours=3)
    assert mailbox.raw == []


async def test_the_link_in_a_mail_answers_once_and_only_by_its_button(
    with_channels: WithChannels, mailbox: Mailbox
) -> None:
    world = await with_channels(mailbox.url)
    number = await world.reports()
    await world.passes(minutes=5)
    link = link_in(world, mailbox.texts()[0])
    for _ in range(3):  # a mail filter, a preview, a person
        status, page, headers = await visits(link)
        assert (status, 'method="post"' in page, number in page) == (200, True, True)
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert (await visits(link, "HEAD"))[0] == 200
    await world.bot.settled()
    assert world.notices(number) == [], "opening a link is not pressing its button"
    status, page, _ = await visits(link, "POST")
    assert (status, "ありがとうございます" in page, "<form" in page) == (200, True, False)
    await world.bot.settled()
    assert world.notices(number) == ["acknowledged"]
    assert "<@U0MANAGER>" in world.card(number).plain
    for method in ("GET", "POST"):
        status, page, _ = await visits(link, method)
        assert status == 404
        assert "使えません" in page
        assert number not in page
    await world.bot.settled()
    assert world.notices(number) == ["acknowledged"]
    await world.passes(hours=1)
    assert len(mailbox.raw) == 1


@pytest.mark.parametrize("token", ["x", "A" * 43, "%2e%2e", "a%00b"])
async def test_a_made_up_link_says_nothing(with_channels: WithChannels, mailbox: Mailbox, token: str) -> None:
    world = await with_channels(mailbox.url)
    await world.reports()
    for method in ("GET", "POST"):
        status, page, _ = await visits(f"{world.bot.address}/acknowledge/{token}", method)
        assert status == 404
        assert "2026-0001" not in page


async def test_a_link_is_over_after_a_day(with_channels: WithChannels, mailbox: Mailbox) -> None:
    world = await with_channels(f"{{url: '{mailbox.url}', levels: [manager]}}")
    number = await world.reports()
    await world.passes(minutes=5)
    link = link_in(world, mailbox.texts()[0])
    world.workspace.clock.advance(timedelta(hours=24))
    assert (await visits(link, "POST"))[0] == 404
    await world.bot.settled()
    assert "acknowledged" not in world.notices(number)


async def test_a_link_of_somebody_who_left_the_company_is_worth_nothing(
    with_channels: WithChannels, mailbox: Mailbox
) -> None:
    world = await with_channels(mailbox.url)
    number = await world.reports()
    await world.passes(minutes=5)
    link = link_in(world, mailbox.texts()[0])
    world.workspace.person("manager").user.deleted = True
    status, page, _ = await visits(link, "POST")
    assert (status, number in page) == (404, False)
    await world.bot.settled()
    assert world.notices(number) == []


async def test_a_link_pressed_after_somebody_else_answered_says_so(
    with_channels: WithChannels, mailbox: Mailbox
) -> None:
    world = await with_channels(mailbox.url)
    number = await world.reports()
    await world.passes(minutes=10)
    link = link_in(world, mailbox.texts()[0])
    await world.acknowledges("deputy")
    for method in ("GET", "POST"):
        status, page, _ = await visits(link, method)
        assert status == 200
        assert "すでにほかの人が対応しています" in page
        assert "<form" not in page
    await world.bot.settled()
    assert world.notices(number) == ["acknowledged"]


async def test_without_an_address_from_outside_there_is_no_link(
    with_channels: WithChannels, mailbox: Mailbox
) -> None:
    world = await with_channels(mailbox.url, public=False)
    await world.reports()
    await world.passes(minutes=5)
    [text] = mailbox.texts()
    assert "acknowledge" not in text
    assert (await visits(f"{world.bot.address}/acknowledge/x"))[0] == 404


async def test_a_drill_is_marked_and_english_readers_read_english(
    with_channels: WithChannels, mailbox: Mailbox
) -> None:
    world = await with_channels(mailbox.url)
    world.workspace.person("manager").user.locale = "en-US"
    await world.bot_stops()
    await world.bot_starts()
    await world.opens_form("reporter", "drill")
    assert (await world.sends("reporter", **LOST_USB)).ok
    await world.passes(minutes=15)
    english, japanese = mailbox.texts()
    assert english.startswith("【訓練】(Drill) Page, case D2026-0001\n【訓練】(Drill) ")
    assert japanese.startswith("【訓練】呼び出し 事案 D2026-0001\n【訓練】")
    page = (await visits(link_in(world, english)))[1]
    assert "【訓練】(Drill) Page, case D2026-0001" in page
    assert "I'll handle it" in page


async def test_a_dead_mail_server_stops_nothing_and_the_room_is_told(
    with_channels: WithChannels, mailbox: Mailbox
) -> None:
    dead = mailbox.url.replace(str(mailbox.port), str(nobody_listens()))
    world = await with_channels(dead, mailbox.url)
    number = await world.reports()
    await world.passes(minutes=5)
    assert mailbox.recipients == ["manager@sample.example"], "the other channel does not wait for it"
    [notice] = world.heard(number, "leak_notice")
    assert payload(notice)["kind"] == "channel_failed"
    for said in ("メール", "<@U0MANAGER>", "届きませんでした"):
        assert said in notice.plain
    assert "@sample.example" not in notice.plain
    async with aiohttp.ClientSession() as session, session.get(f"{world.bot.address}/metrics") as answer:
        metrics = await answer.text()
    assert 'leakbot_deliveries_total{kind="page_channel",outcome="failed"} 1.0' in metrics
    assert 'leakbot_deliveries_total{kind="page_channel",outcome="done"} 1.0' in metrics
    await world.passes(minutes=5)
    assert [payload(m)["level"] for m in world.said_to("deputy", "leak_page")] == [1], "paging goes on"


async def test_the_same_trouble_is_told_once_however_often_the_last_resort_is_called(
    with_channels: WithChannels, mailbox: Mailbox
) -> None:
    mailbox.refuses = True
    world = await with_channels(f"{{url: '{mailbox.url}', levels: [last_resort]}}")
    number = await world.reports()
    await world.passes(minutes=60)
    assert len(world.said_to("ciso", "leak_page")) == 5
    assert world.notices(number).count("channel_failed") == 1
    mailbox.refuses = False
    await world.passes(minutes=10)
    assert mailbox.recipients == ["ciso@sample.example"], "each call is another try"


async def test_whoever_has_no_telephone_in_slack_is_named(
    with_channels: WithChannels, caplog: pytest.LogCaptureFixture
) -> None:
    world = await with_channels(
        "twilio://AC${SID}:${TOKEN}@15551234567/{phone}", SID="a" * 32, TOKEN="b" * 32
    )
    number = await world.reports()
    await world.passes(minutes=5)
    [notice] = world.heard(number, "leak_notice")
    assert "Twilio" in notice.plain
    assert "連絡先がありません" in notice.plain
    assert "<@U0MANAGER>" in notice.plain
    assert "b" * 32 not in caplog.text


async def test_no_address_and_no_secret_stands_in_a_log(
    with_channels: WithChannels, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    world = await with_channels(
        mailbox.url.replace("mailto://", "mailto://leakbot:${SMTP_PASSWORD}@"), SMTP_PASSWORD="pa55/w@rd"
    )
    await world.reports()
    await world.passes(minutes=6)
    said = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    said += "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("apprise"))
    for secret in ("pa55", "manager@sample.example"):
        assert secret not in said


async def test_a_channel_that_cannot_be_used_stops_the_start_and_quotes_no_url(
    workspace: Workspace, sqlite_url: str
) -> None:
    for channel in ("mailtos://u:${SMTP_PASSWORD}@smtp.sample.example?to={email}", "nosuch://u:pa55@host"):
        paging = f"paging:\n  channels:\n    - {channel}"
        world = World(workspace, sqlite_url, the_company(**{PAGING: paging}))
        with pytest.raises(ConfigurationError, match=r"paging\.channels\[0\]") as refused:
            await world.bot_starts()
        assert "pa55" not in refused.value.line()
        assert refused.value.exit_code == 2
