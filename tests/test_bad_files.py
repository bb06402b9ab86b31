"""Files that people write: whatever stands in them is read, or refused in one line that says what to do.

`LEAKBOT_PAYLOADS=5000` tries more of them by hand.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.assess import assess_file
from bot.errors import ConfigurationError
from bot.organisation import read
from bot.resources import resource
from tests.spoiling import ANYTHING, spoilt

TRIED = int(os.environ.get("LEAKBOT_PAYLOADS", "25"))
many = settings(max_examples=TRIED, deadline=None, suppress_health_check=list(HealthCheck))

EXAMPLE = resource("organisation.example.yaml").read_text(encoding="utf-8")
COMPANY = yaml.safe_load(EXAMPLE)
FACTS_TEXT = (Path(__file__).parent / "law" / "vectors.yaml").read_text(encoding="utf-8")
ITEMS = [
    {name: item[name] for name in ("id", "aware_at", "facts")} for item in yaml.safe_load(FACTS_TEXT)[:40]
]
Dump = Callable[[Any], str]
DUMPS: tuple[Dump, ...] = (
    lambda value: yaml.safe_dump(value, allow_unicode=True),
    lambda value: json.dumps(value),
)


def dumped(value: Any, dump: Dump) -> bytes:
    """As a file; what cannot be written in UTF-8 is written as it came."""
    try:
        return dump(value).encode("utf-8", "surrogatepass")
    except yaml.YAMLError:
        return json.dumps(value).encode()


def is_read_or_refused(reads: Callable[[Path], object], path: Path, content: bytes) -> None:
    """It is read, or refused in one line that names the file and a remedy."""
    path.write_bytes(content)
    refused = None
    try:
        reads(path)
    except ConfigurationError as error:
        refused = error
    if refused is not None:
        assert refused.line().isprintable(), "one line, and nothing that moves the cursor of a terminal"
        assert path.name in refused.line()
        assert refused.remedy


def assesses(path: Path) -> None:
    assess_file(path, True, io.StringIO())
    assess_file(path, False, io.StringIO())


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bad") / "written.yaml"


@many
@given(spoilt(COMPANY), st.sampled_from(DUMPS))
def test_an_organisation_file_with_parts_that_are_wrong(file: Path, company: Any, dump: Dump) -> None:
    is_read_or_refused(read, file, dumped(company, dump))


@many
@given(st.sampled_from(ITEMS).flatmap(spoilt), st.sampled_from(DUMPS), st.booleans())
def test_facts_with_parts_that_are_wrong(file: Path, item: Any, dump: Dump, in_a_list: bool) -> None:
    is_read_or_refused(assesses, file, dumped([item] if in_a_list else item, dump))


@many
@given(ANYTHING, st.sampled_from(DUMPS))
def test_something_else_altogether(file: Path, anything: Any, dump: Dump) -> None:
    for reads in (read, assesses):
        is_read_or_refused(reads, file, dumped(anything, dump))


@many
@given(
    st.sampled_from([EXAMPLE, FACTS_TEXT[:3000]]), st.binary(max_size=12), st.floats(0, 1), st.integers(0, 40)
)
def test_a_slip_of_the_hand(file: Path, good: str, slip: bytes, where: float, lost: int) -> None:
    whole = good.encode()
    at = int(where * len(whole))
    for reads in (read, assesses):
        is_read_or_refused(reads, file, whole[:at] + slip + whole[at + lost :])


@many
@given(st.binary(max_size=200))
def test_bytes_that_are_no_text(file: Path, content: bytes) -> None:
    for reads in (read, assesses):
        is_read_or_refused(reads, file, content)
