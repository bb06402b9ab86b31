"""Measures what is asked for, or everything: `python -m tests.bench [NAME …]`."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from rich.console import Console

from bot import logs
from tests.bench.crowd import crowd
from tests.bench.figure import Figure, show, write
from tests.bench.first_help import first_help
from tests.bench.growth import growth
from tests.bench.many_cases import many_cases
from tests.bench.sharing import sharing

Bench = Callable[[Path], Awaitable[list[Figure]]]

BENCHES: Mapping[str, Bench] = {
    "crowd": crowd,
    "first_help": first_help,
    "growth": growth,
    "many_cases": many_cases,
    "sharing": sharing,
}


async def measure(names: list[str]) -> list[Figure]:
    """Every figure of these benches, one bench after the other, each in a folder of its own."""
    found: list[Figure] = []
    for name in names:
        with tempfile.TemporaryDirectory(prefix="leakbot-bench-") as folder:
            found += await BENCHES[name](Path(folder))
    return found


def main() -> None:
    """Prints the table and writes the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    options.add_argument(
        "--json", type=Path, default=Path("figures.json"), help="where the figures are written"
    )
    given = options.parse_args()
    if unknown := set(given.names) - set(BENCHES):
        options.error(f"no such bench: {', '.join(sorted(unknown))}")
    logs.configure("console")
    figures = asyncio.run(measure(given.names or list(BENCHES)))
    show(figures, Console())
    write(figures, given.json)


if __name__ == "__main__":
    main()
