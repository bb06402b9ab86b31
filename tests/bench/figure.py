"""One measured figure, and how a run of them is shown and kept."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, in `unit`; `wanted` is the most it should be, None where there is no such limit.

    `beside` says in words what it is to be compared with.
    """

    name: str
    measured: float
    unit: str
    wanted: float | None = None
    beside: str = ""

    @property
    def kept(self) -> bool | None:
        """Whether it stays within what is wanted; None where nothing is."""
        return None if self.wanted is None else self.measured <= self.wanted


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` (0 to 1) of the values do not exceed. Raises ValueError for none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("nothing was measured")
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def show(figures: Sequence[Figure], console: Console) -> None:
    """Prints the table."""
    table = Table(title="leakbot bench")
    for column in ("figure", "measured", "wanted at most", "beside"):
        table.add_column(column, justify="right" if column in ("measured", "wanted at most") else "left")
    for figure in figures:
        wanted = "" if figure.wanted is None else f"{figure.wanted:g} {figure.unit}"
        mark = {True: "[green]", False: "[red]", None: ""}[figure.kept]
        table.add_row(figure.name, f"{mark}{figure.measured:,.4g} {figure.unit}", wanted, figure.beside)
    console.print(table)


def write(figures: Sequence[Figure], path: Path) -> None:
    """Writes them as JSON, in the order of the table."""
    rows = [{**asdict(figure), "kept": figure.kept} for figure in figures]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
