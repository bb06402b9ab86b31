"""A case from the first report to the closing in ten steps, with a bot that can be killed in each."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.cases import log, queries
from bot.cases.database import Database
from bot.cases.states import case_state
from bot.outbox import deliveries
from bot.policy.state import CaseState
from bot.vocabulary import LogKind, ObligationKind
from bot.workspace import Message, Workspace
from tests.durability.processes import BotProcess, Death, When
from tests.stories.test_the_assessment import HARMLESS
from tests.world import LOST_USB, TOKYO

PATIENCE = 8  # times somebody tries again
REST = 30.0  # seconds of the machine
NUMBER = "2026-0001"
REPORTABLE = {**HARMLESS, "financial_harm": "true"}
#: What goes by the machine's time and not by the case's: a look at token and clock, a lease made longer.
NOT_OF_THE_STORY = ("auth.test", "apps.connections.open", "keep_leases")

Act = Callable[[], Awaitable[object]]
Done = Callable[[CaseState], bool]


@dataclass(frozen=True, slots=True)
class Point:
    """The nth call of a method, or the nth commit made at a place (see `Death`), counted within a step."""

    kind: Literal["call", "commit"]
    place: str
    nth: int

    def __str__(self) -> str:
        return f"{self.kind} {self.place} #{self.nth}"


#: Where a process dies: before or after the point.
Plan = tuple[When, Point]


@dataclass
class Story:
    """Tells the steps to a bot that lives on from one to the next, and dies as `plans` has it for each.

    `again`: where the process that comes after a killed one is killed in turn, counted from its start.
    """

    workspace: Workspace
    url: str
    plans: Mapping[str, Plan] = field(default_factory=dict)
    again: Plan | None = None
    #: What was passed in each step, and which deaths came.
    points: dict[str, list[Point]] = field(default_factory=dict)
    deaths: dict[str, Plan] = field(default_factory=dict)
    second_deaths: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._database = Database.open(self.url)
        self._bot: BotProcess | None = None

    async def close(self) -> None:
        """Let go of everything."""
        if self._bot is not None:
            await self._bot.kill()
        await self._database.close()

    async def step(self, name: str, act: Act | None, done: Done) -> None:
        """Somebody does something, and insists until the case shows it."""
        plan = self.plans.get(name)
        bot = self._bot = self._bot or await self._started()
        await bot.sees_the_clock()
        before = len(self.workspace.calls)
        await bot.dies_at(self._armed(bot, plan))
        for _ in range(PATIENCE):
            if not await self._lives_through(bot, act):
                bot = await self._replaced(name, bot)
            case = await self.case()
            if case is not None and done(case):
                break
        else:
            raise AssertionError(f"{name}: given up")
        if plan is None:
            calls = [call.method for call in self.workspace.calls[before:]]
            self._counted(name, calls, await bot.commits())
        self.workspace.faults.clear()
        if not await bot.dies_at(None):  # after its last commit: all is said, and it died all the same
            await self._replaced(name, bot)

    async def case(self) -> CaseState | None:
        """The case as the database has it."""
        async with self._database.reading() as db:
            return await case_state(db, NUMBER, announced=list(LogKind))

    async def everything_is_sound(self) -> None:
        """One case, and a record that nobody bent."""
        async with self._database.reading() as db:
            assert [case.number for case in await queries.all_cases(db)] == [NUMBER]
            assert await log.verify(db, NUMBER) == []

    def _counted(self, name: str, calls: list[str], commits: list[str]) -> None:
        found = []
        for kind, places in (("call", calls), ("commit", commits)):
            seen: Counter[str] = Counter()
            for place in places:
                if not place.endswith(NOT_OF_THE_STORY):
                    seen[place] += 1
                    found.append(Point(kind, place, seen[place]))  # type: ignore[arg-type]
        self.points[name] = found

    def _armed(self, bot: BotProcess, plan: Plan | None) -> Death | None:
        """Prepare a death. Out: what the process itself has to know of it."""
        if plan is None:
            return None
        when, point = plan
        if point.kind == "commit":
            return Death(when, point.place, point.nth)
        self.workspace.faults.add(method=point.place, nth=point.nth, when=when, run=bot.kill)
        return None

    async def _started(self) -> BotProcess:
        bot = BotProcess(self.workspace, self.url)
        assert await bot.start()
        return bot

    async def _replaced(self, name: str, dead: BotProcess) -> BotProcess:
        """The next process, once nothing is left to say. The death counts where it was planned."""
        if name in self.plans:
            self.deaths[name] = self.plans[name]
        await dead.kill()
        self.workspace.faults.clear()
        self._bot = await self._started_anew(name)
        assert await self._rests(self._bot)
        return self._bot

    async def _started_anew(self, name: str) -> BotProcess:
        """Another process, which perhaps does not live long either."""
        if self.again is not None:
            bot = BotProcess(self.workspace, self.url)
            if await bot.start(self._armed(bot, self.again)) and await self._rests(bot):
                self.workspace.faults.clear()
                await bot.dies_at(None)
                return bot
            self.second_deaths.append(name)
            await bot.kill()
            self.workspace.faults.clear()
        return await self._started()

    async def _lives_through(self, bot: BotProcess, act: Act | None) -> bool:
        """Do it, and wait until nothing is left to plan or to say. Out: False where the bot died before."""
        if act is not None:
            acting, dying = asyncio.ensure_future(act()), asyncio.create_task(bot.died.wait())
            await asyncio.wait({acting, dying}, return_when=asyncio.FIRST_COMPLETED)
            dying.cancel()
            if not acting.done():
                acting.cancel()  # the line is dead: nobody waits for Slack to say so
                await asyncio.wait({acting})
            elif not bot.died.is_set():
                await acting
        return await self._rests(bot)

    async def _rests(self, bot: BotProcess) -> bool:
        deadline = time.monotonic() + REST
        while not bot.died.is_set():
            async with self._database.reading() as db:
                wake = await queries.earliest_wake(db)
                waiting = await deliveries.next_try(db)
            if (wake is None or wake > self.workspace.clock.now()) and waiting is None and bot.alive:
                return True
            assert time.monotonic() < deadline, "the outbox does not come to rest"
            await asyncio.sleep(0.05)
        return False


async def a_whole_case(story: Story) -> None:
    """Everything from `/leak` to the closing."""
    workspace = story.workspace
    reporter, deputy, privacy = (workspace.person(who) for who in ("reporter", "deputy", "privacy"))

    async def form(button: str, **values: str) -> None:
        if privacy.modal is not None:
            await privacy.close_view(all_of_them=True)
        await privacy.click(card(workspace), button)
        if privacy.modal is not None:
            await privacy.submit(values)
        if privacy.modal is not None and privacy.modal["callback_id"] == "assessment_confirm":
            await privacy.submit({})

    async def reports() -> None:
        if reporter.modal is None:
            await reporter.command("/leak", "")
        if reporter.modal is not None:
            await reporter.submit({**LOST_USB, "persons": "約800人"})

    await story.step("report", reports, lambda case: True)
    workspace.clock.advance(timedelta(minutes=10))
    await story.step("escalation", None, lambda case: any(p.user == "U0DEPUTY" for p in case.pages))

    async def answers() -> None:
        [page] = [m for m in deputy.messages("bot") if kind_of(m) == "leak_page"]
        await deputy.click(page, "page_acknowledge")

    await story.step("answer", answers, lambda case: case.acknowledged_by == "U0DEPUTY")
    await story.step(
        "facts",
        lambda: form("case_add_facts", data_items="氏名、電話番号"),
        lambda case: bool(case.events_of(LogKind.FACTS_ADDED)),
    )
    await story.step(
        "assessment", lambda: form("case_assess", **REPORTABLE), lambda case: case.assessment is not None
    )
    workspace.clock.set(datetime(2026, 11, 25, 8, 0, tzinfo=TOKYO).astimezone(UTC))
    await story.step("reminder", None, lambda case: bool(case.events_of(LogKind.REMINDED)))
    for kind in (ObligationKind.PRELIMINARY, ObligationKind.INDIVIDUAL_NOTICE, ObligationKind.FINAL):
        await story.step(
            kind.value,
            lambda kind=kind: form(  # type: ignore[misc]
                "case_record_submission",
                obligation=kind,
                report_kind="final" if kind is ObligationKind.FINAL else "preliminary",
                recipient="個人情報保護委員会",
            ),
            lambda case, kind=kind: not [o for o in case.open_obligations if o.kind is kind],  # type: ignore[misc]
        )
    await story.step(
        "closing",
        lambda: form(
            "case_close",
            root_cause="持ち出しの手順がなかった",
            prevention="持ち出しを禁止した",
            outcome="leak_confirmed",
        ),
        lambda case: case.closed_at is not None,
    )


def everything_was_said_once(story: Story) -> None:
    """Each key of each conversation once, and each step heard in its order."""
    workspace = story.workspace
    privacy = workspace.person("privacy")
    [room] = [c for c in privacy.conversations() if c.name.startswith("leak-")]
    places = {room.id: privacy, **{f"bot of {p.handle}": p for p in workspace.people}}
    for name, person in places.items():
        said = [m for m in person.messages(room.id if name == room.id else "bot") if m.metadata]
        keys = Counter(str(m.metadata["event_payload"]["key"]) for m in said if m.metadata)
        assert not [key for key, times in keys.items() if times > 1], (name, keys)
    heard = [m for m in privacy.messages(room.id) if m.metadata]
    kinds = [str(m.metadata["event_payload"].get("kind", "")) for m in heard if m.metadata]
    assert kind_of(heard[0]) == "leak_card"
    assert len([m for m in heard if kind_of(m) == "leak_card"]) == 1
    assert len([m for m in heard if kind_of(m) == "leak_page"]) == 2, "the manager's and the deputy's"
    order = ["acknowledged", "facts_added", "assessment_confirmed", *["submission_recorded"] * 3, "closed"]
    assert [kind for kind in kinds if kind in order] == order
    assert any(kind_of(m) == "leak_reminder" for m in heard)
    assert room.pinned == [heard[0].ts]
    for who, pages in (("manager", 1), ("deputy", 1), ("ciso", 0)):
        mine = [m for m in workspace.person(who).messages("bot") if kind_of(m) == "leak_page"]
        assert len(mine) == pages, who
    assert {"U0REPORTER", "U0MANAGER", "U0DEPUTY", "U0PRIVACY", "U0LEGAL"} <= set(room.members)


def what_was_said(workspace: Workspace) -> set[str]:
    """Every key, with who saw it where: a whole case says the same however often it was killed."""
    found = set()
    for person in workspace.people:
        for line in person.conversations():
            place = line.name if line.name.startswith("leak-") else "alone"
            said = [m.metadata for m in person.messages(line.id) if m.metadata]
            found |= {f"{person.handle} {place} {each['event_payload']['key']}" for each in said}
    return found


def card(workspace: Workspace) -> Message:
    """The case's card in its room."""
    privacy = workspace.person("privacy")
    [room] = [c for c in privacy.conversations() if c.name.startswith("leak-")]
    return next(m for m in privacy.messages(room.id) if kind_of(m) == "leak_card")


def kind_of(message: Message) -> str:
    """What kind of word it is, by its metadata."""
    return str((message.metadata or {}).get("event_type", ""))
