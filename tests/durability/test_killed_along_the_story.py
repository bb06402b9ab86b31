"""From the first report to the closing, killed in every step: nothing lost, nothing twice, the order right.

Each seed kills the process once in each of the nine steps, at some call of Slack or some commit, before or
after it. `LEAKBOT_KILL_SEEDS=20` tries more of them by hand.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from bot.cases import log, queries
from bot.cases.database import Database
from bot.cases.states import case_state
from bot.outbox import deliveries
from bot.policy.state import CaseState
from bot.vocabulary import LogKind, ObligationKind
from bot.workspace import Message, Workspace
from tests.durability.processes import BotProcess, Death
from tests.stories.test_the_assessment import HARMLESS
from tests.world import LOST_USB, TOKYO

SEEDS = int(os.environ.get("LEAKBOT_KILL_SEEDS", "1"))
WHEN: tuple[Literal["before", "after"], ...] = ("before", "after")
PATIENCE = 8  # times somebody tries again
REST = 30.0  # seconds of the machine
NUMBER = "2026-0001"
REPORTABLE = {**HARMLESS, "financial_harm": "true"}

Act = Callable[[], Awaitable[object]]
Done = Callable[[CaseState], bool]


class Story:
    """Steps of one case; in each of them the process dies once."""

    def __init__(self, workspace: Workspace, database_url: str, dice: random.Random) -> None:
        self.workspace = workspace
        self.deaths: list[str] = []
        self._url = database_url
        self._dice = dice
        self._database = Database.open(database_url)

    async def close(self) -> None:
        """Let go of the database."""
        await self._database.close()

    async def step(self, name: str, act: Act | None, done: Done) -> None:
        """Somebody does something, and insists until the case shows it."""
        when, nth = self._dice.choice(WHEN), self._dice.randint(1, 4)
        at_a_commit = self._dice.random() < 0.5
        bot = await self._bot((when, nth) if at_a_commit else None)
        if not at_a_commit:
            self.workspace.faults.add(method="*", nth=nth, when=when, run=bot.kill)
        for _ in range(PATIENCE):
            if act is not None:
                await act()
            if not await self._rests(bot):
                self.deaths.append(f"{name}: {when} {'commit' if at_a_commit else 'call'} {nth}")
                self.workspace.faults.clear()
                bot = await self._bot()
                assert await self._rests(bot)
            case = await self.case()
            if case is not None and done(case):
                break
        else:
            raise AssertionError(f"{name}: given up")
        self.workspace.faults.clear()
        await bot.kill()

    async def case(self) -> CaseState | None:
        """The case as the database has it."""
        async with self._database.reading() as db:
            return await case_state(db, NUMBER, announced=list(LogKind))

    async def everything_is_sound(self) -> None:
        """One case, and a record that nobody bent."""
        async with self._database.reading() as db:
            assert [case.number for case in await queries.all_cases(db)] == [NUMBER]
            assert await log.verify(db, NUMBER) == []

    async def _bot(self, dies: Death | None = None) -> BotProcess:
        bot = BotProcess(self.workspace, self._url, dies)
        await bot.start()
        return bot

    async def _rests(self, bot: BotProcess) -> bool:
        """Wait until nothing is left to plan or to say. Out: False where the bot died before."""
        deadline = time.monotonic() + REST
        while bot.alive:
            async with self._database.reading() as db:
                wake = await queries.earliest_wake(db)
                waiting = await deliveries.next_try(db)
            if (wake is None or wake > self.workspace.clock.now()) and waiting is None and bot.alive:
                return True
            assert time.monotonic() < deadline, "the outbox does not come to rest"
            await asyncio.sleep(0.05)
        return False


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_a_whole_case_survives_being_killed_in_every_step(
    workspace: Workspace, database_url: str, seed: int
) -> None:
    story = Story(workspace, database_url, random.Random(seed))  # noqa: S311 - a plan of troubles
    try:
        await a_whole_case(story)
        assert len(story.deaths) >= 5, story.deaths
        await story.everything_is_sound()
        everything_was_said_once(workspace, story)
    finally:
        await story.close()
    # Dying between a commit and its ack is the one thing Slack rightly complains of.
    workspace.violations[:] = [v for v in workspace.violations if v.error != "not_acknowledged"]


async def a_whole_case(story: Story) -> None:
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
            kind,
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


def everything_was_said_once(workspace: Workspace, story: Story) -> None:
    """Each key of each conversation once, and each step heard in its order."""
    privacy = workspace.person("privacy")
    [room] = [c for c in privacy.conversations() if c.name.startswith("leak-")]
    places = {room.id: privacy, **{f"bot of {p.handle}": p for p in workspace.people}}
    for name, person in places.items():
        said = [m for m in person.messages(room.id if name == room.id else "bot") if m.metadata]
        keys = Counter(str(m.metadata["event_payload"]["key"]) for m in said if m.metadata)
        assert not [key for key, times in keys.items() if times > 1], (name, keys, story.deaths)
    heard = [m for m in privacy.messages(room.id) if m.metadata]
    kinds = [str(m.metadata["event_payload"].get("kind", "")) for m in heard if m.metadata]
    assert kind_of(heard[0]) == "leak_card"
    assert len([m for m in heard if kind_of(m) == "leak_card"]) == 1
    assert len([m for m in heard if kind_of(m) == "leak_page"]) == 2, "the manager's and the deputy's"
    order = ["acknowledged", "facts_added", "assessment_confirmed", *["submission_recorded"] * 3, "closed"]
    assert [kind for kind in kinds if kind in order] == order, story.deaths
    assert any(kind_of(m) == "leak_reminder" for m in heard)
    assert room.pinned == [heard[0].ts]


def card(workspace: Workspace) -> Message:
    privacy = workspace.person("privacy")
    [room] = [c for c in privacy.conversations() if c.name.startswith("leak-")]
    return next(m for m in privacy.messages(room.id) if kind_of(m) == "leak_card")


def kind_of(message: Message) -> str:
    return str((message.metadata or {}).get("event_type", ""))
