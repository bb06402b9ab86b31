"""The comparison: every reminder as a job of its own in APScheduler's SQLAlchemy job store."""

from __future__ import annotations

import asyncio
import multiprocessing
import pickle
import resource
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

_FRESH = multiprocessing.get_context("spawn")
LATER = datetime(2099, 1, 1, tzinfo=UTC)
_ran: dict[str, float] = {}


@dataclass
class Result:
    """Seconds of the start, bytes at most, seconds of lateness."""

    start: float = 0.0
    most: int = 0
    single: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)


def say(name: str) -> None:
    """What a job does: notes when it ran."""
    _ran[name] = time.time()


class JobStore:
    """So many jobs in a database, and a process that runs those which fall due."""

    def __init__(self, url: str, jobs: int) -> None:
        self._url = url
        self._jobs = jobs

    def measure(self, single: int, together: int, apart: float) -> Result:
        """Fills the store, then lets a fresh process live on it."""
        begin = time.time() + 25 + self._jobs / 10_000
        moments = [begin + n * apart for n in range(single)] + [begin + single * apart + 2] * together
        _fill(self._url, self._jobs, moments)
        ours, theirs = _FRESH.Pipe()
        process = _FRESH.Process(target=_live, args=(self._url, moments, single, theirs), daemon=True)
        process.start()
        result: Result = ours.recv()
        process.join()
        return result


def _fill(url: str, count: int, moments: list[float]) -> None:
    """Writes the rows that `add_job` would write, a thousand at a time: one by one takes many minutes."""
    store = SQLAlchemyJobStore(url)
    scheduler: Any = AsyncIOScheduler(timezone=UTC)
    store.start(scheduler, "default")
    rows = []
    for n in range(count):
        when = datetime.fromtimestamp(moments[n], UTC) if n < len(moments) else LATER
        job = Job(
            scheduler,
            id=str(n),
            func="tests.bench.job_store:say",
            args=(str(n),),
            kwargs={},
            trigger=DateTrigger(when),
            executor="default",
            name="reminder",
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
            next_run_time=when,
        )
        rows.append(
            {
                "id": str(n),
                "next_run_time": when.timestamp(),
                "job_state": pickle.dumps(job.__getstate__(), pickle.HIGHEST_PROTOCOL),
            }
        )
    with store.engine.begin() as db:
        db.execute(store.jobs_t.insert(), rows)
    store.shutdown()


def _live(url: str, moments: list[float], single: int, answer: Connection) -> None:
    async def live() -> Result:
        result = Result()
        began = time.monotonic()
        scheduler = AsyncIOScheduler(jobstores={"default": SQLAlchemyJobStore(url)}, timezone=UTC)
        scheduler.start()
        result.start = time.monotonic() - began
        deadline = moments[-1] + 120
        while len(_said()) < len(moments) and time.time() < deadline:  # noqa: ASYNC110 - jobs tell nobody
            await asyncio.sleep(0.2)
        late = [_said()[str(n)] - moment for n, moment in enumerate(moments)]
        result.single, result.together = late[:single], late[single:]
        result.most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        scheduler.shutdown(wait=False)
        return result

    answer.send(asyncio.run(live()))


def _said() -> dict[str, float]:
    """Jobs are run by their import name, so it is that module which keeps them."""
    from tests.bench import job_store

    return job_store._ran
