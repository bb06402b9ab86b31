"""The comparison: every reminder as a job of its own in APScheduler's SQLAlchemy job store."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("jobs_alone.py")
BEFORE_THE_FIRST = 30.0  # seconds from the start of the process until a job falls due: it is idle so long


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds of the start, CPU while idle (a share of one processor), bytes at most, seconds of lateness."""

    start: float
    idle: float
    most: int
    single: list[float]
    together: list[float]


class JobStore:
    """So many jobs in a database, and a process that runs those which fall due.

    That process imports APScheduler and SQLAlchemy and nothing of ours, so that its memory is its own.
    """

    def __init__(self, url: str, jobs: int) -> None:
        self._url = url
        self._jobs = jobs

    def measure(self, single: int, together: int, apart: float) -> Result:
        """Fills the store, then lets a fresh process live on it."""
        some = single + together
        self._run("fill", some, self._jobs)
        begin = time.time() + BEFORE_THE_FIRST
        moments = [begin + n * apart for n in range(single)] + [begin + single * apart + 2] * together
        self._run("fill", 0, some, moments)
        found = self._run("live", 0, self._jobs, moments)
        late = [found["ran"][str(n)] - moment for n, moment in enumerate(moments)]
        return Result(found["start"], found["idle"], found["most"], late[:single], late[single:])

    def _run(self, what: str, first: int, end: int, moments: Sequence[float] = ()) -> Any:
        said = subprocess.run(  # noqa: S603 - our own script
            [sys.executable, str(SCRIPT), what, self._url],
            input=json.dumps([first, end, list(moments)]),
            capture_output=True,
            text=True,
            check=False,
        )
        if said.returncode:
            raise RuntimeError(said.stderr)
        return json.loads(said.stdout) if said.stdout else None
