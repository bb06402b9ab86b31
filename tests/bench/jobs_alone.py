"""Reminders as jobs of APScheduler's SQLAlchemy job store. A script by itself: it imports nothing of ours.

`jobs_alone.py fill URL` writes jobs, `jobs_alone.py live URL` runs those that fall due. Both read on standard
input, as JSON, the number of the first job and of the one after the last, and the moments (seconds since
1970) of jobs 0, 1, 2 …; those beyond are due in a year that is far away. `live` prints what it measured.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import func, select

LATER = datetime(2099, 1, 1, tzinfo=UTC)
AT_ONCE = 10_000  # rows in one insert
IDLE = 20.0  # seconds of doing nothing that are measured
HOW = {
    "args": (),
    "name": "reminder",
    "misfire_grace_time": None,
    "coalesce": True,
    "max_instances": 1,
    "executor": "default",
}

ran: dict[str, float] = {}


def say(name: str) -> None:
    """What a job does: notes when it ran."""
    ran[name] = time.time()


def fill(url: str, first: int, end: int, moments: list[float]) -> None:
    """Writes the rows that `add_job` writes, many at a time: one by one takes most of an hour.

    The first one is written by `add_job` before, and has to be the same to the byte.
    """
    store = SQLAlchemyJobStore(url)
    scheduler = AsyncIOScheduler(jobstores={"default": store}, timezone=UTC)

    async def by_the_book() -> dict[str, Any]:
        scheduler.start(paused=True)
        name = str(first)
        scheduler.add_job("__main__:say", _when(first, moments), id=name, **{**HOW, "args": (name,)})
        this = store.jobs_t.c.id == name
        with store.engine.begin() as db:
            row = dict(db.execute(select(store.jobs_t).where(this)).mappings().one())
            db.execute(store.jobs_t.delete().where(this))
        return row

    theirs = asyncio.run(by_the_book())
    with store.engine.begin() as db:
        for begin in range(first, end, AT_ONCE):
            rows = [_row(scheduler, n, moments) for n in range(begin, min(begin + AT_ONCE, end))]
            if begin == first and rows[0] != theirs:
                raise SystemExit("the rows are not those that APScheduler writes")
            db.execute(store.jobs_t.insert(), rows)


def _when(n: int, moments: list[float]) -> DateTrigger:
    return DateTrigger(datetime.fromtimestamp(moments[n], UTC) if n < len(moments) else LATER)


def _row(scheduler: Any, n: int, moments: list[float]) -> dict[str, Any]:
    when = _when(n, moments)
    name = str(n)
    how = {**HOW, "args": (name,), "kwargs": {}, "next_run_time": when.run_date}
    job = Job(scheduler, id=name, func="__main__:say", trigger=when, **how)
    return {
        "id": name,
        "next_run_time": when.run_date.timestamp(),
        "job_state": pickle.dumps(job.__getstate__(), pickle.HIGHEST_PROTOCOL),
    }


async def live(url: str, count: int, moments: list[float]) -> dict[str, Any]:
    """Runs what falls due. Out: seconds of the start, CPU while idle, bytes at most, when each one ran."""
    began = time.monotonic()
    store = SQLAlchemyJobStore(url)
    scheduler = AsyncIOScheduler(jobstores={"default": store}, timezone=UTC)
    scheduler.start()
    started = time.monotonic() - began
    with store.engine.connect() as db:
        assert db.scalar(select(func.count()).select_from(store.jobs_t)) == count, "every job is there"
    busy = time.process_time()
    await asyncio.sleep(IDLE)
    idle = (time.process_time() - busy) / IDLE
    deadline = moments[-1] + 300
    while len(ran) < len(moments) and time.time() < deadline:  # noqa: ASYNC110 - jobs tell nobody
        await asyncio.sleep(0.2)
    scheduler.shutdown(wait=False)
    return {"start": started, "idle": idle, "most": _most(), "ran": ran}


def _most() -> int:
    """Bytes of memory at most. Not `ru_maxrss`: that of whoever launched this process would count in it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def main() -> None:
    """One of the two."""
    what, url = sys.argv[1:]
    first, end, moments = json.load(sys.stdin)
    if what == "fill":
        fill(url, first, end, moments)
    else:
        json.dump(asyncio.run(live(url, end - first, moments)), sys.stdout)


if __name__ == "__main__":
    main()
