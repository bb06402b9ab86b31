"""Reads the house's own source, for the tests that guard it."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.resources import PACKAGE

ROOT = PACKAGE.parent
NOT_OURS = {
    *(".venv", "dist", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"),
    *(".hypothesis", ".import_linter_cache", ".leakbot-demo"),
}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is or would be committed, relative to the repository."""
    if not (ROOT / ".git").exists():  # an unpacked source archive holds nothing else, but for caches
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        return tuple(sorted(path for path in found if not NOT_OURS & set(path.parts)))
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603
    return tuple(sorted({Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()}))


@cache
def modules(*folders: str) -> tuple[Path, ...]:
    """The Python files below these folders, relative to the repository."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(sorted(path.relative_to(ROOT) for path in found))


@cache
def tree(path: Path) -> ast.Module:
    """The parsed module at `path`."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in the module: the dotted name as written (`datetime.now`), and the call."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def first_words(path: Path, function: str, position: int) -> Iterator[str]:
    """The literal text given as argument `position` of each call of `function` in the module."""
    for name, call in calls(path):
        if name.split(".")[-1] == function and len(call.args) > position:
            argument = call.args[position]
            for part in ast.walk(argument):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


def lines(path: Path) -> list[str]:
    """The lines of a text file of the repository."""
    return (ROOT / path).read_text(encoding="utf-8").splitlines()
