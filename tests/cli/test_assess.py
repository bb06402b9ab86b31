"""`leakbot assess` through the real command: a table, JSON for scripts, and one line for a mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Terminal

VECTORS = Path(__file__).parents[1] / "law" / "vectors.yaml"
ITEM = 'id: one\naware_at: "2026-11-24T10:00:00+09:00"\nfacts: {persons: {exact: 1001}}\n'


def test_json_holds_exactly_what_the_worked_cases_expect_in_their_order(terminal: Terminal) -> None:
    assert terminal.types("assess", str(VECTORS), "--json") == 0, terminal.err
    answers = json.loads(terminal.out)
    vectors = yaml.safe_load(VECTORS.read_text(encoding="utf-8"))
    assert [answer["id"] for answer in answers] == [vector["id"] for vector in vectors]
    for answer, vector in zip(answers, vectors, strict=True):
        assert set(answer) == {"id", *vector["expect"]}
        assert answer["decision"] == vector["expect"]["decision"]
        assert answer["final_due"] == (vector["expect"]["final_due"] and str(vector["expect"]["final_due"]))


def test_the_table_shows_duty_source_and_dates(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(ITEM, encoding="utf-8")
    terminal.sets(COLUMNS="200")  # wide enough that no word is broken
    assert terminal.types("assess", str(path)) == 0, terminal.err
    for words in ("報告義務あり", "Report required", "第7条第4号", "目安"):
        assert words in terminal.out


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (ITEM.replace("persons", "people"), "people"),
        (ITEM.replace("+09:00", ""), "aware_at"),
        (ITEM.replace("1001", "-1"), "persons"),
        (ITEM.replace("{exact: 1001}", "{min: 5, max: 2}"), "persons"),
        (ITEM.replace("persons: {exact: 1001}", "sensitive: perhaps"), "sensitive"),
        (ITEM.replace("2026", "2019"), "aware_at"),
        ("id: [", ""),
        ("[]", "item"),
        (ITEM.replace("id: one\n", ""), "id"),
    ],
)
def test_every_mistake_is_one_line_and_exit_code_two(
    terminal: Terminal, tmp_path: Path, text: str, names: str
) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    line = terminal.refuses(2, "assess", str(path), "--json")
    assert terminal.out == ""
    assert "case.yaml" in line
    assert names in line.replace(str(path), "")


def test_json_may_write_a_character_as_two_escapes(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    item = yaml.safe_load(ITEM) | {"id": "😀"}
    path.write_text(json.dumps(item), encoding="ascii")
    assert terminal.types("assess", str(path), "--json") == 0, terminal.err
    assert json.loads(terminal.out)[0]["id"] == "😀"
    path.write_text(path.read_text(encoding="ascii").replace(r"\ude00", ""), encoding="ascii")
    assert "no character" in terminal.refuses(2, "assess", str(path))


def test_a_mistake_that_is_quoted_moves_no_cursor(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(ITEM.replace("persons", '"\\e[2J\\rall is well"'), encoding="utf-8")
    line = terminal.refuses(2, "assess", str(path))
    assert line.isprintable()
    assert r"\x1b[2J\rall is well" in line


def test_a_file_that_is_not_there_is_one_line_too(terminal: Terminal, tmp_path: Path) -> None:
    assert "missing.yaml" in terminal.refuses(2, "assess", str(tmp_path / "missing.yaml"))
