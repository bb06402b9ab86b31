"""The rules of the house that no tool checks, each with its reason in the message."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

import bot.vocabulary as vocabulary
from bot.resources import resource
from bot.vocabulary import Action, Callback, EventType, Notice, Word
from tests.sources import ROOT, calls, first_words, lines, modules, tracked, tree

BOT = modules("bot")
TESTS = modules("tests")
LONGEST_FILE = 400
WORDS = [
    each
    for each in vars(vocabulary).values()
    if isinstance(each, type) and issubclass(each, Word) and each is not Word
]
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words.__name__)
def test_every_word_has_a_label_in_both_languages(words: type[Word]) -> None:
    for word in words:
        assert word.ja.strip(), f"{word!r} has no Japanese label, and Japanese is read first"
        assert word.en.strip(), f"{word!r} has no English label"
        assert not JAPANESE.search(word.en), f"the English label of {word!r} is Japanese"


def test_names_that_operators_rely_on_stay_as_promised() -> None:
    """Scripts, templates and tests outside refer to these; renaming one breaks them."""
    assert set(EventType) == {"leak_page", "leak_card", "leak_reminder", "leak_notice"}
    assert set(Callback) <= {
        *("first_report", "report_message", "add_facts", "assessment", "assessment_confirm"),
        *("submission", "hand_over", "closure", "absence", "item", "join"),
        *("task_assign", "task_not_applicable", "task_add", "declaration", "deviation"),
        *("prevention_add", "reopen"),
        *("notice_record", "publication"),
        *("document_send_back", "document_sent"),
        *("inquiry", "inquiry_answer", "inquiry_close", "inquiry_assign"),
        *("add_to_timeline", "timeline_entry", "register"),
    }
    assert set(Action) <= {
        *("page_acknowledge", "page_hand_over", "case_add_facts", "case_assess", "case_checklist"),
        *("case_documents", "case_record_submission", "case_close", "task_done", "home_report"),
        *("document_draft", "documents_language", "case_items", "item_edit"),
        *("document_preview", "document_circulate", "document_approve", "document_send_back"),
        "document_sent",
        *("checklist_phase", "task_assign", "task_not_applicable", "task_reopen", "task_add"),
        *("declare_company_wide", "record_deviation"),
        *("case_close_no_leak", "case_reopen", "prevention_add"),
        *("case_notices", "notice_record", "notice_correct", "notices_complete", "publication_decide"),
        *("page_cannot", "still_working", "absence_declare", "absence_end", "case_export"),
        "case_join",
        *("home_register", "case_status", "register_status", "register_department", "register_indicator"),
        *("register_year", "register_drill", "register_before", "register_after"),
        *("case_inquiries", "inquiry_add", "inquiry_answer", "inquiry_assign", "inquiry_close"),
        *("inquiry_reopen", "inquiries_back", "inquiries_on"),
        *("case_timeline", "timeline_add", "timeline_correct", "timeline_older", "timeline_newer"),
    }


def templates(locale: str) -> set[str]:
    folder = resource("templates") / locale
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_every_template_exists_in_both_languages() -> None:
    assert templates("ja") ^ templates("en") == set(), "whoever reads the other language would get nothing"


def test_no_template_is_empty() -> None:
    empty = [
        path for path in resource("templates").rglob("*") if path.is_file() and not path.read_bytes().strip()
    ]
    assert empty == []


def test_every_notice_has_a_template() -> None:
    missing = {f"messages/{notice}.txt" for notice in Notice} - templates("ja")
    assert missing == set(), "a notice without a template cannot be said"


def test_every_refusal_has_a_template() -> None:
    reasons = {word for path in BOT for word in first_words(path, "Refused", 0)}
    missing = {f"messages/refused/{reason}.txt" for reason in reasons} - templates("ja")
    assert missing == set(), "a person who is refused must be told why"


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_every_wrong_field_is_explained(locale: str) -> None:
    floors = modules("bot/slack", "bot/workflow", "bot/policy")
    reasons = {word for path in floors for word in first_words(path, "InvalidField", 1)}
    screens = resource("templates") / locale / "screens.yaml"
    explained = set(yaml.safe_load(screens.read_text("utf-8"))["errors"])
    assert reasons - explained == set(), "a field that is refused must say what to write instead"


CLOCKS = {"now", "utcnow", "today"}
MAY_READ_THE_CLOCK = (Path("bot/clock.py"), Path("bot/workspace"))


def test_only_the_clock_reads_the_time() -> None:
    guilty = [
        f"{path}:{call.lineno}: {name}()"
        for path in BOT
        if not any(path.is_relative_to(allowed) for allowed in MAY_READ_THE_CLOCK)
        for name, call in calls(path)
        if re.fullmatch(rf"(datetime\.|dt\.)*(datetime|date)\.({'|'.join(CLOCKS)})", name)
    ]
    assert guilty == [], "time comes in as an argument, or from the Clock, so that tests and demo can move it"


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_nothing_is_mocked() -> None:
    mocks = {"mock", "unittest.mock", "pytest_mock"}
    guilty = [str(path) for path in TESTS if imported(path) & mocks]
    guilty += [
        f"{path}:{call.lineno}"
        for path in TESTS
        for name, call in calls(path)
        if re.fullmatch(r"monkeypatch\.setattr|mocker\.\w+", name)
    ]
    assert guilty == [], "the local workspace is our fake of Slack; a mock only repeats what we believe of it"


def test_nothing_of_ours_forgets_that_it_was_cancelled() -> None:
    guilty = [
        f"{path}:{call.lineno}" for path in BOT for name, call in calls(path) if name == "asyncio.wait_for"
    ]
    assert guilty == [], "in Python 3.11 it may swallow a cancelling; use asyncio.timeout"


def test_no_test_waits_by_the_wall_clock() -> None:
    guilty = [f"{path}:{call.lineno}" for path in TESTS for name, call in calls(path) if name == "time.sleep"]
    assert guilty == [], "tests move the clock instead of waiting"


def test_a_skipped_test_says_why() -> None:
    guilty = [
        f"{path}:{call.lineno}"
        for path in TESTS
        for name, call in calls(path)
        if name.endswith(("mark.skip", "mark.skipif", "mark.xfail"))
        and not any(each.arg == "reason" for each in call.keywords)
    ]
    assert guilty == [], "a test that does not run must say what is missing"


@pytest.mark.parametrize("path", BOT, ids=str)
def test_a_module_is_small_and_says_what_it_is_for(path: Path) -> None:
    written = lines(path)
    assert len(written) <= LONGEST_FILE, f"{path} no longer fits in a head: split it along the story"
    if any(line.strip() for line in written):
        assert ast.get_docstring(tree(path)), f"{path} opens without saying what it is for"


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b|not supported yet")
    guilty = [
        f"{path}:{at}" for path in BOT for at, line in enumerate(lines(path), start=1) if later.search(line)
    ]
    assert guilty == [], "nothing half-wired: finish it or leave it out"


# Written so that this file does not find itself.
FOREIGN = re.compile(
    r"\.\./share[d]\b"
    r"|(?<![\w./}])/(?:wor[k]|roo[t]|hom[e]/\w+|User[s]/\w+|op[t])/"
    r"|pypi\.or[g]/simple|extra-inde[x]-url|file:///[a-z]"
)


def test_the_repository_does_not_know_where_it_was_made() -> None:
    guilty = []
    for path in tracked():
        try:
            text = (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        guilty += [f"{path}: {found[0]}" for found in FOREIGN.finditer(text)]
    assert guilty == [], "paths of one machine and addresses of package indexes mean nothing elsewhere"


def test_imports_go_through_the_package_and_not_around_it() -> None:
    guilty = [
        f"{path}:{node.lineno}"
        for path in BOT
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert guilty == [], "write imports from `bot` on, as the floors are written"
