"""`leakbot assess`: what it reads, what it prints, and what it says of a mistake."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from bot.assess import assess_file
from bot.errors import ConfigurationError

VECTORS = Path(__file__).with_name("vectors.yaml")
GOOD = 'id: one\naware_at: "2026-11-24T10:00:00+09:00"\nfacts: {persons: {exact: 1001}}\n'


def printed(path: Path, as_json: bool) -> str:
    out = io.StringIO()
    assess_file(path, as_json, out)
    return out.getvalue()


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_worked_cases_come_back_as_a_list_in_their_order() -> None:
    answers = json.loads(printed(VECTORS, as_json=True))
    assert [answer["id"] for answer in answers][:3] == ["v01", "v02", "v03"]
    assert answers[1]["preliminary_due"] == "2026-11-28"


def test_one_item_is_as_good_as_a_list_and_json_as_good_as_yaml(tmp_path: Path) -> None:
    (yaml_answer,) = json.loads(printed(written(tmp_path, GOOD), as_json=True))
    item = {"id": "one", "aware_at": "2026-11-24T10:00:00+09:00", "facts": {"persons": {"exact": 1001}}}
    (json_answer,) = json.loads(printed(written(tmp_path, json.dumps([item])), as_json=True))
    assert yaml_answer == json_answer
    assert yaml_answer["decision"] == "report"


def test_a_time_need_not_stand_in_quotes(tmp_path: Path) -> None:
    (answer,) = json.loads(printed(written(tmp_path, GOOD.replace('"', "")), as_json=True))
    assert answer["clock_start"] == "2026-11-24"


def test_the_table_shows_duty_reason_source_and_dates_in_both_languages(tmp_path: Path) -> None:
    table = printed(written(tmp_path, GOOD), as_json=False)
    for words in (
        "報告義務あり",
        "Report required",
        "個人情報保護委員会",
        "第7条第4号",
        "Art. 7 item 4",
        "目安",
    ):
        assert words in table
    assert "2026年12月23日（水）" in table


def test_the_table_marks_a_provisional_clock(tmp_path: Path) -> None:
    open_case = GOOD.replace("{exact: 1001}", "unknown")
    assert "【暫定】" in printed(written(tmp_path, open_case), as_json=False)


MISTAKES = {
    "an unknown fact": (GOOD.replace("persons", "person"), "person"),
    "a time without offset": (GOOD.replace("+09:00", ""), "offset"),
    "a bare time without offset": (GOOD.replace('"', "").replace("+09:00", ""), "offset"),
    "no time": (GOOD.replace("2026-11-24T10:00:00+09:00", "yesterday"), "not a time"),
    "a date alone": (GOOD.replace('"2026-11-24T10:00:00+09:00"', "2026-11-24"), "not a time"),
    "a wrong number": (GOOD.replace("1001", "-1"), "persons"),
    "a number in words": (GOOD.replace("{exact: 1001}", "many"), "persons"),
    "a range upside down": (GOOD.replace("exact: 1001", "min: 9, max: 1"), "above the maximum"),
    "a wrong answer": (GOOD.replace("persons: {exact: 1001}", "sensitive: perhaps"), "true, false, unknown"),
    "a wrong choice": (GOOD.replace("persons: {exact: 1001}", "kind: theft"), "leak, loss, damage"),
    "an empty value": (GOOD.replace("persons: {exact: 1001}", "sensitive:"), "sensitive"),
    "a contradiction": (
        GOOD.replace("persons: {exact: 1001}", "my_number: false, my_number_persons: {exact: 3}"),
        "My Number",
    ),
    "more My Number than people": (
        GOOD.replace("{exact: 1001}", "{exact: 5}, my_number_persons: {exact: 6}"),
        "above the 5",
    ),
    "known before it was noticed": (
        GOOD.replace("persons: {exact: 1001}", 'trigger_known_at: "2026-11-23T10:00:00+09:00"'),
        "before aware_at",
    ),
    "no facts": (GOOD.split("facts")[0], "facts is missing"),
    "facts that are a word": (GOOD.replace("{persons: {exact: 1001}}", "none"), "facts"),
    "no id": (GOOD.replace("id: one\n", ""), "id is missing"),
    "an unknown key": (GOOD + "factz: {}\n", "factz"),
    "a key twice": (GOOD.replace("{persons", "{persons: unknown, persons"), "stands twice"),
    "a day before the rules": (GOOD.replace("2026", "2021"), "before 2022-04-01"),
    "a day beyond all holidays": (GOOD.replace("2026", "2099"), "no holidays are known"),
    "the last day there is": (GOOD.replace("2026-11-24T10:00:00+09:00", "9999-12-31T23:59:59-12:00"), ""),
    "the first day there is": (GOOD.replace("2026-11-24T10:00:00+09:00", "0001-01-01T00:00:00+12:00"), ""),
    "an impossible day": (GOOD.replace('"', "").replace("11-24", "11-31"), ""),
    "nothing": ("", "set of keys"),
    "an empty list": ("[]", "no item"),
    "a word": ("hello", "set of keys"),
    "no YAML": ("id: [", ""),
    "an alias to itself": ("&a [*a]", "set of keys"),
    "too deep": ("[" * 5000, ""),
    "a tag that would run code": ("!!python/object/apply:os.getcwd []", ""),
}


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "table"])
@pytest.mark.parametrize(("text", "word"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_clear_line_and_nothing_is_printed(
    tmp_path: Path, text: str, word: str, as_json: bool
) -> None:
    out = io.StringIO()
    path = written(tmp_path, text)
    with pytest.raises(ConfigurationError) as refused:
        assess_file(path, as_json, out)
    line = refused.value.line()
    assert line.startswith(str(path))
    assert word in line
    assert "\n" not in line
    assert refused.value.exit_code == 2
    assert out.getvalue() == ""


def test_a_file_that_is_not_there_or_not_text_is_one_line_too(tmp_path: Path) -> None:
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00\x01")
    control = tmp_path / "control.yaml"
    control.write_bytes(b"id: \x00")
    for path in (tmp_path / "missing.yaml", tmp_path, binary, control):
        with pytest.raises(ConfigurationError) as refused:
            printed(path, as_json=True)
        assert str(path) in refused.value.line()
        assert "\n" not in refused.value.line()
