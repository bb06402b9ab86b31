"""The world of the story tests: the local workspace, the real bot connected to it, and a clock to move.

`world.reports(…)`, `world.passes(minutes=11)`, `world.acknowledges("deputy")` tell the story; what people
would see is read back from the workspace. At the end the workspace must not have listed any violation.
"""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.app import Leakbot, Pace, running
from bot.organisation import Organisation, parse
from bot.resources import resource
from bot.settings import Settings
from bot.workspace import Message, Person, Submission, Workspace

TOKYO = ZoneInfo("Asia/Tokyo")
SUNDAY_EVENING = datetime(2026, 11, 22, 21, 18, tzinfo=TOKYO).astimezone(UTC)
SAMPLE_ORGANISATION = (Path(__file__).parent / "organisation.yaml").read_text(encoding="utf-8")

LOST_USB = {"indicator": "media_lost", "summary": "顧客リストの入ったUSBメモリを電車に忘れました"}


class World:
    """A workspace, a bot, and what people do."""

    def __init__(
        self, workspace: Workspace, database_url: str, organisation: Organisation, **pace: float
    ) -> None:
        self.workspace = workspace
        self.database_url = database_url
        self.organisation = organisation
        self.bot: Leakbot
        self.environment: dict[str, str] = {}
        #: How patient the bot is; see `Pace`.
        self.pace = Pace(rehearse=False, **{"first_retry": 0.02, "confirm": 0.0, "minute": 2.0, **pace})
        self._life = AsyncExitStack()

    # The bot's life

    async def bot_starts(self) -> None:
        """Start the real bot, through the real SDK, on this world's database."""
        settings = Settings.read(
            {
                **self.workspace.environment,
                "LEAKBOT_DATABASE_URL": self.database_url,
                "LEAKBOT_PORT": "0",
                **self.environment,
            }
        )
        self.bot = await self._life.enter_async_context(
            running(settings, self.organisation, self.workspace.clock, self.pace)
        )
        self.workspace.next_reminder = self.bot.next_reminder
        await self.bot.settled()

    async def bot_stops(self) -> None:
        """Stop it in good order."""
        await self._life.aclose()
        self._life = AsyncExitStack()

    # What people do

    def person(self, who: str) -> Person:
        """Somebody of the sample company."""
        return self.workspace.person(who)

    async def opens_form(self, who: str = "reporter", words: str = "", channel: str | None = None) -> Any:
        """Types `/leak`; gives the form."""
        reply = await self.person(who).command("/leak", words, channel=channel)
        assert reply.ok, reply.error
        return self.person(who).modal

    async def sends(self, who: str = "reporter", **values: Any) -> Submission:
        """Fills in the open form and sends it."""
        return await self.person(who).submit(values)

    async def reports(self, who: str = "reporter", words: str = "", **values: Any) -> str:
        """The whole first report, from `/leak` to the confirmation; gives the case number."""
        await self.opens_form(who, words)
        sent = await self.sends(who, **{**LOST_USB, **values})
        assert sent.ok, (sent.errors, sent.trouble)
        await self.bot.settled()
        await self.person(who).close_view()
        return (await self.numbers())[-1]

    async def acknowledges(self, who: str = "manager") -> None:
        """Presses 「対応します」 under the newest page in the direct message with the bot."""
        page = self.said_to(who, "leak_page")[-1]
        await self.person(who).click(page, "page_acknowledge")
        await self.bot.settled()

    async def records(self, number: str, obligation: str, who: str = "privacy", **values: Any) -> Submission:
        """Presses 「提出を記録」 on the card, fills in the form and sends it."""
        await self.person(who).click(self.card(number, who), "case_record_submission")
        kind = "final" if obligation.endswith("final") else "preliminary"
        sent = await self.sends(
            who,
            **{"obligation": obligation, "report_kind": kind, "recipient": "個人情報保護委員会", **values},
        )
        await self.bot.settled()
        return sent

    async def closes(self, number: str, who: str = "privacy") -> Submission:
        """Presses 「終結する」 on the card, fills in the form and sends it."""
        await self.person(who).click(self.card(number, who), "case_close")
        sent = await self.sends(
            who, root_cause="持ち出しの手順がなかった", prevention="持ち出しを禁止した", outcome="recovered"
        )
        await self.bot.settled()
        return sent

    # Time

    async def passes(self, **time: float) -> None:
        """Let time go by, stopping at every moment at which a case wants something."""
        await self.until(self.now() + timedelta(**time))

    async def until(self, moment: datetime) -> None:
        """Let time go by until then."""
        await self.bot.settled()
        while (wake := await self.bot.next_wake()) is not None and wake <= moment:
            self.workspace.clock.set(max(wake, self.now()))
            await self.bot.settled()
        self.workspace.clock.set(moment)
        await self.bot.settled()

    def now(self) -> datetime:
        """The world's present moment, UTC."""
        return self.workspace.clock.now()

    # What was said

    async def numbers(self) -> list[str]:
        """Every case number, oldest first."""
        from bot.cases import queries

        async with self.bot.database.reading() as db:
            return [case.number for case in await queries.all_cases(db)]

    def room(self, number: str, who: str = "privacy") -> str:
        """The id of the case's room, as somebody in it sees it; the one that stands where it had several."""
        name = f"drill-{number.removeprefix('D')}" if number.startswith("D") else f"leak-{number}"
        rooms = [c for c in self.person(who).conversations() if f"{c.name}-".startswith(f"{name}-")]
        rooms = [c for c in rooms if not c.archived] or rooms[-1:]
        assert len(rooms) == 1, f"{who} sees {len(rooms)} rooms called {name}"
        return rooms[0].id

    def heard(self, number: str, event_type: str | None = None, who: str = "privacy") -> list[Message]:
        """What the bot said in the room, oldest first; only messages of one event type where given."""
        said = self.person(who).messages(self.room(number, who))
        return [m for m in said if m.metadata and event_type in (None, m.metadata["event_type"])]

    def said_to(self, who: str, event_type: str | None = None) -> list[Message]:
        """What the bot said to somebody directly, oldest first."""
        said = self.person(who).messages("bot")
        return [m for m in said if m.metadata and event_type in (None, m.metadata["event_type"])]

    def card(self, number: str, who: str = "privacy") -> Message:
        """The card of the case."""
        cards = self.heard(number, "leak_card", who)
        assert len(cards) == 1, f"{len(cards)} cards in the room of {number}"
        return cards[0]

    def reminders(self, number: str) -> list[str]:
        """The reminders heard in the room, as `obligation kind step`."""
        payloads = [payload(m) for m in self.heard(number, "leak_reminder")]
        return [f"{p['obligation']} {p['kind']} {p['step']}" for p in payloads]

    def notices(self, number: str) -> list[str]:
        """The kinds of notices heard in the room, but for the words on overdue tasks (`task_reminders`)."""
        kinds = [payload(m)["kind"] for m in self.heard(number, "leak_notice")]
        return [kind for kind in kinds if kind != "tasks_overdue"]

    def task_reminders(self, number: str) -> list[Message]:
        """What the room heard of tasks past their time, oldest first."""
        said = self.heard(number, "leak_notice")
        return [message for message in said if payload(message)["kind"] == "tasks_overdue"]


def payload(message: Message) -> dict[str, Any]:
    """A message's event payload."""
    assert message.metadata is not None
    value: dict[str, Any] = message.metadata["event_payload"]
    return value


@cache
def the_company(**changes: str) -> Organisation:
    """The sample company's organisation, with parts of its text replaced. Read once: nobody changes one."""
    text = SAMPLE_ORGANISATION
    for old, new in changes.items():
        assert old in text, f"{old} is not in tests/organisation.yaml"
        text = text.replace(old, new)
    return parse(text, "organisation.yaml")


@pytest.fixture(scope="session")
async def warm() -> None:
    """This process has seen a first report."""
    from tests.warming import a_first_report

    await a_first_report()
    # What was made for good by that is not looked through again: a tenth of a second, some hundred times.
    gc.collect()
    gc.freeze()


@pytest.fixture
async def workspace(warm: None) -> AsyncIterator[Workspace]:
    """The local workspace on a Sunday evening; at the end it must not have listed a violation."""
    local = Workspace(manifest=Path(resource("app_manifest.yml")))
    await local.start(host="127.0.0.1", port=0)
    local.clock.freeze(SUNDAY_EVENING)
    yield local
    violations = list(local.violations)
    await local.stop()
    assert violations == []


MakeWorld = Callable[..., Awaitable[World]]


@pytest.fixture
async def make_world(workspace: Workspace, database_url: str) -> AsyncIterator[MakeWorld]:
    """Makes the world with the bot at work in it, in a company that speaks this language."""
    made: list[World] = []

    async def make(locale: str = "ja", **changes: str) -> World:
        for person in ("reporter", "manager", "deputy", "privacy", "legal", "ciso"):
            workspace.person(person).user.locale = "ja-JP" if locale == "ja" else "en-US"
        world = World(workspace, database_url, the_company(**{"locale: ja": f"locale: {locale}", **changes}))
        await world.bot_starts()
        made.append(world)
        return world

    yield make
    for world in made:
        await world.bot_stops()


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    """The world of most stories: a company that speaks Japanese, on both databases."""
    return await make_world("ja")
