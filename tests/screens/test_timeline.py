"""The timeline on the screen, in both languages: fits into Slack, in order, and nobody can mention by it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.policy.confidential import NOT_NAMED
from bot.policy.state import CaseState, EventState
from bot.slack.screens.timeline import PAGE, entry_form, lines_of, timeline
from bot.vocabulary import FileTrouble, Locale, LogKind
from tests.screens import situations as s
from tests.screens.limits import check_view

LOCALES: tuple[Locale, ...] = ("ja", "en")


def noted(seq: int, minutes: int = 0, kind: LogKind = LogKind.TIMELINE_ENTRY, **data: object) -> EventState:
    """An entry noted so many minutes after now."""
    return EventState(seq, s.NOW + timedelta(minutes=minutes), "UMANAGER", kind, data)


def kept(seq: int, minutes: int = 0, text: str = "電話した", **data: object) -> EventState:
    """A message that was kept."""
    said = {
        "source": "message",
        "text": text,
        "author": "UDEPUTY",
        "happened_at": s.NOW.isoformat(),
        "permalink": "https://example.slack.com/archives/CROOM/p1",
        "sha256": "a1" * 32,
        "edited": True,
    }
    return noted(seq, minutes, LogKind.TIMELINE_ENTRY, **said | data)


def a_file(seq: int, name: str, **data: object) -> EventState:
    """A file that was listed."""
    listed = {"file": "F1", "name": name, "size": 1234, "sha256": "b2" * 32, "stored": True}
    return noted(seq, seq, LogKind.FILE_LISTED, **listed | data)


def shown(case: CaseState, locale: Locale = "ja") -> str:
    """The newest page as JSON; each entry's sentence is its number."""
    lines = lines_of(case, [f"第{event.seq}件" for event in case.events], locale)
    return json.dumps(timeline(locale, s.TOKYO, case, lines), ensure_ascii=False)


def with_events(*events: EventState) -> CaseState:
    return replace(s.in_hand(), events=events)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("text", [*s.HOSTILE, ""])
def test_every_page_fits(locale: Locale, text: str) -> None:
    said = [kept(seq, seq, text, author=text[:80] or "U1", permalink=text) for seq in range(1, PAGE)]
    files = [a_file(seq, text[:255] or "—", permalink=text) for seq in range(PAGE, PAGE * 2)]
    others = [noted(seq, seq, LogKind.FACTS_ADDED) for seq in range(PAGE * 2, PAGE * 3)]
    case = with_events(*said, *files, *others)
    lines = lines_of(case, [text] * len(case.events), locale)
    for page in (None, 0, 1, 99):
        view = timeline(locale, s.TOKYO, case, lines, page)
        check_view(view)
        assert len(json.dumps(view)) < 100_000
    check_view(timeline(locale, s.TOKYO, replace(s.reported(), events=()), [], None))


@pytest.mark.parametrize("locale", LOCALES)
def test_the_form_fits(locale: Locale) -> None:
    for case in (s.in_hand(), replace(s.in_hand(), number="D2026-0001", drill=True)):
        check_view(entry_form(locale, case, s.NOW))
        check_view(entry_form(locale, case, s.NOW, corrects=12))


def test_in_the_order_in_which_it_happened_and_late_notes_say_so() -> None:
    an_hour_ago = (s.NOW - timedelta(hours=1)).isoformat()
    case = with_events(noted(1, kind=LogKind.ACKNOWLEDGED), kept(2, 1, happened_at=an_hour_ago))
    lines = lines_of(case, ["応答しました", ""], "ja")
    assert [line.seq for line in lines] == [2, 1]
    assert [line.noted_at is not None for line in lines] == [True, False]
    assert "に記録" in shown(case)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_message_says_who_said_it_who_kept_it_and_where_it_stands(locale: Locale) -> None:
    told = shown(with_events(kept(7, text="届いていないそうです")), locale)
    assert "#7" in told
    assert told.index("<@UDEPUTY>") < told.index("届いていないそうです") < told.index("<@UMANAGER>")
    assert "<https://example.slack.com/archives/CROOM/p1|" in told
    assert "a1" * 32 in told
    told = shown(with_events(kept(7, permalink="https://evil.example|<!channel>")), locale)
    assert "evil" not in told, "an address that is none is no link"


@pytest.mark.parametrize("locale", LOCALES)
def test_a_file_says_its_size_and_hash_or_why_it_has_none(locale: Locale) -> None:
    told = shown(with_events(a_file(1, "名簿\n<!channel>.xlsx")), locale)
    assert "名簿 &lt;!channel&gt;.xlsx" in told
    assert "1234" in told
    assert "b2" * 32 in told
    told = shown(with_events(a_file(1, "a.txt", sha256=None, stored=False, trouble="gone")), locale)
    assert FileTrouble.GONE.label(locale) in told


@pytest.mark.parametrize("locale", LOCALES)
def test_a_correction_names_what_it_corrects(locale: Locale) -> None:
    event = kept(9, source="written", corrects=4, author=None)
    told = shown(with_events(event), locale)
    assert ("#4 の訂正" if locale == "ja" else "corrects #4") in told
    assert '"block_id": "entry_9"' in told


def test_what_only_prepares_an_entry_is_not_shown() -> None:
    case = with_events(noted(1, kind=LogKind.TIMELINE_WANTED), noted(2, kind=LogKind.FILE_SHARED))
    assert lines_of(case, ["a", "b"], "ja") == []


def test_people_are_named_and_nobody_is_called() -> None:
    told = "UMANAGER <@UDEPUTY> <!channel> <https://evil.example|こちら> UNKNOWN1 CROOM https://a/CROOM/p1"
    case = with_events(kept(1, text=told))
    assert (
        "<@UMANAGER> <@UDEPUTY> &lt;!channel&gt; &lt;https://evil.example|こちら&gt; UNKNOWN1 <#CROOM> "
        "https://a/CROOM/p1"
    ) in shown(case)


def test_what_nobody_did_is_no_persons() -> None:
    told = shown(with_events(replace(noted(1, kind=LogKind.CARD_POSTED), actor="leakbot")))
    assert "leakbot" in told
    assert "<@leakbot>" not in told


def test_a_reporter_who_is_not_named_is_not_named() -> None:
    case = with_events(replace(a_file(1, "a.txt"), actor=NOT_NAMED))
    assert "報告した人" in shown(case)


def test_pages_are_turned_from_the_newest_and_none_is_missed() -> None:
    case = with_events(*(noted(seq, seq, LogKind.REMINDED) for seq in range(1, PAGE * 2 + 4)))
    lines = lines_of(case, [f"第{event.seq}件" for event in case.events], "ja")
    pages = [json.dumps(timeline("ja", s.TOKYO, case, lines, page), ensure_ascii=False) for page in range(3)]
    for line in lines:
        assert sum(f"第{line.seq}件" in page for page in pages) == 1
    assert timeline("ja", s.TOKYO, case, lines) == timeline("ja", s.TOKYO, case, lines, 2)
    assert [("timeline_older" in page, "timeline_newer" in page) for page in pages] == [
        (False, True),
        (True, True),
        (True, False),
    ]


def test_a_blanked_case_offers_nothing_to_write() -> None:
    case = replace(with_events(kept(1), noted(2, blanked=True)), blanked_at=s.NOW)
    assert "timeline_add" not in shown(case)
    assert "timeline_correct" not in shown(case)
