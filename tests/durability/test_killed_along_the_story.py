"""From the first report to the closing, killed in every step: nothing lost, nothing twice, the order right.

First the case is told undisturbed, and every call of Slack and every commit in it is counted. Then it is told
again with a process that is killed (SIGKILL) once in each of the ten steps, before or after one of these
points. `make test` tells it once more on each database, killed at points that are spread evenly.

`LEAKBOT_KILL_EVERY=1` kills at all of them: each call and each commit, before and after, of every step, and
fails where nobody ever died at one of these places. `LEAKBOT_KILL_EVERY=2` adds a second death to each: the
process that comes after the killed one is killed in turn, at a call or a commit soon after its start. Either
takes a quarter of an hour for each database, and prints what it did (`-s`).
"""

from __future__ import annotations

import os
import shutil
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from bot.resources import resource
from bot.workspace import Workspace
from tests.databases import TEMPLATE
from tests.durability.processes import When
from tests.durability.whole_case import (
    Plan,
    Point,
    Story,
    a_whole_case,
    everything_was_said_once,
    what_was_said,
)
from tests.world import SUNDAY_EVENING

EVERY = int(os.environ.get("LEAKBOT_KILL_EVERY", "0"))
WHEN: tuple[When, ...] = ("before", "after")
TRIES = 15  # a point that did not come this time: others were quicker, or were said together

FreshUrl = Callable[[], AbstractContextManager[str]]
Points = Mapping[str, list[Point]]


@pytest.fixture
def fresh_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> FreshUrl:
    """Makes the address of one more database with the newest schema."""

    @contextmanager
    def on_sqlite() -> Iterator[str]:
        template: Path = request.getfixturevalue("migrated_sqlite")
        file = tmp_path / "leakbot.db"
        for left in tmp_path.glob("leakbot.db*"):
            left.unlink()
        yield f"sqlite:///{shutil.copy(template, file)}"

    @contextmanager
    def on_postgres() -> Iterator[str]:
        cluster = request.getfixturevalue("postgres")
        name = cluster.create(TEMPLATE)
        yield cluster.url(name)
        cluster.drop(name)

    return on_sqlite if backend == "sqlite" else on_postgres


@asynccontextmanager
async def told(url: str, plans: Mapping[str, Plan], again: Plan | None = None) -> AsyncIterator[Story]:
    """The whole case, told to its end in a workspace of its own."""
    workspace = Workspace(manifest=Path(resource("app_manifest.yml")))
    await workspace.start(host="127.0.0.1", port=0)
    workspace.clock.freeze(SUNDAY_EVENING)
    story = Story(workspace, url, plans, again)
    try:
        await a_whole_case(story)
        await story.everything_is_sound()
        everything_was_said_once(story)
        yield story
        # Dying between a commit and its ack is the one thing Slack rightly complains of.
        assert [v for v in workspace.violations if v.error != "not_acknowledged"] == []
    finally:
        await story.close()
        await workspace.stop()


async def undisturbed(fresh_url: FreshUrl, times: int) -> tuple[Points, set[str]]:
    """The points of each step that came every time, and what was said."""
    met: list[Points] = []
    said: set[str] = set()
    for _ in range(times):
        with fresh_url() as url:
            async with told(url, {}) as story:
                met.append(dict(story.points))
                said = what_was_said(story.workspace)
    first, *others = met
    return {step: [p for p in first[step] if all(p in more[step] for more in others)] for step in first}, said


def spread_evenly(points: Points, backend: str) -> dict[str, Plan]:
    """One death for each step, each at another part of its step, other ones on either database."""
    plans: dict[str, Plan] = {}
    for count, (step, found) in enumerate(points.items()):
        place = (count + (0.25 if backend == "sqlite" else 0.75)) / len(points)
        plans[step] = (WHEN[(count + (backend == "sqlite")) % 2], found[int(place * len(found))])
    return plans


class Toll:
    """Which deaths are still to be died, and what came of the others."""

    def __init__(self, points: Points, backend: str) -> None:
        self._backend = backend
        self._points = points
        spread = spread_evenly(points, backend)
        self._left: dict[str, list[Plan]] = {
            step: [(when, point) for point in found for when in WHEN] if EVERY else [spread[step]]
            for step, found in points.items()
        }
        self._tries: Counter[tuple[str, Plan]] = Counter()
        self._died: set[tuple[str, When, str, str]] = set()
        self.not_met: list[str] = []
        self.failures: list[str] = []
        self.runs = self.deaths = self.second_deaths = 0

    def plans(self) -> dict[str, Plan]:
        """The next death of each step; empty when all were died."""
        return {step: waiting[0] for step, waiting in self._left.items() if waiting}

    def again(self) -> Plan | None:
        """Where the process that comes after a killed one dies in this run."""
        if EVERY < 2:
            return None
        return WHEN[self.runs % 2], Point(
            "commit" if self.runs % 4 < 2 else "call", "*", 1 + self.runs // 4 % 12
        )

    def take(
        self, plans: Mapping[str, Plan], again: Plan | None, story: Story | None, trouble: str = ""
    ) -> None:
        """What came of them; without a story the run failed, which says enough."""
        self.runs += 1
        came = story.deaths if story else plans
        self.deaths += len(came)
        self.second_deaths += len(story.second_deaths) if story else 0
        for step, plan in plans.items():
            self._tries[step, plan] += 1
            self._left[step].remove(plan)
            if step in came:
                self._died.add((step, plan[0], plan[1].kind, plan[1].place))
                continue
            if EVERY and self._tries[step, plan] < TRIES:
                self._left[step].append(plan)
            else:
                self.not_met.append(f"{step}: {plan[0]} {plan[1]}")
        if trouble:
            planned = "; ".join(f"{step}: {when} {point}" for step, (when, point) in plans.items())
            self.failures.append(f"{planned}; then {again}\n{trouble}")
            print(f"FAILED {self.failures[-1]}", flush=True)
        print(
            f"{self._backend} run {self.runs}: {len(came)} of {len(plans)} deaths,"
            f" {self.second_deaths} second deaths so far",
            flush=True,
        )

    def spared(self) -> list[str]:
        """The places of a step at which nobody ever died, though they were passed every time."""
        all_of_them = {
            (step, when, point.kind, point.place)
            for step, found in self._points.items()
            for point in found
            for when in WHEN
        }
        return sorted(" ".join(place) for place in all_of_them - self._died)

    def told(self) -> None:
        """The bill, for whoever tries it by hand."""
        for step, found in self._points.items():
            calls = len([point for point in found if point.kind == "call"])
            print(f"{self._backend} {step}: {calls} calls, {len(found) - calls} commits")
        print(
            f"{self._backend}: {self.runs} runs, {self.deaths} deaths, {self.second_deaths} second deaths,"
            f" not met again: {self.not_met}"
        )


async def test_a_whole_case_survives_being_killed_in_every_step(fresh_url: FreshUrl, backend: str) -> None:
    points, said = await undisturbed(fresh_url, times=3 if EVERY else 1)
    assert len(points) == 10
    toll = Toll(points, backend)
    while plans := toll.plans():
        again = toll.again()
        try:
            with fresh_url() as url:
                async with told(url, plans, again) as story:
                    assert what_was_said(story.workspace) == said
                toll.take(plans, again, story)
        except Exception as error:
            toll.take(plans, again, None, "".join(traceback.format_exception(error)))
    toll.told()
    assert toll.failures == []
    if EVERY:
        # How often the planner looks depends on the moment; that it looks does not.
        assert toll.spared() == []
    else:
        assert toll.deaths >= 7, toll.not_met
